"""An invoice whose collection came back or was left out, collected again because a person asks."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.faults.smtp_sink import SmtpSink
from tests.integration.collecting_office import (
    HAND_IN,
    START,
    approve,
    collected,
    hand_over,
    lines,
    live,
    make,
    make_one_due,
    sent_back,
    sign,
    told,
)
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.banking.actions import debits, mandates
from tijdig.banking.actions.debit_again import collect_again
from tijdig.banking.direct_debits.models import DebitLine, SepaMandate
from tijdig.core.problem import Refusal
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event

BACK_ON = date(2026, 3, 23)
AGAIN_ON = date(2026, 3, 25)
BECAUSE = "Gebeld, hij is akkoord."


@pytest.fixture
def office(sink: SmtpSink) -> UUID:
    """One invoice due on the nineteenth, of a debtor with a mandate; announced."""
    administration_id = make_one_due()
    live(administration_id, START, START + timedelta(days=1))
    return administration_id


def come_back(office: UUID, code: str) -> None:
    approve(office)
    make(office)
    hand_over(office)
    collected(office)
    sent_back(office, BACK_ON, code)


def release(office: UUID) -> None:
    with administration_scope(office):
        mandates.release(SepaMandate.objects.get(reference="M-1001").id, **told(AGAIN_ON))


def again(office: UUID, because: str = BECAUSE, day: date = AGAIN_ON) -> None:
    with administration_scope(office):
        collect_again(DebitLine.objects.order_by("-id")[0].id, because=because, **told(day))


def refused(office: UUID, because: str = BECAUSE) -> str:
    with pytest.raises(Refusal) as caught:
        again(office, because)
    return caught.value.because.en


def test_after_a_person_looked_the_next_run_announces_it_anew(office: UUID) -> None:
    come_back(office, "MS03")
    assert refused(office, " ") == "Write down why you collect again."
    assert refused(office).startswith("No mandate may be used now.")
    release(office)
    live(office, AGAIN_ON)
    assert len(lines(office)) == 1
    again(office)
    assert refused(office).startswith("This collection is under way or is done again")
    live(office, AGAIN_ON + timedelta(days=1))
    first, second = lines(office)
    assert (first[0], second[0], second[2]) == ("returned", "planned", 12_100)
    assert second[1] > AGAIN_ON + timedelta(days=5)
    with administration_scope(office):
        event = Event.objects.get(kind="collection_again")
        assert event.data == {"nl": BECAUSE, "en": BECAUSE, "reason": "MS03"}
        assert DebitLine.objects.order_by("-id")[0].attempt == 2
        # The second one comes back without a reason too: that was the last time.
        newer = DebitLine.objects.order_by("-id")[0]
        newer.state, newer.came_back_on, newer.reason_code = "returned", AGAIN_ON, "MS03"
        newer.save()
    assert refused(office).startswith("After this reason of the bank you collect once more")


def test_after_a_refusal_only_a_newer_mandate_will_do(office: UUID) -> None:
    come_back(office, "MD06")
    release(office)
    assert refused(office).startswith("The payer refused this collection.")
    sign(office, today=AGAIN_ON, reference="M-2", signed_on=AGAIN_ON)
    again(office)
    live(office, AGAIN_ON + timedelta(days=1))
    assert [row[0] for row in lines(office)] == ["returned", "planned"]
    with administration_scope(office):
        assert DebitLine.objects.order_by("-id")[0].mandate.reference == "M-2"


def test_what_was_left_out_is_proposed_again_when_a_person_asks(office: UUID) -> None:
    with administration_scope(office):
        line_id = DebitLine.objects.get().id
        debits.leave_out(line_id, because="Betaalt zelf.", **told(START + timedelta(days=1)))
    live(office, START + timedelta(days=2))
    assert [row[0] for row in lines(office)] == ["left_out"]
    again(office, day=START + timedelta(days=2))
    live(office, START + timedelta(days=3))
    assert [row[0] for row in lines(office)] == ["withdrawn", "planned"]


def test_a_living_line_or_none_at_all_is_not_collected_again(office: UUID) -> None:
    assert refused(office).startswith("This collection is under way")
    with administration_scope(office):
        assert collect_again(new_id(), because=BECAUSE, **told(HAND_IN)) is None


def test_the_page_of_the_batch_asks_why_and_says_what_follows(office: UUID) -> None:
    come_back(office, "AC04")
    with administration_scope(office):
        line = DebitLine.objects.get()
    start = f"/{slug_of(office)}/incasso"
    reader = sign_in(make_person(office, role="reader"))
    assert (
        "<summary>Opnieuw incasseren"
        not in reader.get(f"{start}/{line.batch_id}/").content.decode()
    )
    client = sign_in(make_person(office))
    shown = client.get(f"{start}/{line.batch_id}/").content.decode()
    assert "<summary>Opnieuw incasseren" in shown
    post = f"{start}/regels/{line.id}/opnieuw/"
    answer = client.post(post, {"because": BECAUSE}, follow=True).content.decode()
    assert "Er is geen machtiging die nu gebruikt mag worden." in answer
    release(office)
    answer = client.post(post, {"because": BECAUSE}, follow=True).content.decode()
    assert "De volgende run stelt deze incasso opnieuw voor." in answer
    assert "<summary>Opnieuw incasseren" not in answer
