"""An announcement counts for its own amount and day, from the day on which it truly went out."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.faults.smtp_sink import SmtpSink
from tests.integration.collecting_office import (
    DUE,
    HAND_IN,
    START,
    approve,
    hand_over,
    lines,
    live,
    make,
    make_collecting,
    make_one_due,
    sign,
    told,
)
from tests.integration.office import make_debtor, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.banking.direct_debits.models import DebitBatch, DebitLine
from tijdig.core.problem import Refusal
from tijdig.dunning.actions.collections import note_announcements
from tijdig.dunning.actions.postings import note_posting
from tijdig.messaging.models import Message
from tijdig.tenants.models import Administration
from tijdig.tenants.scope import administration_scope

NEXT = START + timedelta(days=1)


@pytest.fixture
def office(sink: SmtpSink) -> UUID:
    """One invoice due on the nineteenth, of a debtor with a mandate."""
    return make_one_due()


def note(office: UUID) -> list[date | None]:
    """When each line was announced, by what the messages say now."""
    with administration_scope(office):
        note_announcements()
        return list(DebitLine.objects.order_by("id").values_list("announced_on", flat=True))


def read_batch(office: UUID) -> str:
    with administration_scope(office):
        found = DebitBatch.objects.get(state="proposed").id
    client = sign_in(make_person(office))
    return client.get(f"/{slug_of(office)}/incasso/{found}/").content.decode()


def test_an_announcement_of_less_is_none_for_more(office: UUID) -> None:
    live(office, START)
    with administration_scope(office):
        DebitLine.objects.update(cents=12_101)
    assert note(office) == [None]
    assert "De aankondiging noemde een lager bedrag." in read_batch(office)
    with administration_scope(office):
        DebitLine.objects.update(cents=12_000)
    assert note(office) == [START]


def test_an_announcement_of_another_day_is_none_for_this_one(office: UUID) -> None:
    live(office, START)
    with administration_scope(office):
        DebitBatch.objects.update(collect_on=DUE + timedelta(days=1))
    assert note(office) == [None]


def test_what_came_back_after_the_file_was_made_stops_its_handing_over(office: UUID) -> None:
    live(office, START, NEXT)
    approve(office)
    assert make(office) == 0
    with administration_scope(office):
        Message.objects.filter(phase="debit").update(state="bounced_hard")
    with pytest.raises(Refusal, match="2026-0412"):
        hand_over(office)
    with administration_scope(office):
        batch = DebitBatch.objects.get()
        assert batch.state == "made"


def test_an_announcement_that_came_back_counts_no_more(office: UUID) -> None:
    live(office, START, NEXT)
    assert lines(office)[0][3] == START
    approve(office)
    with administration_scope(office):
        Message.objects.filter(phase="debit").update(state="bounced_hard")
    assert make(office) == 1
    with administration_scope(office):
        line = DebitLine.objects.get()
        assert line.because_nl.startswith("De aankondiging is niet aangekomen.")
        assert line.announced_on is None


def test_a_letter_announces_from_the_day_on_which_it_was_posted(sink: SmtpSink) -> None:
    office = make_collecting()
    take_in(office, make_record(due_on=DUE, debtor=replace(make_debtor(), email="")))
    sign(office, today=START)
    live(office, START, NEXT)
    with administration_scope(office):
        assert Message.objects.get().channel == "letter"
        Message.objects.update(state="accepted", posted_on=None)
    assert note(office) == [None]
    assert "De aankondiging is geprint, maar de postdag is niet bekend." in read_batch(office)
    with administration_scope(office):
        note_posting(printed_on=START, posted_on=NEXT, **told(NEXT))
    assert note(office) == [NEXT]


def test_a_letter_of_which_nobody_says_when_it_was_posted_is_not_in_the_file(
    sink: SmtpSink,
) -> None:
    office = make_collecting()
    take_in(office, make_record(due_on=DUE, debtor=replace(make_debtor(), email="")))
    sign(office, today=START)
    live(office, START)
    with administration_scope(office):
        Message.objects.update(state="accepted", posted_on=None)
    approve(office)
    assert make(office, HAND_IN) == 1
    with administration_scope(office):
        assert DebitLine.objects.get().because_nl.startswith("De aankondiging is geprint")


def test_with_sending_off_a_batch_says_that_its_announcements_do_not_go(office: UUID) -> None:
    live(office, START)
    with administration_scope(office):
        DebitLine.objects.update(announced_on=None)
    does_not_go = "Versturen staat uit: de aankondigingen gaan niet uit."
    assert does_not_go not in read_batch(office)
    with administration_scope(office):
        Administration.objects.filter(id=office).update(sending_on=False)
    assert does_not_go in read_batch(office)
    with administration_scope(office):
        DebitLine.objects.update(announced_on=START)
    assert does_not_go not in read_batch(office)
