"""Interest on a sum paid late: by law, for trade, for public bodies, or as agreed."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from tijdig.core.calendar import add_days, add_months, format_day
from tijdig.core.law.dated import (
    LawTable,
    RateTables,
    compute_known_until,
    get_value,
    refuse_far_days,
)
from tijdig.core.law.tables import RATES
from tijdig.core.money import format_euros, round_cents
from tijdig.core.problem import Refusal

InterestKind = Literal["statutory", "commercial", "government", "contract"]
DayCount = Literal["act/365", "act/act"]

_MONTHS_IN_A_YEAR = 12
_YEAR_DAYS = 365
_HIGHEST_PERCENT = 100


class RateUnknown(Refusal):
    """The period reaches into a half-year whose rate is not in the table yet."""


@dataclass(frozen=True, slots=True)
class InterestTerms:
    """What kind of interest runs. `rate_percent` is for an agreed rate only, and then needed.

    Interest of a full year bears interest itself, unless `is_simple`. A year counts 365 days, also
    a leap year; with `act/act` the days of a leap year count over 366.
    """

    kind: InterestKind
    rate_percent: Decimal | None = None
    is_simple: bool = False
    day_count: DayCount = "act/365"


@dataclass(frozen=True, slots=True)
class InterestLine:
    """A period with one rate and one base: from (included) until (excluded).

    The interest of the lines adds up to the total to the cent: each is the rounded sum so far less
    the rounded sum before it.
    """

    from_on: date
    until: date
    days: int
    rate_percent: Decimal
    base_cents: int
    interest_cents: int


@dataclass(frozen=True, slots=True)
class Interest:
    """The interest of a period, rounded once, with its calculation."""

    interest_cents: int
    days: int
    lines: tuple[InterestLine, ...]


@dataclass(frozen=True, slots=True)
class RunningInterest:
    """Where the interest on one claim stands, in exact cents.

    `joined` is interest of past full years, which bears interest; `accrued` that of the year that
    runs.
    """

    principal_cents: int
    joined: Fraction = Fraction(0)
    accrued: Fraction = Fraction(0)


def compute_interest(
    principal_cents: int,
    *,
    owed_from: date,
    until: date,
    terms: InterestTerms,
    rates: RateTables = RATES,
) -> Interest:
    """Interest on a sum paid late, one line per rate and base, oldest first.

    Days run from `owed_from` (included: the day after the last day to pay) to `until` (excluded:
    the day after the payment); each full year from `owed_from` joins the base.
    Whole cents, rounded once, on the total. Refuses: a negative principal, `until` before
    `owed_from`, a day before the first rate, a rate that cannot be; RateUnknown beyond the table.
    Law: BW 6:119 lid 1-3, 6:119a lid 1 and 3, 6:119b, 6:120. Vectors: tests/law/interest.toml
    """
    if principal_cents < 0:
        raise Refusal(
            f"De hoofdsom {format_euros(principal_cents)} is negatief: daarover loopt geen rente.",
            f"The principal {format_euros(principal_cents)} is negative: it bears no interest.",
        )
    refuse_far_days(owed_from, until)
    start = RunningInterest(principal_cents)
    lines, exact, shown = [], Fraction(0), 0
    for line, after, interest in run_by_period(
        start, owed_from=owed_from, from_on=owed_from, until=until, terms=terms, rates=rates
    ):
        start = after
        exact += interest
        so_far = round_cents(exact)
        cents, shown = so_far - shown, so_far
        lines.append(replace(line, interest_cents=cents))
    return Interest(shown, (until - owed_from).days, tuple(lines))


def run_by_period(
    running: RunningInterest,
    *,
    owed_from: date,
    from_on: date,
    until: date,
    terms: InterestTerms,
    rates: RateTables = RATES,
) -> Iterator[tuple[InterestLine, RunningInterest, Fraction]]:
    """Per rate and base its line, where the claim stands after it, and its exact interest.

    The interest of each line is rounded by itself. Refuses as `compute_interest` does.
    """
    for period in _list_periods(owed_from, from_on, until, terms, rates):
        base = round_cents(running.principal_cents + running.joined)
        running, interest = _add_period(running, period)
        days = (period.until - period.from_on).days
        cents = round_cents(interest)
        line = InterestLine(period.from_on, period.until, days, period.rate_percent, base, cents)
        yield line, running, interest


def compute_late_interest(
    principal_cents: int,
    *,
    due_on: date,
    paid_on: date,
    terms: InterestTerms,
    rates: RateTables = RATES,
) -> Interest:
    """Interest from the day after the last day to pay up to and including the day of payment.

    Nothing when it was paid on the last day. Refuses: a payment before it, and as
    `compute_interest` does. Law: BW 6:119a lid 1, 6:114 lid 2.
    """
    if paid_on < due_on:
        raise Refusal(
            f"Betaald op {format_day(paid_on, 'nl')}, dus voor de vervaldatum"
            f" {format_day(due_on, 'nl')}: er loopt geen rente. Controleer de datums.",
            f"Paid on {format_day(paid_on, 'en')}, so before the due date"
            f" {format_day(due_on, 'en')}: no interest runs. Check the dates.",
        )
    return compute_interest(
        principal_cents,
        owed_from=add_days(due_on, 1),
        until=add_days(paid_on, 1),
        terms=terms,
        rates=rates,
    )


def run_interest(
    running: RunningInterest,
    *,
    owed_from: date,
    from_on: date,
    until: date,
    terms: InterestTerms,
    rates: RateTables = RATES,
) -> RunningInterest:
    """The interest on a claim moved on from `from_on` to `until`, exact, with `owed_from` as start.

    For a claim that is paid in parts: move to the day after a payment, take the payment off, and
    move on. Refuses as `compute_interest` does.
    """
    for period in _list_periods(owed_from, from_on, until, terms, rates):
        running, _ = _add_period(running, period)
    return running


def join_years(
    running: RunningInterest,
    *,
    owed_from: date,
    from_on: date,
    until: date,
    terms: InterestTerms,
) -> RunningInterest:
    """The interest on a claim moved on over days that bear none: only what full years do happens.

    Interest of a year that ends after `from_on`, up to and including `until`, joins the sum.
    """
    ends = any(from_on < day <= until for day in _list_anniversaries(owed_from, until))
    if terms.is_simple or not ends:
        return running
    return replace(running, joined=running.joined + running.accrued, accrued=Fraction(0))


def get_rate_percent(terms: InterestTerms, on: date, rates: RateTables = RATES) -> Decimal:
    """The percentage a year on a day. Refuses a day that the table does not know."""
    if terms.kind == "contract":
        return _get_agreed_rate(terms)
    table = get_rate_table(terms.kind, rates)
    _refuse_unknown(table, until=add_days(on, 1))
    return get_value(table, on)


def get_rate_table(kind: InterestKind, rates: RateTables = RATES) -> LawTable[Decimal]:
    """The table of a kind; public bodies pay the rate of trade. Law: BW 6:120 lid 2."""
    if kind == "contract":
        raise Refusal(
            "Een afgesproken rente staat in de overeenkomst, niet in een tabel.",
            "An agreed rate stands in the contract, not in a table.",
        )
    return rates.statutory if kind == "statutory" else rates.commercial


@dataclass(frozen=True, slots=True)
class _Period:
    """Days with one rate; `factor` times the base is the interest; a full year may end here."""

    from_on: date
    until: date
    rate_percent: Decimal
    factor: Fraction
    ends_year: bool


def _list_periods(
    owed_from: date, from_on: date, until: date, terms: InterestTerms, rates: RateTables
) -> Iterator[_Period]:
    """The days from `from_on` to `until`, cut at each change of rate and each anniversary."""
    if until < from_on:
        raise Refusal(
            f"De periode eindigt ({format_day(until, 'nl')}) voordat de rente begint"
            f" ({format_day(from_on, 'nl')}): er is op tijd betaald, of een datum klopt niet.",
            f"The period ends ({format_day(until, 'en')}) before the interest begins"
            f" ({format_day(from_on, 'en')}): it was paid in time, or a date is wrong.",
        )
    years = _list_anniversaries(owed_from, until)
    changes = _list_rates(terms, from_on, until, rates)
    cuts = {from_on, until, *(day for day, _ in changes), *years}
    if terms.day_count == "act/act":
        years_between = range(from_on.year + 1, until.year + 1)
        cuts |= {date(year, 1, 1) for year in years_between if _is_leap(year) or _is_leap(year - 1)}
    days = sorted(day for day in cuts if from_on <= day <= until)
    starts = [day for day, _ in changes]
    for first, after in pairwise(days):
        rate = changes[max(0, bisect_right(starts, first) - 1)][1]
        over = 366 if terms.day_count == "act/act" and _is_leap(first.year) else _YEAR_DAYS
        ends_year = after in years and not terms.is_simple
        factor = _compute_factor(rate, (after - first).days, over)
        yield _Period(first, after, rate, factor, ends_year)


# The same few rates and periods come back for every claim of a run.
@lru_cache(maxsize=4096)
def _compute_factor(rate_percent: Decimal, days: int, over: int) -> Fraction:
    return Fraction(rate_percent) * days / (100 * over)


def _list_anniversaries(owed_from: date, until: date) -> frozenset[date]:
    """The days on which a full year has passed: 28 February for 29 February."""
    count = max(0, until.year - owed_from.year)
    return frozenset(add_months(owed_from, _MONTHS_IN_A_YEAR * n) for n in range(1, count + 1))


def _list_rates(
    terms: InterestTerms, from_on: date, until: date, rates: RateTables
) -> Sequence[tuple[date, Decimal]]:
    """The rate on the first day, and every day on which it becomes another one."""
    if terms.kind == "contract":
        return [(from_on, _get_agreed_rate(terms))]
    if terms.rate_percent is not None:
        raise Refusal(
            "Een eigen percentage hoort bij een afgesproken rente (contract). De wettelijke rente"
            " en de handelsrente komen uit de tabel.",
            "A percentage of your own belongs to an agreed rate (contract). Statutory and"
            " commercial interest come from the table.",
        )
    table = get_rate_table(terms.kind, rates)
    found = [(from_on, get_value(table, from_on))]
    _refuse_unknown(table, until=until)
    for row in table.rows:
        if from_on < row.from_on < until and row.value != found[-1][1]:
            found.append((row.from_on, row.value))
    return found


def _refuse_unknown(table: LawTable[Decimal], *, until: date) -> None:
    known_until = compute_known_until(table)
    if until > known_until:
        name = table.name
        raise RateUnknown(
            f"Vanaf {format_day(known_until, 'nl')} is {name.nl} nog niet bekend. Zoek het"
            f" percentage op en voer uit: tijdig law rate add --kind {table.key}",
            f"From {format_day(known_until, 'en')} on, {name.en} is not known yet. Look the"
            f" percentage up and run: tijdig law rate add --kind {table.key}",
        )


def _get_agreed_rate(terms: InterestTerms) -> Decimal:
    rate = terms.rate_percent
    if rate is None:
        raise Refusal(
            "Noem het afgesproken percentage per jaar.", "Name the agreed percentage a year."
        )
    if not 0 <= rate <= _HIGHEST_PERCENT:
        raise Refusal(
            f"Een rente van {rate}% per jaar kan niet kloppen: kies 0 tot en met"
            f" {_HIGHEST_PERCENT}.",
            f"Interest of {rate}% a year cannot be right: choose 0 up to {_HIGHEST_PERCENT}.",
        )
    return rate


def _add_period(running: RunningInterest, period: _Period) -> tuple[RunningInterest, Fraction]:
    """The claim after a period, and the interest of that period; a full year joins the base."""
    base = running.principal_cents + running.joined
    interest = base * period.factor
    accrued = running.accrued + interest
    if period.ends_year:
        return replace(running, joined=running.joined + accrued, accrued=Fraction(0)), interest
    return replace(running, accrued=accrued), interest


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
