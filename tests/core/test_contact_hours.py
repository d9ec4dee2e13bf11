"""The hours in which a debtor may hear from us."""

from datetime import date, datetime, time

import pytest

from tijdig.core.contact_hours import ContactHours, find_end_of_contact, is_contact_moment
from tijdig.core.law.contact_hours import find_legal_hours


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-03-19T06:59:59", False),
        ("2026-03-19T07:00:00", True),
        ("2026-03-19T19:59:59", True),
        ("2026-03-19T20:00:00", False),
        ("2026-03-21T10:00:00", True),  # Saturday
        ("2026-03-22T10:00:00", False),  # Sunday
        ("2026-04-03T10:00:00", False),  # Good Friday
        ("2026-04-27T10:00:00", False),  # King's Day
    ],
)
def test_by_day_and_never_on_a_sunday_or_a_holiday(moment: str, is_open: bool) -> None:
    at = datetime.fromisoformat(moment)
    assert is_contact_moment(at, find_legal_hours(at.date())) is is_open


def test_the_hours_of_the_law_stand_in_its_table() -> None:
    """Also for a day before the table begins."""
    for day in (date(2026, 3, 19), date(2020, 1, 1)):
        assert find_legal_hours(day) == ContactHours(time(7), time(20))


def test_equal_hours_are_the_whole_day() -> None:
    all_day = ContactHours(time(0), time(0))
    assert is_contact_moment(datetime.fromisoformat("2026-03-19T23:59:59"), all_day)
    assert not is_contact_moment(datetime.fromisoformat("2026-03-22T12:00:00"), all_day)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (ContactHours(time(7), time(20)), "2026-03-19T20:00:00"),
        (ContactHours(time(8), time(17, 30)), "2026-03-19T17:30:00"),
        (ContactHours(time(0), time(0)), "2026-03-20T00:00:00"),
    ],
)
def test_the_hours_end_on_the_same_day(hours: ContactHours, expected: str) -> None:
    moment = datetime.fromisoformat("2026-03-19T09:15:00")
    assert find_end_of_contact(moment, hours) == datetime.fromisoformat(expected)
