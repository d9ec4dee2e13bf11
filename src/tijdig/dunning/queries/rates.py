"""Who was asked interest over days of a rate."""

from datetime import date
from uuid import UUID

from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration


def list_asked_by(from_on: date) -> list[UUID]:
    """The debtors with an interest line over any day from this one on, in order of id."""
    rows = execute(
        "SELECT DISTINCT item.debtor_id FROM tijdig_claimline line "
        "JOIN tijdig_openitem item ON item.administration_id = line.administration_id "
        "AND item.id = line.open_item_id "
        "WHERE line.administration_id = %s AND line.kind = 'interest' "
        "AND coalesce(line.until_on, line.claimed_on) > %s ORDER BY 1",
        [active_administration(), from_on],
    )
    return [row[0] for row in rows.fetchall()]
