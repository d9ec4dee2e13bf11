"""On which days money for an invoice pays the terms of a plan, and so that invoice alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from tijdig.core.plans import pays_terms
from tijdig.tenants.bulk import execute
from tijdig.tenants.ids import as_id
from tijdig.tenants.scope import active_administration

PlanDays = Mapping[UUID, Sequence[tuple[date, date | None]]]

_PLANNED = """
SELECT planned.item_id, plan.agreed_on, plan.ended_on
FROM tijdig_planitem planned
JOIN tijdig_plan plan
  ON plan.administration_id = planned.administration_id AND plan.id = planned.plan_id
WHERE planned.administration_id = %s AND planned.item_id = ANY(%s)
"""


def load_plan_days(item_ids: Iterable[UUID]) -> PlanDays:
    """Per item of a plan the first and the last day of each; None where it runs."""
    asked = [active_administration(), list(item_ids)]
    plans: defaultdict[UUID, list[tuple[date, date | None]]] = defaultdict(list)
    for item_id, agreed_on, ended_on in execute(_PLANNED, asked).fetchall():
        plans[as_id(item_id)].append((agreed_on, ended_on))
    return plans


def is_term(plans: PlanDays, item_id: UUID, on: date) -> bool:
    """Whether money of this day for this item pays a term of one of its plans."""
    return any(
        pays_terms(on, agreed_on=agreed_on, ended_on=ended_on)
        for agreed_on, ended_on in plans.get(as_id(item_id), ())
    )
