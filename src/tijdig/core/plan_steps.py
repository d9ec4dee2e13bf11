"""What running plans do to a decision: their own messages, and the invoices that rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tijdig.core.calendar import add_days
from tijdig.core.facts import DebtorFacts, PastContact, Stop
from tijdig.core.money import format_euros
from tijdig.core.plans import (
    NUDGE_TERM_DAYS,
    PlanMessage,
    PlanNudge,
    PlanStanding,
    PlanTerm,
    RunningPlan,
    find_plan_message,
    judge_plan,
)
from tijdig.core.policy import Step
from tijdig.core.problem import Sentence
from tijdig.core.stops import say_day

PLAN_STEP_PREFIX = "plan-"


@dataclass(frozen=True, slots=True)
class PlanDue:
    """A message that a plan says today; `cents` is what it names, `pay_by_on` its last day.

    The confirmation has none: it names them all, and other invoices do not rest for it.
    """

    plan: RunningPlan
    step: Step
    instalment: PlanTerm
    cents: int
    pay_by_on: date | None
    because: Sentence


def make_step_key(plan: RunningPlan, kind: PlanMessage, position: int) -> str:
    """The step key of a plan's message: each goes out once."""
    return f"{PLAN_STEP_PREFIX}{plan.key}-{kind}-{position}"


def find_plan_due(facts: DebtorFacts, *, today: date) -> tuple[PlanDue | None, date | None]:
    """The first message that a plan of this debtor says today, and the next day for another."""
    first: PlanDue | None = None
    days: list[date] = []
    for plan in facts.plans:
        sent, nudge = _read_contacts(plan, facts.contacts)
        kind, next_on = find_plan_message(plan, sent, nudge, today=today)
        if next_on is not None:
            days.append(next_on)
        if kind is not None and first is None:
            first = _make_due(plan, kind, judge_plan(plan, nudge, today=today), today=today)
    return first, min(days, default=None)


def judge_plan_of(
    plan: RunningPlan, contacts: tuple[PastContact, ...], *, today: date
) -> PlanStanding:
    """How a plan stands, with the nudge that its debtor's contacts tell of."""
    return judge_plan(plan, _read_contacts(plan, contacts)[1], today=today)


def find_planned_items(facts: DebtorFacts, *, today: date) -> Mapping[UUID, Stop]:
    """The items that rest because a plan spreads them, each with the plan as its stop."""
    resting: dict[UUID, Stop] = {}
    for plan in facts.plans:
        standing = judge_plan_of(plan, facts.contacts, today=today)
        if standing.due is None or standing.state == "broken":
            continue
        stop = _make_plan_stop(standing.due, standing)
        resting.update(dict.fromkeys(plan.item_ids, stop))
    return resting


def _read_contacts(
    plan: RunningPlan, contacts: tuple[PastContact, ...]
) -> tuple[dict[tuple[PlanMessage, int], date], PlanNudge | None]:
    """What the plan has said already, and the nudge that surely went out for the term due now."""
    kinds: dict[str, PlanMessage] = {"confirmed": "confirmed", "notice": "notice", "nudge": "nudge"}
    sent: dict[tuple[PlanMessage, int], date] = {}
    nudges: dict[int, PlanNudge] = {}
    start = f"{PLAN_STEP_PREFIX}{plan.key}-"
    for contact in contacts:
        if not contact.step_key.startswith(start):
            continue
        kind, _, position = contact.step_key.removeprefix(start).partition("-")
        sent[kinds[kind], int(position)] = contact.on
        if kind == "nudge" and contact.state == "done":
            pay_by_on = contact.pay_by_on or add_days(contact.on, NUDGE_TERM_DAYS)
            nudges[int(position)] = PlanNudge(contact.on, pay_by_on)
    due = judge_plan(plan, None, today=plan.agreed_on).due
    return sent, nudges.get(due.position) if due else None


def _make_due(
    plan: RunningPlan, kind: PlanMessage, standing: PlanStanding, *, today: date
) -> PlanDue:
    due = standing.due or plan.instalments[-1]
    position, cents = due.position, standing.left_cents
    pay_by_on: date | None = due.due_on
    if kind == "confirmed":
        position, pay_by_on = 0, None
        cents = sum(one.cents for one in plan.instalments) - plan.covered_cents
    elif kind == "nudge":
        pay_by_on = add_days(today, NUDGE_TERM_DAYS)
    step = Step(
        key=make_step_key(plan, kind, position),
        phase="plan",
        tone="friendly",
        offset_days=0,
        channels=("email", "letter"),
        text=f"plan_{kind}",
    )
    return PlanDue(plan, step, due, cents, pay_by_on, _explain(kind, due, cents))


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


def _make_plan_stop(due: PlanTerm, standing: PlanStanding) -> Stop:
    amount = format_euros(standing.left_cents)
    until_on = add_days(standing.lapses_on, -1) if standing.lapses_on else None
    state = ("loopt", "runs") if standing.state == "running" else ("is achter", "is behind")
    last = ("", "")
    if until_on is not None:
        last = (
            f" Wij wachten tot en met {say_day(until_on, 'nl')}; daarna gaat de oude loop door.",
            f" We wait up to {say_day(until_on, 'en')}; then the old cadence returns.",
        )
    return Stop(
        "plan",
        Sentence(
            f"Niets gedaan: de regeling {state[0]}. Termijn {due.position} van {amount} vervalt op "
            f"{say_day(due.due_on, 'nl')}.{last[0]}",
            f"Nothing done: the plan {state[1]}. Term {due.position} of {amount} is due on "
            f"{say_day(due.due_on, 'en')}.{last[1]}",
        ),
        until_on=until_on,
    )
