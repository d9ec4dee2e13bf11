"""Working days against the law's own list of holidays, and by hand around the awkward ones."""

import csv
import os
from datetime import date
from pathlib import Path

import pytest

from tijdig.core.calendar import (
    add_days,
    add_working_days,
    format_day,
    is_working_day,
    list_holidays,
    next_working_day,
    previous_working_day,
    working_days_between,
)

LAW = Path(os.environ.get("TIJDIG_LAW", "../shared/law"))
HOLIDAYS = LAW / "holidays_2024_2031.csv"


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),
        date(2026, 4, 3),  # Good Friday, equated by lid 2
        date(2026, 4, 6),
        date(2026, 4, 27),
        date(2026, 5, 5),  # every year, not once in five
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 12, 25),
        date(2031, 4, 26),  # King's Day moves when the 27th is a Sunday
    ],
)
def test_a_holiday_of_the_law_is_no_working_day(day: date) -> None:
    assert day in list_holidays(day.year)
    assert not is_working_day(day)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 5, 1),  # closed for euro payments between banks, yet an ordinary working day
        date(2026, 12, 24),
        date(2026, 12, 31),
        date(2026, 11, 23),
    ],
)
def test_an_ordinary_weekday_is_a_working_day(day: date) -> None:
    assert is_working_day(day)


@pytest.mark.skipif(not HOLIDAYS.exists(), reason=f"no table of holidays at {HOLIDAYS}")
def test_the_weekday_holidays_are_those_of_the_table_of_the_law() -> None:
    with HOLIDAYS.open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    listed = {date.fromisoformat(row["date"]) for row in rows if row["atw_holiday"] == "1"}
    years = {date.fromisoformat(row["date"]).year for row in rows}
    ours = {day for year in years for day in list_holidays(year)}
    # The table leaves Easter and Whit Sunday out: they are Sundays anyway.
    assert listed <= ours
    assert {day for day in ours if day.weekday() < 6} == {
        day for day in listed if day.weekday() < 6
    }


def test_a_working_day_stays_where_it_is() -> None:
    monday = date(2026, 11, 23)
    assert (next_working_day(monday), previous_working_day(monday)) == (monday, monday)


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        (date(2026, 4, 3), date(2026, 4, 2), date(2026, 4, 7)),  # Good Friday to Easter Monday
        (date(2026, 4, 26), date(2026, 4, 24), date(2026, 4, 28)),  # Sunday before King's Day
        (date(2026, 12, 25), date(2026, 12, 24), date(2026, 12, 28)),
        (date(2027, 1, 1), date(2026, 12, 31), date(2027, 1, 4)),
    ],
)
def test_moves_over_holidays_and_weekends(day: date, before: date, after: date) -> None:
    assert (previous_working_day(day), next_working_day(day)) == (before, after)


def test_counts_working_days_forward_and_back() -> None:
    thursday = date(2026, 4, 2)
    assert [add_working_days(thursday, count) for count in (-1, 0, 1, 2)] == [
        date(2026, 4, 1),
        thursday,
        date(2026, 4, 7),
        date(2026, 4, 8),
    ]


def test_counts_the_start_and_not_the_end() -> None:
    assert working_days_between(date(2026, 4, 2), date(2026, 4, 8)) == 2
    assert working_days_between(date(2026, 4, 8), date(2026, 4, 8)) == 0
    assert working_days_between(date(2026, 4, 8), date(2026, 4, 2)) == 0
    assert working_days_between(date(2026, 1, 1), date(2027, 1, 1)) == 253


def test_stays_within_the_days_that_exist() -> None:
    assert add_days(date.max, 3) == date.max
    assert add_days(date.min, -3) == date.min
    assert add_days(date(2026, 2, 27), 2) == date(2026, 3, 1)
    assert next_working_day(date.max) == date.max
    assert add_working_days(date.max, 5) == date.max
    assert previous_working_day(date.min) == date.min


def test_writes_a_day_in_both_languages() -> None:
    day = date(2026, 3, 14)
    assert format_day(day, "nl") == "14 maart 2026"
    assert format_day(day, "en") == "14 March 2026"
    assert format_day(day, "en-gb") == "14 March 2026"
    assert format_day(day, "fr") == "14 maart 2026"
