"""Before a run looks at anybody: what is over by itself is called over."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from tijdig.cases.actions import plans, promises
from tijdig.cases.queries.lists import list_debtors_with_plan
from tijdig.cases.queries.received import find_oldest_day, list_plans_open_again
from tijdig.core.plan_steps import find_rest, list_ended_plans
from tijdig.dunning.actions import outcomes
from tijdig.dunning.queries.facts import load_facts
from tijdig.tenants.bulk import is_so
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import active_administration


def settle_cases(*, today: date, now: datetime, rehearsal: bool) -> None:
    """Promises kept or broken, plans paid or broken, outcomes that have run their course.

    What was kept on money that is taken back before its last day is open, or runs, again. Of a plan
    that something holds back, the day is kept.

    Not for a day that has not come yet: a rehearsal of next week breaks no promise.
    """
    zone = ZoneInfo(load_administration().time_zone)
    if today > now.astimezone(zone).date() or not _is_anything_standing(today):
        return
    promises.settle(today=today, now=now)
    outcomes.end_by_itself(today=today, now=now)
    _settle_plans(today=today, now=now, rehearsal=rehearsal)


def _settle_plans(*, today: date, now: datetime, rehearsal: bool) -> None:
    again = list_plans_open_again(today=today)
    debtor_ids = sorted({*list_debtors_with_plan(), *again.values()})
    loaded = load_facts(debtor_ids, today=today, rehearsal=rehearsal)
    ended = [row for facts in loaded for row in list_ended_plans(facts, today=today)]
    # What credits cover stays kept, although something is open on the invoices themselves.
    stay = {plan.plan_id for plan, state in ended if state == "kept" and plan.plan_id in again}
    reopened = {plan_id: one for plan_id, one in again.items() if plan_id not in stay}
    plans.reopen(reopened, today=today, now=now)
    for plan, state in ended:
        if plan.plan_id not in stay:
            plans.end_by_itself(plan.plan_id, state=state, today=today, now=now)
    held = [
        plan.plan_id
        for facts in loaded
        for plan in facts.plans
        if find_rest(plan, facts, today=today) is not None
    ]
    plans.rest(held, today=today)


def _is_anything_standing(today: date) -> bool:
    since = find_oldest_day(today)
    return is_so(
        """
        SELECT EXISTS (
            SELECT FROM tijdig_promise WHERE administration_id = %s
              AND (state = 'open' OR (state = 'kept' AND "on" >= %s)))
        OR EXISTS (
            SELECT FROM tijdig_plan plan WHERE administration_id = %s
              AND (state = 'running' OR (state = 'kept' AND EXISTS (
                    SELECT FROM tijdig_instalment term
                    WHERE term.administration_id = plan.administration_id
                      AND term.plan_id = plan.id AND term.due_on >= %s))))
        OR EXISTS (SELECT FROM tijdig_outcome WHERE administration_id = %s AND ended_on IS NULL)
        """,
        [active_administration(), since, active_administration(), since, active_administration()],
    )
