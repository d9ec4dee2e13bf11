"""Payment plans as stories: terms to the cent, messages while the cadence rests, and the end."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.core.debtor_facts import (
    FRIDAY,
    SAID,
    days_of,
    make_contact,
    make_credit,
    make_facts,
    make_invoice,
    make_plan,
    run_daily,
)

from tijdig.core.calendar import add_months
from tijdig.core.dunning import decide
from tijdig.core.facts import SetAside, Stop
from tijdig.core.plan_steps import list_ended_plans
from tijdig.core.plans import (
    PlanNudge,
    PlanTerm,
    compute_instalments,
    find_plan_message,
    judge_plan,
    shift_instalment,
    split_over_items,
)
from tijdig.core.policy import DEFAULT_POLICY
from tijdig.core.problem import Refusal

FIRST = date(2026, 5, 1)
AGREED = date(2026, 4, 1)
INVOICE = make_invoice(due_on=FRIDAY)


def terms(total: int, count: int, rounding: str) -> list[int]:
    made = compute_instalments(total, count, first_on=FIRST, interval="month", rounding=rounding)
    return [one.cents for one in made]


@pytest.mark.parametrize(
    ("total", "count", "rounding", "cents"),
    [
        (10_000, 3, "none", [3_333, 3_333, 3_334]),
        (10_000, 3, "whole_euros", [3_400, 3_400, 3_200]),
        (22_200, 3, "relative", [7_500, 7_500, 7_200]),
        (79_200, 3, "relative", [27_000, 27_000, 25_200]),
        (1_010, 10, "whole_euros", [200, 200, 200, 200, 200, 10]),
        (200, 2, "none", [100, 100]),
    ],
)
def test_terms_are_rounded_and_the_last_takes_the_rest(total, count, rounding, cents) -> None:
    assert terms(total, count, rounding) == cents


@pytest.mark.parametrize(
    ("total", "count", "said"),
    [
        (10_000, 1, "Een regeling heeft 2 tot en met 36 termijnen. U vroeg er 1."),
        (10_000, 37, "Een regeling heeft 2 tot en met 36 termijnen. U vroeg er 37."),
        (299, 3, "Een termijn is minstens € 1,00. Kies minder termijnen."),
    ],
)
def test_what_is_no_plan_is_refused(total: int, count: int, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        compute_instalments(total, count, first_on=FIRST, interval="week", rounding="none")


@pytest.mark.parametrize(
    ("first_on", "interval", "days"),
    [
        (date(2026, 1, 31), "month", [(1, 31), (2, 28), (3, 31), (4, 30)]),
        (date(2028, 1, 29), "month", [(1, 29), (2, 29), (3, 29), (4, 29)]),
        (date(2026, 12, 24), "week", [(12, 24), (12, 31), (1, 7), (1, 14)]),
        (date(2026, 3, 20), "two_weeks", [(3, 20), (4, 3), (4, 17), (5, 1)]),
    ],
)
def test_the_days_of_terms(first_on: date, interval: str, days: list[tuple[int, int]]) -> None:
    made = compute_instalments(8_000, 4, first_on=first_on, interval=interval, rounding="none")
    assert [(one.due_on.month, one.due_on.day) for one in made] == days


def test_a_leap_day_and_the_end_of_days() -> None:
    assert add_months(date(2028, 2, 29), 12) == date(2029, 2, 28)
    assert add_months(date(9999, 12, 1), 1) == date.max


def test_a_plan_stands_as_its_money_came() -> None:
    plan = make_plan(INVOICE, agreed_on=AGREED, first_on=FIRST)
    first, second = plan.instalments
    assert judge_plan(plan, None, today=FIRST).due == first
    paid = replace(plan, covered_cents=first.cents)
    assert judge_plan(paid, None, today=FIRST).due == second
    part = replace(plan, covered_cents=first.cents + 50)
    assert judge_plan(part, None, today=FIRST).left_cents == second.cents - 50
    assert judge_plan(replace(plan, covered_cents=12_100), None, today=FIRST).state == "kept"
    # The first of May is a Friday: two working days of grace end on Wednesday the sixth.
    assert judge_plan(plan, None, today=date(2026, 5, 6)).state == "running"
    assert judge_plan(plan, None, today=date(2026, 5, 7)).state == "late"


def test_nobody_falls_back_into_the_cadence_without_the_one_nudge() -> None:
    plan = make_plan(INVOICE, agreed_on=AGREED, first_on=FIRST)
    assert judge_plan(plan, None, today=date(2027, 1, 1)).state == "late"
    nudge = PlanNudge(on=date(2026, 5, 7), pay_by_on=date(2026, 5, 14))
    # The fourteenth is Ascension Day; the bank books on the Friday after it.
    assert judge_plan(plan, nudge, today=date(2026, 5, 14)).state == "late"
    assert judge_plan(plan, nudge, today=date(2026, 5, 15)).state == "broken"


def test_no_second_term_is_asked_for_while_the_days_of_a_nudge_run() -> None:
    # A simulated year: who paid the first term a day after its nudge was asked for the second.
    plan = make_plan(INVOICE, agreed_on=AGREED, first_on=FIRST)
    first = plan.instalments[0]
    second = replace(plan.instalments[1], due_on=FIRST + timedelta(days=1))
    plan = replace(plan, instalments=(first, second), covered_cents=first.cents)
    nudged_on = second.due_on + timedelta(days=6)
    sent = {("confirmed", 0): plan.agreed_on, ("nudge", 1): nudged_on}
    again_on = nudged_on + timedelta(days=8)
    for days in (0, 1, 7):
        today = nudged_on + timedelta(days=days)
        assert find_plan_message(plan, sent, None, today=today) == (None, again_on)
    assert find_plan_message(plan, sent, None, today=again_on) == ("nudge", None)


def test_a_term_moves_once_and_not_far() -> None:
    made = compute_instalments(8_000, 2, first_on=FIRST, interval="month", rounding="none")
    moved = shift_instalment(made, 1, to_on=date(2026, 5, 20), interval="month")
    assert moved == (PlanTerm(1, date(2026, 5, 20), 4_000), made[1])
    for to_on in (FIRST, date(2026, 6, 2)):
        with pytest.raises(Refusal, match="één keer later"):
            shift_instalment(made, 1, to_on=to_on, interval="month")
    with pytest.raises(Refusal, match="Termijn 9"):
        shift_instalment(made, 9, to_on=FIRST, interval="month")


def test_a_term_pays_the_oldest_item_first() -> None:
    items = [(INVOICE.item_id, 300), (make_invoice("2").item_id, 500)]
    assert split_over_items(400, items) == ((items[0][0], 300), (items[1][0], 100))


def test_a_plan_talks_while_its_invoice_rests_and_then_the_old_cadence_goes_on() -> None:
    """Nobody pays: confirmation, notice, nudge, and the reminder that would have come first."""
    plan = make_plan(INVOICE, agreed_on=AGREED, first_on=FIRST)
    facts = make_facts(INVOICE, plans=(plan,))
    assert days_of(run_daily(facts, AGREED, 60))[:4] == [
        (date(2026, 4, 1), "plan_due"),
        (date(2026, 4, 28), "plan_due"),
        (date(2026, 5, 7), "plan_due"),
        (date(2026, 5, 15), "reminder_due"),
    ]


def test_a_plan_that_is_paid_says_no_more_than_its_notices() -> None:
    plan = make_plan(INVOICE, agreed_on=AGREED, first_on=FIRST)
    half = replace(INVOICE, open_cents=6_050)
    facts = make_facts(half, plans=(replace(plan, covered_cents=6_050),))
    taken = run_daily(facts, date(2026, 5, 4), 30)
    assert [(one.step.key, one.total_cents) for one in taken if one.step] == [
        ("plan-000000000007-confirmed-0", 6_050),
        ("plan-000000000007-notice-2", 6_050),
    ]


def test_another_invoice_has_its_own_cadence_beside_a_plan() -> None:
    plan = make_plan(INVOICE, agreed_on=AGREED, first_on=FIRST)
    other = make_invoice("2", due_on=date(2026, 4, 10), cents=5_000)
    taken = run_daily(make_facts(INVOICE, other, plans=(plan,)), date(2026, 4, 2), 20)
    reminder = next(one for one in taken if one.reason == "reminder_due")
    assert reminder.listed == ((other.item_id, 5_000),)


def test_a_plan_never_asks_more_than_was_open() -> None:
    plan = make_plan(INVOICE, agreed_on=AGREED, first_on=FIRST, count=3)
    assert sum(one.cents for one in plan.instalments) == INVOICE.open_cents


def test_without_an_address_the_plan_says_so() -> None:
    plan = make_plan(INVOICE, agreed_on=AGREED, first_on=FIRST)
    facts = make_facts(INVOICE, plans=(plan,), email="", has_postal_address=False)
    assert decide(facts, DEFAULT_POLICY, today=AGREED).reason == "no_address"


def make_aside(**more) -> SetAside:
    return SetAside(Stop("dispute", SAID, **more))


def test_a_credit_for_a_planned_invoice_pays_its_terms_and_nothing_else() -> None:
    """€ 70,00 off € 121,00: the first term of € 60,50 is covered, € 51,00 is left of the second."""
    plan = make_plan(INVOICE, agreed_on=AGREED, first_on=FIRST)
    other = make_invoice("2", due_on=FRIDAY, cents=5_000)
    credit = make_credit(cents=-7_000, credited_number="1")
    facts = make_facts(INVOICE, other, credit, plans=(plan,))
    taken = run_daily(facts, AGREED, 90)
    assert [(one.step.key[18:], one.total_cents) for one in taken if one.plan_due] == [
        ("confirmed-0", 5_100),
        ("notice-2", 5_100),
        ("nudge-2", 5_100),
    ]
    assert taken[0].plan_due.terms == (PlanTerm(2, date(2026, 6, 1), 5_100),)
    assert taken[0].listed == ((INVOICE.item_id, 12_100), (credit.item_id, -7_000))
    reminder = next(one for one in taken if one.reason == "reminder_due")
    assert reminder.listed == ((other.item_id, 5_000),)


def test_a_dispute_elsewhere_that_frees_a_credit_does_not_end_a_plan() -> None:
    plan = make_plan(INVOICE, agreed_on=AGREED, first_on=FIRST)
    older = make_invoice("2", due_on=date(2026, 3, 2), set_asides=(make_aside(),))
    facts = make_facts(INVOICE, older, make_credit(cents=-12_100), plans=(plan,))
    assert run_daily(facts, AGREED, 60) == []
    assert list_ended_plans(facts, today=AGREED) == ()
    assert list_ended_plans(replace(facts, items=(INVOICE, facts.items[2])), today=AGREED) == (
        (replace(plan, covered_cents=12_100), "kept"),
    )


def test_a_rest_that_begins_on_the_day_of_the_lapse_still_counts() -> None:
    plan = make_plan(INVOICE, agreed_on=AGREED, first_on=FIRST)
    contact = make_contact(
        "plan-000000000007-nudge-1", date(2026, 5, 7), pay_by_on=date(2026, 5, 14)
    )
    lapses_on = date(2026, 5, 15)
    free = make_facts(INVOICE, plans=(plan,), contacts=(contact,))
    assert [state for _, state in list_ended_plans(free, today=lapses_on)] == ["broken"]
    paused = replace(free, items=(replace(INVOICE, set_asides=(make_aside(from_on=lapses_on),)),))
    assert list_ended_plans(paused, today=lapses_on) == ()
    decision = decide(paused, DEFAULT_POLICY, today=lapses_on)
    assert (decision.reason, decision.because) == ("stop_dispute", SAID)


def test_a_rest_gives_the_week_of_the_nudge_again() -> None:
    plan = make_plan(INVOICE, agreed_on=AGREED, first_on=FIRST)
    nudge = PlanNudge(on=date(2026, 5, 7), pay_by_on=date(2026, 5, 14))
    rested = replace(plan, rested_on=date(2026, 5, 12))
    standing = judge_plan(rested, nudge, today=date(2026, 5, 19))
    assert (standing.state, standing.lapses_on) == ("late", date(2026, 5, 20))


def test_a_term_that_moved_after_its_nudge_lapses_by_its_new_day() -> None:
    """Moved to Friday 29 May: two working days of grace end on 2 June."""
    plan = make_plan(INVOICE, agreed_on=AGREED, first_on=FIRST)
    moved = shift_instalment(plan.instalments, 1, to_on=date(2026, 5, 29), interval="month")
    nudge = PlanNudge(on=date(2026, 5, 7), pay_by_on=date(2026, 5, 14))
    standing = judge_plan(replace(plan, instalments=moved), nudge, today=date(2026, 5, 15))
    assert (standing.state, standing.lapses_on) == ("running", date(2026, 6, 3))
