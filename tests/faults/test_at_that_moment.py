"""What a person does at the very moment at which a worker sends: one is first, and both know it."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from uuid import UUID

import pytest
from tests.faults.smtp_sink import SmtpSink
from tests.faults.test_concurrency import at_once
from tests.integration.case_office import find_ids, make_office, told
from tests.integration.mail import mail_sink
from tests.integration.office import at

from tijdig.cases.actions import disputes, plans
from tijdig.cases.models import Dispute, Plan
from tijdig.core.problem import Refusal
from tijdig.dunning.actions import creditor
from tijdig.dunning.actions.answers import answer_message
from tijdig.dunning.actions.days import live_one_day, send
from tijdig.messaging.models import Message
from tijdig.tenants.models import Administration
from tijdig.tenants.scope import administration_scope

DAY, REMIND_ON = date(2026, 3, 17), date(2026, 3, 19)
TIMES = range(4)


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with mail_sink() as server:
        yield server


def make_waiting(day: date, *, answered: bool = False) -> UUID:
    """A message is written and its five minutes are over: the next look sends it."""
    administration = make_office()
    with administration_scope(administration):
        Administration.objects.update(undo_minutes=5)
        if answered:
            _, invoice_id = find_ids()
            one = disputes.open(invoice_id=invoice_id, cents=4_000, category="price", **told(day))
            disputes.accept(one, answer="Klopt.", root_cause="price", **told(day))
    live_one_day(administration, today=day, now=at(day))
    with administration_scope(administration):
        assert Message.objects.get().state == "released"
    return administration


def send_now(administration: UUID, day: date) -> None:
    send(administration, today=day, clock=lambda: at(day) + timedelta(minutes=6))


def as_person(administration: UUID, work: object) -> None:
    with administration_scope(administration):
        work()  # type: ignore[operator]


@pytest.mark.parametrize("n", TIMES)
def test_who_takes_an_answer_back_is_heard_or_told(database: None, sink: SmtpSink, n: int) -> None:
    administration = make_waiting(DAY, answered=True)
    with administration_scope(administration):
        one = Dispute.objects.get().id
    back = partial(disputes.take_back, one, because="Vergissing.", **told(DAY))
    works = [partial(send_now, administration, DAY), partial(as_person, administration, back)]
    raised = at_once(*(works if n % 2 else reversed(works)))
    assert all(isinstance(error, Refusal) for error in raised), raised
    with administration_scope(administration):
        state = Dispute.objects.get().state
    # He reads it, and the answer stands; or he does not, and the objection does.
    assert (state, len(sink.stored)) == (("accepted", 1) if raised else ("open", 0))


@pytest.mark.parametrize("n", TIMES)
def test_who_holds_a_message_back_is_heard_or_told(database: None, sink: SmtpSink, n: int) -> None:
    administration = make_waiting(REMIND_ON)
    with administration_scope(administration):
        message_id = Message.objects.get().id
    back = partial(answer_message, message_id, told="take_back", **told(REMIND_ON))
    works = [partial(send_now, administration, REMIND_ON), partial(as_person, administration, back)]
    raised = at_once(*(works if n % 2 else reversed(works)))
    assert all(isinstance(error, Refusal) for error in raised), raised
    with administration_scope(administration):
        state = Message.objects.get().state
    assert (state, len(sink.stored)) == (("accepted", 1) if raised else ("held", 0))


@pytest.mark.parametrize("n", TIMES)
def test_mail_of_after_a_change_names_the_new_account(
    database: None, sink: SmtpSink, n: int
) -> None:
    administration = make_waiting(REMIND_ON)
    change = partial(creditor.change, {"iban": "NL44RABO0123456789"}, **told(REMIND_ON))
    works = [
        partial(send_now, administration, REMIND_ON),
        partial(as_person, administration, change),
    ]
    assert at_once(*(works if n % 2 else reversed(works))) == []
    before = len(sink.stored)
    # Put back after the others were released, it is released later, with five minutes of its own.
    for minutes in (20, 40):
        later = at(REMIND_ON) + timedelta(minutes=minutes)
        send(administration, today=REMIND_ON, clock=lambda later=later: later)
    assert len(sink.stored) == 1
    assert [b"RABO" in one.content for one in sink.stored[before:]] == [True] * (1 - before)


@pytest.mark.parametrize("n", TIMES)
def test_a_plan_at_that_moment_stops_the_reminder_or_comes_after(
    database: None, sink: SmtpSink, n: int
) -> None:
    administration = make_waiting(REMIND_ON)
    with administration_scope(administration):
        debtor_id, invoice_id = find_ids()
    agree = partial(
        plans.agree,
        debtor_id=debtor_id,
        invoice_ids=[invoice_id],
        count=3,
        first_on=date(2026, 5, 1),
        **told(REMIND_ON),
    )
    works = [
        partial(send_now, administration, REMIND_ON),
        partial(as_person, administration, agree),
    ]
    assert at_once(*(works if n % 2 else reversed(works))) == []
    went = len(sink.stored)
    send(administration, today=REMIND_ON, clock=lambda: at(REMIND_ON) + timedelta(minutes=20))
    # Nothing goes after the plan was made.
    assert len(sink.stored) == went
    with administration_scope(administration):
        assert Plan.objects.count() == 1
        assert Message.objects.get().state == ("accepted" if went else "cancelled")
