"""Who moved before a letter came, and who was told that his promise is waited for."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.case_office import find_ids, told
from tests.integration.office import make_record, take_in
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    LAST_DAY,
    LETTER_ON,
    letter_of,
    lines,
    live,
    make_pupil,
    make_school,
    sent,
)

from tijdig.cases.actions import promises
from tijdig.dunning.actions.notices import note_receipt
from tijdig.ledger.actions.debtors import change_contact
from tijdig.ledger.models import Debtor
from tijdig.tenants.scope import administration_scope

NEXT = LETTER_ON + timedelta(days=1)
REMINDER_ON, RECEIVED_ON = date(2026, 3, 9), date(2026, 3, 26)


def make(cents: int = 12_100) -> UUID:
    """A pupil whose letter of 24 March counts as received on 26 March."""
    school = make_school()
    take_in(school, make_record(due_on=DUE_ON, debtor=make_pupil(), cents=cents))
    live(school, REMINDER_ON, LETTER_ON)
    return school


def move(school: UUID, day: date) -> None:
    with administration_scope(school):
        changes = {"street": "Nieuwe weg 3", "city": "Elders"}
        change_contact(Debtor.objects.get().id, changes, **told(day))  # type: ignore[arg-type]


def list_keys(school: UUID) -> list[str]:
    return [key for _, key, _ in sent(school)]


@pytest.mark.parametrize("day", [NEXT, RECEIVED_ON])
def test_who_moved_before_the_letter_came_gets_another(database: None, day: date) -> None:
    school = make()
    move(school, day)
    live(school, NEXT, DEMAND_ON)
    assert lines(school) == []
    assert list_keys(school)[1:] == ["veertiendagenbrief", "veertiendagenbrief_2"]


def test_the_letter_to_the_new_address_brings_costs(database: None) -> None:
    school = make()
    move(school, NEXT)
    live(school, NEXT, date(2026, 5, 8))
    assert [(kind, cents) for kind, cents, _ in lines(school)] == [("costs", 4_000)]


def test_a_file_that_names_another_address_counts_as_well(database: None) -> None:
    school = make()
    moved = make_pupil(street="Nieuwe weg 3")
    take_in(school, make_record(due_on=DUE_ON, debtor=moved), today=NEXT)
    live(school, NEXT, DEMAND_ON)
    assert lines(school) == []
    assert list_keys(school)[-1] == "veertiendagenbrief_2"


def test_who_moved_after_the_letter_came_owes_its_costs(database: None) -> None:
    school = make()
    live(school, NEXT, RECEIVED_ON)
    move(school, RECEIVED_ON + timedelta(days=1))
    live(school, RECEIVED_ON + timedelta(days=1), DEMAND_ON)
    assert lines(school) == [("costs", 4_000, DEMAND_ON)]


def test_a_proof_that_it_came_makes_the_letter_count(database: None) -> None:
    school = make()
    move(school, NEXT)
    with administration_scope(school):
        note = "hij belde over de brief"
        when = told(RECEIVED_ON)
        note_receipt(letter_of(school), received_on=RECEIVED_ON, note=note, **when)  # type: ignore[arg-type]
    live(school, NEXT, DEMAND_ON)
    assert lines(school) == [("costs", 4_000, DEMAND_ON)]


def test_who_moved_before_the_reminder_came_is_reminded_anew_before_a_letter(
    database: None,
) -> None:
    school = make_school()
    take_in(school, make_record(due_on=DUE_ON, debtor=make_pupil()))
    live(school, REMINDER_ON, REMINDER_ON)
    move(school, REMINDER_ON + timedelta(days=1))
    live(school, REMINDER_ON + timedelta(days=1), LETTER_ON)
    assert list_keys(school) == ["reminder", "reminder_again"]


PROMISED_ON = LAST_DAY + timedelta(days=7)


def promise(school: UUID, on: date, *, day: date) -> UUID:
    with administration_scope(school):
        debtor_id, invoice_id = find_ids()
        return promises.make(
            debtor_id=debtor_id,
            invoice_id=invoice_id,
            cents=60_000,
            on=on,
            **told(day),  # type: ignore[arg-type]
        )


@pytest.mark.parametrize(("on", "costs"), [(PROMISED_ON, []), (LAST_DAY, [15_000])])
def test_a_promise_for_after_the_last_day_that_was_accepted_within_the_term_is_more_time(
    database: None, on: date, costs: list[int]
) -> None:
    school = make(100_000)
    day = date(2026, 4, 9)
    live(school, NEXT, day - timedelta(days=1))
    promise(school, on, day=day)
    live(school, day, date(2026, 4, 24))
    assert [cents for _, cents, _ in lines(school)] == costs
    last = "last_demand" if costs else "veertiendagenbrief_2"
    assert list_keys(school)[-1] == last


@pytest.mark.parametrize(("days", "costs"), [(0, [15_000]), (1, [])])
def test_a_promise_that_was_withdrawn_on_the_same_day_changes_nothing(
    database: None, days: int, costs: list[int]
) -> None:
    school = make(100_000)
    day = date(2026, 4, 8)
    live(school, NEXT, day - timedelta(days=1))
    promise_id = promise(school, PROMISED_ON, day=day)
    with administration_scope(school):
        promises.withdraw(promise_id, **told(day + timedelta(days=days)))  # type: ignore[arg-type]
    live(school, day + timedelta(days=days), DEMAND_ON)
    assert [cents for _, cents, _ in lines(school)] == costs
