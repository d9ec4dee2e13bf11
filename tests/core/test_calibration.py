"""How sure something was said to be, and what people decided: the one corrects the other."""

from bisect import bisect_right
from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tijdig.core.matching.calibration import Calibration, Decided, compute_knots, correct
from tijdig.core.matching.records import CERTAINTY_WHOLE

KNOTS = (10_000, 300_000, 600_000, 900_000, 960_000, 990_000, 999_000)
AS_SAID = tuple((said, said) for said in KNOTS)
WEIGHT = 400
SURE = 992_000


def make_own(*decisions: Decided) -> Calibration:
    return Calibration(correct(AS_SAID, decisions, prior_weight=WEIGHT))


@given(st.integers(0, CERTAINTY_WHOLE))
def test_without_decisions_what_is_said_holds(said: int) -> None:
    assert correct(AS_SAID, (), prior_weight=WEIGHT) == AS_SAID
    assert make_own().compute_certainty(said) == min(max(said, KNOTS[0]), KNOTS[-1])


@given(st.lists(st.tuples(st.integers(1, 999), st.integers(1, 50)), max_size=9))
def test_what_comes_out_as_said_changes_nothing(told: list[tuple[int, int]]) -> None:
    decisions = [Decided(share * 1_000, 1_000 * times, share * times) for share, times in told]
    assert correct(AS_SAID, decisions, prior_weight=WEIGHT) == AS_SAID


def test_what_is_wrong_more_often_than_said_is_less_sure_where_that_was_said() -> None:
    own = make_own(Decided(992_500, 200, 160))
    assert own.compute_certainty(992_500) < 0.97 * CERTAINTY_WHOLE
    assert own.compute_certainty(300_000) == 300_000
    assert own.compute_certainty(992_500) < own.compute_certainty(999_000) < 999_000


def test_what_is_right_more_often_than_said_is_surer() -> None:
    own = make_own(Decided(700_000, 10_000, 9_500))
    assert 840_000 < own.compute_certainty(600_000) < own.compute_certainty(700_000) < 900_000
    assert own.compute_certainty(300_000) == 300_000
    assert own.compute_certainty(900_000) == 900_000


def test_what_stood_makes_up_for_what_was_undone_and_never_makes_surer() -> None:
    undone = Decided(995_000, 3, 0)
    assert make_own(undone).compute_certainty(995_000) < SURE
    # A hundred were to be wrong of these.
    assert make_own(undone, Decided(995_000, 0, 0, 20_000)).compute_certainty(995_000) == 995_000
    assert correct(AS_SAID, [Decided(995_000, 0, 0, 20_000)], prior_weight=WEIGHT) == AS_SAID
    many = make_own(Decided(995_000, 300, 0), Decided(995_000, 0, 0, 20_000))
    assert many.compute_certainty(995_000) < SURE


@given(
    st.lists(
        st.tuples(
            st.integers(0, CERTAINTY_WHOLE), st.integers(0, 500), st.integers(0, 500),
            st.integers(0, 5_000),
        ),
        max_size=12,
    )
)  # fmt: skip
def test_it_never_falls_and_stays_a_share(told: list[tuple[int, int, int, int]]) -> None:
    decisions = [Decided(said, a + b, b, stood) for said, a, b, stood in told]
    knots = correct(AS_SAID, decisions, prior_weight=WEIGHT)
    levels = [certainty for _, certainty in knots]
    assert [said for said, _ in knots] == [*KNOTS]
    assert levels == sorted(levels)
    assert all(0 <= one <= CERTAINTY_WHOLE for one in levels)


@pytest.mark.parametrize("off", [-0.25, -0.05, 0.0, 0.04])
def test_decisions_of_a_book_that_differs_find_back_how_it_does(off: float) -> None:
    """Learned on what was decided first, and measured on what was decided after it."""
    chance = Random(5)
    told: dict[int, list[bool]] = {}
    for _ in range(40_000):
        said = chance.randrange(300_000, 960_000)
        told.setdefault(said // 5_000 * 5_000, []).append(
            chance.random() < said / CERTAINTY_WHOLE + off
        )
    early = [Decided(said, len(rs) // 2, sum(rs[: len(rs) // 2])) for said, rs in told.items()]
    own = make_own(*early)
    expected: Counter[int] = Counter()
    right: Counter[int] = Counter()
    count: Counter[int] = Counter()
    for said, outcomes in told.items():
        band = bisect_right(KNOTS, said)
        late = outcomes[len(outcomes) // 2 :]
        expected[band] += own.compute_certainty(said) * len(late)
        right[band] += sum(late)
        count[band] += len(late)
    for band, times in count.items():
        assert times > 1_000
        assert abs(expected[band] / CERTAINTY_WHOLE - right[band]) / times < 0.05
    before = sum(said * len(rs) for said, rs in told.items()) / CERTAINTY_WHOLE
    assert abs(before / 40_000 - sum(map(sum, told.values())) / 40_000 + off) < 0.01


def test_knots_that_are_learned_rise_over_what_was_right() -> None:
    judged = [(100_000, True)] * 3 + [(100_000, False)] * 6 + [(700_000, True)] * 9
    assert compute_knots(judged, edges=(0, 500_000, 800_000)) == (
        (0, 300_000), (500_000, 936_363), (800_000, 936_363),
    )  # fmt: skip
