"""Statements without balances and running numbers: days that none of them covers are not read."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.books import make_payment, take
from tests.integration.office import at, make_record, take_in
from tests.integration.test_bank_read import is_read
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    LAST_DAY,
    LETTER_ON,
    lines,
    make_pupil,
    make_school,
    post_letters,
)
from tests.plugs.camt_samples import Statement, make_camt

from tijdig.dunning.actions.days import is_anybody_due, live_one_day

# The letter is received on 26 March; Good Friday is 3 April, Easter Monday the 6th.
NEXT = DEMAND_ON + timedelta(days=1)


@pytest.fixture
def school(database: None) -> UUID:
    """A school whose letter about € 121,00 has gone out and expired; no bank was read yet."""
    administration = make_school()
    take_in(administration, make_record(due_on=DUE_ON, debtor=make_pupil()))
    day = date(2026, 3, 9)
    while day <= LETTER_ON:
        if is_anybody_due(administration, today=day):
            live_one_day(administration, today=day, now=at(day))
            post_letters(administration, day)
        day += timedelta(days=1)
    return administration


def read(school: UUID, *periods: tuple[date, date], first_number: int = 0) -> None:
    """A statement over each of these periods, with no balances.

    With a `first_number` they count from there; else nothing shows on which one each follows.
    """
    files = []
    for at_number, (first, last) in enumerate(periods):
        entries = tuple(
            make_payment(1, f"rente {on}", on=on, iban="NL02ABNA0123456789") for on in (first, last)
        )
        number = f"{first_number + at_number}" if first_number else ""
        statement = Statement(
            entries=entries,
            identification=f"S{first}{last}",
            sequence=number,
            from_on=first,
            until_on=last,
        )
        files.append(make_camt(statement))
    take(school, *files, day=NEXT)


def april(day: int) -> date:
    return date(2026, 4, day)


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ([(LETTER_ON, LAST_DAY)], True),
        ([(LETTER_ON, april(7)), (april(8), LAST_DAY)], True),
        # A weekend, and Easter: no bank books on those days.
        ([(LETTER_ON, april(10)), (april(13), LAST_DAY)], True),
        ([(LETTER_ON, april(2)), (april(7), LAST_DAY)], True),
        ([(LETTER_ON, april(7)), (april(9), LAST_DAY)], False),
        ([(LETTER_ON, april(7)), (LAST_DAY, LAST_DAY)], False),
        # A hole that another statement covers, and one outside the term.
        ([(LETTER_ON, april(7)), (april(9), LAST_DAY), (april(1), april(9))], True),
        ([(date(2026, 3, 10), date(2026, 3, 18)), (LETTER_ON, LAST_DAY)], True),
        ([(LETTER_ON, LAST_DAY), (april(20), april(20))], True),
    ],
)
def test_each_banking_day_of_the_term_must_be_in_a_statement(
    school: UUID, periods: list[tuple[date, date]], expected: bool
) -> None:
    read(school, *periods)
    assert is_read(school) is expected


def test_numbers_that_follow_on_each_other_leave_nothing_between(school: UUID) -> None:
    read(school, (LETTER_ON, april(7)), (april(9), LAST_DAY), first_number=61)
    assert is_read(school)


def test_costs_wait_for_a_statement_over_the_days_between(school: UUID) -> None:
    read(school, (LETTER_ON, april(7)), (april(9), LAST_DAY))
    live_one_day(school, today=NEXT, now=at(NEXT))
    assert lines(school) == []
    read(school, (LETTER_ON, LAST_DAY))
    later = NEXT + timedelta(days=1)
    live_one_day(school, today=later, now=at(later))
    assert lines(school) == [("costs", 4_000, later)]
