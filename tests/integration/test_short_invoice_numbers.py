"""Payments for invoices of which the number is short, all from one account."""

from datetime import date
from uuid import UUID

from tests.integration.books import (
    balances,
    make_payment,
    make_statement,
    reason_of,
    run_on,
    take,
)
from tests.integration.office import make_debtor, make_record, take_in

from tijdig.banking.models import Suggestion
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

PAID_ON = date(2026, 3, 12)
REMIND_ON = date(2026, 3, 19)
NAMES = ("Bakkerij Noord", "Fietsen Oost", "J. Jansen", "Loods Zuid B.V.", "Praktijk West")
NUMBERS = ("101", "102", "110", "7", "F-12")


def bill(administration: UUID, *numbers: str) -> None:
    """An invoice of each number to a debtor of his own, each of another amount."""
    records = [
        make_record(
            number,
            due_on=date(2026, 3, 14),
            cents=12_100 + at * 500,
            debtor=make_debtor(f"200{at}", name=NAMES[at], email=f"k{at}@example.nl"),
        )
        for at, number in enumerate(numbers)
    ]
    take_in(administration, *records)


def test_five_invoices_paid_from_one_account_are_matched_and_bring_no_reminder(
    administration: UUID,
) -> None:
    bill(administration, *NUMBERS)
    paid = [
        make_payment(12_100 + at * 500, f"factuur {number}", on=PAID_ON)
        for at, number in enumerate(NUMBERS)
    ]
    take(administration, make_statement(*paid), day=date(2026, 3, 13))
    run_on(administration, REMIND_ON)
    assert balances(administration) == dict.fromkeys(NUMBERS, 0)
    with administration_scope(administration):
        assert Message.objects.count() == Suggestion.objects.count() == 0


def test_a_number_of_two_open_invoices_is_proposed_and_holds_who_may_have_paid(
    administration: UUID,
) -> None:
    """The account is known as that of another, so that an amount alone points to nobody."""
    bill(administration, "101", "12", "F-12")
    known = make_payment(12_100, "factuur 101", on=date(2026, 3, 11))
    take(administration, make_statement(known), day=PAID_ON)
    payment = make_payment(13_100, "factuur 12", on=PAID_ON)
    take(administration, make_statement(payment, name="AFSCHRIFT-2"), day=date(2026, 3, 13))
    run_on(administration, REMIND_ON)
    assert balances(administration) == {"101": 0, "12": 12_600, "F-12": 13_100}
    assert reason_of(administration, "2002") == "stop_possible_payment"


def test_a_house_number_is_no_invoice(administration: UUID) -> None:
    bill(administration, "12")
    payment = make_payment(9_900, "huur huisnr 12", on=PAID_ON)
    take(administration, make_statement(payment), day=date(2026, 3, 13))
    run_on(administration, REMIND_ON)
    assert balances(administration) == {"12": 12_100}
    assert reason_of(administration, "2000") == "step_taken"
