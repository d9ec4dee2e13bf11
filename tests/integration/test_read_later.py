"""A letter that proves to have asked too much by what is read after its posting was told."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.books import make_payment, make_statement, take
from tests.integration.office import at, make_record, take_in
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    LAST_DAY,
    LETTER_ON,
    letter_of,
    lines,
    live,
    make_pupil,
    make_school,
)
from tests.integration.test_costs_taken_back import keep_money, put_on_invoice
from tests.integration.test_posting import post, void_of
from tests.integration.test_tray import letters_to, owe, pay

from tijdig.dunning.actions.notices import note_receipt
from tijdig.dunning.actions.run import preview
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

DAY = timedelta(days=1)
NEXT, POSTED_ON = LETTER_ON + DAY, LETTER_ON + 2 * DAY
AFTER = POSTED_ON + DAY
CENTS = 60_000


def credit(school: UUID, on: date, shown_on: date) -> None:
    note = make_record("C-1", cents=-CENTS, due_on=on, issued_on=on, debtor=make_pupil())
    take_in(school, note, today=shown_on)


def match_by_hand(school: UUID, on: date, shown_on: date) -> None:
    payment = make_payment(CENTS, "iets", on=on, iban="NL20INGB0001234567")
    take(school, make_statement(payment, name=f"P{on}"), day=shown_on)
    put_on_invoice(school, CENTS, today=shown_on)


def keep(school: UUID, on: date, shown_on: date) -> None:
    keep_money(school, CENTS, on=on, shown_on=shown_on)


@pytest.fixture
def school(database: None) -> UUID:
    """A letter about € 1.000,00 of the 24th, of which the posting on the 26th was told that day."""
    administration = make_school()
    owe(administration)
    live(administration, NEXT, POSTED_ON, posts=False)
    post(administration, LETTER_ON, POSTED_ON, today=POSTED_ON)
    return administration


@pytest.mark.parametrize(("show", "on"), [(match_by_hand, LETTER_ON), (credit, NEXT), (keep, NEXT)])
def test_what_came_before_the_posting_and_shows_later_makes_the_letter_void(
    school: UUID, show: Callable[[UUID, date, date], None], on: date
) -> None:
    assert void_of(school) == [""]
    show(school, on, AFTER)
    live(school, AFTER, AFTER)
    assert void_of(school) == ["owed_less"]
    live(school, LAST_DAY, DEMAND_ON)
    assert letters_to(school)[2:] == [(DEMAND_ON, "veertiendagenbrief_2")]
    assert lines(school) == []
    with administration_scope(school):
        assert Message.objects.get(step_key="veertiendagenbrief_2").total_cents == 40_000


@pytest.mark.parametrize("show", [match_by_hand, credit, keep])
def test_what_came_on_the_day_of_posting_leaves_the_letter_right(
    school: UUID, show: Callable[[UUID, date, date], None]
) -> None:
    show(school, POSTED_ON, AFTER)
    live(school, AFTER, AFTER)
    live(school, LAST_DAY, DEMAND_ON)
    assert void_of(school) == [""]
    assert lines(school) == [("costs", 6_000, DEMAND_ON)]


@pytest.mark.parametrize("show", [match_by_hand, credit, keep])
def test_costs_that_were_booked_are_taken_back(
    school: UUID, show: Callable[[UUID, date, date], None]
) -> None:
    live(school, AFTER, AFTER)
    live(school, LAST_DAY, DEMAND_ON)
    assert lines(school) == [("costs", 15_000, DEMAND_ON)]
    show(school, NEXT, DEMAND_ON + DAY)
    live(school, DEMAND_ON + DAY, DEMAND_ON + DAY)
    assert void_of(school)[0] == "owed_less"
    assert lines(school) == [("costs", 0, DEMAND_ON)]


def test_a_preview_shows_what_the_run_decides(school: UUID) -> None:
    live(school, LAST_DAY, LAST_DAY)
    match_by_hand(school, NEXT, LAST_DAY)
    foreseen = preview(school, today=DEMAND_ON)
    live(school, DEMAND_ON, DEMAND_ON)
    with administration_scope(school):
        (made,) = Message.objects.filter(planned_on=DEMAND_ON)
        assert made.step_key == "veertiendagenbrief_2"
    assert dict(foreseen.because) == {"veertiendagenbrief_due": 1}


@pytest.mark.parametrize(
    ("on", "void"),
    [(LETTER_ON, "owed_less"), (NEXT, "owed_less"), (POSTED_ON, "")],
)
def test_a_proof_of_receipt_without_a_day_of_posting_is_held_against_what_was_owed(
    database: None, on: date, void: str
) -> None:
    school = make_school()
    owe(school)
    pay(school, CENTS, on)
    with administration_scope(school):
        told = {"today": AFTER, "now": at(AFTER), "actor": "Sanne"}
        note_receipt(letter_of(school), received_on=POSTED_ON, note="3S1", **told)  # type: ignore[arg-type]
    assert void_of(school) == [void]
    live(school, LAST_DAY, DEMAND_ON)
    assert [cents for _, cents, _ in lines(school)] == ([] if void else [6_000])
