"""A message says that somebody will be in default only where he is not in default yet."""

from datetime import date, timedelta
from uuid import UUID

from tests.integration.office import make_record, take_in
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    LETTER_ON,
    live,
    make_pupil,
    make_school,
)

from tijdig.dunning.models import Notice
from tijdig.messaging.models import MessageBody
from tijdig.tenants.scope import administration_scope

DEFAULT = "Dat heet verzuim"


def words_of(school: UUID) -> list[tuple[str, str]]:
    """Every message by its step, with its words."""
    with administration_scope(school):
        rows = MessageBody.objects.order_by("message__planned_on", "message_id")
        return list(rows.values_list("message__step_key", "text"))


def who_put_in_default(school: UUID) -> list[date]:
    with administration_scope(school):
        rows = Notice.objects.filter(kind="ingebrekestelling").order_by("id")
        return list(rows.values_list("sent_on", flat=True))


def test_the_last_demand_does_not_say_that_default_is_still_to_come(database: None) -> None:
    school = make_school()
    take_in(school, make_record(due_on=DUE_ON, debtor=make_pupil()))
    live(school, date(2026, 3, 9), DEMAND_ON)
    said = words_of(school)
    assert [(step, DEFAULT in text) for step, text in said] == [
        ("reminder", True),
        ("veertiendagenbrief", False),
        ("last_demand", False),
    ]
    assert "Omdat u niet op tijd betaalde, moet u ook € 40,00" in said[-1][1]
    assert who_put_in_default(school) == [date(2026, 3, 9)]


def test_a_newer_invoice_in_the_last_demand_is_put_in_default_by_its_own_reminder(
    database: None,
) -> None:
    """It was due just before: the demand over the older one asks for it, in plain words."""
    school = make_school()
    pupil = make_pupil()
    newer = make_record(
        "2026-0500", due_on=DEMAND_ON - timedelta(days=2), debtor=pupil, cents=300_000
    )
    take_in(school, make_record(due_on=DUE_ON, debtor=pupil), newer)
    live(school, date(2026, 3, 9), LETTER_ON)
    live(school, LETTER_ON + timedelta(days=1), date(2026, 6, 30))
    said = words_of(school)
    steps = [step for step, _ in said]
    demand = steps.index("last_demand")
    assert "2026-0500" in said[demand][1]
    assert DEFAULT not in said[demand][1]
    reminder = steps.index("reminder", demand)
    assert DEFAULT in said[reminder][1]
    assert steps.index("veertiendagenbrief", demand) > reminder
