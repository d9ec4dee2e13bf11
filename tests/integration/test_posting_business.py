"""A business that gets everything on paper: nothing follows a reminder that nobody posted."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.office import at, make_administration, make_debtor, make_record, take_in
from tests.integration.test_consumer_costs import post_letters

from tijdig.dunning.actions.days import is_anybody_due, live_one_day
from tijdig.dunning.actions.postings import correct_posting, note_posting
from tijdig.dunning.models import Call, Decision
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

DUE_ON = date(2026, 3, 12)
REMINDER_ON = date(2026, 3, 17)
CALL_ON = date(2026, 3, 26)


@pytest.fixture
def company(database: None) -> UUID:
    """An office whose customer has a KvK number, no mail address, and a reminder in the tray."""
    administration = make_administration(sending=True)
    customer = replace(
        make_debtor("1001", email="", name="Klant B.V."), kind="business", kvk_number="12345678"
    )
    take_in(administration, make_record("2026-0412", due_on=DUE_ON, debtor=customer))
    live(administration, DUE_ON + timedelta(days=1), REMINDER_ON, posts=False)
    return administration


def live(administration: UUID, first: date, last: date, *, posts: bool = True) -> None:
    """The run and sending of every day that anybody is due; letters are posted on the day that
    they are printed.
    """
    day = first
    while day <= last:
        if is_anybody_due(administration, today=day):
            live_one_day(administration, today=day, now=at(day))
        if posts:
            post_letters(administration, day)
        day += timedelta(days=1)


def went(administration: UUID) -> list[tuple[str, date, int]]:
    with administration_scope(administration):
        told = Message.objects.order_by("planned_on", "id")
        return list(told.values_list("step_key", "planned_on", "total_cents"))


def calls(administration: UUID) -> list[tuple[date, str]]:
    with administration_scope(administration):
        return list(Call.objects.order_by("id").values_list("asked_on", "state"))


def reason(administration: UUID) -> tuple[str, date | None]:
    with administration_scope(administration):
        one = Decision.objects.order_by("-on", "-id")[0]
        return one.reason, one.next_look_on


def test_no_call_and_no_last_demand_follow_a_reminder_in_the_tray(company: UUID) -> None:
    live(company, REMINDER_ON + timedelta(days=1), date(2026, 4, 20), posts=False)
    assert went(company) == [("reminder", REMINDER_ON, 12_100)]
    assert calls(company) == []
    assert reason(company) == ("not_posted", None)


def test_the_cadence_goes_on_from_the_day_of_posting(company: UUID) -> None:
    posted_on = date(2026, 4, 2)
    live(company, REMINDER_ON + timedelta(days=1), posted_on, posts=False)
    with administration_scope(company):
        told = {"today": posted_on, "now": at(posted_on), "actor": "Sanne"}
        assert note_posting(printed_on=REMINDER_ON, posted_on=posted_on, **told) == 1  # type: ignore[arg-type]
    live(company, posted_on + timedelta(days=1), date(2026, 4, 20))
    # Seven days to pay from the posting, and one for the bank.
    assert calls(company) == [(date(2026, 4, 10), "lapsed")]
    assert went(company)[1:] == [("last_demand", date(2026, 4, 17), 16_214)]


def test_a_reminder_that_was_not_posted_after_all_holds_again(company: UUID) -> None:
    told = {"today": REMINDER_ON, "now": at(REMINDER_ON), "actor": "Sanne"}
    with administration_scope(company):
        note_posting(printed_on=REMINDER_ON, posted_on=REMINDER_ON, **told)  # type: ignore[arg-type]
    live(company, REMINDER_ON + timedelta(days=1), CALL_ON)
    assert calls(company) == [(CALL_ON, "open")]
    told = {"today": CALL_ON, "now": at(CALL_ON), "actor": "Sanne"}
    with administration_scope(company):
        reminder_id = Message.objects.get(step_key="reminder").id
        correct_posting(reminder_id, posted_on=None, **told)  # type: ignore[arg-type]
    live(company, CALL_ON + timedelta(days=1), date(2026, 4, 20), posts=False)
    assert went(company) == [("reminder", REMINDER_ON, 12_100)]
    assert reason(company) == ("not_posted", None)
