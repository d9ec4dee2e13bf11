"""What running plans do to a decision: their own messages, and the invoices that rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from string import ascii_lowercase
from uuid import UUID

from tijdig.core.calendar import add_days, next_working_day
from tijdig.core.facts import DebtorFacts, PastContact, Stop
from tijdig.core.money import format_euros
from tijdig.core.netting import Owed, net_items
from tijdig.core.plans import (
    NUDGE_TERM_DAYS,
    PlanMessage,
    PlanNudge,
    PlanStanding,
    PlanState,
    PlanTerm,
    RunningPlan,
    find_plan_message,
    judge_plan,
    list_asked_terms,
    list_left,
)
from tijdig.core.policy import Step
from tijdig.core.problem import Sentence
from tijdig.core.stops import find_blocking, find_end, holds_back, say_day, take_out_set_asides

PLAN_STEP_PREFIX = "plan-"


@dataclass(frozen=True, slots=True)
class PlanDue:
    """A message that a plan says today; `cents` is what it names, `pay_by_on` its last day.

    The confirmation has none: it names them all, and other invoices do not rest for it. `terms` are
    those that the message lists.
    """

    plan: RunningPlan
    step: Step
    instalment: PlanTerm
    cents: int
    pay_by_on: date | None
    because: Sentence
    terms: tuple[PlanTerm, ...]


def make_step_key(plan: RunningPlan, kind: PlanMessage, position: int, *, again: int = 0) -> str:
    """The step key of a plan's message: each goes out once.

    `again` counts how often it came back: each time it is said anew, with a letter behind the key.
    """
    turn = ascii_lowercase[min(again, len(ascii_lowercase) - 1)] if again else ""
    return f"{PLAN_STEP_PREFIX}{plan.key}-{kind}-{position}{turn}"


def find_plan_due(facts: DebtorFacts, *, today: date) -> tuple[PlanDue | None, date | None]:
    """The first message that a plan of this debtor says today, and the next day for another.

    A plan that something holds back says nothing until the day after it.
    """
    first: PlanDue | None = None
    days: list[date] = []
    for plan in read_plans(facts, today=today):
        rest = find_rest(plan, facts, today=today)
        if rest is not None:
            # Nobody knows when a doubt is over: that is looked at with every run.
            end = next_working_day(add_days(today, 1)) if _has_doubt(plan, facts) else None
            days += [day for day in (end or find_end(rest),) if day is not None]
            continue
        sent, nudge = _read_contacts(plan, facts.contacts)
        kind, next_on = find_plan_message(plan, sent, nudge, today=today)
        if next_on is not None:
            days.append(next_on)
        if kind is not None and first is None:
            standing = judge_plan(plan, nudge, today=today)
            first = _make_due(plan, kind, standing, facts.contacts, today=today)
    return first, min(days, default=None)


def judge_plan_of(
    plan: RunningPlan, contacts: tuple[PastContact, ...], *, today: date
) -> PlanStanding:
    """How a plan stands, with the nudge that its debtor's contacts tell of."""
    return judge_plan(plan, _read_contacts(plan, contacts)[1], today=today)


def find_planned_items(facts: DebtorFacts, *, today: date) -> Mapping[UUID, Stop]:
    """The items that rest because a plan spreads them, each with the plan as its stop."""
    resting: dict[UUID, Stop] = {}
    for plan in read_plans(facts, today=today):
        standing = judge_plan_of(plan, facts.contacts, today=today)
        if find_rest(plan, facts, today=today) is not None:
            # It does not lapse meanwhile, and on which day it would is not known.
            state: PlanState = "late" if standing.state == "broken" else standing.state
            standing = replace(standing, state=state, lapses_on=None)
        if standing.due is None or standing.state == "broken":
            continue
        stop = _make_plan_stop(standing.due, standing, by=plan.agreed_by, today=today)
        resting.update(dict.fromkeys(plan.item_ids, stop))
    return resting


def find_plan_asides(facts: DebtorFacts, *, today: date) -> Mapping[UUID, Stop]:
    """The items that rest because of a plan, each with why nobody asks for it today.

    That is what holds the plan itself back, where something does, and else the plan.
    """
    resting = dict(find_planned_items(facts, today=today))
    for plan in facts.plans:
        rest = find_rest(plan, facts, today=today)
        if rest is not None:
            resting.update((one, rest) for one in plan.item_ids if one in resting)
    return resting


def find_rest(plan: RunningPlan, facts: DebtorFacts, *, today: date) -> Stop | None:
    """What holds a plan back on this day, longest first; None where nothing does.

    A case on one of its items, a doubt about one, or a stop of the debtor that lets no message of
    a plan through. Meanwhile it says nothing and does not lapse.
    """
    doubts = [
        doubt for item in facts.items if item.item_id in plan.item_ids for doubt in item.doubts
    ]
    return find_blocking((*_list_stops(plan, facts), *doubts), "plan", today=today)


def list_ended_plans(
    facts: DebtorFacts, *, today: date
) -> tuple[tuple[RunningPlan, PlanState], ...]:
    """The plans of a debtor that are over by themselves, each `kept` or `broken`.

    Kept is only what his credits cover while nothing of his is set aside: a dispute elsewhere
    sends a credit to the plan for a while, and that ends nothing.
    """
    bare = replace(facts, items=tuple([replace(item, set_asides=()) for item in facts.items]))
    kept = {
        plan.plan_id
        for plan in read_plans(bare, today=today)
        if judge_plan(plan, None, today=today).state == "kept"
    }
    ended: list[tuple[RunningPlan, PlanState]] = []
    for plan in read_plans(facts, today=today):
        state = judge_plan_of(plan, facts.contacts, today=today).state
        rests = find_rest(plan, facts, today=today) is not None
        if plan.plan_id in kept:
            ended.append((plan, "kept"))
        elif state == "broken" and not rests:
            ended.append((plan, state))
    return tuple(ended)


def read_plans(facts: DebtorFacts, *, today: date) -> tuple[RunningPlan, ...]:
    """The plans of a debtor as they stand: his credits counted, and how long they rested.

    A credit goes where it goes for a reminder: to the invoice that it names, what remains of it to
    the oldest.
    """
    if not facts.plans:
        return ()
    net = net_planned(facts, today=today)
    read: list[RunningPlan] = []
    for plan in facts.plans:
        credited = sum(
            item.open_cents - (net[item.item_id].net_cents if item.item_id in net else 0)
            for item in facts.items
            if item.item_id in plan.item_ids and item.open_cents > 0
        )
        ended = [stop.until_on for stop in _list_stops(plan, facts) if holds_back(stop, "plan")]
        rested = [day for day in (plan.rested_on, *ended) if day is not None and day < today]
        read.append(
            replace(
                plan,
                covered_cents=plan.covered_cents + credited,
                rested_on=max(rested, default=None),
            )
        )
    return tuple(read)


def net_planned(facts: DebtorFacts, *, today: date) -> Mapping[UUID, Owed]:
    """What is left to pay per item once credits are off, with the planned items in the sum.

    What is set aside of other items takes no credit.
    """
    planned = {item_id for plan in facts.plans for item_id in plan.item_ids}
    items = [
        replace(item, set_asides=()) if item.item_id in planned else item for item in facts.items
    ]
    asked, _ = take_out_set_asides(items, today=today)
    return {one.item.item_id: one for one in net_items(asked)}


def _list_stops(plan: RunningPlan, facts: DebtorFacts) -> tuple[Stop, ...]:
    """The stops of the debtor and of the items of this plan, also those that are over."""
    own = [
        one.stop for item in facts.items if item.item_id in plan.item_ids for one in item.set_asides
    ]
    return (*facts.stops, *own)


def _has_doubt(plan: RunningPlan, facts: DebtorFacts) -> bool:
    return any(item.doubts for item in facts.items if item.item_id in plan.item_ids)


def _read_contacts(
    plan: RunningPlan, contacts: tuple[PastContact, ...]
) -> tuple[dict[tuple[PlanMessage, int], date], PlanNudge | None]:
    """What the plan has said already, and the nudge that surely went out for the term due now.

    What came back was not said. A nudge that nobody said was posted is none: nobody falls back into
    the cadence unwarned.
    """
    kinds: dict[str, PlanMessage] = {"confirmed": "confirmed", "notice": "notice", "nudge": "nudge"}
    sent: dict[tuple[PlanMessage, int], date] = {}
    nudges: dict[int, PlanNudge] = {}
    start = f"{PLAN_STEP_PREFIX}{plan.key}-"
    for contact in contacts:
        if not contact.step_key.startswith(start) or contact.came_back:
            continue
        kind, _, position = take_off_turn(contact.step_key).removeprefix(start).partition("-")
        sent[kinds[kind], int(position)] = contact.on
        if kind == "nudge" and contact.state == "done" and not contact.is_unposted:
            pay_by_on = contact.pay_by_on or add_days(contact.on, NUDGE_TERM_DAYS)
            nudges[int(position)] = PlanNudge(contact.on, pay_by_on)
    due = judge_plan(plan, None, today=plan.agreed_on).due
    return sent, nudges.get(due.position) if due else None


def _make_due(
    plan: RunningPlan,
    kind: PlanMessage,
    standing: PlanStanding,
    contacts: Sequence[PastContact],
    *,
    today: date,
) -> PlanDue:
    due = standing.due or plan.instalments[-1]
    position, cents = due.position, standing.left_cents
    pay_by_on: date | None = due.due_on
    if kind == "confirmed":
        position, pay_by_on = 0, None
        cents = sum(one.cents for one in plan.instalments) - plan.covered_cents
    elif kind == "nudge":
        pay_by_on = add_days(today, NUDGE_TERM_DAYS)
    terms = list_left(plan) if kind == "confirmed" else list_asked_terms(plan)
    key = make_step_key(plan, kind, position)
    back = [one for one in contacts if one.came_back and take_off_turn(one.step_key) == key]
    step = Step(
        key=make_step_key(plan, kind, position, again=len(back)),
        phase="plan",
        tone="friendly",
        offset_days=0,
        channels=("email", "letter"),
        text=f"plan_{kind}",
    )
    return PlanDue(plan, step, due, cents, pay_by_on, _explain(kind, due, cents), terms)


def take_off_turn(step_key: str) -> str:
    """The key of what is said, whether it was for the first time or again."""
    return step_key.rstrip(ascii_lowercase)


def _explain(kind: PlanMessage, due: PlanTerm, cents: int) -> Sentence:
    amount = format_euros(cents)
    nl, en = say_day(due.due_on, "nl"), say_day(due.due_on, "en")
    return {
        "confirmed": Sentence(
            f"Bevestiging van de regeling over {amount}; de eerste termijn vervalt op {nl}.",
            f"Confirmation of the plan for {amount}; the first term is due on {en}.",
        ),
        "notice": Sentence(
            f"Bericht over termijn {due.position} van de regeling: {amount} op {nl}.",
            f"Notice of term {due.position} of the plan: {amount} on {en}.",
        ),
        "nudge": Sentence(
            f"Termijn {due.position} van de regeling is niet betaald ({amount}, {nl}); "
            "wij vragen één keer na.",
            f"Term {due.position} of the plan was not paid ({amount}, {en}); we ask once.",
        ),
    }[kind]


def _make_plan_stop(due: PlanTerm, standing: PlanStanding, *, by: str, today: date) -> Stop:
    amount = format_euros(standing.left_cents)
    if standing.is_small:
        return Stop(
            "plan",
            Sentence(
                f"Niets gedaan: van de regeling staat alleen nog {amount} open. Dat is minder dan"
                " waar wij om vragen. Wacht op de betaling, of beëindig de regeling.",
                f"Nothing done: of the plan only {amount} is open. That is less than we ask for."
                " Wait for the payment, or end the plan.",
            ),
        )
    until_on = add_days(standing.lapses_on, -1) if standing.lapses_on else None
    state = ("loopt", "runs") if standing.state == "running" else ("is achter", "is behind")
    who = (f" (afgesproken door {by})", f" (agreed by {by})") if by else ("", "")
    last = ("", "")
    if until_on is not None:
        last = (
            f" Wij wachten tot en met {say_day(until_on, 'nl')}; daarna gaat de oude loop door.",
            f" We wait up to {say_day(until_on, 'en')}; then the old cadence returns.",
        )
    falls = ("vervalt", "is") if due.due_on >= today else ("verviel", "was")
    return Stop(
        "plan",
        Sentence(
            f"Niets gedaan: de regeling{who[0]} {state[0]}. Termijn {due.position} van {amount} "
            f"{falls[0]} op {say_day(due.due_on, 'nl')}.{last[0]}",
            f"Nothing done: the plan{who[1]} {state[1]}. Term {due.position} of {amount} {falls[1]}"
            f" due on {say_day(due.due_on, 'en')}.{last[1]}",
        ),
        until_on=until_on,
    )
