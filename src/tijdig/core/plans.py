"""Payment plans: the instalments to the cent, and how a plan stands on a day.

A plan spreads what is owed and adds nothing to it: no costs, no interest, for nobody.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate
from typing import Literal
from uuid import UUID

from tijdig.core.calendar import add_days, add_months, add_working_days, previous_working_day
from tijdig.core.problem import Refusal

Rounding = Literal["none", "whole_euros", "relative"]
Interval = Literal["week", "two_weeks", "month"]
PlanState = Literal["running", "late", "kept", "broken"]
PlanMessage = Literal["confirmed", "notice", "nudge"]

MOST_INSTALMENTS = 36
LEAST_INSTALMENTS = 2
DEFAULT_GRACE_WORKING_DAYS = 2
NUDGE_TERM_DAYS = 7
_NOTICE_DAYS = 3
# Whoever was told of a term this short ago needs no notice of it.
_FRESH_DAYS = 7
# Up to which amount a share is rounded up to which step, in cents: 74 becomes 75, 264 becomes 270.
_STEPS = ((1_000, 100), (10_000, 500), (100_000, 1_000), (1_000_000, 5_000))
_LARGEST_STEP = 10_000


@dataclass(frozen=True, slots=True)
class PlanTerm:
    """One term of a plan: its place from 1 on, its last day to pay, and its cents."""

    position: int
    due_on: date
    cents: int


@dataclass(frozen=True, slots=True)
class RunningPlan:
    """A plan that was agreed and has not ended, as a fact about its debtor.

    `item_ids` are the open items that it spreads, oldest first; `covered_cents` is how much less
    is open on them than when it was agreed. `key` sets its messages apart from those of others.
    `rested_on` is the last day on which something held it back, if that is known; `agreed_by` is
    who agreed on it for us. `is_shifted`: one of its terms was moved, so that no other can be.
    `least_cents` is the smallest amount that anybody is asked for: less than that, left of a term,
    goes to the next.
    """

    plan_id: UUID
    key: str
    agreed_on: date
    item_ids: tuple[UUID, ...]
    instalments: tuple[PlanTerm, ...]
    covered_cents: int = 0
    grace_working_days: int = DEFAULT_GRACE_WORKING_DAYS
    rested_on: date | None = None
    agreed_by: str = ""
    is_shifted: bool = False
    least_cents: int = 0


@dataclass(frozen=True, slots=True)
class PlanNudge:
    """When the one nudge for a missed term went out, and the last day that it gave."""

    on: date
    pay_by_on: date


@dataclass(frozen=True, slots=True)
class PlanStanding:
    """How a plan stands: `due` is the first instalment not paid in full, with what is left of it.

    `lapses_on` is the day from which its items are in the old cadence again; None while no nudge
    runs. `is_small`: only so little is left of the last term that nobody is asked for it, and the
    plan does not end by it: a person decides.
    """

    state: PlanState
    due: PlanTerm | None = None
    left_cents: int = 0
    lapses_on: date | None = None
    is_small: bool = False


def compute_instalments(
    total_cents: int, count: int, *, first_on: date, interval: Interval, rounding: Rounding
) -> tuple[PlanTerm, ...]:
    """The terms of a plan; they add up to the total, to the cent.

    A share is rounded up to a whole euro, or to a round amount for its size (`relative`); the last
    term takes what is left, so there may be fewer terms than asked. Without rounding the last term
    also takes the cents that do not divide. Refuses: fewer than 2 or more than 36 terms, an amount
    that leaves less than a euro per term.
    """
    if not LEAST_INSTALMENTS <= count <= MOST_INSTALMENTS:
        raise Refusal(
            f"Een regeling heeft {LEAST_INSTALMENTS} tot en met {MOST_INSTALMENTS} termijnen. "
            f"U vroeg er {count}.",
            f"A plan has {LEAST_INSTALMENTS} to {MOST_INSTALMENTS} terms. You asked for {count}.",
        )
    if total_cents < count * 100:
        raise Refusal(
            "Een termijn is minstens € 1,00. Kies minder termijnen.",
            "A term is at least € 1.00. Choose fewer terms.",
        )
    share = _round_share(total_cents, count, rounding)
    amounts: list[int] = []
    left = total_cents
    while left > 0:
        is_last = len(amounts) == count - 1
        amounts.append(left if is_last else min(share, left))
        left -= amounts[-1]
    return tuple(
        PlanTerm(place + 1, _due_on(first_on, place, interval), cents)
        for place, cents in enumerate(amounts)
    )


def judge_plan(plan: RunningPlan, nudge: PlanNudge | None, *, today: date) -> PlanStanding:
    """How the plan stands; payments and credits count for its terms in their order.

    `nudge` is the one for the term that is due now. A term that nobody nudged for never ends the
    plan: nobody falls back into the cadence unwarned. A term that moved has its own day again, and
    after a rest the days of grace and those of the nudge begin anew.
    """
    for one, _, left in _fill(plan):
        if left == 0:
            continue
        grace_until = _find_end_of_grace(plan, one)
        state: PlanState = "late" if today > grace_until else "running"
        # Of a term before the last, so little goes to the next.
        if _is_small(plan, one, left):
            return PlanStanding(state, one, left, is_small=True)
        if nudge is None:
            return PlanStanding(state, one, left)
        last_on = max(nudge.pay_by_on, nudge.on, grace_until)
        if plan.rested_on is not None:
            last_on = max(last_on, add_days(plan.rested_on, NUDGE_TERM_DAYS))
        lapses_on = add_working_days(last_on, 1)
        return PlanStanding("broken" if today >= lapses_on else state, one, left, lapses_on)
    return PlanStanding("kept")


def list_left(plan: RunningPlan) -> tuple[PlanTerm, ...]:
    """The terms of which anything is left to pay, each with what is left of it."""
    return tuple([replace(one, cents=left) for one, _, left in _fill(plan) if left > 0])


def list_asked_terms(plan: RunningPlan) -> tuple[PlanTerm, ...]:
    """All terms, each with what is asked by its day; together they are what was agreed.

    What little is left of a term stands with the next one.
    """
    return tuple([replace(one, cents=asked) for one, asked, _ in _fill(plan)])


def list_payable(plan: RunningPlan) -> frozenset[int]:
    """The amounts, in cents, of which a payment may be a term of this plan, or several together.

    Each term as it was agreed, as it is asked now, and what is left of it; and the first so many
    of these at once.
    """
    left = [one.cents for one in list_left(plan)]
    stated = [one.cents for one in (*plan.instalments, *list_asked_terms(plan))]
    return frozenset(cents for cents in (*stated, *left, *accumulate(left)) if cents > 0)


def find_plan_message(
    plan: RunningPlan,
    sent: Mapping[tuple[PlanMessage, int], date],
    nudge: PlanNudge | None,
    *,
    today: date,
) -> tuple[PlanMessage | None, date | None]:
    """What the plan says today, and the next day on which it could say something.

    The confirmation once, a notice some days before each term, one nudge when a term is missed and
    its days of grace are over, and not before the days are over that an earlier nudge gave. `sent`
    tells which went out, by kind and term, and when.
    """
    standing = judge_plan(plan, nudge, today=today)
    due = standing.due
    if due is None or standing.state == "broken" or standing.is_small:
        return None, None
    if ("confirmed", 0) not in sent:
        return "confirmed", None
    nudge_on = add_days(max(_find_end_of_grace(plan, due), _find_given_until(due, sent)), 1)
    if today >= nudge_on:
        if nudge is None and ("nudge", due.position) not in sent:
            return "nudge", None
        return None, standing.lapses_on
    notice_on = previous_working_day(add_days(due.due_on, -_NOTICE_DAYS))
    told_on = max((on for (kind, _), on in sent.items() if kind != "notice"), default=date.min)
    wanted = ("notice", due.position) not in sent and told_on < add_days(due.due_on, -_FRESH_DAYS)
    if not wanted or today > due.due_on:
        return None, nudge_on
    return ("notice", None) if today >= notice_on else (None, notice_on)


def _find_given_until(due: PlanTerm, sent: Mapping[tuple[PlanMessage, int], date]) -> date:
    """The last day that a nudge for an earlier term gave; the first of all days without one."""
    nudged = [
        on for (kind, position), on in sent.items() if kind == "nudge" and position < due.position
    ]
    return add_days(max(nudged), NUDGE_TERM_DAYS) if nudged else date.min


def shift_instalment(
    instalments: Iterable[PlanTerm], position: int, *, to_on: date, interval: Interval
) -> tuple[PlanTerm, ...]:
    """The terms with one of them paid later; the others stay.

    Refuses: a term that is not there, a day that is not later, more than one interval later.
    """
    terms = tuple(instalments)
    found = next((one for one in terms if one.position == position), None)
    if found is None:
        raise Refusal(
            f"Termijn {position} bestaat niet in deze regeling.",
            f"Term {position} is not in this plan.",
        )
    if not found.due_on < to_on <= _due_on(found.due_on, 1, interval):
        raise Refusal(
            "Een termijn kan één keer later, met hoogstens de tijd tussen twee termijnen.",
            "A term can move once, by at most the time between two terms.",
        )
    return tuple(PlanTerm(one.position, to_on, one.cents) if one is found else one for one in terms)


def pays_terms(on: date, *, agreed_on: date, ended_on: date | None) -> bool:
    """Whether money of this day pays the terms of a plan, and so its invoices alone.

    From the agreement up to and including the day on which the plan ended, whenever it was read: a
    plan is an agreement on another order than that of the law. Law: BW 6:44.
    """
    return agreed_on <= on and (ended_on is None or on <= ended_on)


def split_over_items(cents: int, items: Iterable[tuple[UUID, int]]) -> tuple[tuple[UUID, int], ...]:
    """A term laid on the items that it pays, oldest first, each up to what is open on it."""
    parts: list[tuple[UUID, int]] = []
    for item_id, open_cents in items:
        part = min(cents, open_cents)
        if part > 0:
            parts.append((item_id, part))
            cents -= part
    return tuple(parts)


def _fill(plan: RunningPlan) -> Iterator[tuple[PlanTerm, int, int]]:
    """Each term with the cents asked by its day and those left of it, paid in their order."""
    covered, rest = plan.covered_cents, 0
    for one in plan.instalments:
        asked = one.cents + rest
        left = max(asked - covered, 0)
        covered = max(covered - asked, 0)
        rest = left if one != plan.instalments[-1] and _is_small(plan, one, left) else 0
        yield one, asked - rest, left - rest


def _is_small(plan: RunningPlan, term: PlanTerm, left: int) -> bool:
    """Whether so little is left of a term that nobody is asked for it; a whole term always is."""
    return 0 < left < min(term.cents, plan.least_cents)


def _find_end_of_grace(plan: RunningPlan, term: PlanTerm) -> date:
    """The last day on which the term is not late yet; days of a rest do not count."""
    counts_from = max(term.due_on, plan.rested_on) if plan.rested_on else term.due_on
    return add_working_days(counts_from, plan.grace_working_days)


def _round_share(total_cents: int, count: int, rounding: Rounding) -> int:
    if rounding == "none":
        return total_cents // count
    share = -(-total_cents // count)
    step = 100
    if rounding == "relative":
        step = next((step for limit, step in _STEPS if share < limit), _LARGEST_STEP)
    return -(-share // step) * step


def _due_on(first_on: date, place: int, interval: Interval) -> date:
    if interval == "month":
        return add_months(first_on, place)
    return add_days(first_on, place * (7 if interval == "week" else 14))
