"""A letter that took the place of another: only its own term counts, whatever shows later."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.case_office import find_ids, told
from tests.integration.office import make_record, take_in
from tests.integration.test_consumer_costs import (
    DUE_ON,
    LETTER_ON,
    letter_of,
    lines,
    live,
    make_pupil,
    make_school,
)
from tests.integration.test_posting import void_of

from tijdig.cases.actions import extensions
from tijdig.dunning.actions.postings import correct_posting, note_posting
from tijdig.ledger.models import ClaimLine
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

DAY = timedelta(days=1)
LATE, SECOND_ON = date(2026, 4, 2), date(2026, 4, 14)


@pytest.fixture
def school(database: None) -> UUID:
    """A school that printed a letter about € 1.000,00 on the 24th of March."""
    administration = make_school()
    take_in(administration, make_record(due_on=DUE_ON, debtor=make_pupil(), cents=100_000))
    live(administration, date(2026, 3, 9), LETTER_ON - DAY)
    live(administration, LETTER_ON, LETTER_ON, posts=False)
    return administration


def tell_the_day_wrongly_and_right(school: UUID) -> None:
    with administration_scope(school):
        note_posting(printed_on=LETTER_ON, posted_on=LATE, **told(LATE))  # type: ignore[arg-type]
    live(school, SECOND_ON, SECOND_ON)
    with administration_scope(school):
        correct_posting(letter_of(school), posted_on=LETTER_ON, **told(SECOND_ON))  # type: ignore[arg-type]


def give_more_time_and_take_it_back(school: UUID) -> None:
    second_on, over_on = date(2026, 5, 19), date(2026, 5, 20)
    with administration_scope(school):
        note_posting(printed_on=LETTER_ON, posted_on=LETTER_ON, **told(LETTER_ON))  # type: ignore[arg-type]
        given = {"invoice_id": find_ids()[1], "until_on": date(2026, 4, 17), **told(SECOND_ON)}
        one = extensions.give(**given)  # type: ignore[arg-type]
    live(school, SECOND_ON, SECOND_ON)
    live(school, second_on, second_on)
    with administration_scope(school):
        extensions.withdraw(one, **told(over_on))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "revive", [tell_the_day_wrongly_and_right, give_more_time_and_take_it_back]
)
def test_costs_follow_once_from_the_letter_that_came_last(
    school: UUID, revive: Callable[[UUID], None]
) -> None:
    revive(school)
    assert void_of(school) == ["", ""]
    with administration_scope(school):
        second = Message.objects.get(step_key="veertiendagenbrief_2")
    day = second.planned_on + DAY
    while not lines(school) and day < date(2026, 7, 1):
        live(school, day, day)
        day += 3 * DAY
    assert [(kind, cents) for kind, cents, _ in lines(school)] == [("costs", 15_000)]
    with administration_scope(school):
        assert ClaimLine.objects.get().message_id == second.id
