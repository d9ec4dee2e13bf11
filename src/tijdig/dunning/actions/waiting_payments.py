"""A payment that waited held plans back: what becomes of it changes nothing in that."""

from datetime import date
from uuid import UUID

from tijdig.core.calendar import add_days
from tijdig.dunning.queries.waiting_lines import (
    FROM_KNOWN_ACCOUNT,
    FROM_OFFER,
    FROM_TERM,
    IS_TERM,
)
from tijdig.ledger.actions.posting import lock_debtors
from tijdig.tenants.actions import lock_administration
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

# Payments that wait since a day or earlier; none where no plan runs, whatever waits.
_WAITED = """
line.administration_id = %s AND line.state = 'unmatched' {which}
  AND EXISTS (SELECT FROM tijdig_plan one
              WHERE one.administration_id = %s AND one.state = 'running')
  AND EXISTS (
    SELECT FROM tijdig_statement statement
    JOIN tijdig_import file
      ON file.administration_id = statement.administration_id AND file.id = statement.import_id
    JOIN tijdig_administration owner ON owner.id = file.administration_id
    WHERE statement.administration_id = line.administration_id AND statement.id = line.statement_id
      AND (file.at AT TIME ZONE owner.time_zone)::date <= %s)
"""
# Whose account it came from, whose invoices it was offered for, or whose term it may be.
_HELD = f"""
SELECT held.id, held.debtor_id FROM tijdig_plan held
WHERE held.administration_id = %s AND held.state = 'running'
  AND (held.rested_on IS NULL OR held.rested_on < %s) AND held.id IN (
    SELECT plan.id {FROM_KNOWN_ACCOUNT}
    JOIN tijdig_plan plan
      ON plan.administration_id = known.administration_id AND plan.debtor_id = known.debtor_id
    WHERE {_WAITED}
    UNION ALL
    SELECT planned.plan_id {FROM_OFFER}
    JOIN tijdig_planitem planned
      ON planned.administration_id = line.administration_id
     AND planned.item_id = (part->>0)::uuid
    WHERE {_WAITED}
    UNION ALL
    SELECT plan.id {FROM_TERM}
    WHERE {_WAITED} AND {IS_TERM})
"""
_REST = """
UPDATE tijdig_plan SET rested_on = greatest(rested_on, %s)
WHERE administration_id = %s AND id = ANY(%s) AND state = 'running'
"""


def rest_until_decided(line_id: UUID, *, today: date) -> None:
    """Keep that plans rested up to yesterday for this payment, before it is decided on.

    No run need have looked since: the days on which it waited are no days of grace, whatever the
    payment turns out to be for. Nothing for one that came in today, or was decided on already.
    """
    _rest("AND line.id = %s", [line_id], today=today)


def rest_until_matched(*, today: date) -> None:
    """The same for every payment that waits, before they are matched anew without a person."""
    _rest("", [], today=today)


def _rest(which: str, told: list[UUID], *, today: date) -> None:
    here, until = active_administration(), add_days(today, -1)
    waited = [here, *told, here, until]
    held = execute(_HELD.format(which=which), [here, until, *waited * 3]).fetchall()
    if held:
        lock_administration()
        lock_debtors({debtor_id for _, debtor_id in held})
        execute(_REST, [until, here, [plan_id for plan_id, _ in held]])
