"""Money that nobody matched and that is one term of a plan to the cent: it may be that term."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from uuid import UUID

from tijdig.core.facts import Stop
from tijdig.core.own_side import make_payment_doubt
from tijdig.core.plans import RunningPlan
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

# An account that is known says itself whose money it is.
_FROM_NOBODY_KNOWN = """
    line.state = 'unmatched' AND NOT EXISTS (
        SELECT FROM tijdig_debtoriban known
        WHERE known.administration_id = line.administration_id AND known.iban = line.counter_iban)
"""
_PAYMENTS = f"""
SELECT line.cents, line.booked_on FROM tijdig_bankline line
WHERE line.administration_id = %s AND line.cents = ANY(%s) AND {_FROM_NOBODY_KNOWN}
ORDER BY line.booked_on, line.id
"""
_WHOSE_TERMS = f"""
SELECT DISTINCT plan.debtor_id FROM tijdig_bankline line
JOIN tijdig_instalment term
  ON term.administration_id = line.administration_id AND term.cents = line.cents
JOIN tijdig_plan plan
  ON plan.administration_id = term.administration_id AND plan.id = term.plan_id
WHERE line.administration_id = %s AND line.statement_id = ANY(%s) AND plan.state = 'running'
  AND line.booked_on >= plan.agreed_on AND {_FROM_NOBODY_KNOWN}
"""


def find_term_doubts(plans: Mapping[UUID, Sequence[RunningPlan]]) -> Mapping[UUID, list[Stop]]:
    """A doubt about every item of a plan of which a payment may be one term, by item."""
    running = [plan for own in plans.values() for plan in own]
    asked = sorted({term.cents for plan in running for term in plan.instalments})
    doubts: defaultdict[UUID, list[Stop]] = defaultdict(list)
    if not asked:
        return doubts
    for cents, booked_on in execute(_PAYMENTS, [active_administration(), asked]).fetchall():
        for plan in running:
            if booked_on >= plan.agreed_on and any(x.cents == cents for x in plan.instalments):
                for item_id in plan.item_ids:
                    doubts[item_id].append(make_payment_doubt(cents, booked_on))
    return doubts


def list_whose_terms(statement_ids: Sequence[UUID]) -> frozenset[UUID]:
    """The debtors with a running plan of which a line of these statements may be a term."""
    rows = execute(_WHOSE_TERMS, [active_administration(), list(statement_ids)]).fetchall()
    return frozenset(row[0] for row in rows)
