"""A collection that is announced within the term of a letter is more time: nothing is his to do."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.collecting_office import make_collecting, sign
from tests.integration.office import make_record, take_in
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    LETTER_ON,
    lines,
    live,
    make_pupil,
    sent,
)

from tijdig.banking.direct_debits.models import DebitLine
from tijdig.messaging.models import MessageBody
from tijdig.tenants.scope import administration_scope

NEXT = LETTER_ON + timedelta(days=1)


@pytest.fixture
def school(database: None) -> UUID:
    """A school that collects; a pupil without a mandate, whose letter runs until 13 April."""
    school = make_collecting()
    take_in(school, make_record(due_on=DUE_ON, debtor=make_pupil()))
    live(school, date(2026, 3, 9), LETTER_ON)
    return school


def sign_and_wait(school: UUID, day: date) -> date:
    """He signs a mandate on a day, and the school hands no file in; for which day it announced."""
    live(school, NEXT, day - timedelta(days=1))
    sign(school, today=day)
    live(school, day, date(2026, 5, 30))
    with administration_scope(school):
        line = DebitLine.objects.select_related("batch").get()
        assert (line.state, line.announced_on) == ("left_out", day)
        return line.batch.collect_on


@pytest.mark.parametrize(
    ("signed_on", "collect_on"),
    [(date(2026, 4, 1), date(2026, 4, 15)), (date(2026, 3, 27), date(2026, 4, 10))],
)
def test_who_was_told_that_we_collect_owes_no_costs_of_that_letter(
    school: UUID, signed_on: date, collect_on: date
) -> None:
    """The school itself did not collect, on a day after the term or within it."""
    assert sign_and_wait(school, signed_on) == collect_on
    steps = [step for _, step, _ in sent(school)]
    told = f"debit-{collect_on:%Y%m%d}"
    assert steps[:4] == ["reminder", "veertiendagenbrief", told, "veertiendagenbrief_2"]
    costs = [(kind, cents) for kind, cents, _ in lines(school)]
    # After the second letter, which ran out in May.
    assert costs == [("costs", 4_000)]
    assert lines(school)[0][2] > date(2026, 5, 1)
    with administration_scope(school):
        again = MessageBody.objects.get(message__step_key="veertiendagenbrief_2").text
    assert "komt in de plaats van dat bericht" in again


def test_a_collection_announced_after_the_term_changes_nothing(school: UUID) -> None:
    live(school, NEXT, DEMAND_ON)
    assert [(kind, cents) for kind, cents, _ in lines(school)] == [("costs", 4_000)]
    sign(school, today=DEMAND_ON + timedelta(days=1))
    live(school, DEMAND_ON + timedelta(days=1), DEMAND_ON + timedelta(days=3))
    assert [(kind, cents) for kind, cents, _ in lines(school)] == [("costs", 4_000)]
