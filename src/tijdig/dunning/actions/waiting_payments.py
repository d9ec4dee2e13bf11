"""A payment that waited held plans back: what a person decides about it changes nothing in that."""

from datetime import date
from uuid import UUID

from tijdig.core.calendar import add_days
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

# Whose account it came from, whose invoices it was offered for, or whose term it may be.
_REST = """
UPDATE tijdig_plan plan SET rested_on = greatest(plan.rested_on, %s)
FROM tijdig_bankline line
JOIN tijdig_statement statement
  ON statement.administration_id = line.administration_id AND statement.id = line.statement_id
JOIN tijdig_import file
  ON file.administration_id = statement.administration_id AND file.id = statement.import_id
JOIN tijdig_administration owner ON owner.id = line.administration_id
WHERE line.administration_id = %s AND line.id = %s
  AND line.state = 'unmatched' AND (file.at AT TIME ZONE owner.time_zone)::date <= %s
  AND plan.administration_id = line.administration_id AND plan.state = 'running'
  AND (EXISTS (
        SELECT FROM tijdig_debtoriban known
        WHERE known.administration_id = line.administration_id
          AND known.iban = line.counter_iban AND known.debtor_id = plan.debtor_id)
    OR EXISTS (
        SELECT FROM tijdig_suggestion offered
        CROSS JOIN jsonb_array_elements(offered.parts) part
        JOIN tijdig_planitem planned
          ON planned.administration_id = offered.administration_id
         AND planned.plan_id = plan.id AND planned.item_id = (part->>0)::uuid
        WHERE offered.administration_id = line.administration_id AND offered.line_id = line.id)
    OR (line.booked_on >= plan.agreed_on AND EXISTS (
        SELECT FROM tijdig_instalment term
        WHERE term.administration_id = plan.administration_id AND term.plan_id = plan.id
          AND term.cents = line.cents)))
"""


def rest_until_decided(line_id: UUID, *, today: date) -> None:
    """Keep that plans rested up to yesterday for this payment, before it is decided on.

    No run need have looked since: the days on which it waited are no days of grace, whatever the
    payment turns out to be for. Nothing for one that came in today, or was decided on already.
    """
    until = add_days(today, -1)
    execute(_REST, [until, active_administration(), line_id, until])
