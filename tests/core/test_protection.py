"""What a special situation does to notices by its days, whenever somebody recorded it."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tijdig.core.notices import NoticeKind, PastNotice
from tijdig.core.protection import (
    INSOLVENCY,
    REPRESENTED,
    RESTING,
    Protection,
    find_estate,
    find_insolvency_start,
    find_void_cause,
    judge_by_protection,
)

DAY = timedelta(days=1)
SENT_ON, RECEIVED_ON, LAST_DAY = date(2026, 3, 24), date(2026, 3, 26), date(2026, 4, 13)
COSTS_ON = LAST_DAY + DAY
ID = UUID(int=1)


def make_notice(kind: NoticeKind = "veertiendagenbrief") -> PastNotice:
    return PastNotice(
        kind, ID, ID, 10_000, SENT_ON, RECEIVED_ON, LAST_DAY, costs_cents=4_000, printed_on=SENT_ON
    )


def is_void(notice: PastNotice, *protections: Protection) -> bool:
    (judged,) = judge_by_protection((notice,), protections)
    return judged.is_void


@pytest.mark.parametrize(
    ("from_on", "until_on", "expected"),
    [
        (SENT_ON - 9 * DAY, SENT_ON - DAY, False),
        (SENT_ON - 9 * DAY, SENT_ON, True),
        (SENT_ON - 9 * DAY, None, True),
        (SENT_ON + 5 * DAY, SENT_ON + 6 * DAY, True),
        (LAST_DAY, None, True),
        (COSTS_ON, None, True),
        (COSTS_ON + DAY, None, False),
    ],
)
@pytest.mark.parametrize("kind", sorted(RESTING))
def test_a_letter_whose_term_ran_while_everything_had_to_rest_is_none(
    kind: str, from_on: date, until_on: date | None, expected: bool
) -> None:
    one = Protection(kind, from_on, until_on, date(2026, 6, 1))
    assert is_void(make_notice(), one) == expected
    # A notice of default asks for nothing but payment: its effect stays, but for who had died.
    is_missed = kind == "deceased" and from_on <= RECEIVED_ON and expected
    assert is_void(make_notice("ingebrekestelling"), one) == is_missed
    assert is_void(replace(make_notice(), last_day=None), one) == is_missed


@pytest.mark.parametrize(
    ("from_on", "until_on", "recorded_on", "expected"),
    [
        (SENT_ON - DAY, None, SENT_ON + DAY, True),
        # Recorded on the day itself: the letter of that day was printed before, or may have been.
        (SENT_ON - DAY, None, SENT_ON, True),
        (SENT_ON - DAY, None, SENT_ON - DAY, False),
        # It began while the letter was on its way.
        (RECEIVED_ON, None, RECEIVED_ON, True),
        (RECEIVED_ON + DAY, None, RECEIVED_ON + DAY, False),
        (SENT_ON - 9 * DAY, SENT_ON - DAY, SENT_ON + DAY, False),
        (SENT_ON - 9 * DAY, SENT_ON, SENT_ON + DAY, True),
    ],
)
@pytest.mark.parametrize("kind", sorted(REPRESENTED))
@pytest.mark.parametrize("notice_kind", ["veertiendagenbrief", "ingebrekestelling"])
def test_what_went_to_himself_while_somebody_acted_for_him_is_no_notice(
    notice_kind: NoticeKind,
    kind: str,
    from_on: date,
    until_on: date | None,
    recorded_on: date,
    expected: bool,
) -> None:
    one = Protection(kind, from_on, until_on, recorded_on)
    assert is_void(make_notice(notice_kind), one) == expected


def test_a_bewindvoerder_is_not_who_acts_once_there_is_a_curator() -> None:
    """An administration order ends by guardianship (BW 1:449), told weeks later."""
    bewind = Protection("bewind", SENT_ON - 9 * DAY, None, SENT_ON - 9 * DAY)
    curatele = Protection("curatele", SENT_ON, None, date(2026, 6, 1))
    assert not is_void(make_notice(), bewind)
    assert find_void_cause(make_notice(), [bewind, curatele]) == "himself_curatele"
    known = replace(curatele, recorded_on=SENT_ON - DAY)
    assert not is_void(make_notice(), bewind, known)


def test_what_came_after_his_death_reached_nobody_also_by_who_acted_for_him() -> None:
    bewind = Protection("bewind", SENT_ON - 9 * DAY, None, SENT_ON - 9 * DAY)
    notice = make_notice("ingebrekestelling")
    for from_on, expected in ((SENT_ON, True), (RECEIVED_ON, True), (RECEIVED_ON + DAY, False)):
        death = Protection("deceased", from_on, None, date(2026, 6, 1))
        assert is_void(notice, bewind, death) == expected
        assert find_void_cause(notice, [death]) == ("himself_deceased" if expected else "")


def test_an_estate_in_which_claims_are_filed() -> None:
    last = SENT_ON + DAY
    for kind in sorted(RESTING | REPRESENTED):
        one = Protection(kind, SENT_ON, last, last)
        is_estate = kind in {"faillissement", "wsnp"}
        assert find_estate([one], on=SENT_ON) == (one if is_estate else None)
        assert find_estate([one], on=last + DAY) is None


def test_who_was_written_to_before_it_was_told_anew_stays_written_to() -> None:
    first = Protection("bewind", SENT_ON - 9 * DAY, SENT_ON + DAY, SENT_ON - 9 * DAY)
    again = Protection("bewind", SENT_ON - 9 * DAY, None, SENT_ON + DAY)
    assert is_void(make_notice(), again)
    assert not is_void(make_notice(), first, again)


def test_an_insolvency_counts_from_its_first_day_while_it_goes_on() -> None:
    today = date(2026, 6, 1)
    over = Protection("wsnp", date(2026, 1, 1), today - DAY, today)
    first, second = date(2026, 4, 1), date(2026, 4, 20)
    some = [
        Protection("faillissement", second, None, today),
        Protection("wsnp", first, today, today),
    ]
    assert find_insolvency_start([], today=today) is None
    assert find_insolvency_start([over], today=today) is None
    assert find_insolvency_start([over, *some], today=today) == first
    for kind in RESTING - INSOLVENCY:
        assert find_insolvency_start([replace(some[0], kind=kind)], today=today) is None


_DAYS = st.dates(date(2026, 3, 1), date(2026, 5, 1))
_SOME = st.builds(
    lambda kind, from_on, length, recorded_on: Protection(
        kind, from_on, None if length is None else from_on + timedelta(days=length), recorded_on
    ),
    st.sampled_from(sorted(RESTING | REPRESENTED)),
    _DAYS,
    st.none() | st.integers(0, 30),
    _DAYS,
)


@given(st.lists(_SOME, max_size=3), _SOME)
def test_more_protection_while_everything_rests_never_makes_a_letter_valid(
    some: list[Protection], one: Protection
) -> None:
    if is_void(make_notice(), *some) and one.kind in RESTING:
        assert is_void(make_notice(), *some, one)
    if one.kind in RESTING and one.is_on(LAST_DAY):
        assert is_void(make_notice(), one)
