"""A reminder to a consumer that was sent once more and still puts him not in default."""

from datetime import date, timedelta

from tests.integration.office import make_record, take_in
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    LETTER_ON,
    live,
    make_pupil,
    make_school,
    sent,
)
from tests.integration.test_costs_taken_back import REMINDER_ON, post_late

from tijdig.desk.causes import STANDING
from tijdig.ledger.queries.balances import count_by_standing_reason
from tijdig.tenants.scope import administration_scope


def test_a_reminder_that_does_not_count_twice_is_a_task(database: None) -> None:
    school = make_school()
    take_in(school, make_record(due_on=DUE_ON, debtor=make_pupil()))
    live(school, REMINDER_ON, LETTER_ON)
    post_late(school, REMINDER_ON, date(2026, 3, 23), today=LETTER_ON + timedelta(days=1))
    live(school, LETTER_ON + timedelta(days=1), DEMAND_ON)
    late = DEMAND_ON + timedelta(days=10)
    post_late(school, DEMAND_ON, late, today=late)
    live(school, late, late + timedelta(days=20))
    assert [key for _, key, _ in sent(school)][2:] == ["reminder_again"]
    with administration_scope(school):
        assert count_by_standing_reason(STANDING)["not_in_default"] == 1
