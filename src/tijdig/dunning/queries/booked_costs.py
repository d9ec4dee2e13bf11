"""Costs that were booked and their invoices as they are now: for any debtors at once."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from tijdig.core.excess_costs import BookedCosts, CostsPart
from tijdig.core.facts import OpenItem
from tijdig.ledger.queries.sql import fetch
from tijdig.tenants.scope import active_administration

_LINES = """
SELECT item.debtor_id, line.id, line.open_item_id, line.claimed_on, asked.cents,
       line.vat_cents > 0, line.message_id
FROM tijdig_openitem item
JOIN tijdig_claimline line
  ON line.administration_id = item.administration_id AND line.open_item_id = item.id
JOIN LATERAL (
    SELECT sum(cents)::bigint AS cents FROM tijdig_entry entry
    WHERE entry.administration_id = line.administration_id
      AND entry.open_item_id = line.open_item_id
      AND entry.kind IN ('costs', 'waived', 'withdrawn')) asked ON true
WHERE item.administration_id = %(administration)s AND item.debtor_id = ANY(%(debtors)s)
  AND line.kind = 'costs' AND asked.cents > 0
ORDER BY line.id
"""
# `owed` is what was invoiced less what was credited since: on whatever day that was written, or set
# off in a payment, it was never owed. Money, kept money that was set off too, has its days; what
# comes from one source counts once, on its first day: a match that was undone is no payment.
_PARTS = """
SELECT part.line_id, part.principal_cents, invoice.open_item_id, invoice.number,
       invoice.issued_on, invoice.due_on, invoice.term, invoice.by_direct_debit,
       money.owed, money.days, money.cents
FROM tijdig_claimpart part
JOIN tijdig_invoice invoice
  ON invoice.administration_id = part.administration_id
 AND invoice.open_item_id = part.open_item_id
JOIN LATERAL (
    SELECT coalesce(sum(one.owed), 0)::bigint AS owed,
           coalesce(array_agg(one.on) FILTER (WHERE one.cents <> one.owed), '{}') AS days,
           coalesce(array_agg(one.cents - one.owed)
                    FILTER (WHERE one.cents <> one.owed), '{}') AS cents
    FROM (
        SELECT moved.on, moved.cents, CASE
                   WHEN moved.is_owed THEN moved.cents
                   ELSE round(moved.off * coalesce(credit.share, 0))::bigint END AS owed
        FROM (
            SELECT entry.kind IN ('invoiced', 'credited') AS is_owed, min(entry.on) AS on,
                   entry.source_kind, entry.source_id, sum(entry.cents)::bigint AS cents,
                   coalesce(sum(entry.cents) FILTER (WHERE entry.kind = 'set_off'), 0) AS off
            FROM tijdig_entry entry
            WHERE entry.administration_id = part.administration_id
              AND entry.open_item_id = part.open_item_id
            GROUP BY 1, entry.source_kind, entry.source_id) moved
        LEFT JOIN LATERAL (
            SELECT sum(other.cents) FILTER (WHERE item.kind = 'credit_note')
                       / nullif(sum(other.cents), 0) AS share
            FROM tijdig_entry other
            JOIN tijdig_openitem item ON item.administration_id = other.administration_id
             AND item.id = other.open_item_id AND item.kind IN ('credit_note', 'unapplied')
            WHERE other.administration_id = part.administration_id AND other.kind = 'set_off'
              AND other.source_kind = moved.source_kind AND other.source_id = moved.source_id
        ) credit ON moved.off <> 0) one) money ON true
WHERE part.administration_id = %(administration)s AND part.line_id = ANY(%(lines)s)
ORDER BY part.id
"""


def load_booked_costs(debtor_ids: Sequence[UUID]) -> dict[UUID, tuple[BookedCosts, ...]]:
    """Per debtor the costs that are claimed, oldest first; who has none is not there."""
    asked = {"administration": active_administration(), "debtors": list(debtor_ids)}
    lines = list(fetch(_LINES, asked))
    if not lines:
        return {}
    parts: defaultdict[UUID, list[CostsPart]] = defaultdict(list)
    asked = {"administration": active_administration(), "lines": [line[1] for line in lines]}
    for line_id, principal_cents, item_id, *invoice, owed_cents, days, cents in fetch(
        _PARTS, asked
    ):
        item = _make_item(item_id, *invoice)
        moved = tuple(zip(days, cents, strict=True))
        parts[line_id].append(CostsPart(item, principal_cents, owed_cents, moved))
    found: defaultdict[UUID, list[BookedCosts]] = defaultdict(list)
    for debtor_id, line_id, item_id, claimed_on, cents, has_vat, message_id in lines:
        booked = BookedCosts(
            item_id, claimed_on, cents, has_vat, tuple(parts[line_id]), message_id=message_id
        )
        found[debtor_id].append(booked)
    return {debtor_id: tuple(own) for debtor_id, own in found.items()}


def _make_item(
    item_id: UUID, number: str, issued_on: date, due_on: date, term: str, by_direct_debit: bool
) -> OpenItem:
    return OpenItem(
        item_id,
        number,
        "invoice",
        issued_on,
        due_on,
        0,
        term=term,
        by_direct_debit=by_direct_debit,
    )
