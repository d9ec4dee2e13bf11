"""On which day money that came in counts in law."""

from datetime import date

import pytest

from tijdig.core.payment_days import find_credit_day

BOOKED_ON = date(2026, 4, 14)


@pytest.mark.parametrize(
    ("value_on", "expected"),
    [
        (BOOKED_ON, BOOKED_ON),
        (date(2026, 4, 13), date(2026, 4, 13)),
        # A later one would cost the debtor more.
        (date(2026, 4, 15), BOOKED_ON),
        # A bank that puts a mistake right tells of months ago; an error of longer ago is none.
        (date(2025, 3, 14), date(2025, 3, 14)),
        (date(2025, 3, 13), BOOKED_ON),
        (date.min, BOOKED_ON),
    ],
)
def test_the_earlier_day_counts_unless_it_cannot_be_true(value_on: date, expected: date) -> None:
    assert find_credit_day(BOOKED_ON, value_on) == expected
