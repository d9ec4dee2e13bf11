"""Letters that asked, on the day that they went, more than could be asked: by all known now."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from tijdig.core.facts import DebtorFacts, OpenItem
from tijdig.core.notices import MoreTime, PastNotice, is_overtaken
from tijdig.core.tray import asked_too_much
from tijdig.dunning.queries.notices import MORE_TIME_SQL
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

# What makes a veertiendagenbrief void by the day on which it went.
OWED_LESS, MORE_TIME = "owed_less", "more_time"

# The day on which a letter went: that of its posting, else the last day on which it can have been
# posted, which is that of its proven receipt. A mail goes on the day of its words.
_WENT = """
SELECT message.id, message.debtor_id, message.planned_on,
       CASE WHEN message.channel <> 'letter' THEN message.planned_on
            ELSE coalesce(message.posted_on, proven.received_on) END,
       message.listed_items, message.listed_cents
FROM tijdig_message message
LEFT JOIN LATERAL (
    SELECT min(notice.received_on) AS received_on FROM tijdig_notice notice
    WHERE notice.administration_id = message.administration_id AND notice.message_id = message.id
      AND notice.kind = 'veertiendagenbrief') proven ON true
WHERE message.administration_id = %s AND message.id = ANY(%s)
  AND message.phase = 'veertiendagenbrief' AND message.state IN ('accepted', 'delivered')
ORDER BY message.id
"""

# Invoices and credits as they were at the end of days. Money of one source counts once, on its
# first day: a match that was undone is no payment.
_ITEMS_ON = """
SELECT asked.debtor_id, asked.day, item.id, coalesce(invoice.number, ''), item.kind,
       coalesce(invoice.issued_on, asked.day), coalesce(invoice.due_on, asked.day), balance.cents,
       item.reopen_count, coalesce(invoice.credited_number, '')
FROM unnest(%s::uuid[], %s::date[]) AS asked (debtor_id, day)
JOIN tijdig_openitem item ON item.debtor_id = asked.debtor_id
LEFT JOIN tijdig_invoice invoice
  ON invoice.administration_id = item.administration_id AND invoice.open_item_id = item.id
JOIN LATERAL (
    SELECT coalesce(sum(one.cents) FILTER (WHERE one.on <= asked.day), 0)::bigint AS cents
    FROM (
        SELECT min(entry.on) AS on, sum(entry.cents) AS cents
        FROM tijdig_entry entry
        WHERE entry.administration_id = item.administration_id AND entry.open_item_id = item.id
        GROUP BY CASE WHEN entry.kind IN ('paid', 'reversed', 'set_off') THEN 'money'
                      ELSE entry.kind END, entry.source_kind, entry.source_id) one
) balance ON true
WHERE item.administration_id = %s AND item.currency = 'EUR' AND item.kind <> 'claim'
  AND (item.closed_on IS NULL OR item.closed_on >= asked.day OR item.id = ANY(%s))
"""

# When more time was given for what these letters list.
_GIVEN = f"""
SELECT message.id, listed.item_id, message.pay_by_on, more.given, more.withdrawn, more.until
FROM tijdig_message message
CROSS JOIN unnest(message.listed_items) AS listed (item_id)
CROSS JOIN LATERAL (
    SELECT message.administration_id, message.debtor_id, listed.item_id, true AS is_letter,
           false AS is_rehearsed) about
{MORE_TIME_SQL}
WHERE message.administration_id = %s AND message.id = ANY(%s) AND more.given IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class _Letter:
    """What a letter asked of each item, when it was written, and the day on which it went."""

    message_id: UUID
    debtor_id: UUID
    written_on: date
    went_on: date
    listed: tuple[tuple[UUID, int], ...]

    @property
    def before(self) -> tuple[UUID, date]:
        """Whose items count, and the end of which day."""
        return self.debtor_id, self.went_on - timedelta(days=1)


def find_untrue(message_ids: Collection[UUID]) -> dict[UUID, str]:
    """Those of these veertiendagenbrieven that could not ask what they asked, each with why.

    `owed_less`: less was owed at the end of the day before the letter went, by all that is known
    now; money of that day itself came after a right letter. `more_time`: more time was given, or a
    plan agreed, from its printing to that day. A printed letter of which neither the posting nor
    the receipt is known is not judged yet. Law: BW 6:96 lid 6.
    """
    rows = execute(_WENT, [active_administration(), list(message_ids)]).fetchall()
    letters = [
        _Letter(message_id, debtor_id, written_on, went_on, tuple(zip(items, cents, strict=True)))
        for message_id, debtor_id, written_on, went_on, items, cents in rows
        if went_on is not None
    ]
    if not letters:
        return {}
    found = dict.fromkeys(_find_overtaken(letters), MORE_TIME)
    return found | dict.fromkeys(_find_asking_too_much(letters), OWED_LESS)


def find_untrue_of(everybody: Iterable[DebtorFacts]) -> dict[UUID, UUID]:
    """The letters that count until now and prove untrue, as `find_untrue` tells, with whose."""
    letters = list_proven_letters(everybody)
    return {one: letters[one] for one in find_untrue(letters)} if letters else {}


def list_proven_letters(everybody: Iterable[DebtorFacts]) -> dict[UUID, UUID]:
    """The veertiendagenbrieven that count, by posting or proof, each with whose it is."""
    return {
        one.message_id: facts.debtor_id
        for facts in everybody
        for one in facts.notices
        if one.kind == "veertiendagenbrief" and not one.is_void and one.received_on is not None
    }


def _find_asking_too_much(letters: Sequence[_Letter]) -> list[UUID]:
    items = _load_items({one.before for one in letters}, letters)
    return [one.message_id for one in letters if asked_too_much(one.listed, items[one.before])]


def _load_items(
    asked: Collection[tuple[UUID, date]], letters: Sequence[_Letter]
) -> Mapping[tuple[UUID, date], Sequence[OpenItem]]:
    debtor_ids, days = zip(*sorted(asked), strict=True)
    listed = {item_id for one in letters for item_id, _ in one.listed}
    of_items = [list(debtor_ids), list(days), active_administration(), list(listed)]
    items: defaultdict[tuple[UUID, date], list[OpenItem]] = defaultdict(list)
    for debtor_id, day, *row in execute(_ITEMS_ON, of_items).fetchall():
        items[debtor_id, day].append(OpenItem(*row))
    return items


def _find_overtaken(letters: Sequence[_Letter]) -> set[UUID]:
    own = {one.message_id: one for one in letters}
    rows = execute(_GIVEN, [active_administration(), list(own)]).fetchall()
    found = set()
    for message_id, item_id, named_on, given, withdrawn, until in rows:
        letter = PastNotice(
            "veertiendagenbrief",
            item_id,
            message_id,
            amount_cents=0,
            sent_on=own[message_id].written_on,
            last_day=own[message_id].went_on,
        )
        more_time = map(MoreTime, given, withdrawn, until)
        if is_overtaken(letter, more_time, named_on=named_on):
            found.add(message_id)
    return found
