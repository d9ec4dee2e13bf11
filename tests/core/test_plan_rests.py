"""A few cents that are left of a term are neither asked alone nor the end of a plan."""

from dataclasses import replace
from datetime import date, timedelta

from tests.core.debtor_facts import (
    FRIDAY,
    make_contact,
    make_credit,
    make_facts,
    make_invoice,
    make_plan,
    run_daily,
)

from tijdig.core.dunning import decide
from tijdig.core.plan_steps import find_planned_items, list_ended_plans
from tijdig.core.plans import PlanNudge, PlanTerm, judge_plan, list_asked_terms, list_left
from tijdig.core.policy import DEFAULT_POLICY

AGREED = date(2026, 4, 1)
FIRST = date(2026, 5, 1)
INVOICE = make_invoice(due_on=FRIDAY)
# Three terms of € 40,33, € 40,33 and € 40,34; nobody is asked for less than € 5,00.
PLAN = replace(
    make_plan(INVOICE, agreed_on=AGREED, first_on=FIRST, count=3),
    least_cents=DEFAULT_POLICY.min_amount_cents,
)
SECOND, THIRD = date(2026, 6, 1), date(2026, 7, 1)
LATE = date(2026, 9, 1)


def covered(cents: int):
    return replace(PLAN, covered_cents=cents)


def test_what_little_is_left_of_a_term_goes_to_the_next() -> None:
    standing = judge_plan(covered(4_000), None, today=FIRST)
    assert standing.due == PlanTerm(2, SECOND, 4_033)
    assert standing.left_cents == 4_066
    assert list_left(covered(4_000)) == (PlanTerm(2, SECOND, 4_066), PlanTerm(3, THIRD, 4_034))
    assert [one.cents for one in list_asked_terms(covered(4_000))] == [4_000, 4_066, 4_034]


def test_it_goes_on_as_long_as_a_few_cents_are_left() -> None:
    """€ 80,33 of € 80,66: the 33 cents stand with the last term; € 5,00 is asked as it is."""
    assert list_left(covered(8_033)) == (PlanTerm(3, THIRD, 4_067),)
    assert list_left(covered(4_033 - 500)) == (
        PlanTerm(1, FIRST, 500),
        PlanTerm(2, SECOND, 4_033),
        PlanTerm(3, THIRD, 4_034),
    )


def test_a_whole_term_is_asked_however_small() -> None:
    small = make_invoice(cents=600)
    plan = replace(make_plan(small, agreed_on=AGREED, first_on=FIRST, count=3), least_cents=500)
    assert judge_plan(plan, None, today=FIRST).left_cents == 200
    assert list_left(replace(plan, covered_cents=100))[0] == PlanTerm(2, SECOND, 300)


def test_no_message_asks_a_few_cents_and_no_plan_ends_by_them() -> None:
    """A credit note of € 40,00: the second term is asked with what was left of the first."""
    credit = make_credit(cents=-4_000, credited_number="1")
    told = make_contact("plan-000000000007-confirmed-0", AGREED)
    facts = make_facts(INVOICE, credit, plans=(PLAN,), contacts=(told,))
    taken = [one for one in run_daily(facts, date(2026, 4, 2), 71) if one.plan_due]
    assert [(one.step.key[18:], one.total_cents) for one in taken] == [
        ("notice-2", 4_066),
        ("nudge-2", 4_066),
    ]
    assert [one.cents for one in taken[0].plan_due.terms] == [4_000, 4_066, 4_034]


def test_the_cents_that_are_left_of_the_last_term_are_for_a_person() -> None:
    """He paid all but 33 cents: nothing is said, nothing ends, and its sentence tells why."""
    told = [
        make_contact("plan-000000000007-confirmed-0", AGREED),
        make_contact("plan-000000000007-nudge-3", THIRD + timedelta(days=6)),
    ]
    left = replace(INVOICE, open_cents=33)
    facts = make_facts(left, plans=(covered(12_067),), contacts=tuple(told))
    assert run_daily(facts, AGREED, 300) == []
    assert list_ended_plans(facts, today=LATE) == ()
    nudge = PlanNudge(THIRD, THIRD)
    assert judge_plan(covered(12_067), nudge, today=LATE).state == "late"
    (stop,) = find_planned_items(facts, today=LATE).values()
    assert stop.because.nl == (
        "Niets gedaan: van de regeling staat alleen nog € 0,33 open. Dat is minder dan waar wij om"
        " vragen. Wacht op de betaling, of beëindig de regeling."
    )
    assert stop.until_on is None
    assert decide(facts, DEFAULT_POLICY, today=LATE).reason == "stop_plan"


def test_a_plan_of_which_a_few_cents_are_left_confirms_nothing() -> None:
    credit = make_credit(cents=-12_067, credited_number="1")
    facts = make_facts(INVOICE, credit, plans=(PLAN,))
    assert [one for one in run_daily(facts, AGREED, 120) if one.plan_due] == []
