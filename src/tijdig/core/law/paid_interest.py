"""The interest to date on a claim that is paid in parts, each payment on its own day.

It depends on the facts alone: not on the days on which somebody worked it out or asked for it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from tijdig.core.calendar import add_days
from tijdig.core.law.dated import RateTables, refuse_far_days
from tijdig.core.law.imputation import Order, get_owed_interest, pay_running
from tijdig.core.law.interest import (
    InterestLine,
    InterestTerms,
    RunningInterest,
    join_years,
    run_by_period,
)
from tijdig.core.law.tables import RATES


@dataclass(frozen=True, slots=True)
class Movement:
    """Money on a claim on a day: below zero is paid, above zero went back to the debtor.

    It goes to interest and principal in its `order`; with `to` only to one of them: what is
    conceded of the principal, or waived of the interest. `is_named`: the payer named this claim.
    """

    on: date
    cents: int
    order: Order = "law"
    to: Literal["claim", "principal", "interest"] = "claim"
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class SplitMovement:
    """What a movement took off the interest and off the principal, in whole cents."""

    movement: Movement
    to_interest_cents: int
    to_principal_cents: int


# Days without interest: from (included) until (excluded).
FreeDays = tuple[date, date]


@dataclass(frozen=True, slots=True)
class PaidInterest:
    """All interest up to a day, paid or not, rounded once, with lines that add up to it.

    `free` are the days on the way that bore none.
    """

    interest_cents: int
    lines: tuple[InterestLine, ...]
    splits: tuple[SplitMovement, ...]
    free: tuple[FreeDays, ...] = ()


def compute_paid_interest(
    principal_cents: int,
    movements: Sequence[Movement],
    *,
    owed_from: date,
    until: date,
    terms: InterestTerms,
    rates: RateTables = RATES,
    free: Sequence[FreeDays] = (),
) -> PaidInterest:
    """The interest from `owed_from` (included) to `until` (excluded), with payments on their days.

    A payment stops interest from the day after it; years count from `owed_from`, whatever was paid.
    The same as `allocate` finds for these facts. Movements on or after `until` do not count yet.
    The creditor asks none over `free` days; years go on in them.
    Refuses as `compute_interest` does. Law: BW 6:44, 6:119, 6:119a.
    """
    refuse_far_days(owed_from, until)
    course = _Course(owed_from, terms, rates, tuple(sorted(free)))
    standing = _Standing(RunningInterest(max(principal_cents, 0)), owed_from)
    for movement in sorted(movements, key=lambda one: (one.on, one.cents)):
        after = add_days(movement.on, 1)
        if after > until:
            break
        _run(standing, course, after)
        _apply(standing, movement)
    _run(standing, course, until)
    lines, splits, free = standing.lines, standing.splits, standing.free
    return PaidInterest(_add_up(standing), tuple(lines), tuple(splits), tuple(free))


@dataclass(frozen=True, slots=True)
class _Course:
    """By which rules the interest runs: since when, at which rate, and on which days not."""

    owed_from: date
    terms: InterestTerms
    rates: RateTables
    free: tuple[FreeDays, ...]


@dataclass(slots=True)
class _Standing:
    """The claim on the way: exact interest, what was paid of it, and the lines so far."""

    running: RunningInterest
    run_until: date
    paid_cents: int = 0
    lines: list[InterestLine] = field(default_factory=list)
    splits: list[SplitMovement] = field(default_factory=list)
    free: list[FreeDays] = field(default_factory=list)


def _add_up(standing: _Standing) -> int:
    return standing.paid_cents + get_owed_interest(standing.running)


def _run(standing: _Standing, course: _Course, until: date) -> None:
    """The interest up to `until`; nothing runs once the principal has been paid."""
    if until <= standing.run_until:
        return
    from_on, standing.run_until = standing.run_until, until
    if standing.running.principal_cents <= 0:
        return
    for first, after, is_free in _cut(from_on, until, course.free):
        if is_free:
            _rest(standing, course, first, after)
        else:
            _bear(standing, course, first, after)


def _cut(from_on: date, until: date, free: Sequence[FreeDays]) -> Iterator[tuple[date, date, bool]]:
    """The days in order, cut where free ones begin and end; these may overlap."""
    first = from_on
    for free_from, free_until in free:
        begins, ends = max(first, free_from), min(until, free_until)
        if ends <= begins:
            continue
        if first < begins:
            yield first, begins, False
        yield begins, ends, True
        first = ends
    if first < until:
        yield first, until, False


def _bear(standing: _Standing, course: _Course, from_on: date, until: date) -> None:
    for line, after, _ in run_by_period(
        standing.running,
        owed_from=course.owed_from,
        from_on=from_on,
        until=until,
        terms=course.terms,
        rates=course.rates,
    ):
        before = _add_up(standing)
        standing.running = after
        standing.lines.append(replace(line, interest_cents=_add_up(standing) - before))


def _rest(standing: _Standing, course: _Course, from_on: date, until: date) -> None:
    """Nothing runs; the interest of a year that is over joins the sum all the same."""
    standing.running = join_years(
        standing.running,
        owed_from=course.owed_from,
        from_on=from_on,
        until=until,
        terms=course.terms,
    )
    standing.free.append((from_on, until))


def _apply(standing: _Standing, movement: Movement) -> None:
    if movement.cents > 0:
        standing.running, split = _give_back(standing, movement)
    else:
        standing.running, split = _pay(standing.running, movement)
    standing.paid_cents += split.to_interest_cents
    standing.splits.append(split)


def _pay(running: RunningInterest, movement: Movement) -> tuple[RunningInterest, SplitMovement]:
    interest, principal = get_owed_interest(running), running.principal_cents
    most = {"claim": interest + principal, "interest": interest, "principal": principal}
    order: Order = "law" if movement.to == "interest" else movement.order
    if movement.to == "principal":
        order = "principal_first"
    cents = min(-movement.cents, most[movement.to])
    running, (to_interest, to_principal) = pay_running(running, cents, order)
    return running, SplitMovement(movement, to_interest, to_principal)


def _give_back(standing: _Standing, movement: Movement) -> tuple[RunningInterest, SplitMovement]:
    """The claim after money went back: the interest that was paid is owed again first."""
    most = {"claim": standing.paid_cents, "interest": movement.cents, "principal": 0}
    to_interest = min(movement.cents, most[movement.to])
    to_principal = movement.cents - to_interest
    running = replace(
        standing.running,
        principal_cents=standing.running.principal_cents + to_principal,
        accrued=standing.running.accrued + to_interest,
    )
    return running, SplitMovement(movement, -to_interest, -to_principal)
