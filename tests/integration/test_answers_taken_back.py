"""An answer to an objection that was a mistake: taken back as long as it has not gone out."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.case_office import REMIND_ON, find_ids, make_office, told
from tests.integration.mail import mail_sink
from tests.integration.office import at
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_case_messages import live

from tijdig.cases.actions import disputes
from tijdig.cases.models import Dispute
from tijdig.cases.queries.lists import find_case, list_cases
from tijdig.core.problem import Refusal
from tijdig.dunning.actions.days import live_one_day
from tijdig.messaging.models import Message
from tijdig.tenants.models import Administration
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event

DAY = date(2026, 3, 17)
WHY = "Verkeerde knop."


def make_answered(answer: str, *, cents: int = 4_000, undo: int = 0) -> tuple[UUID, UUID]:
    administration = make_office()
    with administration_scope(administration):
        Administration.objects.update(undo_minutes=undo)
        _, invoice_id = find_ids()
        one = disputes.open(invoice_id=invoice_id, cents=cents, category="price", **told(DAY))
        action = disputes.accept if answer == "accepted" else disputes.decline
        action(one, answer="Klopt.", root_cause="price", **told(DAY))
    return administration, one


def take_back(administration: UUID, one: UUID, *, day: date = DAY, because: str = WHY) -> None:
    with administration_scope(administration):
        disputes.take_back(one, because=because, **told(day))


@pytest.mark.parametrize("answer", ["accepted", "declined"])
def test_who_answered_by_mistake_takes_it_back_and_nothing_goes(
    database: None, answer: str
) -> None:
    administration, one = make_answered(answer)
    take_back(administration, one)
    assert live(administration, DAY, REMIND_ON) == ["Herinnering factuur 2026-0412"]
    with administration_scope(administration):
        # The part is disputed again: only the rest was asked.
        assert Message.objects.get().total_cents == 8_100
        event = Event.objects.get(kind="dispute_taken_back")
        assert (event.actor, WHY in event.data["nl"]) == ("Sanne de Vries", True)
        disputes.decline(one, answer="Toch niet.", root_cause="none", **told(REMIND_ON))
    assert live(administration, date(2026, 3, 20)) == ["Ons antwoord over factuur 2026-0412"]


def test_an_answer_that_waits_its_five_minutes_is_taken_back_too(database: None) -> None:
    administration, one = make_answered("accepted", undo=5)
    with mail_sink() as sink:
        live_one_day(administration, today=DAY, now=at(DAY))
        with administration_scope(administration):
            assert Message.objects.get().state == "released"
        take_back(administration, one)
        live_one_day(administration, today=DAY, now=at(DAY) + timedelta(minutes=20))
        assert sink.stored == []
    with administration_scope(administration):
        gone = Message.objects.get()
        assert (gone.state, gone.reason) == ("cancelled", "answer_taken_back")
        disputes.accept(one, answer="Toch wel.", root_cause="price", **told(DAY))
    live(administration, date(2026, 3, 18))
    with administration_scope(administration):
        assert Message.objects.filter(state="released").count() == 1


@pytest.mark.parametrize("state", ["sending", "in_doubt", "accepted", "bounced_hard"])
def test_what_the_debtor_may_have_read_stays(database: None, state: str) -> None:
    administration, one = make_answered("accepted")
    live(administration, DAY)
    with administration_scope(administration):
        Message.objects.update(state=state)
    with pytest.raises(Refusal, match="al verstuurd"):
        take_back(administration, one)
    with administration_scope(administration):
        assert Dispute.objects.get().state == "accepted"
        assert Message.objects.get().state == state


def test_a_reason_is_asked_and_an_open_one_is_not_taken_back(database: None) -> None:
    administration, one = make_answered("declined")
    with pytest.raises(Refusal, match="Schrijf op waarom"):
        take_back(administration, one, because=" ")
    take_back(administration, one)
    with pytest.raises(Refusal, match="geen antwoord"):
        take_back(administration, one)


def test_what_was_disputed_anew_since_stands_in_its_way(database: None) -> None:
    administration, one = make_answered("declined", cents=12_100)
    with administration_scope(administration):
        _, invoice_id = find_ids()
        disputes.open(invoice_id=invoice_id, cents=100, category="price", **told(DAY))
    with pytest.raises(Refusal, match="hoogstens € 120,00"):
        take_back(administration, one)


def test_a_settled_one_comes_back(database: None) -> None:
    """The credit note was there when somebody said yes to the wrong objection."""
    administration, one = make_answered("accepted")
    with administration_scope(administration):
        Dispute.objects.update(state="settled")
        assert find_case("answer", one, today=DAY) is not None
    take_back(administration, one)
    with administration_scope(administration):
        assert find_case("answer", one, today=DAY) is None
        assert find_case("dispute", one, today=DAY) is not None


@pytest.mark.parametrize(("answer", "kind"), [("accepted", "credit"), ("declined", "answer")])
def test_the_page_of_the_answer_has_the_button(database: None, answer: str, kind: str) -> None:
    administration, one = make_answered(answer)
    client = sign_in(make_person(administration))
    start = f"/{slug_of(administration)}"
    address = f"{start}/bijzonderheden/{kind}/{one}/"
    for page in ("/debiteuren/1001/", f"/bijzonderheden/?tab={kind}"):
        assert address in client.get(start + page).content.decode()
    assert "Neem het antwoord terug" in client.get(address).content.decode()
    wrong = client.post(address, {"do": "take_back", "because": ""})
    assert wrong.status_code == 422
    assert client.post(address, {"do": "take_back", "because": WHY}).status_code == 302
    with administration_scope(administration):
        assert find_case("dispute", one, today=DAY) is not None
    said = client.get(f"{start}/debiteuren/1001/").content.decode()
    assert "Antwoord op een betwisting teruggenomen" in said


def test_an_answer_that_went_is_in_no_list_and_has_no_button(database: None) -> None:
    administration, one = make_answered("declined")
    live(administration, DAY)
    with administration_scope(administration):
        assert list_cases(today=DAY) == ()
        assert find_case("answer", one, today=DAY) is None
    accepted, other = make_answered("accepted")
    live(accepted, DAY)
    client = sign_in(make_person(accepted))
    page = client.get(f"/{slug_of(accepted)}/bijzonderheden/credit/{other}/").content.decode()
    assert "Neem het antwoord terug" not in page
