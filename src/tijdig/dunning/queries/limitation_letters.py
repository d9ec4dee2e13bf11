"""The letters that may have renewed the term of a claim, and whether each counts."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tijdig.core.calendar import format_day
from tijdig.core.flags import FLAGS
from tijdig.core.problem import Sentence
from tijdig.core.protection import Protection, find_estate
from tijdig.dunning.queries.notices import find_lost_letters
from tijdig.ledger.queries.protections import load_protections
from tijdig.ledger.queries.sql import fetch
from tijdig.tenants.scope import active_administration

LETTERS = """
    notice.administration_id = i.administration_id AND notice.open_item_id = i.id
    AND notice.void_because = ''
"""
# By post or with a person's proof: that a mail server took an e-mail proves no receipt.
IS_PROVEN = "notice.proof IN ('post', 'person')"
# What reached somebody else, or an old address.
_LOST = {
    "moved": (
        "de klant kreeg een ander adres voordat het er was",
        "the customer got another address before it was there",
    ),
    "himself_bewind": (
        "het ging naar de klant zelf, en een bewindvoerder handelt voor hem",
        "it went to the customer himself, and a bewindvoerder acts for him",
    ),
    "himself_curatele": (
        "het ging niet naar de curator, die voor de klant handelt",
        "it did not go to the guardian, who acts for the customer",
    ),
    "himself_deceased": (
        "de klant was overleden voordat het er was",
        "the customer had died before it was there",
    ),
}


@dataclass(frozen=True, slots=True)
class LimitationProof:
    """A letter, or an act that a person recorded, and whether it counts.

    An e-mail of which nobody proved that it arrived does not. `message_id` or `act_id` is where
    the proof stands, or can be added.
    """

    on: date
    said: Sentence
    counts: bool
    message_id: UUID | None = None
    act_id: UUID | None = None


def load_letters(item_ids: Sequence[UUID]) -> defaultdict[UUID, list[LimitationProof]]:
    """Per invoice each message that asks for it in words that interrupt, by day."""
    sql = f"""
        SELECT DISTINCT ON (notice.open_item_id, notice.message_id, notice.received_on)
               notice.open_item_id, notice.message_id, notice.sent_on, notice.received_on,
               notice.proof, notice.proof_note, notice.kind, notice.debtor_id
        FROM tijdig_notice notice JOIN tijdig_openitem i ON {LETTERS}
        WHERE i.administration_id = %(administration)s AND i.id = ANY(%(items)s)
          AND ({IS_PROVEN} OR notice.kind = 'interruption')
        ORDER BY notice.open_item_id, notice.message_id, notice.received_on, {IS_PROVEN} DESC
    """
    letters: defaultdict[UUID, list[LimitationProof]] = defaultdict(list)
    asked = {"administration": active_administration(), "items": list(item_ids)}
    rows = fetch(sql, asked)
    lost = find_lost_letters(list({row[1] for row in rows}))
    protections = load_protections(list({row[7] for row in rows}))
    for item_id, message_id, sent_on, received_on, proof, note, kind, debtor_id in rows:
        cause = lost.get((message_id, kind, received_on), "")
        estate = find_estate(protections.get(debtor_id, ()), on=received_on or sent_on)
        is_proven = proof in {"post", "person"} and not cause and estate is None
        said = _tell_letter(sent_on, received_on, proof, note)
        if cause and proof in {"post", "person"}:
            said = _tell_lost(sent_on, cause)
        elif estate is not None and proof in {"post", "person"}:
            said = _tell_estate(sent_on, estate)
        letter = LimitationProof(received_on or sent_on, said, is_proven, message_id=message_id)
        letters[item_id].append(letter)
    for own in letters.values():
        own.sort(key=lambda one: one.on)
    return letters


def _tell_letter(sent_on: date, received_on: date | None, proof: str, note: str) -> Sentence:
    sent_nl, sent_en = format_day(sent_on, "nl"), format_day(sent_on, "en")
    if proof == "printed":
        return Sentence(
            f"Brief van {sent_nl}: geprint, maar nog niet als gepost gemeld, dus hij telt niet"
            " (BW 3:37 lid 3).",
            f"Letter of {sent_en}: printed, but nobody said yet that it was posted, so it does not"
            " count (BW 3:37 lid 3).",
        )
    if proof not in {"post", "person"} or received_on is None:
        return Sentence(
            f"Bericht van {sent_nl}: dat het aankwam is niet bewezen, dus het telt niet"
            " (BW 3:37 lid 3).",
            f"Message of {sent_en}: nothing proves that it arrived, so it does not count"
            " (BW 3:37 lid 3).",
        )
    got_nl, got_en = format_day(received_on, "nl"), format_day(received_on, "en")
    if proof == "post":
        return Sentence(
            f"Brief van {sent_nl}, per post ontvangen op {got_nl} (BW 3:317 lid 1). Bewijs: de"
            " brief en de dag van posten.",
            f"Letter of {sent_en}, received by post on {got_en} (BW 3:317 lid 1). Proof: the"
            " letter and the day of posting.",
        )
    return Sentence(
        f"Bericht van {sent_nl}, ontvangen op {got_nl} (BW 3:317 lid 1). Bewijs: {note}.",
        f"Message of {sent_en}, received on {got_en} (BW 3:317 lid 1). Proof: {note}.",
    )


def _tell_lost(sent_on: date, cause: str) -> Sentence:
    """Why a letter that arrived somewhere reached not him who was to get it."""
    nl, en = _LOST[cause]
    return Sentence(
        f"Bericht van {format_day(sent_on, 'nl')}: {nl}, dus het telt niet (BW 3:37 lid 3).",
        f"Message of {format_day(sent_on, 'en')}: {en}, so it does not count (BW 3:37 lid 3).",
    )


def _tell_estate(sent_on: date, estate: Protection) -> Sentence:
    """Why a letter to himself is not relied on while claims on him are to be filed."""
    name, since = FLAGS[estate.kind].name, estate.from_on
    sent_nl, sent_en = format_day(sent_on, "nl"), format_day(sent_on, "en")
    return Sentence(
        f"Bericht van {sent_nl}: {name.nl} sinds {format_day(since, 'nl')}. Of een brief aan de"
        " klant zelf dan stuit, is niet zeker, dus het telt niet. Dien de vordering in en laat dit"
        " nakijken (Fw 26 en 299).",
        f"Message of {sent_en}: {name.en} since {format_day(since, 'en')}. Whether a letter to the"
        " customer interrupts then is not certain, so it does not count. File the claim and have"
        " this looked at (Fw 26 and 299).",
    )
