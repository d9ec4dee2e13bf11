"""Take back costs and interest that were asked for too much; what was paid on them moves.

Where such a payment is undone, what moved goes back.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tijdig.core.moved_money import MovedMoney, list_money_to_move, list_money_to_return
from tijdig.core.problem import Sentence
from tijdig.ledger.actions.posting import NewEntry, lock_debtors, post
from tijdig.ledger.models import ClaimLine
from tijdig.ledger.queries.item_owners import load_item_owners
from tijdig.tenants.bulk import execute
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

# What was paid on costs and turns out to be paid on the invoice; the payment keeps its day.
MOVED = "moved_costs"

# A match that was undone is no payment: what comes from one source counts once.
_LINES = """
SELECT line.id, line.open_item_id, line.kind, item.debtor_id, balance.cents, balance.asked,
       paid.days, paid.cents, invoices.ids, invoices.cents
FROM tijdig_claimline line
JOIN tijdig_openitem item
  ON item.administration_id = line.administration_id AND item.id = line.open_item_id
JOIN LATERAL (
    SELECT sum(cents)::bigint AS cents,
           coalesce(sum(cents) FILTER (
               WHERE kind IN ('costs', 'interest', 'withdrawn')), 0)::bigint AS asked
    FROM tijdig_entry entry
    WHERE entry.administration_id = line.administration_id
      AND entry.open_item_id = line.open_item_id) balance ON true
JOIN LATERAL (
    SELECT coalesce(array_agg(one.on), '{}') AS days, coalesce(array_agg(one.cents), '{}') AS cents
    FROM (
        SELECT min("on") AS on, sum(cents)::bigint AS cents FROM tijdig_entry entry
        WHERE entry.administration_id = line.administration_id
          AND entry.open_item_id = line.open_item_id
          AND entry.kind NOT IN ('costs', 'interest', 'waived', 'withdrawn')
        GROUP BY entry.source_kind, entry.source_id) one) paid ON true
JOIN LATERAL (
    SELECT array_agg(part.open_item_id ORDER BY part.id) AS ids,
           array_agg(owed.cents ORDER BY part.id) AS cents
    FROM tijdig_claimpart part
    JOIN LATERAL (
        SELECT sum(cents)::bigint AS cents FROM tijdig_entry entry
        WHERE entry.administration_id = part.administration_id
          AND entry.open_item_id = part.open_item_id) owed ON true
    WHERE part.administration_id = line.administration_id AND part.line_id = line.id
) invoices ON true
WHERE line.administration_id = %s AND line.open_item_id = ANY(%s)
ORDER BY item.debtor_id, line.id
"""

# What moved off claim lines and has not gone back, per movement and invoice.
_MOVED_OFF = """
SELECT line.open_item_id, entry.source_kind, entry.source_id, min(entry.on), rounds.last,
       entry.open_item_id, -sum(entry.cents)::bigint
FROM tijdig_claimline line
JOIN tijdig_claimpart part
  ON part.administration_id = line.administration_id AND part.line_id = line.id
JOIN tijdig_entry entry
  ON entry.administration_id = part.administration_id
 AND entry.open_item_id = part.open_item_id AND entry.kind = 'set_off'
JOIN LATERAL (
    SELECT max(own.source_round) AS last FROM tijdig_entry own
    WHERE own.administration_id = line.administration_id
      AND own.open_item_id = line.open_item_id AND own.kind = 'set_off'
      AND own.source_kind = entry.source_kind AND own.source_id = entry.source_id
) rounds ON rounds.last IS NOT NULL
WHERE line.administration_id = %s AND line.open_item_id = ANY(%s)
GROUP BY line.open_item_id, entry.source_kind, entry.source_id, rounds.last, part.id,
         entry.open_item_id
HAVING sum(entry.cents) < 0
ORDER BY entry.source_id, part.id
"""
_OPEN = """
SELECT entry.open_item_id, sum(entry.cents)::bigint FROM tijdig_entry entry
WHERE entry.administration_id = %s AND entry.open_item_id = ANY(%s)
GROUP BY entry.open_item_id
"""
# As `_LINES` dates them: what comes from one source counts on its first day.
_PAID_ON = """
SELECT entry.open_item_id, entry.source_id, min(entry.on) FROM tijdig_entry entry
WHERE entry.administration_id = %s AND entry.open_item_id = ANY(%s)
  AND entry.source_kind = 'bank_line' AND entry.source_id = ANY(%s)
GROUP BY entry.open_item_id, entry.source_id
"""


@dataclass(frozen=True, slots=True)
class _Line:
    """A claim line with what is open of it, what was asked, and its invoices with what is open."""

    line_id: UUID
    item_id: UUID
    kind: str
    debtor_id: UUID
    open_cents: int
    asked_cents: int
    paid_on: Sequence[date]
    paid_cents: Sequence[int]
    invoice_ids: Sequence[UUID]
    invoice_cents: Sequence[int]


def take_back_claims(
    excess: Mapping[UUID, int], *, because: Sentence, today: date, now: datetime, actor: str
) -> None:
    """Take this much off each of these claim lines (their open items).

    What was paid on it goes to its invoices, as far as they are open; the rest is money that the
    debtor has coming. Costs of which nothing stays may be claimed anew. The caller locks the
    debtors.
    """
    if not excess:
        return
    rows = execute(_LINES, [active_administration(), list(excess)]).fetchall()
    lines = [_Line(*row) for row in rows]
    owed: dict[UUID, int] = {}
    for line in lines:
        owed.update(zip(line.invoice_ids, line.invoice_cents, strict=True))
    entries: list[NewEntry] = []
    for line in lines:
        cents = excess[line.item_id]
        entries.append(NewEntry(line.item_id, "withdrawn", -cents, today, "correction", new_id()))
        entries += _move(line, cents - max(line.open_cents, 0), owed, today=today)
    post(entries, today=today, now=now)
    gone = [one.line_id for one in lines if one.asked_cents <= excess[one.item_id]]
    ClaimLine.objects.filter(id__in=gone, kind="costs").update(withdrawn_on=today)
    happened = [
        Happened(
            f"{line.kind}_withdrawn",
            "claim",
            line.line_id,
            line.debtor_id,
            {"cents": excess[line.item_id], "nl": because.nl, "en": because.en},
        )
        for line in lines
    ]
    record(happened, today=today, now=now, actor=actor)


def return_moved(undone: Sequence[NewEntry], *, paid_by: Mapping[UUID, UUID]) -> list[NewEntry]:
    """What goes back to claim lines and off their invoices where payments on them are undone.

    `undone` are the entries that undo them, not posted yet, and `paid_by` the bank line that each
    of their sources undoes: what moved has the day of its entries, whatever day counts now. To be
    posted together with these; locks the debtors.
    """
    ids = {one.open_item_id for one in undone if one.kind == "reversed"}
    owners = {one.item_id: one.debtor_id for one in load_item_owners(ids) if one.kind == "claim"}
    if not owners:
        return []
    lock_debtors(owners.values())
    asked = [active_administration(), list(owners)]
    open_cents: dict[UUID, int] = dict(execute(_OPEN, asked).fetchall())
    paid_on = _load_paid_on(owners, paid_by.values())
    days: defaultdict[UUID, set[date]] = defaultdict(set)
    for one in undone:
        if one.open_item_id in owners:
            open_cents[one.open_item_id] += one.cents
            days[one.open_item_id].add(paid_on[one.open_item_id, paid_by[one.source_id]])
    moved: defaultdict[UUID, dict[tuple[str, UUID, date, int], dict[UUID, int]]]
    moved = defaultdict(lambda: defaultdict(dict))
    for item_id, *source, invoice_id, cents in execute(_MOVED_OFF, asked).fetchall():
        moved[item_id][tuple(source)][invoice_id] = cents
    return [
        entry
        for item_id, own in moved.items()
        for entry in _return(item_id, own, open_cents[item_id], days[item_id])
    ]


def _load_paid_on(
    item_ids: Iterable[UUID], line_ids: Iterable[UUID]
) -> dict[tuple[UUID, UUID], date]:
    """Per item and bank line the first day on which that line moved money on it."""
    asked = [active_administration(), list(item_ids), list(line_ids)]
    return {(item_id, line_id): on for item_id, line_id, on in execute(_PAID_ON, asked).fetchall()}


def _return(
    item_id: UUID,
    moved: Mapping[tuple[str, UUID, date, int], Mapping[UUID, int]],
    open_cents: int,
    undone_on: Collection[date],
) -> list[NewEntry]:
    """The opposite of what moved off a claim line, as far as it is open, on the same days."""
    told = {source_id: (kind, last + 1) for kind, source_id, _, last in moved}
    money = [
        MovedMoney(source_id, on, tuple(parts.items()))
        for (_, source_id, on, _), parts in moved.items()
    ]
    entries = []
    for one, parts in list_money_to_return(money, open_cents, undone_on=undone_on):
        kind, turn = told[one.source_id]
        back = [(item_id, -sum(cents for _, cents in parts)), *parts]
        entries += [
            NewEntry(own_id, "set_off", cents, one.on, kind, one.source_id, turn)
            for own_id, cents in back
        ]
    return entries


def _move(line: _Line, cents: int, owed: dict[UUID, int], *, today: date) -> list[NewEntry]:
    """What was paid on a line moves to its invoices: for costs on the days of the payments."""
    entries: list[NewEntry] = []
    kind, moving = "correction", [(today, cents)]
    if line.kind == ClaimLine.Kind.COSTS:
        paid = list(zip(line.paid_on, line.paid_cents, strict=True))
        kind, moving = MOVED, list_money_to_move(paid, cents)
    for on, part in moving:
        entries += _move_at_once(line, part, owed, on=on, source=(kind, new_id()))
    return entries


def _move_at_once(
    line: _Line, cents: int, owed: dict[UUID, int], *, on: date, source: tuple[str, UUID]
) -> list[NewEntry]:
    entries, moved = [], 0
    for invoice_id in line.invoice_ids:
        part = min(max(cents - moved, 0), max(owed[invoice_id], 0))
        if part:
            owed[invoice_id] -= part
            moved += part
            entries.append(NewEntry(invoice_id, "set_off", -part, on, *source))
    if moved:
        entries.append(NewEntry(line.item_id, "set_off", moved, on, *source))
    return entries
