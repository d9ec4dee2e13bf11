"""What holds for every plan: its terms are what was owed, and its days go forward."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from tijdig.core.calendar import add_days, is_working_day
from tijdig.core.decision import add_contact
from tijdig.core.dunning import decide
from tijdig.core.facts import DebtorFacts, OpenItem
from tijdig.core.plans import RunningPlan, compute_instalments, split_over_items
from tijdig.core.policy import DEFAULT_POLICY

START = date(2026, 3, 2)
# Longer than the longest plan runs.
HORIZON = 1_250
days = st.integers(0, 4_000).map(lambda n: add_days(START, n))
counts = st.integers(2, 36)
intervals = st.sampled_from(("week", "two_weeks", "month"))
roundings = st.sampled_from(("none", "whole_euros", "relative"))


@given(st.integers(3_600, 50_000_000), counts, days, intervals, roundings)
@settings(max_examples=400)
def test_terms_are_what_is_owed_to_the_cent(total, count, first_on, interval, rounding) -> None:
    made = compute_instalments(
        total, count, first_on=first_on, interval=interval, rounding=rounding
    )
    assert sum(one.cents for one in made) == total
    assert min(one.cents for one in made) > 0
    assert 1 <= len(made) <= count
    assert [one.position for one in made] == list(range(1, len(made) + 1))
    assert made[0].due_on == first_on
    assert all(one.due_on < other.due_on for one, other in pairwise(made))
    if rounding != "none":
        assert all(one.cents % 100 == 0 for one in made[:-1])
        assert all(one.cents == made[0].cents for one in made[:-1])
        assert made[-1].cents <= made[0].cents


@given(
    st.integers(1, 100_000),
    st.lists(st.integers(1, 50_000), min_size=1, max_size=5),
)
def test_a_term_is_laid_on_items_and_never_on_more_than_is_open(cents, amounts) -> None:
    items = [(UUID(int=place), amount) for place, amount in enumerate(amounts)]
    parts = split_over_items(cents, items)
    assert sum(part for _, part in parts) == min(cents, sum(amounts))
    assert all(part <= dict(items)[item_id] for item_id, part in parts)


@given(counts, intervals, st.integers(0, 40), st.integers(0, 12_100))
@settings(max_examples=30)
def test_a_plan_nobody_pays_speaks_at_most_three_times_and_lets_go(
    count, interval, until_first, covered
) -> None:
    """Confirmed, a notice, one nudge; looking only when told gives the same as looking daily."""
    facts = make_planned(count, interval, START + timedelta(days=until_first), covered)
    daily, told = run_all_days(facts), run_when_told(facts)
    assert told == daily
    said = [key for _, key in daily if key.startswith("plan-")]
    assert len(said) == len(set(said)) <= 3
    assert all(is_working_day(day) for day, _ in daily)
    if covered < 12_100:
        assert next(key for _, key in daily if not key.startswith("plan-")) == "reminder"


def make_planned(count: int, interval: str, first_on: date, covered: int) -> DebtorFacts:
    item = OpenItem(
        item_id=UUID(int=1),
        number="1",
        kind="invoice",
        issued_on=date(2026, 1, 1),
        due_on=date(2026, 1, 31),
        open_cents=12_100 - covered,
    )
    plan = RunningPlan(
        plan_id=UUID(int=2),
        key="000000000002",
        agreed_on=START,
        item_ids=(item.item_id,),
        instalments=compute_instalments(
            12_100, count, first_on=first_on, interval=interval, rounding="none"
        ),
        covered_cents=covered,
    )
    return DebtorFacts(
        debtor_id=UUID(int=3),
        number="D1",
        name="Proef",
        kind="unknown",
        items=(item,) if item.open_cents else (),
        plans=(plan,),
        email="a@example.nl",
    )


def run_all_days(facts: DebtorFacts) -> list[tuple[date, str]]:
    return run_on(facts, [add_days(START, n) for n in range(HORIZON)])


def run_on(facts: DebtorFacts, asked: list[date]) -> list[tuple[date, str]]:
    taken: list[tuple[date, str]] = []
    for day in asked:
        decision = decide(facts, replace(DEFAULT_POLICY, min_amount_cents=1), today=day)
        if decision.step is not None and len(taken) < 4:
            taken.append((day, decision.step.key))
            facts = add_contact(facts, decision)
    return taken


def run_when_told(facts: DebtorFacts) -> list[tuple[date, str]]:
    taken: list[tuple[date, str]] = []
    day: date | None = START
    while day is not None and day < add_days(START, HORIZON) and len(taken) < 4:
        decision = decide(facts, replace(DEFAULT_POLICY, min_amount_cents=1), today=day)
        if decision.step is not None:
            taken.append((day, decision.step.key))
            facts = add_contact(facts, decision)
        day = decision.next_look_on
    return taken
