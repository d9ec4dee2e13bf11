"""Before a run looks at anybody: what is over by itself is called over."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from tijdig.cases.actions import plans, promises
from tijdig.cases.queries.lists import list_debtors_with_plan
from tijdig.core.plan_steps import find_rest, list_ended_plans
from tijdig.dunning.actions import outcomes
from tijdig.dunning.queries.facts import load_facts
from tijdig.tenants.bulk import execute
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import active_administration


def settle_cases(*, today: date, now: datetime, rehearsal: bool) -> None:
    """Promises kept or broken, plans paid or broken, outcomes that have run their course.

    Of a plan that something holds back, the day is kept.

    Not for a day that has not come yet: a rehearsal of next week breaks no promise.
    """
    zone = ZoneInfo(load_administration().time_zone)
    if today > now.astimezone(zone).date() or not _is_anything_standing():
        return
    promises.settle(today=today, now=now)
    outcomes.end_by_itself(today=today)
    for facts in load_facts(list_debtors_with_plan(), today=today, rehearsal=rehearsal):
        for plan, state in list_ended_plans(facts, today=today):
            plans.end_by_itself(plan.plan_id, state=state, today=today, now=now)
        held = [plan for plan in facts.plans if find_rest(plan, facts, today=today) is not None]
        plans.rest([plan.plan_id for plan in held], today=today)


def _is_anything_standing() -> bool:
    row = execute(
        """
        SELECT EXISTS (
            SELECT FROM tijdig_promise WHERE administration_id = %s AND state = 'open')
        OR EXISTS (SELECT FROM tijdig_plan WHERE administration_id = %s AND state = 'running')
        OR EXISTS (SELECT FROM tijdig_outcome WHERE administration_id = %s AND ended_on IS NULL)
        """,
        [active_administration()] * 3,
    ).fetchone()
    return bool(row and row[0])
