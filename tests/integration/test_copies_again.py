"""A copy of the invoice that did not arrive: a task for a person, and a copy to another address."""

from datetime import date
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from tests.integration.case_office import REMIND_ON, find_ids, list_because, make_office, told
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_case_messages import live

from tijdig.cases.actions import disputes, reasons
from tijdig.cases.models import Reason
from tijdig.cases.queries.lists import asks_address, count_waiting, find_case, is_late
from tijdig.core.case_messages import BY_LETTER
from tijdig.core.problem import Refusal
from tijdig.dunning.actions.answers import answer_message
from tijdig.dunning.models import Call
from tijdig.ledger.actions import flags
from tijdig.ledger.actions.debtors import change_contact, mark_address_failed
from tijdig.ledger.actions.flags import Representative
from tijdig.ledger.models import Contact
from tijdig.messaging.models import Message, MessageBody
from tijdig.tenants.scope import administration_scope

FIRST, SECOND = "inkoop@cafe.example", "post@cafe.example"
BACK_ON = date(2026, 4, 7)  # the Tuesday after Easter
COPY = "Kopie: factuur 2026-0412"


def send_copy() -> tuple[UUID, UUID]:
    """An office whose one debtor got a copy on the day of his reminder; with his reason."""
    administration = make_office()
    with administration_scope(administration):
        debtor_id, _ = find_ids()
        one = reasons.tell(
            debtor_id=debtor_id, kind="not_received", address=FIRST, **told(REMIND_ON)
        )
    assert live(administration, REMIND_ON) == [COPY]
    return administration, one


def comes_back(administration: UUID) -> None:
    with administration_scope(administration):
        message = Message.objects.get(step_key__startswith="case-", state="accepted")
        answer_message(message.id, told="came_back", **told(BACK_ON))


def moves(administration: UUID) -> None:
    """Somebody fills in another address than the one that he confirmed, before the copy went."""
    with administration_scope(administration):
        change_contact(find_ids()[0], {"email": SECOND}, **told(BACK_ON))


def waits(one: UUID, day: date) -> tuple[int, bool, bool]:
    """How many reasons wait for us, whether this one asks an address, and whether it is late."""
    row = find_case("reason", one, today=day)
    assert row is not None
    return count_waiting()["reasons"], asks_address(row), is_late(row, today=day)


def test_a_copy_that_came_back_is_a_task_that_is_late_and_stops_the_cadence(
    database: None,
) -> None:
    administration, one = send_copy()
    with administration_scope(administration):
        assert waits(one, BACK_ON) == (0, False, False)
    comes_back(administration)
    with administration_scope(administration):
        assert waits(one, BACK_ON) == (1, True, True)
    # The days of the copy are over by then: without the stop it would be the reminder.
    assert live(administration, BACK_ON, date(2026, 6, 2)) == []
    assert list_because(administration)[-1][1] == (
        "Niets gedaan: de debiteur zei op 19 maart 2026 dat hij de factuur niet kreeg. Wat hij als "
        "adres noemde, werkt niet meer. Vraag hem waar een kopie wel heen mag. Sanne de Vries "
        "had daar uiterlijk op 26 maart 2026 voor moeten zorgen."
    )


@pytest.mark.parametrize("address", [SECOND, FIRST])
def test_another_address_gets_a_copy_of_its_own_and_the_cadence_goes_on(
    database: None, address: str
) -> None:
    administration, one = send_copy()
    comes_back(administration)
    with administration_scope(administration):
        reasons.confirm_address(one, address, **told(BACK_ON))
        assert waits(one, BACK_ON) == (0, False, False)
    assert live(administration, BACK_ON, date(2026, 4, 8)) == [COPY]
    with administration_scope(administration):
        assert Contact.objects.get().email == address
        sent = Message.objects.filter(state="accepted", step_key__startswith="case-").get()
        assert (sent.planned_on, sent.pay_by_on) == (BACK_ON, date(2026, 5, 7))
        row = find_case("reason", one, today=BACK_ON)
        assert row is not None
        assert row.sent_on == BACK_ON
    assert live(administration, date(2026, 5, 8)) == ["Herinnering factuur 2026-0412"]


def test_a_second_copy_that_comes_back_asks_once_more(database: None) -> None:
    administration, one = send_copy()
    for address, day in ((SECOND, BACK_ON), ("derde@cafe.example", date(2026, 4, 8))):
        comes_back(administration)
        with administration_scope(administration):
            reasons.confirm_address(one, address, **told(day))
        assert live(administration, day) == [COPY]
    with administration_scope(administration):
        keys = Message.objects.filter(text="invoice_again").order_by("id").values_list("step_key")
        assert len({key for (key,) in keys}) == 3


def test_an_address_that_is_his_no_longer_is_asked_again(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        one = reasons.tell(
            debtor_id=find_ids()[0], kind="not_received", address=FIRST, **told(REMIND_ON)
        )
    moves(administration)
    with administration_scope(administration):
        assert waits(one, BACK_ON) == (1, True, True)
        reasons.confirm_address(one, SECOND, **told(BACK_ON))
    assert live(administration, BACK_ON) == [COPY]


def test_a_letter_to_where_post_comes_back_is_refused(database: None) -> None:
    administration, one = send_copy()
    comes_back(administration)
    with administration_scope(administration):
        debtor_id, _ = find_ids()
        where = {"street": "Laan 1", "postal_code": "3500 AA", "city": "Utrecht"}
        change_contact(debtor_id, where, **told(BACK_ON))
        mark_address_failed(debtor_id, today=BACK_ON)
        with pytest.raises(Refusal, match="geen postadres bekend waar post aankomt"):
            reasons.confirm_address(one, BY_LETTER, **told(BACK_ON))
        change_contact(debtor_id, {"street": "Laan 2"}, **told(BACK_ON))
        reasons.confirm_address(one, BY_LETTER, **told(BACK_ON))
    live(administration, BACK_ON)
    with administration_scope(administration):
        message = Message.objects.filter(text="invoice_again").latest("id")
        assert (message.channel, message.state in ("accepted", "delivered")) == ("letter", True)


def test_the_page_of_the_reason_asks_for_another_address(database: None) -> None:
    administration, one = send_copy()
    client: Client = sign_in(make_person(administration))
    page = reverse(
        "case", kwargs={"slug": slug_of(administration), "kind": "reason", "case_id": one}
    )
    said = client.get(page).content.decode()
    assert "kopie verstuurd op 19-03-2026" in said
    assert "Waar mag de kopie heen?" not in said
    comes_back(administration)
    assert "Waar mag de kopie heen?" in client.get(page).content.decode()
    client.post(page, {"do": "address", "address": SECOND})
    with administration_scope(administration):
        again = Reason.objects.get(id=one)
        assert (again.address, again.address_round) == (SECOND, 1)


def ask_to_call() -> tuple[UUID, Call]:
    administration = make_office()
    live(administration, REMIND_ON, date(2026, 3, 30))
    with administration_scope(administration):
        return administration, Call.objects.get(state="open")


def post_outcome(administration: UUID, call: Call, **more: str) -> tuple[int, str]:
    client = sign_in(make_person(administration))
    told_by = {"slug": slug_of(administration), "call_id": call.id}
    answer = client.post(
        reverse("call-outcome", kwargs=told_by), {"outcome": "reached", **more}, follow=True
    )
    return answer.status_code, answer.content.decode()


def test_who_says_by_phone_that_he_did_not_get_it_gives_his_address_there(
    database: None,
) -> None:
    administration, call = ask_to_call()
    _, said = post_outcome(administration, call, reason="not_received", address=SECOND)
    assert "Het telefoontje is vastgelegd." in said
    with administration_scope(administration):
        one = Reason.objects.get()
        assert (one.kind, one.address, one.channel) == ("not_received", SECOND, "phone")
        assert Contact.objects.get().email == SECOND


@pytest.mark.parametrize("more", [{}, {"reason": "forgot"}])
def test_an_address_without_that_reason_changes_nothing(
    database: None, more: dict[str, str]
) -> None:
    administration, call = ask_to_call()
    _, said = post_outcome(administration, call, address=SECOND, **more)
    assert "Een kopie gaat alleen uit als hij de factuur niet kreeg." in said
    with administration_scope(administration):
        assert Call.objects.get(id=call.id).state == "open"
        assert not Reason.objects.exists()
        assert Contact.objects.get().email != SECOND


@pytest.mark.parametrize("way", ["email", "letter"])
def test_an_answer_that_came_back_is_told_again_another_way(database: None, way: str) -> None:
    administration = make_office()
    with administration_scope(administration):
        debtor_id, invoice_id = find_ids()
        dispute_id = disputes.open(
            invoice_id=invoice_id, cents=2_100, category="price", **told(REMIND_ON)
        )
        disputes.decline(dispute_id, answer="Zo besteld.", root_cause="none", **told(REMIND_ON))
        # The office knows no street yet, so that nothing but mail can reach him.
        Contact.objects.update(street="", city="")
    answer = "Ons antwoord over factuur 2026-0412"
    assert live(administration, REMIND_ON) == [answer]
    comes_back(administration)
    assert live(administration, BACK_ON) == []
    changes = {"email": SECOND} if way == "email" else {"street": "Laan 1", "city": "Utrecht"}
    with administration_scope(administration):
        change_contact(debtor_id, changes, **told(date(2026, 4, 8)))
    days = (date(2026, 4, 8), date(2026, 4, 9))
    assert live(administration, *days) == ([answer] if way == "email" else [])
    with administration_scope(administration):
        sent = Message.objects.filter(text="dispute_declined").order_by("planned_on", "id")
        assert [(one.channel, one.state) for one in sent] == [
            ("email", "bounced_hard"),
            (way, "accepted"),
        ]


def test_who_represents_him_gets_the_copy_in_his_place(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        debtor_id, _ = find_ids()
        helper = Representative("Bewind B.V.", email="dossier@bewind.example")
        flags.mark(
            debtor_id=debtor_id, kind="bewind", source="CCBR", instead=helper, **told(REMIND_ON)
        )
        reasons.tell(debtor_id=debtor_id, kind="not_received", address=FIRST, **told(REMIND_ON))
    assert live(administration, REMIND_ON) == [COPY]
    with administration_scope(administration):
        assert MessageBody.objects.get().recipient == "dossier@bewind.example"
