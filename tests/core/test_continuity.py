"""Statements that follow on each other, and those that do not."""

from datetime import date, timedelta
from uuid import UUID

from tijdig.core.continuity import StatementFacts, find_gaps
from tijdig.core.return_reasons import describe_return

FIRST = date(2026, 3, 2)


def make(
    number: int, opening: int | None, closing: int | None, **changes: object
) -> StatementFacts:
    """A statement of the day with this number."""
    on = FIRST + timedelta(days=number)
    told = {"from_on": on, "until_on": on, "adds_up": True, "sequence": "", **changes}
    return StatementFacts(
        statement_id=UUID(int=number),
        opening_cents=opening,
        closing_cents=closing,
        **told,  # type: ignore[arg-type]
    )


def found(*statements: StatementFacts, booked: dict[date, int] | None = None) -> dict[int, str]:
    return {one.statement_id.int: one.kind for one in find_gaps(statements, booked or {})}


def test_what_follows_on_leaves_no_gap_in_any_order() -> None:
    days = [make(0, 0, 100), make(1, 100, 100), make(4, 100, 70), make(5, 70, 90)]
    assert found(*days) == found(*reversed(days)) == {}


def test_a_day_that_is_missing_shows_on_the_next() -> None:
    assert found(make(0, 0, 100), make(2, 150, 200), make(3, 200, 210)) == {2: "opening"}


def test_a_statement_that_does_not_add_up_shows_itself() -> None:
    assert found(make(0, 0, 100), make(1, 100, 200, adds_up=False)) == {1: "balance"}


def test_an_overlap_follows_on_where_the_lines_since_make_its_balance() -> None:
    week = make(0, 0, 300, until_on=FIRST + timedelta(days=6))
    after = make(4, 250, 340, until_on=FIRST + timedelta(days=9))
    booked = {FIRST + timedelta(days=8): 40}
    assert found(week, after, booked=booked) == {}
    assert found(week, after) == {4: "opening"}


def test_running_numbers_decide_where_balances_are_missing() -> None:
    blind = [make(n, None, None, sequence=f"{n + 60}", adds_up=None) for n in (0, 1, 3)]
    assert found(*blind) == {3: "sequence"}
    assert found(make(0, None, None, adds_up=None), make(4, None, None, adds_up=None)) == {}


def test_numbers_that_count_days_or_begin_again_say_nothing() -> None:
    by_day = [make(n, 0, 0, sequence=f"{61 + n}") for n in (0, 1, 2, 5)]
    assert found(*by_day) == {}
    always_nought = [make(n, 0, 0, sequence="0") for n in (0, 1, 2, 5)]
    assert found(*always_nought) == {}


def test_a_return_is_told_with_its_reason() -> None:
    assert describe_return("AM04", FIRST).en == (
        "The payment of 2 March 2026 came back: the balance was too low (AM04)."
    )
    assert describe_return("XX99", FIRST).nl == (
        "De betaling van 2 maart 2026 is teruggeboekt (XX99)."
    )
    assert describe_return("", FIRST).nl == "De betaling van 2 maart 2026 is teruggeboekt."
