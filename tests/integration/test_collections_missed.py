"""A collection that nobody brings to the bank: announced once, then a person says what follows."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.faults.smtp_sink import SmtpSink
from tests.integration.collecting_office import (
    DUE,
    START,
    approve,
    lines,
    live,
    make,
    make_one_due,
    told,
)
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.banking.actions.debit_again import collect_batch_again
from tijdig.banking.direct_debits.lines.queries import count_missed, count_overdue_files
from tijdig.banking.direct_debits.models import DebitBatch
from tijdig.core.problem import Refusal
from tijdig.tenants.scope import administration_scope

NEXT = START + timedelta(days=1)
LATER = DUE + timedelta(days=1)


@pytest.fixture
def office(sink: SmtpSink) -> UUID:
    """One invoice due on the nineteenth, of a debtor with a mandate; announced."""
    administration_id = make_one_due()
    live(administration_id, START, NEXT)
    return administration_id


def test_after_a_day_that_passed_nobody_is_told_of_another_one(
    office: UUID, sink: SmtpSink
) -> None:
    live(office, DUE, *(DUE + timedelta(days=n) for n in range(1, 21)))
    assert lines(office) == [("left_out", DUE, 12_100, START)]
    announced = [one for one in sink.stored if b"Incasso op" in one[2]]
    assert len(announced) == 1
    # The ordinary reminders go on.
    assert len(sink.stored) > 1
    with administration_scope(office):
        assert count_missed(since=START) == 1
        batch_id = DebitBatch.objects.get().id
        with pytest.raises(Refusal, match="waarom"):
            collect_batch_again(batch_id, because=" ", **told(LATER))


def test_the_batch_asks_whether_to_go_on_and_the_next_run_does(office: UUID) -> None:
    live(office, DUE)
    with administration_scope(office):
        batch_id = DebitBatch.objects.get().id
    client, start = sign_in(make_person(office)), f"/{slug_of(office)}"
    page = client.get(f"{start}/incasso/{batch_id}/").content.decode()
    assert "1 incasso ging niet op tijd naar de bank." in page
    asked = {"step": "again", "because": "Was met vakantie."}
    answer = client.post(f"{start}/incasso/{batch_id}/stap/", asked, follow=True)
    assert "De volgende run stelt 1 incasso opnieuw voor." in answer.content.decode()
    again = client.post(f"{start}/incasso/{batch_id}/stap/", asked, follow=True)
    assert "Deze incasso loopt nog of wordt al opnieuw gedaan." in again.content.decode()
    live(office, LATER)
    assert [row[0] for row in lines(office)] == ["withdrawn", "planned"]
    assert lines(office)[1][1] > date(2026, 4, 2)


def test_a_file_that_lies_past_its_day_says_what_to_do(office: UUID) -> None:
    approve(office)
    make(office)
    with administration_scope(office):
        days = (DUE - timedelta(days=1), DUE)
        assert [count_overdue_files(today=day) for day in days] == [0, 1]
        batch_id = DebitBatch.objects.get().id
    client, start = sign_in(make_person(office)), f"/{slug_of(office)}"
    assert "Incassobestand bleef liggen" in client.get(f"{start}/vandaag/").content.decode()
    page = client.get(f"{start}/incasso/{batch_id}/").content.decode()
    assert "De incassodag is voorbij." in page
