"""By when money that is kept for a debtor has to be dealt with."""

from datetime import date, timedelta

import pytest

from tijdig.core.kept_money import compute_kept_money_deadline, is_kept_money_late

CAME_ON = date(2026, 3, 2)
LAST_ON = compute_kept_money_deadline(CAME_ON)


@pytest.mark.parametrize(
    ("left_cents", "today", "late"),
    [
        (100, LAST_ON, False),
        (100, LAST_ON + timedelta(days=1), True),
        (0, LAST_ON + timedelta(days=1), False),
        (-100, CAME_ON, True),
    ],
)
def test_it_is_late_after_its_last_day_or_where_more_went(
    left_cents: int, today: date, late: bool
) -> None:
    assert date(2026, 3, 16) == LAST_ON
    assert is_kept_money_late(CAME_ON, left_cents, today=today) is late
