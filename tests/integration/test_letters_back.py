"""A letter by post that turns out to have failed is void, and takes its costs back, once."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.office import at, make_record, take_in
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    letter_of,
    lines,
    live,
    make_pupil,
    make_school,
)

from tijdig.dunning.actions.notices import void_bounced
from tijdig.dunning.models import Notice
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


def test_a_letter_that_arrived_stays(school: UUID) -> None:
    with administration_scope(school):
        assert void_bounced(today=DEMAND_ON, now=at(DEMAND_ON)) == 0
    assert lines(school) == [("costs", 4_000, DEMAND_ON)]
