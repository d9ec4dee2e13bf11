"""What holds for plans beside credits, disputes, pauses and doubts, whatever they are."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from tijdig.core.decision import Decision, add_contact
from tijdig.core.dunning import decide
from tijdig.core.facts import DebtorFacts, OpenItem, SetAside, Stop
from tijdig.core.netting import net_items
from tijdig.core.plan_steps import find_rest, list_ended_plans
from tijdig.core.plans import RunningPlan, compute_instalments
from tijdig.core.policy import DEFAULT_POLICY
from tijdig.core.problem import Sentence

START = date(2026, 3, 2)
HORIZON = 150
SAID = Sentence("Even wachten.", "Wait.")
DISPUTE = SetAside(Stop("dispute", SAID))
PART = SetAside(Stop("dispute", SAID), 2_000)
DOUBT = Stop("possible_payment", SAID)
planned_cents = st.integers(1_000, 60_000)


@st.composite
def pauses(draw: st.DrawFn) -> SetAside:
    """A pause of an invoice; one of reminders only lets a plan speak."""
    from_on = START + timedelta(days=draw(st.integers(-20, 90)))
    until_on = from_on + timedelta(days=draw(st.integers(0, 60)))
    depth = draw(st.sampled_from(("all", "all", "reminders")))
    return SetAside(Stop("hold", SAID, until_on=until_on, from_on=from_on, depth=depth))


asides = st.lists(pauses() | st.sampled_from((DISPUTE, PART)), max_size=2).map(tuple)
rarely_asides = st.sampled_from((True, False, False)).flatmap(
    lambda has: asides if has else st.just(())
)


@st.composite
def planned_facts(draw: st.DrawFn) -> DebtorFacts:
    """A debtor with one or two plans, invoices beside them, credits, cases and doubts."""
    items: list[OpenItem] = []
    plans: list[RunningPlan] = []
    for place in range(draw(st.integers(1, 2))):
        own = [draw(make_item(len(items) + n)) for n in range(draw(st.integers(1, 2)))]
        items += own
        plans.append(draw(make_plan(place, own)))
    items += [draw(make_item(len(items) + n)) for n in range(draw(st.integers(0, 2)))]
    numbers = ("", *[item.number for item in items])
    for n in range(draw(st.integers(0, 3))):
        credit = draw(make_item(len(items) + n))
        items.append(
            replace(
                credit,
                kind=draw(st.sampled_from(("credit_note", "unapplied"))),
                open_cents=-credit.open_cents,
                credited_number=draw(st.sampled_from(numbers)),
                set_asides=(),
                doubts=(),
            )
        )
    pause = draw(pauses()).stop
    return DebtorFacts(
        debtor_id=UUID(int=999),
        number="D1",
        name="Proef",
        kind="business",
        items=tuple(items),
        stops=draw(st.sampled_from(((), (), (pause,)))),
        plans=tuple(plans),
        email="a@example.nl",
    )


@st.composite
def paused_facts(draw: st.DrawFn) -> DebtorFacts:
    """The same, with a plan that has its nudge before long and at most a short pause."""
    facts = draw(planned_facts())
    from_on = START + timedelta(days=draw(st.integers(0, 30)))
    until_on = from_on + timedelta(days=draw(st.integers(0, 6)))
    pause = SetAside(Stop("hold", SAID, until_on=until_on, from_on=from_on))
    first, *others = [replace(item, set_asides=(), doubts=()) for item in facts.items]
    return replace(facts, items=(replace(first, set_asides=(pause,)), *others), stops=())


@st.composite
def make_item(draw: st.DrawFn, place: int) -> OpenItem:
    due_on = START - timedelta(days=draw(st.integers(-20, 60)))
    return OpenItem(
        item_id=UUID(int=100 + place),
        number=str(place),
        kind="invoice",
        issued_on=due_on - timedelta(days=30),
        due_on=due_on,
        open_cents=draw(planned_cents),
        set_asides=draw(rarely_asides),
        doubts=draw(st.sampled_from(((), (), (), (DOUBT,)))),
    )


@st.composite
def make_plan(draw: st.DrawFn, place: int, own: list[OpenItem]) -> RunningPlan:
    paid = draw(st.sampled_from((0, 0, 500, 20_000)))
    open_cents = sum(item.open_cents for item in own)
    return RunningPlan(
        plan_id=UUID(int=place + 1),
        key=f"{place + 1:012d}",
        agreed_on=START,
        item_ids=tuple(item.item_id for item in own),
        instalments=compute_instalments(
            open_cents + paid,
            draw(st.integers(2, 6)),
            first_on=START + timedelta(days=draw(st.integers(0, 40))),
            interval=draw(st.sampled_from(("week", "two_weeks", "month"))),
            rounding=draw(st.sampled_from(("none", "whole_euros"))),
        ),
        covered_cents=paid,
        rested_on=draw(st.sampled_from((None, None, START + timedelta(days=30)))),
    )


def settle(facts: DebtorFacts, day: date) -> tuple[DebtorFacts, Mapping[UUID, str]]:
    """The facts as the run finds them: what is over has ended, and who rests rested today."""
    ended = {plan.plan_id: state for plan, state in list_ended_plans(facts, today=day)}
    plans = tuple(
        replace(plan, rested_on=day) if find_rest(plan, facts, today=day) else plan
        for plan in facts.plans
        if plan.plan_id not in ended
    )
    return replace(facts, plans=plans), ended


@dataclass(slots=True)
class Lived:
    """What was said and done day by day, and how and when each plan ended."""

    taken: list[Decision] = field(default_factory=list)
    ended: dict[UUID, tuple[str, date]] = field(default_factory=dict)


def live(facts: DebtorFacts, *, daily: bool = True) -> Lived:
    """Every day is settled; not daily, a debtor is looked at when told, or when a plan ended."""
    lived = Lived()
    look_on: date | None = START
    for day in (START + timedelta(days=n) for n in range(HORIZON)):
        facts, ended = settle(facts, day)
        lived.ended.update({plan_id: (state, day) for plan_id, state in ended.items()})
        if not daily and not ended and (look_on is None or look_on > day):
            continue
        decision = decide(facts, DEFAULT_POLICY, today=day)
        look_on = decision.next_look_on
        if decision.outcome != "nothing":
            lived.taken.append(decision)
            facts = add_contact(facts, decision)
    return lived


def begin_now(item: OpenItem) -> OpenItem:
    """Without the pauses that begin later: nobody is looked at because one begins."""
    now = [one for one in item.set_asides if (one.stop.from_on or START) <= START]
    return replace(item, set_asides=tuple(now))


def holds_back(stop: Stop, day: date) -> bool:
    starts = stop.from_on is None or stop.from_on <= day
    return stop.depth == "all" and starts and (stop.until_on is None or day <= stop.until_on)


@given(planned_facts())
@settings(max_examples=150)
def test_a_plan_asks_no_more_than_is_owed_and_nothing_while_a_case_stands(
    facts: DebtorFacts,
) -> None:
    items = {item.item_id: item for item in facts.items}
    net_cents = sum(item.open_cents for item in facts.items)
    for decision in live(facts).taken:
        due = decision.plan_due
        if due is None:
            continue
        own = [items[item_id] for item_id in due.plan.item_ids]
        named = Counter[str]()
        for one in facts.items:
            named[one.credited_number] += one.open_cents
        after_named = sum(max(item.open_cents + named[item.number], 0) for item in own)
        assert decision.total_cents == due.cents == sum(cents for _, cents in decision.listed)
        assert 0 < due.cents <= net_cents
        assert due.cents <= after_named
        assert all(
            abs(cents) <= abs(items[item_id].open_cents) for item_id, cents in decision.listed
        )
        if due.pay_by_on is None:
            assert sum(term.cents for term in due.terms) == due.cents
        stops = (*facts.stops, *[one.stop for item in own for one in item.set_asides])
        assert not [stop for stop in stops if holds_back(stop, decision.on)]
        assert not [doubt for item in own for doubt in item.doubts]


@given(planned_facts())
@settings(max_examples=80)
def test_a_run_that_looks_only_when_told_takes_the_same_steps(facts: DebtorFacts) -> None:
    facts = replace(facts, items=tuple(begin_now(item) for item in facts.items))
    daily, told = live(facts), live(facts, daily=False)
    assert [(one.on, one.step) for one in told.taken] == [(one.on, one.step) for one in daily.taken]


@given(paused_facts())
@settings(max_examples=150)
def test_a_plan_breaks_only_after_a_nudge_and_a_week_without_a_rest(facts: DebtorFacts) -> None:
    """One that is kept leaves nothing to pay on its invoices; until it ends they rest."""
    lived = live(facts)
    left = {one.item.item_id for one in net_items(facts.items)}
    for plan in facts.plans:
        own = set(plan.item_ids)
        asked = [one.on for one in lived.taken if not one.plan_due and own & set(dict(one.listed))]
        state, day = lived.ended.get(plan.plan_id, ("running", START + timedelta(days=HORIZON)))
        assert min(asked, default=day) >= day
        if state == "kept":
            assert not own & left
        if state != "broken":
            continue
        key = f"plan-{plan.key}-nudge-"
        nudged = [one.on for one in lived.taken if one.step and one.step.key.startswith(key)]
        assert min(nudged) <= day - timedelta(days=8)
        asides = [
            one.stop for item in facts.items if item.item_id in own for one in item.set_asides
        ]
        week = [day - timedelta(days=n) for n in range(8)]
        assert not [
            stop for stop in (*facts.stops, *asides) if any(holds_back(stop, on) for on in week)
        ]
