"""Whose items are, looked up by id: one by one, in the order in which the index has them."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from tijdig.tenants.arrays import holds_any, write_in_order
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

# Told a list of twenty ids or more, the planner, which has no statistics of an administration,
# reads all that it has.
_OWNERS = """
SELECT item.id, item.debtor_id, item.kind, item.closed_on IS NULL
FROM unnest((SELECT %s::uuid[])) AS told (id)
CROSS JOIN LATERAL (
    SELECT * FROM tijdig_openitem item
    WHERE item.administration_id = %s AND item.id = told.id OFFSET 0
) item
"""


class ItemOwner(NamedTuple):
    """An item with its debtor, its kind, and whether something is open on it."""

    item_id: UUID
    debtor_id: UUID
    kind: str
    is_open: bool


def load_item_owners(item_ids: Collection[UUID]) -> list[ItemOwner]:
    """Those of these items that are there, in order of their ids."""
    wanted = write_in_order({*item_ids})
    if not holds_any(wanted):
        return []
    rows = execute(_OWNERS, [wanted, active_administration()]).fetchall()
    return [ItemOwner(*row) for row in rows]
