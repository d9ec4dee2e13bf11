"""When a debtor is looked at next: only the run moves that day forward."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from tijdig.ledger.actions.posting import (
    LOOK_AGAIN,
    RAISE,
    list_look_parameters,
    list_raise_parameters,
)
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

_HAS_OPEN = """
EXISTS (SELECT FROM tijdig_openitem item
        WHERE item.administration_id = one.administration_id
          AND item.debtor_id = one.id AND item.closed_on IS NULL)
"""
_EVERYBODY = f"""
WITH touched AS MATERIALIZED (
    SELECT id FROM tijdig_debtor one WHERE administration_id = %s AND {_HAS_OPEN}
    ORDER BY id FOR NO KEY UPDATE
)
"""
_SET = """
UPDATE tijdig_look look SET next_look_on = told.next_look_on, standing_reason = told.reason
FROM unnest(%s::uuid[], %s::date[], %s::text[], %s::bigint[])
    AS told (id, next_look_on, reason, facts_version)
JOIN tijdig_debtor debtor ON debtor.id = told.id AND debtor.facts_version = told.facts_version
WHERE look.administration_id = %s AND look.id = told.id AND look.id BETWEEN %s AND %s
  AND debtor.administration_id = %s AND debtor.id BETWEEN %s AND %s
"""


def look_at_everybody() -> None:
    """A rule changed: everybody with something open is looked at in the next run."""
    execute(_EVERYBODY + LOOK_AGAIN, [active_administration(), *list_look_parameters()])


def set_next_looks(looks: Sequence[tuple[UUID, date | None, str, int]]) -> int:
    """After a look, in order of id: the next day and the standing reason; how many took.

    Who has other facts by now keeps his day.
    """
    if not looks:
        return 0
    ids, days, reasons, versions = zip(*looks, strict=True)
    bounds = [active_administration(), ids[0], ids[-1]]
    told = [list(ids), list(days), list(reasons), list(versions)]
    return execute(_SET, [*told, *bounds, *bounds]).rowcount


def touch_everybody() -> None:
    """A stop for everybody came or went: raise the facts of all who have something open."""
    execute(_EVERYBODY + RAISE, [active_administration(), *list_raise_parameters()])
