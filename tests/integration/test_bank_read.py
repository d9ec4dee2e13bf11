"""Costs wait until the statements, or the books, cover the last day of the letter (BW 6:114)."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.books import run_on, take
from tests.integration.office import IBAN, at, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_bank_once import pay, state
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

from tijdig.banking.actions.continuity import accept_gap
from tijdig.banking.models import Account
from tijdig.banking.queries import list_bank_gaps
from tijdig.dunning.actions.days import is_anybody_due, live_one_day
from tijdig.dunning.queries.notices import load_notices
from tijdig.ledger.models import Debtor
from tijdig.tenants.models import Administration
from tijdig.tenants.scope import administration_scope

RECORD = make_record(due_on=DUE_ON, debtor=make_pupil())
NEXT_DAY = LAST_DAY + timedelta(days=1)
CONFIRMED = "NL02ABNA0123456789"


@pytest.fixture
def school(database: None) -> UUID:
    """A school without a bank whose letter about € 121,00 has gone out."""
    administration = make_school()
    take_in(administration, RECORD)
    day = date(2026, 3, 9)
    while day <= LETTER_ON + timedelta(days=1):
        if is_anybody_due(administration, today=day):
            live_one_day(administration, today=day, now=at(day))
        post_letters(administration, day)
        day += timedelta(days=1)
    return administration


def is_read(administration: UUID) -> bool:
    """Whether all money of the letter's last day is known."""
    with administration_scope(administration):
        debtor_id = Debtor.objects.get().id
        notices = load_notices([debtor_id], rehearsal=False)[debtor_id]
    return [one.is_bank_read for one in notices if one.kind == "veertiendagenbrief"] == [True]


def cover(first: date, last: date, *, opening: int, iban: str = IBAN) -> Statement:
    """A statement with balances over these days: one cent on the first and on the last."""
    entries = [pay(1, "rente", first), pay(1, "rente", last)]
    return state(opening, entries, iban=iban, identification=f"{iban[-4:]}{first}")


@pytest.mark.parametrize(
    ("listed_on", "expected"),
    [(LAST_DAY - timedelta(days=1), False), (LAST_DAY, False), (NEXT_DAY, True)],
)
def test_without_a_bank_a_list_counts_only_from_after_the_last_day(
    school: UUID, listed_on: date, expected: bool
) -> None:
    take_in(school, RECORD, today=listed_on, full_list=True, source_key="lijst")
    assert is_read(school) is expected
    live_one_day(school, today=DEMAND_ON, now=at(DEMAND_ON))
    assert lines(school) == ([("costs", 4_000, DEMAND_ON)] if expected else [])


def test_with_a_bank_no_list_takes_its_place(school: UUID) -> None:
    take(school, make_camt(cover(DUE_ON, LETTER_ON, opening=0)), day=LETTER_ON + timedelta(days=1))
    take_in(school, RECORD, today=DEMAND_ON, full_list=True, source_key="lijst")
    assert not is_read(school)


def test_a_statement_counts_for_its_last_day_when_that_day_is_over(school: UUID) -> None:
    day = LAST_DAY
    take(school, make_camt(cover(LETTER_ON, day, opening=0)), day=day)
    assert not is_read(school)
    run_on(school, DEMAND_ON)
    assert lines(school) == []
    take(school, make_camt(cover(NEXT_DAY, NEXT_DAY, opening=2)), day=NEXT_DAY)
    assert is_read(school)


@pytest.mark.parametrize(
    ("made_at", "expected"),
    [
        (f"{LAST_DAY}T12:00:00", False),
        (f"{LAST_DAY}T23:59:00+02:00", False),
        # It is the day after in the Netherlands.
        (f"{LAST_DAY}T22:30:00Z", True),
        (f"{NEXT_DAY}T00:30:00", True),
        ("gisteren", False),
    ],
)
def test_a_statement_counts_for_its_last_day_when_it_was_made_after_it(
    school: UUID, made_at: str, expected: bool
) -> None:
    """Whenever it is taken in: a day that goes on after its making may bring more money."""
    told = replace(cover(LETTER_ON, LAST_DAY, opening=0), made_at=made_at)
    later = NEXT_DAY + timedelta(days=3)
    take(school, make_camt(told), day=later)
    assert is_read(school) is expected
    take(school, make_camt(cover(NEXT_DAY, NEXT_DAY, opening=2)), day=later)
    assert is_read(school)


@pytest.mark.parametrize("made_at", [f"{LAST_DAY}T12:00:00", ""])
def test_one_without_balances_made_at_noon_leaves_that_day_open(school: UUID, made_at: str) -> None:
    """No balance shows that the next follows on it, so a payment of that evening may lack."""
    entries = (pay(1, "rente", LETTER_ON), pay(1, "rente", LAST_DAY))
    noon = Statement(entries, identification="N1", from_on=LETTER_ON, until_on=LAST_DAY)
    after = Statement((pay(1, "rente", NEXT_DAY),), identification="N2", until_on=NEXT_DAY)
    later = NEXT_DAY + timedelta(days=3)
    take(school, make_camt(replace(noon, made_at=made_at)), make_camt(after), day=later)
    assert is_read(school) is (not made_at)


@pytest.mark.parametrize("is_confirmed", [False, True])
def test_days_that_are_missing_between_statements_keep_costs_away(
    school: UUID, is_confirmed: bool
) -> None:
    """Also on an account that nobody confirmed, for which no run is held."""
    before = cover(LETTER_ON, date(2026, 3, 27), opening=0)
    after_gap = cover(date(2026, 4, 2), date(2026, 4, 3), opening=50_000)
    then = cover(date(2026, 4, 4), LAST_DAY, opening=50_002)
    other = cover(LETTER_ON, LAST_DAY, opening=0, iban=CONFIRMED)
    confirmed = {"currency": "EUR", "confirmed_at": at(LETTER_ON), "confirmed_by": "Sanne"}
    with administration_scope(school):
        for iban in (CONFIRMED, IBAN) if is_confirmed else (CONFIRMED,):
            Account.objects.create(administration_id=school, iban=iban, **confirmed)
    take(school, *(make_camt(one) for one in (before, after_gap, then, other)), day=DEMAND_ON)
    assert not is_read(school)
    live_one_day(school, today=DEMAND_ON, now=at(DEMAND_ON))
    assert lines(school) == []
    with administration_scope(school):
        (gap,) = list_bank_gaps()
        accept_gap(gap.statement_id, today=DEMAND_ON, now=at(DEMAND_ON), actor="Sanne")
    assert is_read(school)
    later = DEMAND_ON + timedelta(days=1)
    live_one_day(school, today=later, now=at(later))
    assert lines(school) == [("costs", 4_000, later)]


def test_days_before_the_gap_are_known(school: UUID) -> None:
    before = cover(LETTER_ON, LAST_DAY, opening=0)
    after_gap = cover(LAST_DAY + timedelta(days=3), LAST_DAY + timedelta(days=4), opening=50_000)
    take(school, make_camt(before), make_camt(after_gap), day=LAST_DAY + timedelta(days=5))
    assert is_read(school)


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        # Received on the 26th: its term begins on the 27th of March.
        (date(2026, 3, 27), True),
        (date(2026, 3, 28), False),
        (NEXT_DAY, False),
    ],
)
def test_statements_count_from_the_first_day_of_the_term(
    school: UUID, first: date, expected: bool
) -> None:
    take(school, make_camt(cover(first, NEXT_DAY, opening=0)), day=NEXT_DAY + timedelta(days=1))
    assert is_read(school) is expected


@pytest.mark.parametrize("is_known", [True, False])
def test_the_account_that_the_letter_names_must_be_read(school: UUID, is_known: bool) -> None:
    if is_known:
        take(school, make_camt(cover(LETTER_ON, date(2026, 3, 31), opening=0)), day=LAST_DAY)
    with administration_scope(school):
        Administration.objects.filter(id=school).update(iban=CONFIRMED)
    other = cover(LETTER_ON, NEXT_DAY, opening=0, iban=CONFIRMED)
    take(school, make_camt(other), day=NEXT_DAY + timedelta(days=1))
    # Also of one that was never read: he was asked to pay there, and no other account tells of it.
    assert not is_read(school)
    # A list of after the last day does, as where there is no bank.
    take_in(school, RECORD, today=NEXT_DAY, full_list=True, source_key="lijst")
    assert is_read(school) is not is_known
    if is_known:
        then = cover(date(2026, 4, 1), LAST_DAY, opening=2)
        take(school, make_camt(then), day=NEXT_DAY + timedelta(days=1))
        assert is_read(school)


def test_costs_that_wait_for_an_account_that_is_never_read_are_a_task_on_vandaag(
    school: UUID,
) -> None:
    """Statements of another account come in every day, so nothing else asks for this one."""
    other = cover(LETTER_ON, NEXT_DAY, opening=0, iban=CONFIRMED)
    take(school, make_camt(other), day=NEXT_DAY + timedelta(days=1))
    browser = sign_in(make_person(school))
    today = f"/{slug_of(school)}/vandaag/"
    said = "Afschriften ontbreken na een brief"
    assert said not in browser.get(today).content.decode()
    day = DEMAND_ON + timedelta(days=2)
    live_one_day(school, today=day, now=at(day))
    assert lines(school) == []
    assert said in browser.get(today).content.decode()
    listed = browser.get(f"/{slug_of(school)}/debiteuren/?tab=attention").content.decode()
    assert "Ouder 1001" in listed


def test_an_account_that_is_no_longer_asked_for_tells_of_the_letter_that_names_it(
    school: UUID,
) -> None:
    with administration_scope(school):
        Administration.objects.filter(id=school).update(iban=CONFIRMED)
    own = cover(LETTER_ON, NEXT_DAY, opening=0)
    take(school, make_camt(own), day=NEXT_DAY + timedelta(days=1))
    assert is_read(school)
