"""A proof of receipt that was noted by mistake: what rested on it is taken back."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.faults.smtp_sink import SmtpSink
from tests.integration.books import balances
from tests.integration.office import at, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of
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
)
from tests.integration.test_costs_taken_back import match
from tests.integration.test_letters_back import MAIL_DEMAND_ON, PROVEN_ON

from tijdig.core.problem import Refusal
from tijdig.dunning.actions.notices import note_receipt, withdraw_receipt
from tijdig.dunning.models import Notice
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event


def note(administration: UUID, received_on: date, *, today: date) -> None:
    with administration_scope(administration):
        told = {"note": "Zijn antwoord", "today": today, "now": at(today), "actor": "Sanne"}
        note_receipt(letter_of(administration), received_on=received_on, **told)  # type: ignore[arg-type]


def withdraw(administration: UUID, *, today: date, because: str = "Van een ander") -> None:
    with administration_scope(administration):
        told = {"because": because, "today": today, "now": at(today), "actor": "Piet"}
        withdraw_receipt(letter_of(administration), **told)  # type: ignore[arg-type]


def letter_as_kept(administration: UUID) -> tuple[date | None, str, str, date | None, str]:
    with administration_scope(administration):
        one = Notice.objects.get(kind="veertiendagenbrief")
        return one.received_on, one.proof, one.proof_note, one.last_day, one.void_because


@pytest.fixture
def mailed(database: None, sink: SmtpSink) -> UUID:
    """A school that claimed costs after a letter by e-mail, of which a person noted receipt."""
    administration = make_school()
    pupil = make_pupil(street="", city="", email="ouder@example.nl")
    take_in(administration, make_record(due_on=DUE_ON, debtor=pupil))
    live(administration, date(2026, 3, 9), PROVEN_ON)
    note(administration, PROVEN_ON, today=PROVEN_ON)
    live(administration, PROVEN_ON + timedelta(days=1), MAIL_DEMAND_ON)
    assert lines(administration) == [("costs", 4_000, MAIL_DEMAND_ON)]
    return administration


def test_costs_on_an_email_go_and_what_was_paid_on_them_pays_the_invoice(mailed: UUID) -> None:
    match(mailed, 1_000, on=MAIL_DEMAND_ON, shown_on=MAIL_DEMAND_ON + timedelta(days=1))
    day = MAIL_DEMAND_ON + timedelta(days=2)
    withdraw(mailed, today=day)
    assert lines(mailed) == [("costs", 0, MAIL_DEMAND_ON)]
    assert balances(mailed) == {"2026-0412": 11_100}
    assert letter_as_kept(mailed)[:3] == (None, "none", "")
    with administration_scope(mailed):
        event = Event.objects.get(kind="receipt_withdrawn")
        assert (event.actor, event.data["because"]) == ("Piet", "Van een ander")
    live(mailed, day + timedelta(days=1), day + timedelta(days=30))
    assert lines(mailed) == [("costs", 0, MAIL_DEMAND_ON)]
    with pytest.raises(Refusal, match="heeft vastgelegd"):
        withdraw(mailed, today=day)


@pytest.fixture
def posted(database: None) -> UUID:
    """A school whose letter by post ran until 13 April, and was posted on its day."""
    administration = make_school()
    take_in(administration, make_record(due_on=DUE_ON, debtor=make_pupil()))
    live(administration, date(2026, 3, 9), LETTER_ON)
    return administration


def test_a_letter_by_post_counts_from_its_posting_again(posted: UUID) -> None:
    """A receipt so late that the letter was void: without it, the letter is right once more."""
    before = letter_as_kept(posted)
    live(posted, LETTER_ON + timedelta(days=1), DEMAND_ON)
    note(posted, date(2026, 4, 3), today=DEMAND_ON)
    assert letter_as_kept(posted)[4] == "arrived_late"
    assert lines(posted) == [("costs", 0, DEMAND_ON)]
    later = DEMAND_ON + timedelta(days=1)
    withdraw(posted, today=later)
    assert letter_as_kept(posted) == before
    assert before == (date(2026, 3, 26), "post", "", LAST_DAY, "")
    live(posted, later, later + timedelta(days=1))
    assert [(kind, cents) for kind, cents, _ in lines(posted)] == [("costs", 0), ("costs", 4_000)]


def test_costs_that_the_posting_carries_stay(posted: UUID) -> None:
    note(posted, date(2026, 3, 25), today=LETTER_ON + timedelta(days=2))
    live(posted, LETTER_ON + timedelta(days=3), DEMAND_ON)
    withdraw(posted, today=DEMAND_ON)
    assert lines(posted) == [("costs", 4_000, DEMAND_ON)]


def test_a_letter_of_which_nobody_told_the_posting_waits_for_that(database: None) -> None:
    school = make_school()
    take_in(school, make_record(due_on=DUE_ON, debtor=make_pupil()))
    live(school, date(2026, 3, 9), LETTER_ON - timedelta(days=1))
    live(school, LETTER_ON, LETTER_ON, posts=False)
    live(school, LETTER_ON + timedelta(days=1), LETTER_ON + timedelta(days=2), posts=False)
    note(school, date(2026, 3, 26), today=LETTER_ON + timedelta(days=2))
    live(school, LETTER_ON + timedelta(days=3), DEMAND_ON)
    assert lines(school) == [("costs", 4_000, DEMAND_ON)]
    withdraw(school, today=DEMAND_ON)
    assert lines(school) == [("costs", 0, DEMAND_ON)]
    assert letter_as_kept(school)[:2] == (None, "printed")
    with administration_scope(school):
        assert Message.objects.get(id=letter_of(school)).state == "accepted"


def test_the_page_of_the_letter_withdraws_it_with_a_reason(posted: UUID) -> None:
    browser = sign_in(make_person(posted))
    with administration_scope(posted):
        page = f"/{slug_of(posted)}/berichten/{letter_of(posted)}/"
    assert "Dit bewijs van ontvangst klopt niet" not in browser.get(page).content.decode()
    day = LETTER_ON + timedelta(days=3)
    note(posted, date(2026, 3, 25), today=day)
    assert "Dit bewijs van ontvangst klopt niet" in browser.get(page).content.decode()
    browser.post(f"{page}ontvangst/ingetrokken/", {"because": " "})
    assert letter_as_kept(posted)[1] == "person"
    done = browser.post(f"{page}ontvangst/ingetrokken/", {"because": "verkeerde klant"})
    assert done.status_code == 302
    assert letter_as_kept(posted)[1] == "post"
    shown = browser.get(f"/{slug_of(posted)}/debiteuren/1001/").content.decode()
    assert "Bewijs van ontvangst ingetrokken" in shown
    assert "verkeerde klant" in shown
