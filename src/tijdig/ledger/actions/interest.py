"""Take back interest that was asked for too much, and give what was paid on it its place."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tijdig.core.problem import Sentence
from tijdig.ledger.actions.posting import NewEntry, post
from tijdig.tenants.bulk import execute
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

_LINES = """
SELECT line.id, line.open_item_id, item.debtor_id, balance.cents, invoice.id, owed.cents
FROM tijdig_claimline line
JOIN tijdig_openitem item
  ON item.administration_id = line.administration_id AND item.id = line.open_item_id
JOIN LATERAL (
    SELECT sum(cents)::bigint AS cents FROM tijdig_entry entry
    WHERE entry.administration_id = line.administration_id
      AND entry.open_item_id = line.open_item_id) balance ON true
JOIN LATERAL (
    SELECT part.open_item_id AS id FROM tijdig_claimpart part
    WHERE part.administration_id = line.administration_id AND part.line_id = line.id
    ORDER BY part.id LIMIT 1) invoice ON true
JOIN LATERAL (
    SELECT sum(cents)::bigint AS cents FROM tijdig_entry entry
    WHERE entry.administration_id = line.administration_id
      AND entry.open_item_id = invoice.id) owed ON true
WHERE line.administration_id = %s AND line.open_item_id = ANY(%s)
ORDER BY item.debtor_id, line.id
"""


@dataclass(frozen=True, slots=True)
class _Line:
    """An interest line and its invoice, with what is open of both."""

    line_id: UUID
    item_id: UUID
    debtor_id: UUID
    open_cents: int
    invoice_id: UUID
    invoice_cents: int


def take_back_interest(
    excess: Mapping[UUID, int], *, because: Sentence, today: date, now: datetime, actor: str
) -> None:
    """Take this much off each of these interest lines (their open items).

    What was paid on it goes to the invoice, as far as that is open; the rest is money that the
    debtor has coming. The caller locks the debtors.
    """
    if not excess:
        return
    rows = execute(_LINES, [active_administration(), list(excess)]).fetchall()
    lines = [_Line(*row) for row in rows]
    owed = {line.invoice_id: line.invoice_cents for line in lines}
    entries = []
    for line in lines:
        cents, source = excess[line.item_id], new_id()
        entries.append(NewEntry(line.item_id, "withdrawn", -cents, today, "correction", source))
        moved = min(max(cents - max(line.open_cents, 0), 0), max(owed[line.invoice_id], 0))
        if moved:
            owed[line.invoice_id] -= moved
            for item_id, sign in ((line.item_id, 1), (line.invoice_id, -1)):
                entries.append(
                    NewEntry(item_id, "set_off", sign * moved, today, "correction", source)
                )
    post(entries, today=today, now=now)
    happened = [
        Happened(
            "interest_withdrawn",
            "claim",
            line.line_id,
            line.debtor_id,
            {"cents": excess[line.item_id], "nl": because.nl, "en": because.en},
        )
        for line in lines
    ]
    record(happened, today=today, now=now, actor=actor)
