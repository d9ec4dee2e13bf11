"""A letter that turns out to have failed is void, and takes its costs back, once."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.faults.smtp_sink import SmtpSink
from tests.integration.books import balances
from tests.integration.office import at, make_record, take_in
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    LETTER_ON,
    letter_of,
    lines,
    live,
    make_pupil,
    make_school,
    tell_it_came_back,
)
from tests.integration.test_costs_taken_back import match

from tijdig.dunning.actions.days import live_one_day
from tijdig.dunning.actions.notices import note_receipt, void_bounced
from tijdig.dunning.models import Notice
from tijdig.ledger.models import Contact
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope


@pytest.fixture
def school(database: None) -> UUID:
    """A school that claimed costs after a letter by post."""
    administration = make_school()
    take_in(administration, make_record(due_on=DUE_ON, debtor=make_pupil()))
    live(administration, date(2026, 3, 9), DEMAND_ON)
    return administration


@pytest.mark.parametrize("state", ["bounced_hard", "failed"])
def test_a_letter_by_post_that_failed_is_void_and_its_costs_go(school: UUID, state: str) -> None:
    assert lines(school) == [("costs", 4_000, DEMAND_ON)]
    day = DEMAND_ON + timedelta(days=1)
    with administration_scope(school):
        letter = Message.objects.filter(id=letter_of(school), channel="letter")
        assert letter.update(state=state) == 1
        assert void_bounced(today=day, now=at(day)) == 1
        assert void_bounced(today=day, now=at(day)) == 0
        notice = Notice.objects.get(kind="veertiendagenbrief")
        assert (notice.void_because, notice.voided_on) == ("bounced", day)
    assert lines(school) == [("costs", 0, DEMAND_ON)]


@pytest.mark.parametrize("days", [59, 61, 200])
def test_a_letter_that_comes_back_late_takes_its_costs_back(school: UUID, days: int) -> None:
    """Without a letter that was received there are no costs, on whatever day that shows."""
    with administration_scope(school):
        tell_it_came_back(school, LETTER_ON + timedelta(days=days))
    assert lines(school) == [("costs", 0, DEMAND_ON)]


def test_a_letter_that_arrived_stays(school: UUID) -> None:
    with administration_scope(school):
        assert void_bounced(today=DEMAND_ON, now=at(DEMAND_ON)) == 0
    assert lines(school) == [("costs", 4_000, DEMAND_ON)]


PROVEN_ON = date(2026, 3, 25)
# Fourteen days after the 25th end on the 8th; the letter names the 10th.
MAIL_DEMAND_ON = date(2026, 4, 13)


@pytest.fixture
def mailed(database: None, sink: SmtpSink) -> UUID:
    """A school that claimed costs after a letter by e-mail, of which a person proved receipt."""
    administration = make_school()
    pupil = make_pupil(street="", city="", email="ouder@example.nl")
    take_in(administration, make_record(due_on=DUE_ON, debtor=pupil))
    live(administration, date(2026, 3, 9), LETTER_ON)
    live(administration, PROVEN_ON, PROVEN_ON)
    with administration_scope(administration):
        told = {"note": "Zijn antwoord van 25 maart", "today": PROVEN_ON, "now": at(PROVEN_ON)}
        note_receipt(letter_of(administration), received_on=PROVEN_ON, actor="Sanne", **told)  # type: ignore[arg-type]
    live(administration, PROVEN_ON + timedelta(days=1), MAIL_DEMAND_ON)
    return administration


def test_a_proven_mail_brings_costs_as_a_letter_does(mailed: UUID) -> None:
    with administration_scope(mailed):
        letter = Notice.objects.get(kind="veertiendagenbrief")
        assert (letter.message.channel, letter.received_on) == ("email", PROVEN_ON)
        assert letter.proof == "person"
    assert lines(mailed) == [("costs", 4_000, MAIL_DEMAND_ON)]


def test_a_proven_mail_that_bounces_later_takes_its_costs_back(mailed: UUID) -> None:
    match(mailed, 1_000, on=MAIL_DEMAND_ON, shown_on=MAIL_DEMAND_ON + timedelta(days=1))
    assert lines(mailed) == [("costs", 3_000, MAIL_DEMAND_ON)]
    back = MAIL_DEMAND_ON + timedelta(days=2)
    with administration_scope(mailed):
        tell_it_came_back(mailed, back)
        letter = Notice.objects.get(kind="veertiendagenbrief")
        assert (letter.void_because, letter.voided_on) == ("returned", back)
        assert Contact.objects.get().email_failed_on == back
    assert lines(mailed) == [("costs", 0, MAIL_DEMAND_ON)]
    # What was paid on them pays the invoice.
    assert balances(mailed) == {"2026-0412": 11_100}
    later = back + timedelta(days=1)
    live(mailed, later, later + timedelta(days=30))
    assert lines(mailed) == [("costs", 0, MAIL_DEMAND_ON)]


@pytest.mark.parametrize("state", ["bounced_hard", "failed"])
def test_the_run_finds_a_proven_mail_that_bounced_by_itself(mailed: UUID, state: str) -> None:
    with administration_scope(mailed):
        Message.objects.filter(id=letter_of(mailed)).update(state=state)
    day = MAIL_DEMAND_ON + timedelta(days=1)
    live_one_day(mailed, today=day, now=at(day))
    assert lines(mailed) == [("costs", 0, MAIL_DEMAND_ON)]
