"""Parts of one day of which one sums to nil: whether both count, or one is told in the other."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal

from tijdig.core.calendar import format_day
from tijdig.core.continuity import StatementFacts, StatementGap, number_of
from tijdig.core.money import format_euros
from tijdig.core.problem import Sentence

PartsVerdict = Literal["further", "again", "unknown"]
NilPair = tuple[StatementFacts, StatementFacts]
"""A part that sums to nil, and another one that begins or ends with its balance."""


def list_nil_pairs(statements: Sequence[StatementFacts]) -> tuple[NilPair, ...]:
    """The pairs of which no running number tells which came first.

    What sums to nil leaves the balance as it was: the other part may come before or after it, or
    be a piece of the same hours.
    """
    days: defaultdict[date, list[StatementFacts]] = defaultdict(list)
    for one in statements:
        if one.adds_up and one.from_on is not None and one.from_on == one.until_on:
            days[one.from_on].append(one)
    return tuple(
        (nil, other)
        for parts in days.values()
        for nil in parts
        for other in parts
        if nil.opening_cents == nil.closing_cents
        and other.opening_cents != other.closing_cents
        and nil.opening_cents in (other.opening_cents, other.closing_cents)
        and not _is_numbered(nil, other)
    )


def judge_parts(
    pair: NilPair, statements: Sequence[StatementFacts], *, beside_cents: int
) -> PartsVerdict:
    """Whether both parts count, or what one says is in the other, by the days around this one.

    `beside_cents` is what other statements booked on that day.
    """
    starts, ends, is_told = _find_bounds(pair, statements)
    moved = _moved(pair[1])
    again, further = (
        any(start + beside_cents + cents in ends for start in starts) for cents in (0, moved)
    )
    if not is_told or again == further:
        return "unknown"
    return "further" if further else "again"


def find_unclear_parts(
    statements: Sequence[StatementFacts], booked_cents: Mapping[date, int]
) -> tuple[StatementGap, ...]:
    """Of each such pair that may hide a booking: the part that moves the balance, with why.

    Until the day before and the day after tell, the account waits; `booked_cents` is what is booked
    on each day.
    """
    found = {}
    for pair in list_nil_pairs(statements):
        other = pair[1]
        day = other.from_on
        if day is None or _is_known_whole(day, statements):
            continue
        starts, ends, is_told = _find_bounds(pair, statements)
        closes = {start + booked_cents.get(day, 0) for start in starts}
        if is_told and closes & ends:
            continue
        if is_told and {cents + _moved(other) for cents in closes} & ends:
            found[other.statement_id] = _say_missing(other, day)
            continue
        there = {one.closing_cents for one in statements if one.from_on == one.until_on == day}
        if not (closes & there) - {other.opening_cents}:
            found.setdefault(other.statement_id, _say_unclear(other, day))
    return tuple(found.values())


def _is_numbered(one: StatementFacts, other: StatementFacts) -> bool:
    numbers = number_of(one.sequence), number_of(other.sequence)
    return all(number[0] for number in numbers) and numbers[0] != numbers[1]


def _moved(one: StatementFacts) -> int:
    return (one.closing_cents or 0) - (one.opening_cents or 0)


def _is_known_whole(day: date, statements: Sequence[StatementFacts]) -> bool:
    """Whether a statement of several days tells of this one: then its lines are known by that."""
    return any(
        one.from_on is not None
        and one.until_on is not None
        and one.from_on <= day <= one.until_on
        and one.from_on != one.until_on
        for one in statements
    )


def _find_bounds(
    pair: NilPair, statements: Sequence[StatementFacts]
) -> tuple[set[int], set[int], bool]:
    """The balances with which the day can begin and end, and whether the days around it tell.

    Where both begin with one balance the end of the day tells; else its beginning does.
    """
    nil, other = pair
    day = other.from_on or date.min
    on_day = [one for one in statements if one.from_on == one.until_on == day]
    before = [one for one in statements if one.until_on is not None and one.until_on < day]
    after = [one for one in statements if one.from_on is not None and one.from_on > day]
    last_on = max((one.until_on for one in before if one.until_on), default=None)
    next_on = min((one.from_on for one in after if one.from_on), default=None)
    openings, closings = (
        _cents(one.opening_cents for one in on_day),
        _cents(one.closing_cents for one in on_day),
    )
    starts = openings & _cents(one.closing_cents for one in before if one.until_on == last_on)
    ends = _cents(one.opening_cents for one in after if one.from_on == next_on)
    if nil.opening_cents == other.opening_cents:
        return starts or openings, ends, bool(ends)
    return starts or _cents([other.opening_cents]), ends or closings, bool(starts)


def _cents(found: Iterable[int | None]) -> set[int]:
    return {cents for cents in found if cents is not None}


def _say_missing(one: StatementFacts, day: date) -> StatementGap:
    cents = format_euros(_moved(one))
    return StatementGap(
        one.statement_id,
        "balance",
        Sentence(
            f"Volgens de saldo's van de dagen eromheen ontbreekt op {format_day(day, 'nl')} een"
            f" boeking van {cents}. Lees alle afschriften van die dag nog eens in, of accepteer"
            " het zoals het is.",
            f"By the balances of the days around it, a booking of {cents} is missing on"
            f" {format_day(day, 'en')}. Import all statements of that day again, or accept it as"
            " it is.",
        ),
    )


def _say_unclear(one: StatementFacts, day: date) -> StatementGap:
    return StatementGap(
        one.statement_id,
        "opening",
        Sentence(
            f"Van {format_day(day, 'nl')} zijn er afschriften waarvan niet te zien is of zij op"
            " elkaar volgen of hetzelfde vertellen. Lees het afschrift van de dag ernaast in, of"
            " dat van de hele dag, of accepteer dat zij hetzelfde vertellen.",
            f"Of {format_day(day, 'en')} there are statements of which it cannot be seen whether"
            " they follow on each other or say the same. Import the statement of the day beside"
            " it, or that of the whole day, or accept that they say the same.",
        ),
    )
