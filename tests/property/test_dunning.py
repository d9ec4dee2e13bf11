"""What holds for a decision whatever the facts are."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tijdig.core.cadence import compute_call_lapse
from tijdig.core.calendar import add_days, add_working_days, is_working_day
from tijdig.core.dunning import Decision, add_contact, decide, forecast
from tijdig.core.facts import ContactState, DebtorFacts, OpenItem, PastContact, SetAside, Stop
from tijdig.core.policy import DEFAULT_POLICY, Policy, Step
from tijdig.core.problem import Sentence
from tijdig.core.stops import find_blocking, is_active

START = date(2026, 3, 2)
HORIZON = 200
LAST_DAY = START + timedelta(days=HORIZON)
KEYS = (*(step.key for step in DEFAULT_POLICY.steps), "gone")
DAYS_OF_A_LETTER = 14
SAID = Sentence("Even wachten.", "Wait.")

ASIDE_FOR_A_WHILE = (SetAside(Stop("promise", SAID, START + timedelta(days=9))),)
ASIDE_FOR_EVER = (SetAside(Stop("dispute", SAID), 5_000),)
ASIDE_TWICE = (*ASIDE_FOR_EVER, SetAside(Stop("hold", SAID, START + timedelta(days=30)), 2_000))

near_days = st.integers(-90, 120).map(lambda n: START + timedelta(days=n))
any_days = st.dates()
booleans = st.booleans()


@st.composite
def open_items(draw: st.DrawFn, position: int, days: st.SearchStrategy[date]) -> OpenItem:
    kind = draw(st.sampled_from(("invoice", "invoice", "invoice", "credit_note", "unapplied")))
    kind = draw(st.sampled_from((kind, kind, kind, kind, "claim")))
    cents = draw(st.sampled_from((0, 1, 300, 499, 500, 12100)) | st.integers(1, 2_000_000))
    is_credit = kind in {"credit_note", "unapplied"}
    due_on = draw(days)
    return OpenItem(
        item_id=UUID(int=position),
        number=str(draw(st.integers(1, 4))),
        kind=kind,
        issued_on=add_days(due_on, -30),
        due_on=due_on,
        open_cents=-cents if is_credit else cents,
        reopen_count=draw(st.integers(0, 1)),
        credited_number=draw(st.sampled_from(("", "1", "2", "9"))) if is_credit else "",
        by_direct_debit=draw(st.sampled_from((False, False, True))),
        set_asides=draw(st.sampled_from(((), (), ASIDE_FOR_A_WHILE, ASIDE_FOR_EVER, ASIDE_TWICE))),
    )


@st.composite
def past_contacts(
    draw: st.DrawFn, days: st.SearchStrategy[date], states: tuple[ContactState, ...]
) -> PastContact:
    on = draw(days)
    return PastContact(
        step_key=draw(st.sampled_from(KEYS)),
        item_id=UUID(int=draw(st.integers(0, 5))),
        reopen_count=draw(st.integers(0, 1)),
        on=on,
        state=draw(st.sampled_from(states)),
        channel=draw(st.sampled_from(("email", "letter", "phone"))),
        pay_by_on=draw(st.sampled_from((None, add_days(on, 5), add_days(on, 14)))),
    )


@st.composite
def debtor_facts(
    draw: st.DrawFn,
    days: st.SearchStrategy[date] = near_days,
    states: tuple[ContactState, ...] = ("done", "in_doubt", "call_open", "call_done"),
) -> DebtorFacts:
    count = draw(st.integers(0, 6))
    stops = st.builds(
        Stop,
        kind=st.sampled_from(("hold", "promise")),
        because=st.just(SAID),
        until_on=days | st.none(),
        from_on=st.none() | days,
        depth=st.sampled_from(("all", "all", "reminders", "firm")),
    )
    return DebtorFacts(
        debtor_id=UUID(int=99),
        number="D1",
        name="Proef",
        kind=draw(st.sampled_from(("consumer", "business", "unknown"))),
        items=tuple(draw(open_items(position, days)) for position in range(count)),
        contacts=tuple(draw(st.lists(past_contacts(days, states), max_size=3))),
        stops=tuple(draw(st.one_of(st.just([]), st.just([]), st.lists(stops, max_size=2)))),
        email=draw(st.sampled_from(("a@b.test", "a@b.test", ""))),
        email_failed=draw(st.sampled_from((False, False, True))),
        phone=draw(st.sampled_from(("+31201234567", ""))),
        has_postal_address=draw(booleans),
        preferred_channel=draw(st.sampled_from((None, "email", "letter", "phone"))),
        facts_version=draw(st.integers(0, 9)),
    )


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """The default, or one with other days, fewer steps and other limits."""
    steps: tuple[Step, ...] = tuple(
        replace(
            step,
            offset_days=step.offset_days + draw(st.integers(-4, 9)),
            term_days=draw(st.sampled_from((0, step.term_days, 10))),
        )
        for step in DEFAULT_POLICY.steps
        if draw(st.sampled_from((True, True, True, False)))
    )
    other = Policy(
        name="Anders",
        version=2,
        steps=tuple(sorted(steps, key=lambda step: step.offset_days)),
        min_gap_days=draw(st.integers(0, 20)),
        min_amount_cents=draw(st.sampled_from((0, 500, 5000))),
        call_lapse_working_days=draw(st.integers(0, 6)),
        direct_debit_rest_days=draw(st.integers(0, 30)),
    )
    return draw(st.sampled_from((DEFAULT_POLICY, other)))


def run_every_day(
    facts: DebtorFacts, policy: Policy, *, calls_made: bool
) -> Iterator[tuple[Decision, DebtorFacts]]:
    """The decision of each day with the facts it was made on."""
    for n in range(HORIZON):
        decision = decide(facts, policy, today=START + timedelta(days=n))
        yield decision, facts
        facts = carry_out(facts, decision, calls_made=calls_made)


def carry_out(facts: DebtorFacts, decision: Decision, *, calls_made: bool) -> DebtorFacts:
    if decision.outcome == "call" and not calls_made:
        return add_contact(facts, decision, state="call_open")
    return add_contact(facts, decision)


def aside_of(facts: DebtorFacts, item_id: UUID, on: date) -> int:
    """What is set aside of an item on a day, the item itself at most."""
    (item,) = (one for one in facts.items if one.item_id == item_id)
    asides = [one for one in item.set_asides if is_active(one.stop, today=on)]
    return sum(item.open_cents if one.cents is None else one.cents for one in asides)


def taken(decisions: list[Decision]) -> list[Decision]:
    return [decision for decision in decisions if decision.outcome != "nothing"]


@given(debtor_facts(any_days, ("waiting", "done", "in_doubt", "call_open", "call_done")), any_days)
@settings(max_examples=250)
def test_every_debtor_has_a_decision_on_every_day(facts: DebtorFacts, today: date) -> None:
    decision = decide(facts, DEFAULT_POLICY, today=today)
    assert (decision.debtor_id, decision.on) == (facts.debtor_id, today)
    assert decision.facts_version == facts.facts_version
    assert decision.because.nl
    assert decision.because.en
    assert decision.next_look_on is None or decision.next_look_on > today
    assert (decision.outcome == "nothing") == (decision.step is None)
    assert (
        forecast(facts, DEFAULT_POLICY, today=today, limit=3)
        == forecast(facts, DEFAULT_POLICY, today=today)[:3]
    )


@given(debtor_facts(), policies(), st.randoms(use_true_random=False))
@settings(max_examples=200)
def test_the_order_of_the_facts_does_not_matter(facts, policy, random) -> None:
    items, contacts, stops = list(facts.items), list(facts.contacts), list(facts.stops)
    for one in (items, contacts, stops):
        random.shuffle(one)
    shuffled = replace(facts, items=tuple(items), contacts=tuple(contacts), stops=tuple(stops))
    assert decide(shuffled, policy, today=START) == decide(facts, policy, today=START)


@given(debtor_facts(), policies(), booleans)
@settings(max_examples=100)
def test_what_is_asked_is_listed_once_and_never_too_much(facts, policy, calls_made) -> None:
    cents_of = {item.item_id: item.open_cents for item in facts.items}
    net_cents = sum(cents_of.values())
    for decision, _ in run_every_day(facts, policy, calls_made=calls_made):
        listed = dict(decision.listed)
        assert len(listed) == len(decision.listed)
        assert sum(listed.values()) == decision.total_cents <= max(net_cents, 0)
        for item_id, cents in listed.items():
            whole = cents_of[item_id]
            if whole > 0:
                assert cents == whole - aside_of(facts, item_id, decision.on)
            else:
                assert whole <= cents < 0
        if decision.outcome != "nothing":
            assert decision.total_cents >= max(policy.min_amount_cents, 1)
            assert decision.carrying is not None
            assert decision.carrying.item_id in listed


@given(debtor_facts(), policies(), booleans)
@settings(max_examples=100)
def test_gaps_terms_and_days_off_are_kept(facts, policy, calls_made) -> None:
    for decision, before in run_every_day(facts, policy, calls_made=calls_made):
        if decision.outcome == "nothing":
            continue
        assert is_working_day(decision.on)
        for contact in before.contacts:
            assert contact.state != "waiting"
            if contact.state != "call_open":
                assert (decision.on - contact.on).days >= max(policy.min_gap_days, 1)
            if contact.state != "call_open" and contact.pay_by_on:
                assert decision.on >= add_working_days(contact.pay_by_on, 1)
        phase = decision.step.phase if decision.step else None
        assert find_blocking(before.stops, phase, today=decision.on) is None
        assert not any(
            stop.depth == "all" and is_active(stop, today=decision.on) for stop in before.stops
        )
        assert decision.step is not None
        if decision.step.phase == "veertiendagenbrief":
            assert decision.pay_by_on is not None
            assert (decision.pay_by_on - decision.on).days > DAYS_OF_A_LETTER
            continue
        days = decision.step.term_days
        assert decision.pay_by_on == (add_days(decision.on, days) if days else None)


@given(debtor_facts(), policies(), booleans)
@settings(max_examples=100)
def test_no_step_comes_twice_and_none_comes_before_its_day(facts, policy, calls_made) -> None:
    order = {step.key: position for position, step in enumerate(policy.steps)}
    for decision, before in run_every_day(facts, policy, calls_made=calls_made):
        if decision.step is None or decision.carrying is None:
            continue
        item = decision.carrying
        own = [
            contact.step_key
            for contact in before.contacts
            if (contact.item_id, contact.reopen_count) == (item.item_id, item.reopen_count)
        ]
        if decision.step.key not in order:
            # The law wants the reminder once more; that too comes once.
            assert decision.step.key == "reminder_again"
            assert decision.step.key not in own
            continue
        went_before = [order[key] for key in own if key in order]
        assert order[decision.step.key] > max(went_before, default=-1)
        if decision.step.phase == "before_due":
            assert decision.on < item.due_on
        else:
            assert decision.on > item.due_on
            assert decision.on >= item.due_on + timedelta(days=decision.step.offset_days)


@given(debtor_facts(), policies(), booleans)
@settings(max_examples=250)
def test_looking_only_when_told_gives_the_same_steps_as_looking_daily(
    facts, policy, calls_made
) -> None:
    daily = [one for one, _ in run_every_day(facts, policy, calls_made=calls_made)]
    looks: list[Decision] = []
    day: date | None = START
    while day is not None and day < LAST_DAY:
        looks.append(decide(facts, policy, today=day))
        facts = carry_out(facts, looks[-1], calls_made=calls_made)
        day = looks[-1].next_look_on
    assert taken(looks) == taken(daily)
    # And it is worth it: a handful of looks per thing that can happen, not one per day.
    asides = sum(len(item.set_asides) for item in facts.items)
    happenings = 1 + len(facts.items) + len(facts.contacts) + len(facts.stops) + asides
    assert len(looks) <= 4 * happenings


@given(debtor_facts(states=("waiting", "done", "in_doubt", "call_open", "call_done")), policies())
@settings(max_examples=200)
def test_nothing_is_due_before_the_next_look(facts: DebtorFacts, policy: Policy) -> None:
    for n in range(0, HORIZON, 7):
        today = START + timedelta(days=n)
        next_look_on = decide(facts, policy, today=today).next_look_on
        day = today + timedelta(days=1)
        while day < min(next_look_on or LAST_DAY, LAST_DAY):
            assert decide(facts, policy, today=day).outcome == "nothing"
            day += timedelta(days=1)
        if next_look_on is None:
            break


def is_awaited(contact: PastContact, policy: Policy) -> bool:
    """A call that is still to be made: the others are passed by, and the sentence says so."""
    return contact.state == "call_open" and compute_call_lapse(contact, policy) > START


LAPSED_TODAY = PastContact(
    "notice", UUID(int=1), 0, START - timedelta(days=7), "call_open", "email"
)


@given(debtor_facts(), policies())
@example(
    DebtorFacts(
        UUID(int=9), "D1", "Proef", "consumer",
        items=(OpenItem(UUID(int=1), "1", "invoice", START - timedelta(days=30), START, 500),),
        contacts=(LAPSED_TODAY,),
        email="a@b.test",
    ),
    DEFAULT_POLICY,
)  # fmt: skip
@settings(max_examples=100)
def test_the_forecast_is_what_a_daily_run_does(facts: DebtorFacts, policy: Policy) -> None:
    settled = replace(
        facts,
        contacts=tuple(
            replace(contact, state="call_done") if is_awaited(contact, policy) else contact
            for contact in facts.contacts
        ),
    )
    daily = taken([one for one, _ in run_every_day(settled, policy, calls_made=True)])
    told = forecast(facts, policy, today=START, limit=50)
    assert [one for one in told if one.on < LAST_DAY] == daily
