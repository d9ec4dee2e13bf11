"""What was claimed before, and what was open when a letter expired: for any debtors at once."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from tijdig.core.claims import Claimed
from tijdig.dunning.queries.interest import load_interest_accounts
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

# Costs over invoices that are still open, as far as they were not withdrawn.
_COSTS = """
SELECT invoice.debtor_id, part.open_item_id, part.principal_cents, line.id, (
            SELECT coalesce(sum(entry.cents), 0)::bigint FROM tijdig_entry entry
            WHERE entry.administration_id = line.administration_id
              AND entry.open_item_id = line.open_item_id
              AND entry.kind IN ('costs', 'withdrawn'))
FROM tijdig_openitem invoice
JOIN tijdig_claimpart part
  ON part.administration_id = invoice.administration_id AND part.open_item_id = invoice.id
JOIN tijdig_claimline line
  ON line.administration_id = part.administration_id AND line.id = part.line_id
WHERE invoice.administration_id = %s AND invoice.debtor_id = ANY(%s)
  AND invoice.closed_on IS NULL AND line.kind = 'costs'
"""

# What only the books have settled counts as paid in time: nobody knows on which day it was. Money
# of one source counts once, on its first day: a match that was undone is no payment. What a credit
# note set off was never owed, on whatever day that was booked.
_BALANCES = """
SELECT one.item_id, coalesce(sum(CASE
           WHEN one.on <= one.last_day OR one.kind = 'books' THEN one.cents
           ELSE round(one.off * coalesce(credit.share, 0)) END), 0)::bigint
FROM (
    SELECT asked.item_id, asked.last_day, kinds.kind, min(entry.on) AS on,
           sum(entry.cents) AS cents, entry.source_kind, entry.source_id,
           coalesce(sum(entry.cents) FILTER (WHERE entry.kind = 'set_off'), 0) AS off
    FROM unnest(%s::uuid[], %s::date[]) AS asked (item_id, last_day)
    JOIN tijdig_entry entry ON entry.open_item_id = asked.item_id
    CROSS JOIN LATERAL (
        SELECT CASE WHEN entry.kind = 'settled_in_books' THEN 'books'
                    WHEN entry.kind IN ('paid', 'reversed', 'set_off') THEN 'money'
                    ELSE entry.kind END) kinds (kind)
    WHERE entry.administration_id = %s
    GROUP BY asked.item_id, asked.last_day, kinds.kind, entry.source_kind, entry.source_id
) one
LEFT JOIN LATERAL (
    SELECT sum(other.cents) FILTER (WHERE item.kind = 'credit_note')
               / nullif(sum(other.cents), 0) AS share
    FROM tijdig_entry other
    JOIN tijdig_openitem item ON item.administration_id = other.administration_id
     AND item.id = other.open_item_id AND item.kind IN ('credit_note', 'unapplied')
    -- Asked in here, so that the entries of a source without set-off, a whole import, stay unread.
    WHERE one.off <> 0 AND one.on > one.last_day
      AND other.administration_id = %s AND other.kind = 'set_off'
      AND other.source_kind = one.source_kind AND other.source_id = one.source_id
) credit ON true
GROUP BY one.item_id
"""


def load_claimed(debtor_ids: Sequence[UUID]) -> dict[UUID, Claimed]:
    """What was claimed over the open invoices of each of these debtors."""
    principals: defaultdict[UUID, dict[UUID, int]] = defaultdict(dict)
    costs: defaultdict[UUID, dict[UUID, int]] = defaultdict(dict)
    rows = execute(_COSTS, [active_administration(), list(debtor_ids)]).fetchall()
    for debtor_id, item_id, principal_cents, line_id, cents in rows:
        if cents > 0:
            principals[debtor_id][item_id] = principal_cents
            costs[debtor_id][line_id] = cents
    accounts = load_interest_accounts(debtor_ids)
    return {
        debtor_id: Claimed(
            principals=principals[debtor_id],
            costs_cents=sum(costs[debtor_id].values()),
            accounts=accounts[debtor_id],
        )
        for debtor_id in debtor_ids
    }


def load_balances_on(days: Sequence[tuple[UUID, date]]) -> dict[UUID, int]:
    """What was open on each of these items at the end of its day."""
    if not days:
        return {}
    item_ids, last_days = zip(*days, strict=True)
    own = active_administration()
    parameters = [list(item_ids), list(last_days), own, own]
    return dict(execute(_BALANCES, parameters).fetchall())
