"""The oracle of the simulated year knows what was agreed, and blames what goes against it."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from proof.agreements import KnownPlan, Rest, Term, split_terms
from proof.world import Credit
from tests.faults.test_oracle import DAY, make_mail, make_world, tell

KEY = UUID(int=1)
LATER = DAY + timedelta(days=10)
FIRST = frozenset({"F000001"})
REMINDERS_ONLY = frozenset({"before_due", "nudge"})


def ends(told: list[str]) -> list[str]:
    return [one.partition(": ")[2] for one in told]


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        (Rest("a pause", DAY, LATER), ["reminder, and there was a pause"]),
        (Rest("a pause", DAY - timedelta(days=9), DAY), ["reminder, and there was a pause"]),
        (Rest("a pause", DAY + timedelta(days=1), LATER), []),
        (Rest("a pause", DAY - timedelta(days=9), DAY - timedelta(days=1)), []),
        (Rest("a dispute", DAY, date.max, FIRST), ["reminder, and there was a dispute"]),
        (Rest("a dispute", DAY, date.max, frozenset({"F000002"})), []),
        (Rest("a pause", DAY, LATER, allows=REMINDERS_ONLY), ["reminder, and there was a pause"]),
        (Rest("a pause", DAY, LATER, allows=frozenset({"reminder"})), []),
    ],
)  # fmt: skip
def test_what_rests_is_not_asked_for(rest: Rest, told: list[str]) -> None:
    world, oracle = make_world(10_000, 5_000)
    world.people[0].rests.append(rest)
    assert ends(tell(oracle, DAY, make_mail("F000001", "100,00"))) == told


def test_what_was_taken_back_holds_nothing_back() -> None:
    world, oracle = make_world(10_000)
    rest = Rest("a reply", DAY - timedelta(days=3), date.max)
    world.people[0].rests.append(rest)
    rest.end(DAY)
    assert tell(oracle, DAY, make_mail("F000001", "100,00")) == []
    oracle.last_on.clear()
    told = tell(oracle, DAY - timedelta(days=1), make_mail("F000001", "100,00", serial=2))
    assert "reminder, and there was a reply" in ends(told)


def test_a_credit_note_is_taken_off_and_never_more_is_asked_than_is_owed() -> None:
    world, oracle = make_world(10_000, 5_000)
    credit = Credit("C000001", world.invoices["F000001"], DAY, 4_000, on_list=True)
    world.people[0].credits.append(credit)
    assert tell(oracle, DAY, make_mail("F000001", "60,00")) == []
    oracle.last_on.clear()
    later = DAY + timedelta(days=1)
    told = tell(oracle, later, make_mail("F000002", "50,01", serial=2))
    assert ends(told) == ["asked 5001 cents, open are 5000, 4000 to his credit"]
    oracle.wrong.clear()
    oracle.last_on.clear()
    credit.cents = 15_000
    told = tell(oracle, later, make_mail("F000002", "50,00", serial=3))
    assert "asked 5000 cents, open are 5000, 15000 to his credit" in ends(told)


@pytest.mark.parametrize(
    ("begins", "agreed_after_days", "told"),
    [
        ("Betalen zonder kosten:", 1, []),
        ("Betalen zonder kosten:", -1, ["the step letter for F000001 twice"]),
        ("Herinnering", 1, []),
        ("Herinnering", -1, ["the step reminder for F000001 twice"]),
        ("Laatste herinnering", 1, ["the step last_demand for F000001 twice"]),
    ],
)
def test_time_given_after_a_term_asks_for_another_one(
    begins: str, agreed_after_days: int, told: list[str]
) -> None:
    """Also where he heard about another invoice since (seed 20261126, 2,000 debtors)."""
    world, oracle = make_world(10_000, 5_000)
    from_on = DAY + timedelta(days=agreed_after_days)
    world.people[0].rests.append(Rest("a later due date", from_on, from_on, FIRST))
    days = [DAY, DAY + timedelta(days=10), DAY + timedelta(days=20)]
    oracle.read(make_mail("F000001", "100,00", begins=begins), days[0])
    oracle.read(make_mail("F000002", "50,00", serial=2), days[1])
    oracle.read(make_mail("F000001", "100,00", serial=3, begins=begins), days[2])
    assert ends(oracle.wrong) == told


def make_plan() -> KnownPlan:
    """Two terms, of which the first was due on the Monday of the week before."""
    first = Term(DAY - timedelta(days=9), 6_000)
    terms = [first, Term(DAY + timedelta(days=21), 6_000)]
    return KnownPlan({"F000001": 10_000, "F000002": 2_000}, terms, KEY, DAY - timedelta(days=30))


def test_what_is_in_a_plan_is_reminded_of_only_once_a_question_was_in_vain() -> None:
    world, oracle = make_world(10_000, 2_000)
    plan = make_plan()
    world.people[0].plans.append(plan)
    told = tell(oracle, DAY, make_mail("F000001", "100,00"))
    assert ends(told) == ["reminder about what is in a plan"]
    plan.terms[0].nudged_on = DAY - timedelta(days=8)
    plan.look(dict(plan.open_then), today=DAY)
    oracle.wrong.clear()
    oracle.last_on.clear()
    oracle.steps.clear()
    oracle.carriers.clear()
    assert tell(oracle, DAY, make_mail("F000001", "100,00", serial=2)) == []


def test_a_plan_asks_for_what_is_left_of_its_term_once_and_in_time() -> None:
    plan, open_ = make_plan(), {"F000001": 9_000, "F000002": 2_000}
    assert plan.judge("nudge", 5_000, open_, today=DAY) == []
    assert plan.judge("nudge", 5_000, open_, today=DAY) == ["misses a term twice"]
    plan = make_plan()
    assert plan.judge("nudge", 6_000, open_, today=DAY) == [
        "asks 6000 of a term of which 5000 is left"
    ]
    plan = make_plan()
    early = plan.terms[0].due_on + timedelta(days=2)
    assert plan.judge("nudge", 5_000, open_, today=early) == [
        f"misses a term that is due on {plan.terms[0].due_on}"
    ]
    half = {"F000001": 4_000, "F000002": 2_000}
    assert plan.judge("notice", 6_000, half, today=DAY) == []
    assert plan.judge("notice", 6_000, half, today=DAY) == ["announces a term twice"]
    assert plan.judge("confirmed", 6_000, half, today=DAY) == []
    assert plan.judge("confirmed", 6_000, half, today=DAY) == ["confirmed twice"]
    assert plan.judge("nudge", 1, {"F000001": 0, "F000002": 0}, today=DAY) == [
        "a plan that was paid"
    ]


@pytest.mark.parametrize(
    ("mornings", "told"),
    [((24,), []), ((25, 26, 27), []), ((25, 28), ["a plan that was over"])],
)
def test_a_plan_is_over_from_a_working_day_on(mornings: tuple[int, ...], told: list[str]) -> None:
    """Asked in vain up to and including 24 December; the money came in before it was ended."""
    terms = [Term(date(2026, 12, 11), 6_000), Term(date(2026, 12, 24), 6_000)]
    plan = KnownPlan({"F000001": 12_000}, terms, KEY, date(2026, 12, 1))
    assert plan.judge("nudge", 6_000, {"F000001": 12_000}, today=date(2026, 12, 17)) == []
    for day in mornings:
        plan.look({"F000001": 12_000}, today=date(2026, 12, day))
    assert plan.judge("nudge", 6_000, {"F000001": 6_000}, today=date(2026, 12, 30)) == told


def test_terms_are_laid_on_the_invoices_in_their_order() -> None:
    assert split_terms(make_plan()) == [
        [("F000001", 6_000)],
        [("F000001", 4_000), ("F000002", 2_000)],
    ]
