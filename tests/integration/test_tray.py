"""What happened while a printed letter lay in the tray: it no longer says what is true."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.office import at, make_record, take_in
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    LETTER_ON,
    letter_of,
    lines,
    live,
    make_pupil,
    make_school,
    sent,
)
from tests.integration.test_more_time import extend
from tests.integration.test_posting import post

from tijdig.cases.actions import extensions, plans
from tijdig.cases.models import Extension, Plan
from tijdig.dunning.actions.postings import correct_posting
from tijdig.ledger.models import Debtor, Invoice
from tijdig.tenants.scope import administration_scope

NEXT = LETTER_ON + timedelta(days=1)
POSTED_ON = LETTER_ON + timedelta(days=2)
DAY = timedelta(days=1)


@pytest.fixture
def school(database: None) -> UUID:
    """A school whose pupil's letter about € 121,00 was printed on the 24th and lies in the tray."""
    administration = make_school()
    take_in(administration, make_record(due_on=DUE_ON, debtor=make_pupil()))
    live(administration, date(2026, 3, 9), LETTER_ON - DAY)
    live(administration, LETTER_ON, LETTER_ON, posts=False)
    return administration


def extend_and_take_back(school: UUID) -> None:
    """More time on the 25th until 30 April, taken back on 10 April; all days up to the 14th."""
    taken_back_on = date(2026, 4, 10)
    live(school, POSTED_ON + DAY, taken_back_on - DAY)
    with administration_scope(school):
        told = {"today": taken_back_on, "now": at(taken_back_on), "actor": "Sanne"}
        extensions.withdraw(Extension.objects.get().id, **told)  # type: ignore[arg-type]
    live(school, taken_back_on, DEMAND_ON)


def letters_to(school: UUID) -> list[tuple[date, str]]:
    return [(day, step) for day, step, _ in sent(school) if not step.startswith("plan-")]


@pytest.mark.parametrize("posted_on", [LETTER_ON, NEXT, POSTED_ON])
def test_a_letter_posted_after_more_time_was_given_brings_no_costs(
    school: UUID, posted_on: date
) -> None:
    live(school, NEXT, NEXT, posts=False)
    with administration_scope(school):
        extend(NEXT)
    live(school, POSTED_ON, POSTED_ON, posts=False)
    post(school, LETTER_ON, posted_on, today=POSTED_ON)
    extend_and_take_back(school)
    assert lines(school) == []
    assert letters_to(school) == [
        (date(2026, 3, 9), "reminder"),
        (LETTER_ON, "veertiendagenbrief"),
        (DEMAND_ON, "veertiendagenbrief_2"),
    ]


def test_a_posting_that_is_put_right_does_not_make_an_overtaken_letter_valid(school: UUID) -> None:
    live(school, NEXT, NEXT, posts=False)
    with administration_scope(school):
        extend(NEXT)
    live(school, POSTED_ON, POSTED_ON, posts=False)
    post(school, LETTER_ON, NEXT, today=POSTED_ON)
    with administration_scope(school):
        told = {"today": POSTED_ON, "now": at(POSTED_ON), "actor": "Sanne"}
        correct_posting(letter_of(school), posted_on=POSTED_ON, **told)  # type: ignore[arg-type]
    extend_and_take_back(school)
    assert lines(school) == []
    assert letters_to(school)[-1] == (DEMAND_ON, "veertiendagenbrief_2")


def test_a_letter_posted_after_a_plan_was_agreed_brings_no_costs(school: UUID) -> None:
    live(school, NEXT, NEXT, posts=False)
    with administration_scope(school):
        plans.agree(
            debtor_id=Debtor.objects.get().id,
            invoice_ids=[Invoice.objects.get().id],
            count=3,
            first_on=date(2026, 4, 1),
            today=NEXT,
            now=at(NEXT),
            actor="Sanne",
        )
    live(school, POSTED_ON, POSTED_ON, posts=False)
    post(school, LETTER_ON, POSTED_ON, today=POSTED_ON)
    live(school, POSTED_ON + DAY, date(2026, 4, 20))
    with administration_scope(school):
        assert Plan.objects.get().state == "broken"
    assert lines(school) == []
    assert [step for _, step in letters_to(school)] == [
        "reminder",
        "veertiendagenbrief",
        "veertiendagenbrief_2",
    ]
