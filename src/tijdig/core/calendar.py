"""Working days and banking days: when a message may go out, when a bank books money."""

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

_SATURDAY = 5
# A run asks for the same few hundred days again and again; this holds over ten years of them.
_DAYS_KEPT = 4096
_SUNDAY = 6
_FIRST_KINGS_DAY = 2014
# New Year, Liberation Day (every year, not only in lustrum years), both days of Christmas.
_FIXED_DAYS = ((1, 1), (5, 5), (12, 25), (12, 26))
# New Year, Labour Day, both days of Christmas; with Good Friday and Easter Monday.
_TARGET_CLOSED = ((1, 1), (5, 1), (12, 25), (12, 26))
# Good Friday, Easter and Easter Monday, Ascension, Whit Sunday and Monday.
_DAYS_FROM_EASTER = (-2, 0, 1, 39, 49, 50)

MONTHS_NL = [
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
MONTHS_EN = [
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

    The King's birthday is kept on 27 April, on the day before when that is a Sunday; until 2013
    the Queen's was on 30 April. Good Friday is equated with a holiday.
    Law: Algemene termijnenwet art. 3 lid 1-2.
    """
    easter = compute_easter(year)
    birthday = date(year, 4, 27 if year >= _FIRST_KINGS_DAY else 30)
    if birthday.weekday() == _SUNDAY:
        birthday -= timedelta(days=1)
    movable = {easter + timedelta(days=days) for days in _DAYS_FROM_EASTER}
    return frozenset({*movable, birthday, *(date(year, *fixed) for fixed in _FIXED_DAYS)})


def compute_easter(year: int) -> date:
    """Easter Sunday by the rule of the Gregorian calendar: after the full moon in spring."""
    century = year // 100
    moon_correction = century - century // 4 - (8 * century + 13) // 25
    age_of_moon = (19 * (year % 19) + moon_correction + 15) % 30
    age_of_moon -= (age_of_moon == 29) or (age_of_moon == 28 and year % 19 > 10)
    weekday = (year + year // 4 + age_of_moon + 2 - century + century // 4) % 7
    return date(year, 3, 28) + timedelta(days=age_of_moon - weekday)


@lru_cache(maxsize=_DAYS_KEPT)
def is_working_day(day: date) -> bool:
    """True from Monday to Friday, holidays excepted."""
    return day.weekday() < _SATURDAY and day not in list_holidays(day.year)


@lru_cache(maxsize=512)
def list_bank_holidays(year: int) -> frozenset[date]:
    """The days of a year on which European banks are closed, also those that fall in a weekend.

    1 May is one, King's Day and Liberation Day are not. Source: TARGET calendar of the ECB.
    """
    easter = compute_easter(year)
    movable = (easter + timedelta(days=-2), easter + timedelta(days=1))
    return frozenset({*movable, *(date(year, *fixed) for fixed in _TARGET_CLOSED)})


def is_banking_day(day: date) -> bool:
    """True on the days on which European banks book: Monday to Friday but for six days a year."""
    return day.weekday() < _SATURDAY and day not in list_bank_holidays(day.year)


def previous_banking_day(day: date, count: int = 1) -> date:
    """The `count`th banking day before `day`; `day` itself when nought."""
    for _ in range(count):
        day = add_days(day, -1)
        while not is_banking_day(day) and day > date.min:
            day = add_days(day, -1)
    return day


def next_banking_day(day: date) -> date:
    """The first banking day from `day` on: `day` itself when it is one."""
    while not is_banking_day(day) and day < date.max:
        day = add_days(day, 1)
    return day


def add_banking_days(day: date, count: int) -> date:
    """The `count`th banking day after `day`; `day` itself when nought."""
    for _ in range(count):
        day = next_banking_day(add_days(day, 1))
    return day


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


@lru_cache(maxsize=_DAYS_KEPT)
def add_days(day: date, count: int) -> date:
    """`day` moved by `count` calendar days; stays at the first or last day a date can be.

    A due date of 31-12-9999 is how some books write "never": it must not stop a run.
    """
    try:
        return date.fromordinal(day.toordinal() + count)
    except (ValueError, OverflowError):
        return date.max if count > 0 else date.min


def add_months(day: date, count: int) -> date:
    """The same day `count` calendar months later; the last day of a month that is shorter.

    Stays at the first or last day that a date can be. 29 February plus 12 months is 28 February.
    """
    months = day.year * 12 + day.month - 1 + count
    year, month = months // 12, months % 12 + 1
    if not date.min.year <= year <= date.max.year:
        return date.max if count > 0 else date.min
    return date(year, month, min(day.day, monthrange(year, month)[1]))


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
    months = MONTHS_EN if language.startswith("en") else MONTHS_NL
    return f"{day.day} {months[day.month - 1]} {day.year}"


def read_iso_day(told: str) -> date:
    """The day of `2026-03-14`, and of no other spelling. Raises ValueError for what is not one."""
    day = date.fromisoformat(told)
    if f"{day}" != told:
        raise ValueError(told)
    return day
