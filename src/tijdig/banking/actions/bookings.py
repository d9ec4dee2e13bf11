"""Put money on items as a match says, and take it off again."""

import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from tijdig.banking.actions.ahead import Ahead, Booking, Unwritten
from tijdig.banking.models import BankLine
from tijdig.core.matching.records import BY_LAW, NAMING, Payment, Proposal, Told, Wording
from tijdig.core.problem import Sentence
from tijdig.ledger.actions import posting
from tijdig.ledger.actions.imputation import impute
from tijdig.ledger.actions.posting import EntryColumns, NewEntry, touch_debtors
from tijdig.ledger.belongings.models import DebtorIban
from tijdig.ledger.models import OpenItem
from tijdig.ledger.queries.for_matching import ItemForBank, list_debtors_of, load_owners
from tijdig.tenants.arrays import Seen, Uuids, holds_any, read_uuids, write_uuids
from tijdig.tenants.bulk import Rows, ask, insert_columns, insert_rows, update_columns
from tijdig.tenants.ids import new_ids
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import record_columns

_quote = json.JSONEncoder().encode
_line_of = attrgetter("payment.line_id.int")


BY_HAND = "by_hand"

# Held are those with a payment that waits; who is held already may be let go by one that matched.
_PAYERS = """
SELECT DISTINCT known.debtor_id
FROM unnest(%s::text[], %s::boolean[]) AS wanted (iban, is_matched)
CROSS JOIN LATERAL (
    SELECT debtor_id FROM tijdig_debtoriban known
    WHERE known.administration_id = %s AND known.iban = wanted.iban AND known.iban <> '' OFFSET 0
) known
CROSS JOIN LATERAL (
    SELECT standing_reason FROM tijdig_look look
    WHERE look.administration_id = %s AND look.id = known.debtor_id OFFSET 0
) look
WHERE wanted.is_matched = (look.standing_reason = 'stop_unmatched_payment')
"""


class Bookings(NamedTuple):
    """Bookings to be written, in columns; of each debtor of a booking there is one event.

    `because` are the sentences of each, not put together yet. `places` tell of each event which
    booking it is about. `owners` are the debtors of the items of all entries but those on
    `unowned`, of which they are not known here. `payers` are the accounts that the payments came
    from.
    """

    line_ids: Uuids
    kinds: Sequence[str]
    because: Sequence[tuple[Told, ...]]
    certainties: Sequence[int]
    agreed: Sequence[bool | None]
    for_person: Sequence[bool]
    named_by_payer: Sequence[bool | None]
    imputation: str
    rests: Sequence[tuple[UUID, UUID, int]]
    entries: EntryColumns
    owners: Uuids
    unowned: Uuids
    places: Sequence[int]
    event_lines: Uuids
    event_debtors: Uuids
    cents: Sequence[int]
    booked_on: Sequence[date]
    ibans: Sequence[str]
    iban_debtors: Uuids
    iban_lines: Uuids
    payers: Sequence[str]


def book(bookings: Sequence[Booking], *, today: date, now: datetime, actor: str) -> None:
    """Store matches with their entries, and the accounts that they tell."""
    write(lay_out(prepare(bookings)), today=today, now=now, actor=actor)


def prepare(
    bookings: Sequence[Booking],
    ahead: Ahead | None = None,
    owners: Collection[tuple[str, UUID]] | None = None,
) -> Unwritten:
    """What these bookings come to; nothing is written. `ahead` is what was not written yet.

    `owners` are all debtors who are known to pay from the accounts of these bookings, `ahead`
    included; they are looked up where they are not given.
    """
    if not bookings:
        return Unwritten((), "", (), (), ())
    ahead = ahead or Ahead()
    over = [(ahead.make_id(), one) for one in bookings if one.proposal.rest_cents]
    entries = impute(
        [entry for one in bookings if not _is_by_law(one) for entry in _make_entries(one)],
        coming=ahead.count_cents,
    )
    entries += [entry for one in bookings if _is_by_law(one) for entry in _make_entries(one)]
    entries += [_entry(one, item_id, "paid", -one.proposal.rest_cents) for item_id, one in over]
    return Unwritten(
        bookings,
        load_administration().imputation,
        entries,
        [(item_id, one.proposal.debtor_id, -one.proposal.rest_cents) for item_id, one in over],
        _list_new_ibans(bookings, ahead, owners),
    )


def lay_out(coming: Unwritten) -> Bookings:
    """The same in columns."""
    # In order of their ids, the lines that are written lie side by side.
    bookings, ibans = sorted(coming.bookings, key=_line_of), coming.ibans
    ids = [one.payment.line_id for one in bookings]
    owners = {
        item_id: debtor_id
        for one in bookings
        if len(one.debtor_ids) == 1
        for debtor_id in one.debtor_ids
        for item_id, _ in one.proposal.parts
    }
    happened = [
        (place, debtor_id)
        for place, one in enumerate(bookings)
        for debtor_id in sorted(one.debtor_ids)
    ]
    return Bookings(
        line_ids=write_uuids(ids),
        kinds=[one.proposal.kind for one in bookings],
        because=[one.proposal.wordings for one in bookings],
        certainties=[
            one.proposal.said if one.certainty is None else one.certainty for one in bookings
        ],
        agreed=[one.agreed for one in bookings],
        for_person=[one.for_person for one in bookings],
        named_by_payer=[_is_named_by_payer(one.proposal) for one in bookings],
        imputation=coming.order,
        rests=tuple(coming.rests),
        entries=posting.lay_out(coming.entries),
        owners=write_uuids([*set(owners.values())]),
        unowned=write_uuids([*{one.open_item_id for one in coming.entries} - owners.keys()]),
        places=[place for place, _ in happened],
        event_lines=write_uuids([ids[place] for place, _ in happened]),
        event_debtors=write_uuids([debtor_id for _, debtor_id in happened]),
        cents=[one.payment.amount_cents for one in bookings],
        booked_on=[one.payment.booked_on for one in bookings],
        ibans=[iban for iban, _, _ in ibans],
        iban_debtors=write_uuids([debtor_id for _, debtor_id, _ in ibans]),
        iban_lines=write_uuids([line_id for _, _, line_id in ibans]),
        payers=sorted({one.payment.counter_iban for one in bookings}),
    )


def write(
    coming: Bookings, *, today: date, now: datetime, actor: str, raised: Seen | None = None
) -> None:
    """Store them. `raised` are debtors whose facts version this transaction has raised already."""
    if not coming.kinds:
        return
    words = [_join(one) for one in coming.because]
    _mark_matched(coming, words, now=now, actor=actor)
    same = {"administration": active_administration()}
    insert_rows(
        OpenItem,
        "id debtor kind currency closed_on reopen_count".split(),
        [
            (item_id, debtor_id, "unapplied", "EUR", None, 0)
            for item_id, debtor_id, _ in coming.rests
        ],
        same=same,
    )
    owners = coming.owners
    if holds_any(coming.unowned):
        owners = write_uuids([*read_uuids(owners), *list_debtors_of(coming.unowned)])
    touch_debtors(owners if raised is None else raised.leave(owners))
    posting.write_columns(coming.entries, today=today, now=now)
    record_columns(
        "payment_matched",
        "bank_line",
        subject_ids=coming.event_lines,
        debtor_ids=coming.event_debtors,
        details=_write_details(coming, words),
        today=today,
        now=now,
        actor=actor,
    )
    learned = len(coming.ibans)
    insert_columns(
        DebtorIban,
        {
            "id": new_ids(learned),
            "debtor": coming.iban_debtors,
            "iban": coming.ibans,
            "line_id": coming.iban_lines,
        },
        learned,
        same=same | {"learned_from": "payment"},
        unless_there=True,
    )


def _join(because: Sequence[Told]) -> Sentence:
    """All sentences in one text."""
    wordings = [Wording(*one) for one in because]
    return Sentence(" ".join([one.nl for one in wordings]), " ".join([one.en for one in wordings]))


def _mark_matched(
    coming: Bookings, words: Sequence[Sentence], *, now: datetime, actor: str
) -> None:
    """Say on the lines what became of them, and why."""
    count = len(coming.kinds)
    update_columns(
        BankLine,
        {
            "id": coming.line_ids,
            "state": [BankLine.State.MATCHED] * count,
            "match_kind": coming.kinds,
            "because_nl": [one.nl for one in words],
            "because_en": [one.en for one in words],
            "match_certainty": coming.certainties,
            "match_agreed": coming.agreed,
            "match_for_person": coming.for_person,
            "decided_by": [actor] * count,
            "decided_at": [now] * count,
            "imputation": [coming.imputation] * count,
            "named_by_payer": coming.named_by_payer,
        },
        count,
    )


def _write_details(coming: Bookings, words: Sequence[Sentence]) -> list[str]:
    """What each event tells of its booking, as JSON."""
    told = [
        f'{{"cents": {cents}, "booked_on": "{on}", "kind": {_quote(kind)}, '
        f'"nl": {_quote(said.nl)}, "en": {_quote(said.en)}}}'
        for cents, on, kind, said in zip(
            coming.cents, coming.booked_on, coming.kinds, words, strict=True
        )
    ]
    return [told[place] for place in coming.places]


def compute_confirmed(item: ItemForBank, cents: int) -> int:
    """The part of a payment that the books had settled: what exceeds the balance, no more.

    So a payment of the rest, after a part that only the books saw, closes the item.
    """
    if not item.in_books_cents:
        return 0
    balance_cents = item.unseen_cents + item.in_books_cents
    if cents > 0:
        return max(0, min(cents, cents - balance_cents, -item.in_books_cents))
    return min(0, max(cents, cents - balance_cents, -item.in_books_cents))


def look_at_payers(
    waiting: Sequence[Payment], matched: Sequence[Payment], raised: Seen | None = None
) -> None:
    """Whoever is known to pay from these accounts is held from now on, or held no longer.

    `raised` as for `write`.
    """
    told = [one.counter_iban for one in waiting], [one.counter_iban for one in matched]
    found = write_uuids([debtor_id for (debtor_id,) in ask_payers(*told)()])
    touch_debtors(found if raised is None else raised.leave(found))


def ask_payers(waiting: Sequence[str], matched: Sequence[str]) -> Rows:
    """Who is known to pay from these accounts, and is held no longer or not yet; for later.

    `waiting` are the accounts of payments that wait, `matched` those of payments that matched.
    """
    here = active_administration()
    is_matched = [False] * len(waiting) + [True] * len(matched)
    return ask(_PAYERS, [[*waiting, *matched], is_matched, here, here])


def _is_named_by_payer(proposal: Proposal) -> bool | None:
    """Whether the payer named what he paid; None where a person chose it. Law: BW 6:43 lid 1."""
    is_named = any(told.code in NAMING for told in proposal.evidence)
    return None if proposal.kind == BY_HAND and not is_named else is_named


def _is_by_law(one: Booking) -> bool:
    """Whether it was divided over claims already: costs and interest have their part."""
    return BY_LAW in one.proposal.evidence


def _make_entries(one: Booking) -> list[NewEntry]:
    """The payment on its items; credit notes that were deducted are set off against the claims.

    What only the books had settled is now settled by the bank.
    """
    parts, conceding = one.proposal.parts, one.proposal.conceded
    if not conceding and not any(one.confirmed.values()) and all(c > 0 for _, c in parts):
        return [_entry(one, item_id, "paid", -cents) for item_id, cents in parts]
    entries = []
    credit = -sum(cents for _, cents in parts if cents < 0)
    conceded = {(item_id, why): cents for item_id, why, cents in conceding}
    for item_id, cents in parts:
        off = min(cents, credit) if cents > 0 else cents
        credit -= max(off, 0)
        amounts = {
            "paid": off - cents,
            "set_off": -off,
            "discount": -conceded.get((item_id, "discount"), 0),
            "rounding": -conceded.get((item_id, "rounding"), 0),
            "settled_in_books": one.confirmed.get(item_id, 0),
        }
        entries += [_entry(one, item_id, kind, cents) for kind, cents in amounts.items() if cents]
    return entries


def _entry(one: Booking, item_id: UUID, kind: str, cents: int) -> NewEntry:
    payment = one.payment
    return NewEntry(
        item_id, kind, cents, payment.credited_on, "bank_line", payment.line_id, one.match_round
    )


def _list_new_ibans(
    bookings: Sequence[Booking], ahead: Ahead, owners: Collection[tuple[str, UUID]] | None
) -> list[tuple[str, UUID, UUID]]:
    """An account that paid for one debtor alone is his: those that were not known yet."""
    pairs = {
        (one.payment.counter_iban, debtor_id): one.payment.line_id
        for one in bookings
        for debtor_id in one.debtor_ids
        if one.learns and one.payment.counter_iban and len(one.debtor_ids) == 1
    }
    if owners is None:
        ibans = {iban for iban, _ in pairs}
        owners = {*load_owners(ibans), *ahead.list_owners(ibans)} if pairs else ()
    return [(*pair, line_id) for pair, line_id in pairs.items() if pair not in owners]
