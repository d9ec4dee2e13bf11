"""What was asked of debtors, by which their payments may be known: in messages, and by plans."""

from uuid import UUID

from tijdig.banking.proposals.queries import list_named_references
from tijdig.core.matching.records import Asked
from tijdig.messaging.asked import load_asked
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

_PLANS = """
SELECT listed.items, listed.cents, terms.cents, plan.agreed_on
FROM tijdig_plan plan
JOIN LATERAL (
    SELECT array_agg(one.item_id ORDER BY invoice.due_on, invoice.number) AS items,
           array_agg(one.cents ORDER BY invoice.due_on, invoice.number) AS cents
    FROM tijdig_planitem one
    JOIN tijdig_invoice invoice
      ON invoice.administration_id = one.administration_id
     AND invoice.open_item_id = one.item_id
    WHERE one.administration_id = plan.administration_id AND one.plan_id = plan.id
) listed ON true
JOIN LATERAL (
    SELECT array_agg(term.cents ORDER BY term.position) AS cents
    FROM tijdig_instalment term
    WHERE term.administration_id = plan.administration_id AND term.plan_id = plan.id
) terms ON true
WHERE plan.administration_id = %s AND plan.state = 'running' ORDER BY plan.id
"""


def list_asked(*line_ids: UUID) -> tuple[Asked, ...]:
    """What messages asked whose reference a line may name, and what running plans ask.

    Of lines that wait, and of these.
    """
    rows = execute(_PLANS, [active_administration()]).fetchall()
    plans = [
        Asked("", tuple(zip(items, cents, strict=True)), tuple(terms), agreed_on)
        for items, cents, terms, agreed_on in rows
    ]
    return (*load_asked(list_named_references(*line_ids)), *plans)
