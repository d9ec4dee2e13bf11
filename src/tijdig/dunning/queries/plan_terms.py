"""The next term of plans as their debtors are asked it: payments and credits counted."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from tijdig.cases.queries.lists import CaseRow, is_late, list_cases
from tijdig.core.plan_steps import read_plans
from tijdig.core.plans import judge_plan
from tijdig.dunning.queries.facts import load_facts

MOST_PLANS = 1001


def tell_next_terms(rows: Iterable[CaseRow], *, today: date) -> list[CaseRow]:
    """The same cases; `until_on` of a plan is its first term that is not covered, None after all.

    A list of cases counts payments only: where a credit goes is for the rules to say.
    """
    rows = list(rows)
    debtor_ids = sorted({row.debtor_id for row in rows if row.kind == "plan" and row.debtor_id})
    if not debtor_ids:
        return rows
    next_on = {}
    for facts in load_facts(debtor_ids, today=today, rehearsal=False):
        for plan in read_plans(facts, today=today):
            due = judge_plan(plan, None, today=today).due
            next_on[plan.plan_id] = due.due_on if due else None
    return [
        replace(row, until_on=next_on.get(row.id, row.until_on)) if row.kind == "plan" else row
        for row in rows
    ]


def count_late_plans(*, today: date) -> int:
    """Running plans of which a term is missed, its days of grace over."""
    rows = list_cases(("plan",), today=today, limit=MOST_PLANS)
    # A credit only makes a term later: who is in time without it is in time.
    late = [row for row in rows if is_late(row, today=today)]
    return sum(is_late(row, today=today) for row in tell_next_terms(late, today=today))
