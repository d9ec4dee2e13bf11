"""A later day that a message of a case gave: the letter's term was overtaken, default waits."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.case_office import find_ids, told
from tests.integration.mail import mail_sink
from tests.integration.office import make_debtor, make_record, take_in
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    LAST_DAY,
    LETTER_ON,
    lines,
    live,
    make_pupil,
    make_school,
    sent,
)

from tijdig.cases.actions import disputes, reasons
from tijdig.ledger.actions.debtors import confirm_kind
from tijdig.ledger.models import ClaimLine
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

DAY = timedelta(days=1)


def say_it_never_came(day: date) -> None:
    debtor_id, invoice_id = find_ids()
    reasons.tell(
        debtor_id=debtor_id,
        kind="not_received",
        invoice_id=invoice_id,
        address="letter",
        **told(day),
    )


def object_and_be_declined(day: date) -> None:
    _, invoice_id = find_ids()
    one = disputes.open(invoice_id=invoice_id, cents=12_100, category="price", **told(day))
    disputes.decline(one, answer="Zo besteld.", root_cause="none", **told(day))


@pytest.fixture
def school(database: None) -> UUID:
    """A school whose pupil's invoice of € 121,00 ran until the letter went out."""
    administration = make_school()
    take_in(administration, make_record(due_on=DUE_ON, debtor=make_pupil()))
    live(administration, date(2026, 3, 9), LETTER_ON)
    return administration


def answer_of(administration: UUID) -> tuple[date, date | None]:
    """The day of the message of the case, and the last day that it gave."""
    with administration_scope(administration):
        one = Message.objects.get(phase="case")
        return one.planned_on, one.pay_by_on


@pytest.mark.parametrize(
    ("said", "day", "until_on"),
    [
        (say_it_never_came, date(2026, 4, 7), date(2026, 5, 7)),
        # Said and answered on the last day itself, which is a Monday.
        (object_and_be_declined, LAST_DAY, date(2026, 4, 20)),
    ],
)
def test_a_later_day_in_a_message_within_the_term_overtakes_the_letter(
    school: UUID, said: Callable[[date], None], day: date, until_on: date
) -> None:
    live(school, LETTER_ON + DAY, day - DAY)
    with administration_scope(school):
        said(day)
    live(school, day, date(2026, 6, 30))
    assert answer_of(school) == (day, until_on)
    with administration_scope(school):
        first, second = Message.objects.filter(phase="veertiendagenbrief").order_by("planned_on")
        assert second.planned_on > until_on
        # The one line of costs is that of the new letter.
        assert [one.message_id for one in ClaimLine.objects.all()] == [second.id]
        assert first.planned_on == LETTER_ON


def test_an_answer_within_the_term_names_no_day_before_that_of_the_letter(school: UUID) -> None:
    day = date(2026, 3, 30)
    live(school, LETTER_ON + DAY, day - DAY)
    with administration_scope(school):
        object_and_be_declined(day)
    live(school, day, DEMAND_ON)
    # Both name the same day, so the letter stands.
    assert answer_of(school) == (day, LAST_DAY)
    assert lines(school) == [("costs", 4_000, DEMAND_ON)]


def test_a_later_day_after_the_term_leaves_the_costs(school: UUID) -> None:
    live(school, LETTER_ON + DAY, DEMAND_ON)
    with administration_scope(school):
        object_and_be_declined(DEMAND_ON + DAY)
    live(school, DEMAND_ON + DAY, DEMAND_ON + 9 * DAY)
    assert answer_of(school)[0] == DEMAND_ON + DAY
    assert lines(school) == [("costs", 4_000, DEMAND_ON)]


def test_a_rehearsal_takes_the_day_of_a_message_for_given(database: None) -> None:
    school = make_school(sending=False)
    take_in(school, make_record(due_on=DUE_ON, debtor=make_pupil()))
    day = date(2026, 4, 7)
    live(school, date(2026, 3, 9), day - DAY)
    with administration_scope(school):
        say_it_never_came(day)
    live(school, day, date(2026, 5, 29))
    steps = [step for _, step, _ in sent(school) if not step.startswith("case-")]
    assert steps == ["reminder", "veertiendagenbrief", "veertiendagenbrief_2"]


def test_no_interest_or_costs_over_the_days_that_a_copy_gave_a_business(database: None) -> None:
    school = make_school()
    take_in(school, make_record(due_on=DUE_ON, debtor=make_debtor(), cents=1_000_000))
    day = date(2026, 3, 23)
    with administration_scope(school):
        debtor_id, invoice_id = find_ids()
        confirm_kind(debtor_id, "business", **told(date(2026, 3, 3)))
    with mail_sink():
        live(school, date(2026, 3, 3), day - DAY)
        with administration_scope(school):
            reasons.tell(
                debtor_id=debtor_id,
                kind="not_received",
                invoice_id=invoice_id,
                address="inkoop@cafe.example.nl",
                **told(day),
            )
        live(school, day, date(2026, 6, 10))
    _, until_on = answer_of(school)
    assert until_on == date(2026, 4, 22)
    with administration_scope(school):
        claims = list(ClaimLine.objects.order_by("id").values_list("kind", "from_on"))
    assert {kind for kind, _ in claims} == {"costs", "interest"}
    assert min(from_on for _, from_on in claims) == until_on + DAY
