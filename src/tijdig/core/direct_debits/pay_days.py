"""When in the month a debtor has money, as far as his own payments tell."""

from collections.abc import Iterable
from datetime import date
from typing import Final

_FEWEST_MONTHS: Final = 3
_NEAR_DAYS: Final = 3
_DAYS_IN_MONTH: Final = 31
# At least two in three payments stand near the same day.
_SHARE: Final = (2, 3)


def guess_pay_day(paid_on: Iterable[date]) -> int | None:
    """The day of the month around which somebody pays by himself; None where no habit shows.

    A habit is three months or more, with two in three payments within three days of each other; the
    end of a month and the begin of the next are near. Of equal days the earliest is taken.
    """
    days = sorted(set(paid_on))
    if len({(day.year, day.month) for day in days}) < _FEWEST_MONTHS:
        return None
    numbers = sorted(day.day for day in days)
    best = min(numbers, key=lambda one: (sum(_distance(one, other) for other in numbers), one))
    near = sum(_distance(best, other) <= _NEAR_DAYS for other in numbers)
    return best if near * _SHARE[1] >= len(numbers) * _SHARE[0] else None


def _distance(one: int, other: int) -> int:
    apart = abs(one - other)
    return min(apart, _DAYS_IN_MONTH - apart)
