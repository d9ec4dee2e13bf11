"""Take back costs and interest that were asked for too much; what was paid on them moves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tijdig.core.problem import Sentence
from tijdig.ledger.actions.posting import NewEntry, post
from tijdig.ledger.models import ClaimLine
from tijdig.tenants.bulk import execute
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

# What was paid on costs and turns out to be paid on the invoice; the payment keeps its day.
MOVED = "moved_costs"

_LINES = """
SELECT line.id, line.open_item_id, line.kind, item.debtor_id, balance.cents, balance.asked,
       balance.paid_on, invoices.ids, invoices.cents
FROM tijdig_claimline line
JOIN tijdig_openitem item
  ON item.administration_id = line.administration_id AND item.id = line.open_item_id
JOIN LATERAL (
    SELECT sum(cents)::bigint AS cents,
           coalesce(sum(cents) FILTER (
               WHERE kind IN ('costs', 'interest', 'withdrawn')), 0)::bigint AS asked,
           max("on") FILTER (WHERE kind = 'paid') AS paid_on
    FROM tijdig_entry entry
    WHERE entry.administration_id = line.administration_id
      AND entry.open_item_id = line.open_item_id) balance ON true
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


@dataclass(frozen=True, slots=True)
class _Line:
    """A claim line with what is open of it, what was asked, and its invoices with what is open."""

    line_id: UUID
    item_id: UUID
    kind: str
    debtor_id: UUID
    open_cents: int
    asked_cents: int
    paid_on: date | None
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
        cents, source = excess[line.item_id], new_id()
        entries.append(NewEntry(line.item_id, "withdrawn", -cents, today, "correction", source))
        entries += _move(line, cents - max(line.open_cents, 0), owed, source=source, today=today)
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


def _move(
    line: _Line, paid_cents: int, owed: dict[UUID, int], *, source: UUID, today: date
) -> list[NewEntry]:
    """What was paid on a line moves to its invoices: for costs on the day of that payment."""
    entries, moved = [], 0
    of_costs = line.kind == ClaimLine.Kind.COSTS
    kind, on = (MOVED, line.paid_on or today) if of_costs else ("correction", today)
    for invoice_id in line.invoice_ids:
        part = min(max(paid_cents - moved, 0), max(owed[invoice_id], 0))
        if part:
            owed[invoice_id] -= part
            moved += part
            entries.append(NewEntry(invoice_id, "set_off", -part, on, kind, source))
    if moved:
        entries.append(NewEntry(line.item_id, "set_off", moved, on, kind, source))
    return entries
