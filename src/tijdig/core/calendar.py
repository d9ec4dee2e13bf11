"""Dutch working days: the days on which a message may go out and a bank books money."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

_SATURDAY = 5
# A run asks for the same few hundred days again and again; this holds over ten years of them.
_DAYS_KEPT = 4096
_LIBERATION_DAY = (5, 5)

_MONTHS_NL = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
]
_MONTHS_EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@lru_cache(maxsize=512)
def list_holidays(year: int) -> frozenset[date]:
    """The generally recognised holidays of a year, also those that fall in a weekend.

    5 May is one every year, Good Friday is equated with one. Known for 1966-2100; another year
    has none but 5 May. Law: Algemene termijnenwet art. 3 lid 1-2.
    """
    # Loaded at first use: the library takes a quarter of a second to import.
    from holidays.countries.netherlands import Netherlands

    found: Iterable[date] = Netherlands(years=year)  # type: ignore[no-untyped-call]
    return frozenset({*found, date(year, *_LIBERATION_DAY)})


def is_working_day(day: date) -> bool:
    """True from Monday to Friday, holidays excepted."""
    return day.weekday() < _SATURDAY and day not in list_holidays(day.year)


@lru_cache(maxsize=_DAYS_KEPT)
def next_working_day(day: date) -> date:
    """The first working day from `day` on: `day` itself when it is one."""
    while not is_working_day(day) and day < date.max:
        day = add_days(day, 1)
    return day


def previous_working_day(day: date) -> date:
    """The last working day up to `day`: `day` itself when it is one."""
    while not is_working_day(day) and day > date.min:
        day = add_days(day, -1)
    return day


def add_days(day: date, count: int) -> date:
    """`day` moved by `count` calendar days; stays at the first or last day a date can be.

    A due date of 31-12-9999 is how some books write "never": it must not stop a run.
    """
    try:
        return date.fromordinal(day.toordinal() + count)
    except (ValueError, OverflowError):
        return date.max if count > 0 else date.min


@lru_cache(maxsize=_DAYS_KEPT)
def add_working_days(day: date, count: int) -> date:
    """The `count`th working day after `day` (before it when negative); 0 is `day` itself."""
    for _ in range(abs(count)):
        if count > 0:
            day = next_working_day(add_days(day, 1))
        else:
            day = previous_working_day(add_days(day, -1))
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days lie from `start` (included) to `end` (excluded); never negative."""
    first, last = start.toordinal(), end.toordinal()
    return sum(is_working_day(date.fromordinal(ordinal)) for ordinal in range(first, last))


@lru_cache(maxsize=_DAYS_KEPT)
def format_day(day: date, language: str) -> str:
    """`14 March 2026` for `en…`; `14 maart 2026` for every other language."""
    months = _MONTHS_EN if language.startswith("en") else _MONTHS_NL
    return f"{day.day} {months[day.month - 1]} {day.year}"
