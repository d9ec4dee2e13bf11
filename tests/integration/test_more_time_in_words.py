"""A copy or an answer that gives a later day within the term of a letter: no costs follow."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.case_office import find_ids, told
from tests.integration.office import make_record, take_in
from tests.integration.test_consumer_costs import (
    DUE_ON,
    LAST_DAY,
    LETTER_ON,
    letter_of,
    lines,
    live,
    make_pupil,
    make_school,
)
from tests.integration.test_posting import post, void_of

from tijdig.cases.actions import disputes, reasons
from tijdig.ledger.models import ClaimLine
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

DAY = timedelta(days=1)
WITHIN = date(2026, 4, 9)
NEXT, POSTED_ON = LETTER_ON + DAY, LETTER_ON + 2 * DAY


def ask_for_a_copy(school: UUID, day: date) -> None:
    with administration_scope(school):
        debtor_id, invoice_id = find_ids()
        which = {"debtor_id": debtor_id, "invoice_id": invoice_id, "kind": "not_received"}
        reasons.tell(**which, address="letter", **told(day))  # type: ignore[arg-type]


def decline_an_objection(school: UUID, day: date) -> None:
    with administration_scope(school):
        _, invoice_id = find_ids()
        one = disputes.open(invoice_id=invoice_id, cents=12_100, category="price", **told(day))  # type: ignore[arg-type]
        disputes.decline(one, answer="Zo besteld.", root_cause="none", **told(day))  # type: ignore[arg-type]


@pytest.fixture
def school(database: None) -> UUID:
    administration = make_school()
    take_in(administration, make_record(due_on=DUE_ON, debtor=make_pupil()))
    live(administration, date(2026, 3, 9), LETTER_ON - DAY)
    live(administration, LETTER_ON, LETTER_ON, posts=False)
    return administration


@pytest.mark.parametrize("give", [ask_for_a_copy, decline_an_objection])
def test_a_later_day_within_the_term_overtakes_the_letter(
    school: UUID, give: Callable[[UUID, date], None]
) -> None:
    post(school, LETTER_ON, LETTER_ON, today=LETTER_ON)
    give(school, WITHIN)
    live(school, WITHIN, WITHIN)
    with administration_scope(school):
        until = Message.objects.get(phase="case").pay_by_on
    assert until is not None
    assert until > LAST_DAY
    day = until
    while day < until + 7 * DAY:
        live(school, day, day)
        day += DAY
    assert lines(school) == []
    with administration_scope(school):
        again = Message.objects.get(step_key="veertiendagenbrief_2")
        assert again.planned_on > until
        assert not ClaimLine.objects.filter(message_id=letter_of(school)).exists()


def test_a_copy_that_went_before_the_letter_was_posted_makes_it_void(school: UUID) -> None:
    ask_for_a_copy(school, NEXT)
    live(school, NEXT, NEXT, posts=False)
    post(school, LETTER_ON, POSTED_ON, today=POSTED_ON)
    assert void_of(school) == ["more_time"]
