"""More time that was given within the term of a veertiendagenbrief overtakes it."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tijdig.core.notices import MoreTime, NoticeKind, PastNotice, is_overtaken

SENT_ON, LAST_DAY = date(2026, 3, 24), date(2026, 4, 13)
WITHIN, DAY = date(2026, 4, 1), timedelta(days=1)


def make_notice(
    kind: NoticeKind = "veertiendagenbrief", last_day: date | None = LAST_DAY
) -> PastNotice:
    return PastNotice(kind, UUID(int=1), UUID(int=2), 12_100, SENT_ON, SENT_ON, last_day)


@pytest.mark.parametrize(
    ("more_time", "expected"),
    [
        ((), False),
        ((MoreTime(SENT_ON - DAY),), False),
        ((MoreTime(SENT_ON),), True),
        ((MoreTime(WITHIN),), True),
        ((MoreTime(LAST_DAY),), True),
        ((MoreTime(LAST_DAY + DAY),), False),
        ((MoreTime(SENT_ON - DAY), MoreTime(WITHIN)), True),
        # Taken back on the same day it never was; a day later it was given all the same.
        ((MoreTime(WITHIN, WITHIN),), False),
        ((MoreTime(WITHIN, WITHIN + DAY),), True),
        ((MoreTime(WITHIN, WITHIN), MoreTime(WITHIN)), True),
    ],
)
def test_more_time_counts_from_the_day_of_the_letter_up_to_its_last_day(
    more_time: tuple[MoreTime, ...], expected: bool
) -> None:
    assert is_overtaken(make_notice(), more_time) == expected


@pytest.mark.parametrize("days", [0, 1, 2])
def test_time_given_while_the_letter_lay_in_the_tray_counts_whenever_it_was_posted(
    days: int,
) -> None:
    posted = replace(make_notice(), sent_on=SENT_ON + days * DAY, printed_on=SENT_ON)
    assert is_overtaken(posted, [MoreTime(SENT_ON + DAY)])
    assert is_overtaken(posted, [MoreTime(SENT_ON)])
    assert not is_overtaken(posted, [MoreTime(SENT_ON - DAY)])


def test_a_notice_of_default_and_a_letter_without_a_term_are_not_overtaken() -> None:
    assert not is_overtaken(make_notice("ingebrekestelling"), [MoreTime(WITHIN)])
    assert not is_overtaken(make_notice("interruption"), [MoreTime(WITHIN)])
    assert not is_overtaken(make_notice(last_day=None), [MoreTime(WITHIN)])


days = st.integers(-30, 60).map(lambda n: SENT_ON + timedelta(days=n))
times = st.builds(
    lambda on, later: MoreTime(on, None if later is None else on + timedelta(days=later)),
    days,
    st.none() | st.integers(0, 30),
)


@given(st.lists(times, max_size=4), times)
def test_more_of_it_never_makes_a_letter_count_again_and_order_is_nothing(
    some: list[MoreTime], one: MoreTime
) -> None:
    letter = make_notice()
    both = is_overtaken(letter, [*some, one])
    assert both == is_overtaken(letter, [one, *some])
    assert both == (is_overtaken(letter, some) or is_overtaken(letter, [one]))
