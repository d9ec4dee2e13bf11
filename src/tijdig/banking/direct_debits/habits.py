"""On which days debtors pay by themselves."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from tijdig.core.calendar import add_months
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

_MONTHS_BACK = 13
# What we collected ourselves tells nothing of the debtor's own day.
_PAID_ON = """
SELECT DISTINCT item.debtor_id, entry.on
FROM tijdig_openitem item
JOIN tijdig_entry entry
  ON entry.administration_id = item.administration_id AND entry.open_item_id = item.id
JOIN tijdig_bankline line
  ON line.administration_id = entry.administration_id AND line.id = entry.source_id
WHERE item.administration_id = %s AND item.debtor_id = ANY(%s)
  AND entry.kind = 'paid' AND entry.source_kind = 'bank_line' AND entry.on >= %s
  AND line.mandate_id = ''
  AND NOT EXISTS (
      SELECT FROM tijdig_debitline debit
      WHERE debit.administration_id = line.administration_id
        AND debit.end_to_end_id = line.end_to_end_id)
"""


def load_paid_on(debtor_ids: Collection[UUID], *, today: date) -> dict[UUID, list[date]]:
    """The days of the last thirteen months on which these debtors paid, collections apart."""
    since = add_months(today, -_MONTHS_BACK)
    rows = execute(_PAID_ON, [active_administration(), list(debtor_ids), since]).fetchall()
    found: dict[UUID, list[date]] = {}
    for debtor_id, on in rows:
        found.setdefault(debtor_id, []).append(on)
    return found
