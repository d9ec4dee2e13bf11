"""Letters that were printed before postings were told prove nothing once the tables are new."""

from datetime import date, timedelta
from importlib import import_module
from uuid import UUID

import pytest
from django.db import connection
from tests.integration.office import at, make_record, take_in
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    LETTER_ON,
    lines,
    live,
    make_pupil,
    make_school,
)

from tijdig.dunning.actions.postings import note_posting
from tijdig.dunning.models import Decision, Notice
from tijdig.ledger.models import Debtor
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

REMINDER_ON = date(2026, 3, 9)
NEXT = DEMAND_ON + timedelta(days=1)


@pytest.fixture
def school(database: None) -> UUID:
    """A school as an earlier version left it: costs after letters that nobody said were posted."""
    administration = make_school()
    take_in(administration, make_record(due_on=DUE_ON, debtor=make_pupil()))
    live(administration, REMINDER_ON, DEMAND_ON)
    with administration_scope(administration):
        Message.objects.update(posted_on=None)
    return administration


def upgrade(administration: UUID) -> None:
    module = import_module("tijdig.migrations.0042_unposted_letters")
    with administration_scope(administration), connection.cursor() as cursor:
        cursor.execute(module.UNPROVEN)


def test_what_was_only_printed_is_unproven_and_its_debtor_is_looked_at(school: UUID) -> None:
    with administration_scope(school):
        before = Debtor.objects.get().facts_version
    upgrade(school)
    with administration_scope(school):
        proofs = set(Notice.objects.values_list("proof", "received_on"))
        assert Debtor.objects.get().facts_version == before + 1
    assert proofs == {("printed", None)}


def test_what_somebody_said_was_posted_stays(school: UUID) -> None:
    with administration_scope(school):
        Message.objects.filter(step_key="reminder").update(posted_on=REMINDER_ON)
    upgrade(school)
    with administration_scope(school):
        reminder = Notice.objects.filter(message__step_key="reminder")
        assert set(reminder.values_list("proof", flat=True)) == {"post"}


def test_costs_go_until_the_posting_is_told_and_then_come_back(school: UUID) -> None:
    assert lines(school) == [("costs", 4_000, DEMAND_ON)]
    upgrade(school)
    live(school, NEXT, NEXT, posts=False)
    assert lines(school) == [("costs", 0, DEMAND_ON)]
    with administration_scope(school):
        assert Decision.objects.order_by("-on", "-id")[0].reason == "not_posted"
        letter = Notice.objects.filter(kind="veertiendagenbrief")
        # Nothing is void for what may still be told.
        assert set(letter.values_list("void_because", flat=True)) == {""}
        for day in (REMINDER_ON, LETTER_ON, DEMAND_ON):
            told = {"today": NEXT, "now": at(NEXT), "actor": "Sanne"}
            assert note_posting(printed_on=day, posted_on=day, **told) == 1  # type: ignore[arg-type]
    over_on = date(2026, 4, 30)
    live(school, NEXT + timedelta(days=1), over_on)
    assert [cents for _, cents, _ in lines(school)] == [0, 4_000]
