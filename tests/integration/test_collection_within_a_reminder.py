"""A collection announced within the term of the reminder: that reminder puts nobody in default."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.collecting_office import make_collecting, sign
from tests.integration.office import make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_consumer_costs import DUE_ON, lines, live, make_pupil, sent

from tijdig.banking.direct_debits.models import DebitLine
from tijdig.core.calendar import format_day
from tijdig.ledger.models import ClaimLine
from tijdig.messaging.models import Message, MessageBody
from tijdig.tenants.models import Administration
from tijdig.tenants.scope import administration_scope

REMINDER_ON, SIGNED_ON = date(2026, 3, 9), date(2026, 3, 12)


@pytest.fixture
def school(database: None) -> UUID:
    """A school that asks interest and collects; the mandate comes after the reminder."""
    school = make_collecting()
    with administration_scope(school):
        Administration.objects.filter(id=school).update(interest_from="everybody")
    record = make_record(due_on=DUE_ON, debtor=make_pupil(), cents=500_000)
    take_in(school, record)
    live(school, REMINDER_ON, SIGNED_ON - timedelta(days=1))
    return school


def test_he_is_reminded_once_more_before_a_letter_about_costs(school: UUID) -> None:
    """The school itself did not collect: the day of the first reminder was not his to keep."""
    sign(school, today=SIGNED_ON)
    live(school, SIGNED_ON, date(2026, 5, 29))
    with administration_scope(school):
        line = DebitLine.objects.select_related("batch").get()
        assert (line.state, line.announced_on) == ("left_out", SIGNED_ON)
        told = f"debit-{line.batch.collect_on:%Y%m%d}"
    steps = [step for _, step, _ in sent(school)]
    assert steps[:4] == ["reminder", told, "reminder_again", "veertiendagenbrief"]
    assert [kind for kind, _, _ in lines(school)][:2] == ["costs", "interest"]
    with administration_scope(school):
        again = Message.objects.get(step_key="reminder_again")
        first = Message.objects.get(step_key="reminder")
        interest = ClaimLine.objects.filter(kind="interest").earliest("id")
        assert again.planned_on > line.batch.collect_on
        words = " ".join(MessageBody.objects.get(message=again).text.split())
        day = format_day(line.batch.collect_on, "nl").replace("\N{NO-BREAK SPACE}", " ")
        said = f"De incasso van {day} is niet gelukt. Daarom vragen wij u om zelf te betalen."
        assert said in words.replace("\N{NO-BREAK SPACE}", " ")
        assert again.pay_by_on is not None
        assert interest.from_on == again.pay_by_on + timedelta(days=1)
    page = sign_in(make_person(school)).get(f"/{slug_of(school)}/berichten/{first.id}/")
    assert "binnen de termijn was een incasso aangekondigd" in page.content.decode()


def test_one_announced_after_the_term_changes_nothing(school: UUID) -> None:
    with administration_scope(school):
        last_day = Message.objects.get(step_key="reminder").pay_by_on
        assert last_day is not None
    after = last_day + timedelta(days=1)
    live(school, SIGNED_ON, last_day)
    sign(school, today=after)
    live(school, after, date(2026, 5, 29))
    steps = [step for _, step, _ in sent(school)]
    assert "reminder_again" not in steps
