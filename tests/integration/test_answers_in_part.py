"""Who was right about a part: what he reads of the rest is true, whatever waits about it."""

from datetime import date
from uuid import UUID

import pytest
from tests.integration.books import make_payment, make_statement, take
from tests.integration.case_office import REMIND_ON, find_ids, make_office, told
from tests.integration.test_case_messages import live

from tijdig.banking.models import BankLine
from tijdig.cases.actions import disputes
from tijdig.messaging.models import MessageBody
from tijdig.tenants.scope import administration_scope

DAY = date(2026, 3, 17)
NOTHING_LEFT = "U hoeft voor deze factuur niets meer te betalen."


@pytest.fixture
def office(database: None) -> UUID:
    return make_office()


def object_to(cents: int, category: str = "price") -> UUID:
    _, invoice_id = find_ids()
    return disputes.open(invoice_id=invoice_id, cents=cents, category=category, **told(DAY))


def accept(one: UUID, day: date = DAY) -> None:
    disputes.accept(one, answer="Klopt.", root_cause="price", **told(day))


def read_letter(office: UUID) -> str:
    """What the mail server got, in words."""
    assert live(office, DAY, REMIND_ON) == ["U heeft gelijk over factuur 2026-0412"]
    with administration_scope(office):
        return MessageBody.objects.get().text


def test_who_still_disputes_the_rest_does_not_hear_that_he_owes_nothing(office: UUID) -> None:
    with administration_scope(office):
        one = object_to(4_000)
        other = object_to(8_100, "quantity")
        accept(one)
    said = read_letter(office)
    assert NOTHING_LEFT not in said
    assert "De rest van de factuur vragen wij nu niet." in said
    # It is declined: now it is asked, and nothing that he read before speaks against it.
    with administration_scope(office):
        disputes.decline(other, answer="Nee.", root_cause="none", **told(date(2026, 3, 23)))
    assert live(office, date(2026, 3, 23)) == ["Ons antwoord over factuur 2026-0412"]
    with administration_scope(office):
        texts = MessageBody.objects.filter(message__text="dispute_declined")
        assert "Er staat € 81,00 open." in texts.get().text


def test_who_disputes_a_part_of_the_rest_reads_that_it_is_not_all(office: UUID) -> None:
    with administration_scope(office):
        one = object_to(4_000)
        object_to(3_000, "quantity")
        accept(one)
    said = read_letter(office)
    assert "Wij vragen u nu € 51,00. Dat kunt u betalen tot en met 24 maart 2026." in said
    assert "Een deel vragen wij nu niet." in said


def test_an_answer_does_not_ask_for_what_waits_to_be_matched(office: UUID) -> None:
    """€ 81,00 came in on the invoice of € 121,00, of which he is right about € 40,00."""
    with administration_scope(office):
        one = object_to(4_000)
    payment = make_payment(8_100, "factuur 2026-0412 min korting", on=DAY)
    take(office, make_statement(payment), day=DAY)
    with administration_scope(office):
        assert BankLine.objects.get().state == "unmatched"
        accept(one)
    said = read_letter(office)
    assert "81,00" not in said
    assert "De rest van de factuur vragen wij nu niet." in said
    assert NOTHING_LEFT not in said
