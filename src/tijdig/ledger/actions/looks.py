"""When a debtor is looked at next: only the run moves that day forward."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from tijdig.ledger.actions.posting import LOOK_NOW
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration


def look_at_everybody() -> None:
    """A rule changed: everybody with something open is looked at in the next run."""
    execute(
        """
        UPDATE tijdig_debtor debtor SET next_look_on = %s
        WHERE administration_id = %s AND next_look_on IS DISTINCT FROM %s AND EXISTS (
            SELECT FROM tijdig_openitem item
            WHERE item.administration_id = debtor.administration_id
              AND item.debtor_id = debtor.id AND item.closed_on IS NULL)
        """,
        [LOOK_NOW, active_administration(), LOOK_NOW],
    )


def set_next_looks(looks: Sequence[tuple[UUID, date | None, str, int]]) -> int:
    """After a look: the next day and the standing reason, on unchanged facts; how many took."""
    if not looks:
        return 0
    ids, days, reasons, versions = zip(*looks, strict=True)
    return execute(
        """
        UPDATE tijdig_debtor debtor
        SET next_look_on = look.next_look_on, standing_reason = look.reason
        FROM unnest(%s::uuid[], %s::date[], %s::text[], %s::bigint[])
            AS look (id, next_look_on, reason, facts_version)
        WHERE debtor.administration_id = %s AND debtor.id = look.id
          AND debtor.id BETWEEN %s AND %s AND debtor.facts_version = look.facts_version
        """,
        [
            list(ids),
            list(days),
            list(reasons),
            list(versions),
            active_administration(),
            min(ids),
            max(ids),
        ],
    ).rowcount


def touch_everybody() -> None:
    """A stop for everybody came or went: raise the facts of all who have something open."""
    execute(
        """
        WITH touched AS MATERIALIZED (
            SELECT id FROM tijdig_debtor debtor
            WHERE administration_id = %s AND EXISTS (
                SELECT FROM tijdig_openitem item
                WHERE item.administration_id = debtor.administration_id
                  AND item.debtor_id = debtor.id AND item.closed_on IS NULL)
            ORDER BY id FOR NO KEY UPDATE
        )
        UPDATE tijdig_debtor debtor
        SET facts_version = facts_version + 1, next_look_on = %s
        FROM touched WHERE debtor.administration_id = %s AND debtor.id = touched.id
        """,
        [active_administration(), LOOK_NOW, active_administration()],
    )
