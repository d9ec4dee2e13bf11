"""Money of a debtor that pays no invoice yet, as messages and the statement deduct it."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from tijdig.ledger.queries.sql import RECEIVED_ON
from tijdig.messaging.composition import ListedItem
from tijdig.tenants.bulk import execute

_LISTED = f"""
SELECT message.id, listed.cents, {RECEIVED_ON}
FROM tijdig_message message
CROSS JOIN unnest(message.listed_items, message.listed_cents) AS listed (item_id, cents)
JOIN tijdig_openitem item
  ON item.administration_id = message.administration_id AND item.id = listed.item_id
WHERE message.administration_id = %s AND message.id = ANY(%s) AND item.kind = 'unapplied'
ORDER BY 1, 3, item.id
"""

_OPEN = f"""
SELECT (
    SELECT sum(entry.cents)::bigint FROM tijdig_entry entry
    WHERE entry.administration_id = item.administration_id AND entry.open_item_id = item.id
), {RECEIVED_ON}
FROM tijdig_openitem item
WHERE item.administration_id = %s AND item.debtor_id = %s AND item.kind = 'unapplied'
  AND item.closed_on IS NULL AND item.currency = 'EUR'
ORDER BY 2, item.id
"""


def load_listed_money(parameters: Sequence[Any]) -> Iterator[tuple[UUID, ListedItem]]:
    """What each message deducts for it, the oldest first: administration and messages are given."""
    for message_id, *row in execute(_LISTED, parameters).fetchall():
        yield message_id, _describe(row)


def list_open_money(parameters: Sequence[Any]) -> list[ListedItem]:
    """All of it that a debtor has with us: administration and debtor are given."""
    return [_describe(row) for row in execute(_OPEN, parameters).fetchall()]


def _describe(row: Sequence[Any]) -> ListedItem:
    cents, received_on = row
    return ListedItem(
        number="",
        is_credit_note=True,
        is_money=True,
        issued_on=received_on,
        due_on=received_on,
        invoiced_cents=cents,
        open_cents=cents,
    )
