"""Whose a payment may be that waits for a person, in SQL: what it holds back until he decides.

Each begins a statement, with `line` as the payment; it asks no administration and no state.
"""

# Money from an account of which it is known whose it is (`known`).
FROM_KNOWN_ACCOUNT = """
FROM tijdig_bankline line
JOIN tijdig_debtoriban known
  ON known.administration_id = line.administration_id AND known.iban = line.counter_iban
"""

# Money that was offered for items: the id of each stands first in `part`.
FROM_OFFER = """
FROM tijdig_suggestion suggested
JOIN tijdig_bankline line
  ON line.administration_id = suggested.administration_id AND line.id = suggested.line_id
CROSS JOIN jsonb_array_elements(suggested.parts) part
"""

# An account that is known says itself whose money it is.
FROM_NOBODY_KNOWN = """
    line.state = 'unmatched' AND NOT EXISTS (
        SELECT FROM tijdig_debtoriban known
        WHERE known.administration_id = line.administration_id AND known.iban = line.counter_iban)
"""

# Money from nobody who is known that is to the cent a term of a running plan, since its agreement.
FROM_TERM = """
FROM tijdig_bankline line
JOIN tijdig_instalment term
  ON term.administration_id = line.administration_id AND term.cents = line.cents
JOIN tijdig_plan plan
  ON plan.administration_id = term.administration_id AND plan.id = term.plan_id
"""
IS_TERM = f"plan.state = 'running' AND line.booked_on >= plan.agreed_on AND {FROM_NOBODY_KNOWN}"
