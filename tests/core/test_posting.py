"""A letter that was posted later than it was printed."""

from datetime import date

import pytest

from tijdig.core.notices import NoticeKind
from tijdig.core.posting import Posting, compute_posting

TUESDAY = date(2026, 3, 24)


def april(day: int) -> date:
    return date(2026, 4, day)


@pytest.mark.parametrize(
    ("kind", "posted_on", "last_day", "expected"),
    [
        # The days of the law (Easter: 3 and 6 April), or a later day that the letter names; where
        # it names an earlier one it was posted too late.
        ("veertiendagenbrief", TUESDAY, april(13), Posting(date(2026, 3, 26), april(13))),
        (
            "veertiendagenbrief",
            date(2026, 3, 27),
            april(13),
            Posting(date(2026, 3, 31), april(14), is_too_late=True),
        ),
        ("veertiendagenbrief", april(3), april(13), Posting(april(9), april(23), is_too_late=True)),
        # A term of our own: as many days as it gave.
        ("ingebrekestelling", TUESDAY, april(1), Posting(date(2026, 3, 26), april(1))),
        ("ingebrekestelling", date(2026, 3, 27), april(1), Posting(date(2026, 3, 31), april(4))),
        ("interruption", date(2026, 3, 27), None, Posting(date(2026, 3, 31), None)),
    ],
)
def test_a_later_posting_gives_a_later_last_day(
    kind: NoticeKind, posted_on: date, last_day: date | None, expected: Posting
) -> None:
    moved = compute_posting(kind, printed_on=TUESDAY, posted_on=posted_on, last_day=last_day)
    assert moved == expected
