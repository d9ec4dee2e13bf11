"""Dated tables of the law: how a value is found by its day, and when a table must be looked at."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Generic, Literal, TypeVar

from tijdig.core.calendar import add_months, format_day
from tijdig.core.problem import Refusal, Sentence

Value = TypeVar("Value")
Confidence = Literal["high", "medium", "low"]
RateKind = Literal["statutory", "commercial"]

# What nobody has ever published: a rate above this, or this many points from the one before.
_HIGHEST_PERCENT = 25
_LARGEST_STEP = 5
_DECIMALS = 2
_MONTHS_AHEAD = 12
_FIRST_YEAR = 1900
_LAST_YEAR = 2999
# A rate can change on the first day of every half-year.
_HALF_YEAR_MONTHS = (1, 7)
_STALE_AFTER_MONTHS = 7


@dataclass(frozen=True, slots=True)
class Dated(Generic[Value]):
    """A value of the law from a day on, until the next row of its table.

    `published_on` is the day of the decree or of its publication; None where no source told it.
    Who added one `by_hand` looked at its own half-year only.
    """

    from_on: date
    value: Value
    source: str
    published_on: date | None
    checked_on: date
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class LawTable(Generic[Value]):
    """The values of one rule of law, oldest first, with its article and how sure they are."""

    key: str
    name: Sentence
    article: str
    confidence: Confidence
    rows: tuple[Dated[Value], ...]


@dataclass(frozen=True, slots=True)
class RateTables:
    """The interest rates in force: those that come with the program and those added by hand."""

    statutory: LawTable[Decimal]
    commercial: LawTable[Decimal]


def get_row(table: LawTable[Value], on: date) -> Dated[Value]:
    """The row that holds on a day. Refuses a day before the first row."""
    found = None
    for row in table.rows:
        if row.from_on > on:
            break
        found = row
    if found is None:
        first_on = table.rows[0].from_on
        raise Refusal(
            f"Voor {format_day(on, 'nl')} is {table.name.nl} niet bekend: de tabel begint op"
            f" {format_day(first_on, 'nl')}. Kies een latere dag.",
            f"For {format_day(on, 'en')} {table.name.en} is not known: the table begins on"
            f" {format_day(first_on, 'en')}. Choose a later day.",
        )
    return found


def get_value(table: LawTable[Value], on: date) -> Value:
    """The value that holds on a day. Refuses a day before the first row."""
    return get_row(table, on).value


def compute_checked_on(table: LawTable[Value]) -> date:
    """The last day on which somebody compared this table with its source."""
    return max(row.checked_on for row in table.rows)


def compute_known_until(table: LawTable[Decimal]) -> date:
    """The first day for which a rate is not known yet: the half-year after the last look.

    A rate can change on 1 January and 1 July, so a table says nothing about a half-year that
    began after it was last checked and for which it holds no row.
    """
    looked_on = (row.from_on if row.by_hand else row.checked_on for row in table.rows)
    return _find_next_half_year(max(table.rows[-1].from_on, *looked_on))


def _find_next_half_year(day: date) -> date:
    """The first 1 January or 1 July after a day."""
    starts = [date(day.year + more, month, 1) for more in (0, 1) for month in _HALF_YEAR_MONTHS]
    return next(start for start in starts if start > day)


def _skips_half_year(table: LawTable[Decimal], from_on: date) -> bool:
    """Whether a row would leave a whole half-year before it unknown."""
    return from_on >= _find_next_half_year(compute_known_until(table))


def is_unchecked(table: LawTable[Value], today: date) -> bool:
    """Whether nobody compared a table with its source for seven months."""
    return today >= add_months(compute_checked_on(table), _STALE_AFTER_MONTHS)


def is_stale(table: LawTable[Decimal], today: date) -> bool:
    """Whether a rate table must be looked at: seven months unchecked, or ended before today."""
    return explain_stale(table, today) is not None


def explain_stale(table: LawTable[Decimal], today: date) -> Sentence | None:
    """Why a rate table must be looked at, and how; None when it need not be."""
    checked_on, known_until = compute_checked_on(table), compute_known_until(table)
    if today >= known_until:
        return Sentence(
            f"Vanaf {format_day(known_until, 'nl')} is {table.name.nl} niet bekend. Zoek het"
            f" percentage op en voer uit: tijdig law rate add --kind {table.key}",
            f"From {format_day(known_until, 'en')} on, {table.name.en} is not known. Look the"
            f" percentage up and run: tijdig law rate add --kind {table.key}",
        )
    if is_unchecked(table, today):
        return Sentence(
            f"De tabel van {table.name.nl} is sinds {format_day(checked_on, 'nl')} niet"
            f" gecontroleerd. Kijk of er een nieuw percentage is: tijdig law rate add --kind"
            f" {table.key}",
            f"The table of {table.name.en} was last checked on {format_day(checked_on, 'en')}."
            f" See whether there is a new rate: tijdig law rate add --kind {table.key}",
        )
    return None


def with_added_rates(
    tables: RateTables, added: Iterable[tuple[RateKind, Dated[Decimal]]]
) -> RateTables:
    """The same tables with rates added by hand at their end, in the order of their dates.

    A row that does not lie after the last one is left out: a release has overtaken it. So is one
    behind a half-year that nobody knows, until that is added too.
    """
    for kind, row in sorted(added, key=lambda one: one[1].from_on):
        table: LawTable[Decimal] = getattr(tables, kind)
        is_next = row.from_on > table.rows[-1].from_on
        if is_next and not _skips_half_year(table, row.from_on):
            longer = replace(table, rows=(*table.rows, replace(row, by_hand=True)))
            tables = replace(tables, **{kind: longer})
    return tables


def refuse_far_days(*days: date | None) -> None:
    """Refuse a day so far away that no term can be counted from it."""
    for day in days:
        if day is not None and not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            raise Refusal(
                f"Het jaar {day.year} ligt te ver weg.", f"The year {day.year} is too far away."
            )


def is_possible_rate(percent: Decimal) -> bool:
    """Whether a percentage is one that is published: above 0, up to 25, two decimals at most."""
    if not percent.is_finite() or not 0 < percent <= _HIGHEST_PERCENT:
        return False
    return percent == round(percent, _DECIMALS)


def refuse_bad_rate(table: LawTable[Decimal], row: Dated[Decimal], *, today: date) -> None:
    """Refuse a rate that cannot come after the last one of its table.

    It needs a source, a later day that lies at most a year ahead and skips no half-year, and a
    percentage above 0 and up to 25 with two decimals, within five points of the rate before it.
    """
    last = table.rows[-1]
    if not row.source:
        raise Refusal(
            "Noem de bron: waar staat dit percentage (Staatscourant, rijksoverheid.nl, ECB)?",
            "Name the source: where does this rate stand (Staatscourant, rijksoverheid.nl, ECB)?",
        )
    _refuse_bad_day(table, row.from_on, today=today)
    if row.published_on is not None and row.published_on > today:
        raise Refusal(
            "De dag van publicatie ligt in de toekomst.", "The day of publication lies ahead."
        )
    if not is_possible_rate(row.value):
        raise Refusal(
            f"Een percentage van {row.value} kan niet kloppen: noem het met hoogstens twee cijfers"
            f" achter de punt, boven 0 en hoogstens {_HIGHEST_PERCENT}.",
            f"A rate of {row.value} cannot be right: name it with two decimals at most, above 0"
            f" and up to {_HIGHEST_PERCENT}.",
        )
    if abs(row.value - last.value) > _LARGEST_STEP:
        raise Refusal(
            f"{row.value} is meer dan {_LARGEST_STEP} punten anders dan {last.value}, het laatste"
            " percentage. Kijk het na.",
            f"{row.value} is more than {_LARGEST_STEP} points away from {last.value}, the last"
            " rate. Check it.",
        )


def _refuse_bad_day(table: LawTable[Decimal], from_on: date, *, today: date) -> None:
    """Refuse a first day that cannot follow on the rows of a table."""
    last = table.rows[-1]
    if from_on <= last.from_on:
        raise Refusal(
            f"Vanaf {format_day(last.from_on, 'nl')} staat er al een percentage in de tabel. Een"
            " nieuw percentage geldt vanaf een latere dag.",
            f"The table already has a rate from {format_day(last.from_on, 'en')} on. A new rate"
            " holds from a later day.",
        )
    if from_on > add_months(today, _MONTHS_AHEAD):
        raise Refusal(
            f"{format_day(from_on, 'nl')} ligt meer dan een jaar vooruit: dat percentage kan"
            " nog niet bekend zijn.",
            f"{format_day(from_on, 'en')} is more than a year ahead: that rate cannot be known"
            " yet.",
        )
    if _skips_half_year(table, from_on):
        missing_on = compute_known_until(table)
        raise Refusal(
            f"Voeg eerst het percentage vanaf {format_day(missing_on, 'nl')} toe: dat is nog niet"
            " bekend. Bleef het gelijk, voeg dan hetzelfde percentage toe.",
            f"First add the rate from {format_day(missing_on, 'en')} on: that is not known yet."
            " Where it stayed the same, add the same rate.",
        )
