"""A reminder of before the due date puts nobody in default, where the books moved that day."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.office import make_record, take_in
from tests.integration.test_consumer_costs import (
    DUE_ON,
    lines,
    live,
    make_pupil,
    make_school,
    sent,
)

from tijdig.dunning.models import Notice
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

REMINDED, MOVED = date(2026, 3, 9), date(2026, 3, 12)
TRULY_DUE = date(2026, 3, 20)


def take_in_due(school: UUID, due_on: date, *, today: date) -> None:
    record = make_record(
        due_on=due_on, issued_on=DUE_ON - timedelta(days=30), debtor=make_pupil(), cents=100_000
    )
    take_in(school, record, today=today, content_hash=f"due {due_on}")


@pytest.fixture
def school(database: None) -> UUID:
    """A pupil who was reminded on 9 March; the invoice proves due on the 20th."""
    school = make_school()
    take_in_due(school, DUE_ON, today=DUE_ON)
    live(school, REMINDED, MOVED - timedelta(days=1))
    take_in_due(school, TRULY_DUE, today=MOVED)
    return school


def test_he_is_reminded_anew_before_his_letter(school: UUID) -> None:
    live(school, MOVED, date(2026, 6, 30))
    steps = [step for _, step, _ in sent(school)]
    assert steps == ["reminder", "reminder_again", "veertiendagenbrief", "last_demand"]
    with administration_scope(school):
        again = Message.objects.get(step_key="reminder_again")
        letter = Notice.objects.get(kind="veertiendagenbrief")
        assert again.planned_on > TRULY_DUE
        assert again.pay_by_on is not None
        assert again.pay_by_on < letter.sent_on
        assert letter.void_because == ""
    assert [(kind, cents) for kind, cents, _ in lines(school)] == [("costs", 15_000)]


def test_a_letter_that_rested_on_it_brings_no_costs(database: None) -> None:
    """The date was moved after the letter went: the costs that were booked are taken back."""
    school = make_school()
    take_in_due(school, DUE_ON, today=DUE_ON)
    live(school, REMINDED, date(2026, 4, 14))
    assert [(kind, cents) for kind, cents, _ in lines(school)] == [("costs", 15_000)]
    # Before the letter of 24 March, and after the reminder.
    take_in_due(school, TRULY_DUE, today=date(2026, 4, 15))
    live(school, date(2026, 4, 15), date(2026, 4, 16))
    assert [cents for _, cents, _ in lines(school)] == [0]
    with administration_scope(school):
        assert Notice.objects.get(kind="veertiendagenbrief").void_because == "before_default"
