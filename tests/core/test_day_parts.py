"""Two parts of a day of which one sums to nil: the days beside it tell whether both count."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.core.test_continuity import FIRST, make

from tijdig.core.continuity import StatementFacts
from tijdig.core.day_parts import find_unclear_parts, judge_parts, list_nil_pairs

ON = FIRST + timedelta(days=5)


def part(number: int, opening: int, closing: int, **changes: object) -> StatementFacts:
    return make(number, opening, closing, **{"from_on": ON, "until_on": ON, **changes})


NIL, MORE = part(5, 100, 100), part(6, 100, 150)
ENDS_NIL = part(7, 150, 150)


def unclear(*statements: StatementFacts, booked: int) -> dict[int, str]:
    found = find_unclear_parts(statements, {ON: booked})
    return {one.statement_id.int: one.kind for one in found}


@pytest.mark.parametrize(
    ("others", "verdict"),
    [
        ([], "unknown"),
        ([make(8, 150, 160)], "further"),
        ([make(8, 100, 160)], "again"),
        # Some day is missing in between; the day before says nothing of the end.
        ([make(8, 777, 160)], "unknown"),
        ([make(1, 20, 100)], "unknown"),
    ],
)
def test_where_both_begin_alike_the_day_after_tells(
    others: list[StatementFacts], verdict: str
) -> None:
    known = [NIL, MORE, *others]
    assert judge_parts((NIL, MORE), known, beside_cents=0) == verdict


@pytest.mark.parametrize(
    ("others", "verdict"),
    [
        ([], "unknown"),
        ([make(1, 20, 100)], "further"),
        ([make(1, 20, 150)], "again"),
        ([make(8, 150, 160)], "unknown"),
    ],
)
def test_where_the_nil_part_begins_at_its_end_the_day_before_tells(
    others: list[StatementFacts], verdict: str
) -> None:
    known = [ENDS_NIL, MORE, *others]
    assert judge_parts((ENDS_NIL, MORE), known, beside_cents=0) == verdict


def test_what_other_parts_booked_counts_on_the_way() -> None:
    known = [make(1, 0, 60), part(4, 60, 100), NIL, MORE, make(8, 150, 150)]
    assert judge_parts((NIL, MORE), known, beside_cents=40) == "further"


def test_a_pair_waits_until_it_is_told_and_shows_what_is_missing() -> None:
    assert unclear(NIL, MORE, booked=0) == {6: "opening"}
    assert unclear(NIL, MORE, booked=50) == {}
    assert unclear(NIL, MORE, make(8, 100, 160), booked=0) == {}
    assert unclear(NIL, MORE, make(8, 150, 160), booked=0) == {6: "balance"}
    assert unclear(NIL, MORE, make(8, 150, 160), booked=50) == {}
    assert unclear(ENDS_NIL, MORE, booked=0) == {6: "opening"}
    assert unclear(ENDS_NIL, MORE, make(1, 0, 150), booked=0) == {}


def test_no_doubt_where_numbers_or_a_longer_statement_tell() -> None:
    numbered = [part(5, 100, 100, sequence="61"), part(6, 100, 150, sequence="62")]
    assert list_nil_pairs(numbered) == ()
    week = make(9, 100, 100, from_on=ON, until_on=ON + timedelta(days=6))
    assert unclear(NIL, MORE, week, booked=0) == {}
    assert list_nil_pairs([NIL, part(6, 170, 190), make(7, 100, 150)]) == ()


def test_the_sentence_names_the_day_and_the_amount() -> None:
    (gap,) = find_unclear_parts([NIL, MORE, make(8, 150, 160)], {date(2026, 3, 7): 0})
    assert gap.statement_id == UUID(int=6)
    assert "7 maart 2026 een boeking van € 0,50." in gap.because.nl
