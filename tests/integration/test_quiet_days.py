"""Days on which nobody is due change nothing: tests that live through weeks leave them out, and
read the statements of such days together on the next day on which somebody is.
"""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

from tests.integration.books import balances
from tests.integration.office import at, make_record, take_in
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    lines,
    live,
    make_pupil,
    make_school,
    post_letters,
    read_bank,
    sent,
)

from tijdig.banking.models import BankLine
from tijdig.dunning.actions.days import live_one_day
from tijdig.dunning.models import Decision, Notice, Run
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event

FIRST_ON, LAST_ON = date(2026, 3, 9), DEMAND_ON + timedelta(days=1)


def live_every_day(administration: UUID, first: date, last: date) -> None:
    day = first
    while day <= last:
        read_bank(administration, day - timedelta(days=1))
        live_one_day(administration, today=day, now=at(day))
        post_letters(administration, day)
        day += timedelta(days=1)


def live_through(way: Callable[[UUID, date, date], None]) -> tuple[list[object], int]:
    """Everything that came of these weeks, and how many runs that took."""
    administration = make_school()
    take_in(administration, make_record(due_on=DUE_ON, debtor=make_pupil()))
    way(administration, FIRST_ON, LAST_ON)
    with administration_scope(administration):
        notices = Notice.objects.order_by("kind", "sent_on", "message__step_key")
        found = [
            sent(administration),
            lines(administration),
            balances(administration),
            list(notices.values_list("kind", "sent_on", "message__step_key")),
            list(Decision.objects.order_by("on", "id").values_list("on", "reason")),
            sorted(Event.objects.exclude(kind="file_imported").values_list("on", "kind")),
            Event.objects.filter(kind="file_imported").count(),
            sorted(BankLine.objects.values_list("booked_on", "text", "cents", "state")),
        ]
        return found, Run.objects.count()


def test_the_days_on_which_nobody_is_due_change_nothing(database: None) -> None:
    every_day, many = live_through(live_every_day)
    when_due, few = live_through(live)
    assert when_due == every_day
    messages, claimed, *_ = every_day
    assert isinstance(messages, list)
    assert isinstance(claimed, list)
    assert len(messages) > 2
    assert claimed
    assert few < many / 2
