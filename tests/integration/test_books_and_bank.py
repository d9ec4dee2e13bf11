"""Two truths for one payment: the first that shows it books it, the others confirm it."""

from base64 import b64encode
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from tests.integration.books import (
    PAYER,
    Listed,
    balances,
    check_book,
    entries_of,
    make_list,
    make_payment,
    make_statement,
    reason_of,
    reopened,
    run_on,
    take,
)
from tests.integration.events import EVENTS, Event, play
from tests.integration.office import at, make_administration, make_record, take_in
from tests.plugs.camt_samples import Statement, make_camt
from tests.plugs.ubl_samples import make_attachment, make_customer, make_party, make_ubl

from tijdig.dunning.actions.days import send
from tijdig.ledger.belongings.models import InvoiceDocument
from tijdig.ledger.models import Debtor
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

MONDAY = date(2026, 3, 2)
DUE = date(2026, 10, 1)
A = Listed("2026-0001", 12_100)
B = Listed("2026-0002", 12_100, debtor="1002")
C = Listed("2026-0003", 5_000, total_cents=5_000)


def day(offset: int) -> date:
    return MONDAY + timedelta(days=offset)


def test_an_invoice_that_left_the_list_is_confirmed_by_the_bank(administration: UUID) -> None:
    take(administration, make_list(A, B), day=MONDAY)
    take(administration, make_list(A), day=day(7))
    assert entries_of(administration, "2026-0002") == [
        ("invoiced", 12_100),
        ("settled_in_books", -12_100),
    ]
    receipt = take(
        administration, make_statement(make_payment(12_100, "2026-0002", on=day(5))), day=day(8)
    )
    assert (receipt.matched, receipt.unmatched) == (1, 0)
    assert entries_of(administration, "2026-0002") == [
        ("invoiced", 12_100),
        ("paid", -12_100),
        ("settled_in_books", -12_100),
        ("settled_in_books", 12_100),
    ]
    assert balances(administration) == {"2026-0001": 12_100, "2026-0002": 0}
    assert reopened(administration) == 0
    check_book(administration)


def test_the_bank_first_and_the_list_confirms(administration: UUID) -> None:
    take(administration, make_list(A, B), day=MONDAY)
    take(administration, make_statement(make_payment(12_100, "2026-0002", on=day(5))), day=day(6))
    take(administration, make_list(A), day=day(7))
    assert entries_of(administration, "2026-0002") == [("invoiced", 12_100), ("paid", -12_100)]
    check_book(administration)


def test_a_list_that_does_not_know_a_fresh_payment_yet_changes_nothing(
    administration: UUID,
) -> None:
    take(administration, make_list(A), day=MONDAY)
    take(administration, make_statement(make_payment(12_100, "2026-0001", on=day(5))), day=day(6))
    take(administration, make_list(A, C), day=day(7))
    run_on(administration, day(7))
    assert balances(administration) == {"2026-0001": 0, "2026-0003": 5_000}
    assert not reason_of(administration).startswith("stop_")


def pay_a_part(administration: UUID) -> None:
    """121 euros, of which books and bank saw 41 paid."""
    take(administration, make_list(A), day=MONDAY)
    take(administration, make_list(Listed("2026-0001", 8_000)), day=day(7))
    line = make_payment(4_100, "deel van 2026-0001", on=day(5))
    take(administration, make_statement(line), day=day(8))


def test_a_difference_holds_the_debtor_until_a_list_agrees(administration: UUID) -> None:
    pay_a_part(administration)
    run_on(administration, day(9))
    take(administration, make_list(A, B), day=day(14))
    run_on(administration, day(14))
    assert balances(administration)["2026-0001"] == 8_000
    assert reason_of(administration) == "stop_books_differ"
    take(administration, make_list(Listed("2026-0001", 8_000), B), day=day(17))
    run_on(administration, day(17))
    assert reason_of(administration) == "step_taken"
    check_book(administration)


def test_a_difference_stops_what_was_released(database: None) -> None:
    administration = make_administration(sending=True)
    pay_a_part(administration)
    run_on(administration, day(17))
    with administration_scope(administration):
        assert [one.state for one in Message.objects.all()] == ["released"]
    take(administration, make_list(A, B), day=day(17))
    send(administration, today=day(17), clock=lambda: at(day(17)))
    with administration_scope(administration):
        assert [(one.state, one.reason) for one in Message.objects.all()] == [
            ("cancelled", "stop_books_differ")
        ]


def test_a_part_that_the_books_saw_lowers_what_is_asked(administration: UUID) -> None:
    take(administration, make_list(A), day=MONDAY)
    take(administration, make_list(Listed("2026-0001", 6_000)), day=day(7))
    assert balances(administration) == {"2026-0001": 6_000}
    run_on(administration, date(2026, 3, 19))
    with administration_scope(administration):
        assert Message.objects.get().total_cents == 6_000


def test_an_invoice_dated_far_ahead_comes_in_with_a_word(administration: UUID) -> None:
    far = Listed("2026-0503", 12_100, issued_on=date(2026, 6, 1), due_on=date(2026, 7, 1))
    near = Listed("2026-0504", 12_100, issued_on=date(2026, 5, 1), due_on=date(2026, 6, 1))
    receipt = take(administration, make_list(far, near), day=MONDAY)
    said = "Factuur 2026-0503 heeft een datum die nog lang moet komen: 01-06-2026. Controleer de"
    assert [(one.place, one.because.nl, one.severity) for one in receipt.problems] == [
        ("regel 2", f"{said} datum.", "warning")
    ]
    assert set(balances(administration)) == {"2026-0503", "2026-0504"}


def test_a_part_that_the_books_saw_counts_as_a_change_once(administration: UUID) -> None:
    """What a list says of an amount is news, though nothing on the invoice itself changed."""
    other = Listed("2026-0502", 12_100)
    before = make_list(Listed("2026-0501", 12_100), other)
    lower = make_list(Listed("2026-0501", 10_000), other)
    told = [
        take(administration, content, day=date(2026, 3, day)).files[0]
        for day, content in ((2, before), (3, lower), (4, lower))
    ]
    found = [(one.new, one.changed, one.unchanged, one.settled) for one in told]
    assert found == [(2, 0, 0, 0), (0, 1, 1, 0), (0, 0, 2, 0)]


@pytest.mark.parametrize("by_reference", [True, False])
def test_the_rest_after_a_part_that_only_the_books_saw_closes_the_invoice(
    administration: UUID, by_reference: bool
) -> None:
    half = Listed("2026-0001", 6_050)
    take(administration, make_list(half), day=MONDAY)
    run_on(administration, date(2026, 3, 19))
    with administration_scope(administration):
        reference = Message.objects.get().payment_reference
    payment = make_payment(
        6_050,
        "" if by_reference else "factuur 2026-0001",
        on=date(2026, 3, 20),
        reference=reference if by_reference else "",
    )
    receipt = take(administration, make_statement(payment), day=date(2026, 3, 21))
    assert (receipt.matched, balances(administration)) == (1, {"2026-0001": 0})
    take(administration, make_list(C), day=date(2026, 3, 28))
    assert balances(administration) == {"2026-0001": 0, "2026-0003": 5_000}
    check_book(administration)


def test_the_part_that_the_books_saw_is_confirmed_by_its_amount_and_day(
    administration: UUID,
) -> None:
    pay_a_part(administration)
    assert balances(administration) == {"2026-0001": 8_000}
    rest = make_payment(8_000, "rest van 2026-0001", on=day(9))
    assert take(administration, make_statement(rest, name="2"), day=day(10)).matched == 1
    assert balances(administration) == {"2026-0001": 0}
    check_book(administration)


def test_a_later_part_of_the_same_amount_is_not_taken_for_the_one_that_the_books_saw(
    administration: UUID,
) -> None:
    take(administration, make_list(A), day=MONDAY)
    take(administration, make_list(Listed("2026-0001", 8_000)), day=day(7))
    line = make_payment(4_100, "nog een deel van 2026-0001", on=day(9))
    assert take(administration, make_statement(line), day=day(10)).unmatched == 1
    assert balances(administration) == {"2026-0001": 8_000}


def test_books_may_open_an_invoice_again(administration: UUID) -> None:
    take(administration, make_list(A, B), day=MONDAY)
    take(administration, make_list(B), day=day(7))
    assert balances(administration)["2026-0001"] == 0
    take(administration, make_list(A, B), day=day(14))
    # Byte for byte the first list: it speaks of the first day, and says nothing.
    assert balances(administration)["2026-0001"] == 0
    take(administration, make_list(A, B, C), day=day(15))
    assert balances(administration)["2026-0001"] == 12_100
    assert reopened(administration) == 1
    check_book(administration)


def test_an_older_list_says_nothing_about_what_a_newer_one_said(administration: UUID) -> None:
    take(administration, make_list(A), day=day(7))
    older = take(administration, make_list(Listed("2026-0001", 9_000), B), day=MONDAY)
    assert balances(administration) == {"2026-0001": 12_100, "2026-0002": 0}
    assert older.files[0].settled == 1
    check_book(administration)


def test_an_old_list_with_a_fault_is_not_news_when_it_comes_again(administration: UUID) -> None:
    faulty = make_list(A, B).replace(b"Klant 1002", b"")
    take(administration, faulty, day=MONDAY)
    take(administration, make_list(C), day=day(7))
    assert balances(administration)["2026-0001"] == 0
    take(administration, faulty, make_list(C), day=day(8))
    assert balances(administration)["2026-0001"] == 0


def test_a_list_with_refused_rows_settles_nothing_and_holds(administration: UUID) -> None:
    take(administration, make_list(A, B, C), day=MONDAY)
    run_on(administration, MONDAY)
    broken = make_list(A, Listed("2026-0004", 700, total_cents=700, debtor="1004")).replace(
        b"7,00;7,00", b"7,00;zeven"
    )
    receipt = take(administration, broken, day=day(7))
    assert (receipt.files[0].settled, receipt.files[0].rejected) == (0, 1)
    run_on(administration, day(7))
    assert [reason_of(administration, debtor) for debtor in ("1001", "1002")] == [
        "stop_books_differ",
        "stop_books_differ",
    ]
    take(administration, make_list(A, B), day=day(8))
    run_on(administration, day(8))
    assert balances(administration) == {"2026-0001": 12_100, "2026-0002": 12_100, "2026-0003": 0}
    assert [reason_of(administration, debtor) for debtor in ("1001", "1002")] == [
        "not_due_yet",
        "not_due_yet",
    ]


def test_the_same_files_again_change_nothing(administration: UUID) -> None:
    files = (
        make_list(A, B),
        make_statement(make_payment(12_100, "2026-0001", on=MONDAY)),
        make_ubl(number="2026-0117"),
    )
    take(administration, *files, day=MONDAY)
    before = balances(administration)
    again = take(administration, *files, day=day(9))
    assert [(one.new, one.changed, one.new_lines, one.settled) for one in again.files] == [
        (0, 0, 0, 0)
    ] * 3
    assert {one.already_on for one in again.files} == {MONDAY}
    assert balances(administration) == before


@pytest.mark.parametrize("list_first", [True, False])
@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("number", ["10023", "77"])
def test_a_list_beside_the_invoices_themselves(
    administration: UUID, list_first: bool, together: bool, number: str
) -> None:
    # The invoice knows him by his KvK number, the list by the number in the books.
    customer = make_customer() if number == "10023" else make_party("Hotel Aan de Gracht")
    document = make_attachment(b64encode(b"%PDF-1.7 proef").decode())
    invoice = make_ubl(number="2026-0117", customer=customer, references=document)
    row = Listed("2026-0117", 6_050, debtor=number, issued_on=date(2026, 9, 1), due_on=DUE)
    listed = make_list(row).replace(f"Klant {number}".encode(), b"Hotel Aan de Gracht")
    files = (listed, invoice) if list_first else (invoice, listed)
    receipts = (
        [take(administration, *files, day=date(2026, 9, 8))]
        if together
        else [take(administration, one, day=date(2026, 9, 8)) for one in files]
    )
    assert [one.because.nl for receipt in receipts for one in receipt.problems] == []
    assert balances(administration) == {"2026-0117": 6_050}
    with administration_scope(administration):
        assert list(Debtor.objects.values_list("number", flat=True)) == [number]
        assert InvoiceDocument.objects.count() == 1


def test_a_credit_note_that_was_deducted_is_set_off(administration: UUID) -> None:
    credit = Listed("2026-0008", -2_100, total_cents=-2_100)
    take(administration, make_list(A, credit), day=MONDAY)
    both = make_payment(10_000, "2026-0001 min 2026-0008", on=day(1))
    assert take(administration, make_statement(both), day=day(2)).matched == 1
    assert entries_of(administration, "2026-0001")[1:] == [("paid", -10_000), ("set_off", -2_100)]
    assert entries_of(administration, "2026-0008")[1:] == [("set_off", 2_100)]
    # A list that does not know it yet gives the credit note no second life.
    take(administration, make_list(A, credit, C), day=day(3))
    assert balances(administration) == {"2026-0001": 0, "2026-0003": 5_000, "2026-0008": 0}
    take(administration, make_list(C), day=day(20))
    assert balances(administration) == {"2026-0001": 0, "2026-0003": 5_000, "2026-0008": 0}
    check_book(administration)


def test_books_that_used_a_credit_note_are_followed(administration: UUID) -> None:
    credit = Listed("2026-0008", -2_100, total_cents=-2_100)
    take(administration, make_list(A, credit), day=MONDAY)
    take(administration, make_list(Listed("2026-0001", 10_000)), day=day(7))
    assert balances(administration) == {"2026-0001": 10_000, "2026-0008": 0}
    both = make_payment(10_000, "2026-0001", on=day(8))
    assert take(administration, make_statement(both), day=day(9)).matched == 1
    assert balances(administration) == {"2026-0001": 0, "2026-0008": 0}
    check_book(administration)


def test_by_the_sum_of_a_known_account(administration: UUID) -> None:
    take(administration, make_list(Listed("2026-0001", 12_100, iban=PAYER), C), day=MONDAY)
    receipt = take(administration, make_statement(make_payment(17_100, on=day(1))), day=day(2))
    assert (receipt.matched, balances(administration)) == (1, {"2026-0001": 0, "2026-0003": 0})


def test_an_account_learned_from_one_payment_serves_the_next(administration: UUID) -> None:
    take(administration, make_list(A, C), day=MONDAY)
    statement = make_statement(
        make_payment(5_000, on=MONDAY), make_payment(12_100, "2026-0001", on=day(1))
    )
    assert take(administration, statement, day=day(2)).matched == 2
    assert balances(administration) == {"2026-0001": 0, "2026-0003": 0}


def test_unmatched_money_from_a_known_account_holds_until_it_is_matched(
    administration: UUID,
) -> None:
    take(administration, make_list(Listed("2026-0001", 12_100, iban=PAYER)), day=MONDAY)
    line = make_payment(5_000, "volgt factuur 2026-0003", on=day(1))
    assert take(administration, make_statement(line), day=day(2)).unmatched == 1
    run_on(administration, date(2026, 3, 19))
    assert reason_of(administration) == "stop_unmatched_payment"
    # It was for the invoice of another debtor: the first one is held no longer.
    theirs = Listed("2026-0003", 5_000, total_cents=5_000, debtor="1003")
    rows = (Listed("2026-0001", 12_100, iban=PAYER), theirs)
    assert take(administration, make_list(*rows), day=date(2026, 3, 19)).matched == 1
    run_on(administration, date(2026, 3, 19))
    assert reason_of(administration) == "step_taken"
    assert balances(administration) == {"2026-0001": 12_100, "2026-0003": 0}


def test_a_payment_before_its_invoice_matches_when_that_comes(administration: UUID) -> None:
    line = make_payment(12_100, "vooruit 2026-0001", on=MONDAY)
    assert take(administration, make_statement(line), day=MONDAY).unmatched == 1
    assert take(administration, make_list(A), day=day(2)).matched == 1
    assert balances(administration) == {"2026-0001": 0}
    check_book(administration)


def test_overlapping_statements_give_each_line_once(administration: UUID) -> None:
    one, other = make_payment(1_000, "x", on=MONDAY), make_payment(1_000, "x", on=MONDAY)
    next_day = make_payment(1_000, "x", on=day(1))
    first = take(administration, make_statement(one, other), day=day(1))
    second = take(administration, make_statement(one, other, next_day, name="2"), day=day(2))
    spread = make_camt(
        Statement(entries=(one,), identification="3"),
        Statement(entries=(other, next_day), identification="4"),
    )
    third = take(administration, spread, day=day(3))
    assert [one.files[0].new_lines for one in (first, second, third)] == [2, 1, 0]


def test_what_was_prepaid_is_no_debt(administration: UUID) -> None:
    take_in(administration, make_record(cents=12_100, open_cents=6_000), today=MONDAY)
    assert balances(administration) == {"2026-0412": 6_000}
    check_book(administration)


@settings(max_examples=20)
@given(events=EVENTS)
def test_every_cent_reconciles_after_any_sequence(database: None, events: list[Event]) -> None:
    administration = make_administration()
    play(administration, events)
    check_book(administration)
