"""Invoice numbers of fewer than four characters: read where announced, with the exact amount."""

from uuid import UUID

import pytest
from tests.core.test_matching import (
    ANNE,
    ANNES_IBAN,
    BRAM,
    booked,
    decide,
    from_anne,
    make_book,
    make_item,
    make_payment,
)

from tijdig.core.matching.book import Spoken, list_number_keys
from tijdig.core.matching.records import OpenItem
from tijdig.core.matching.short_numbers import is_short_number, list_short_readings
from tijdig.core.matching.spelling import tokenise

N101, N102, N103 = make_item("101", 12100), make_item("102", 5000), make_item("103", 700)
N7, F12 = make_item("7", 4300, BRAM), make_item("F-12", 9900, BRAM)


def find(text: str) -> list[str]:
    return [one.reading.joined for one in list_short_readings(text, tokenise(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("factuur 101", ["101"]),
        ("Factuur: 101", ["101"]),
        ("factuur #101 dank", ["101"]),
        ("fact. 7", ["7"]),
        ("factuurnummer 12", ["12"]),
        ("factuurnr.: 12", ["12"]),
        ("fact nr 12", ["12"]),
        ("fact.nr. 12.", ["12"]),
        ("factuur nummer 12", ["12"]),
        ("nr 12", ["12"]),
        ("betaling nummer 12", ["12"]),
        ("dank | nr 12", ["12"]),
        ("invoice 101", ["101"]),
        ("inv 101", ["101"]),
        ("rekening 101", ["101"]),
        ("nota 101, met dank", ["101"]),
        ("factuur 101 12-03-2026", ["101"]),
        ("facturen 101, 102 en 103", ["101", "102", "103"]),
        ("facturen 101,102,103", ["101", "102", "103"]),
        ("factuur 101 + 7", ["101", "7"]),
        ("factuur 101 en factuur 102", ["101", "102"]),
        ("facturen 7 t/m 9", ["7", "8", "9"]),
        ("factuur 99 tot en met 102, 7", ["99", "100", "101", "102", "7"]),
        ("factuur 101/102", ["101", "102"]),
        ("facturen 101/102/103 dank", ["101", "102", "103"]),
        ("factuur F-12", ["F12"]),
        ("factuur f 12", ["F12"]),
        ("F-12 dank", ["F12"]),
        # A date, an amount, a quantity, a part of something longer.
        ("factuur 7-3", []),
        ("factuur 7/3/2026", []),
        ("factuur 12 maart", []),
        ("factuur 12 03 2026", []),
        ("factuur 101, 12 maart", ["101"]),
        ("factuur 101,50", []),
        ("factuur 1.250", []),
        ("factuur EUR 101", []),
        ("nota 3 maanden", []),
        ("factuur 3e kwartaal", []),
        ("factuur 101A", []),
        ("factuur 2026 101", []),
        # Nothing announces it, or something else does.
        ("101", []),
        ("kamer 101", []),
        ("kamer nr 101", []),
        ("klant nummer 12", []),
        ("huisnr 12", []),
        ("Dorpsstraat 12, nr 12", []),
        ("factuur van 12", []),
        ("101, 102 en 103", []),
        ("AF-12", []),
        ("X-F-12", []),
        ("F-120", []),
    ],
)
def test_short_numbers_in_a_text(text: str, found: list[str]) -> None:
    assert find(text) == found


def test_which_numbers_are_short() -> None:
    numbers = ("101", "7", "F-12", "A1", "1000", "F-120", "ABC", "", "7-3", "2026", "1A")
    assert [one for one in numbers if is_short_number(one)] == ["101", "7", "F-12", "A1"]


@pytest.mark.parametrize(
    ("amount", "text", "paid"),
    [
        (12100, "factuur 101", {"101": 12100}),
        (4300, "fact. nr: 7", {"7": 4300}),
        (9900, "factuur F-12", {"F-12": 9900}),
        (9900, "F-12", {"F-12": 9900}),
        (9900, "factuur 12", {"F-12": 9900}),
        (17800, "facturen 101, 102 en 103", {"101": 12100, "102": 5000, "103": 700}),
        (17100, "factuur 101 en factuur 102", {"101": 12100, "102": 5000}),
    ],
)
@pytest.mark.parametrize("iban", ["", ANNES_IBAN, "NL11RABO0101000000"])
def test_a_short_number_with_its_amount_is_booked_from_any_account(
    amount: int, text: str, paid: dict[str, int], iban: str
) -> None:
    items = (N101, N102, N103, N7, F12)
    by_number = {one.number: one.item_id for one in items}
    payment = make_payment(amount, text, counter_iban=iban, counter_name="Kantoor Ruit")
    expected = {by_number[number]: cents for number, cents in paid.items()}
    assert booked(payment, make_book(*items)) == expected


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (12000, "factuur 101"),
        (12200, "factuur 101"),
        (12101, "factuur 101"),
        (12100, "kamer 101"),
        (12100, "101"),
        (12100, "factuur 102"),
        (9900, "huisnr 12"),
        (4300, "factuur 7-3"),
    ],
)
def test_without_its_amount_or_a_word_before_it_a_short_number_books_nothing(
    amount: int, text: str
) -> None:
    payment = make_payment(amount, text, counter_iban="NL11RABO0101000000")
    outcome = decide(payment, make_book(N101, N102, N7, F12))
    assert not outcome.is_sure
    told = {one.code for proposal in outcome.proposals for one in proposal.evidence}
    assert told.isdisjoint({"exact", "digits"})


def with_number(number: str, cents: int, key: int) -> OpenItem:
    return make_item(number, cents, BRAM)._replace(item_id=UUID(int=key))


@pytest.mark.parametrize("iban", ["", ANNES_IBAN])
@pytest.mark.parametrize("cents", [12100, 8000])
def test_a_short_number_of_two_open_invoices_is_proposed(iban: str, cents: int) -> None:
    book = make_book(N101, with_number("101", cents, 5))
    outcome = decide(make_payment(12100, "factuur 101", counter_iban=iban), book)
    assert not outcome.is_sure
    fitting = {ANNE, BRAM} if cents == 12100 else {ANNE}
    assert fitting <= {one.debtor_id for one in outcome.proposals}


def test_a_range_of_short_numbers_books_what_is_open_of_it() -> None:
    """102 is not there any more, and need not be; with an amount of its own it is a hint."""
    payment = make_payment(12800, "facturen 101 t/m 103", counter_iban="NL11RABO0101000000")
    assert booked(payment, make_book(N101, N103)) == {N101.item_id: 12100, N103.item_id: 700}
    assert booked(payment, make_book(N101, N102, N103)) is None


def test_two_short_numbers_with_a_slash_are_booked() -> None:
    payment = make_payment(17100, "factuur 101/102", counter_iban="NL11RABO0101000000")
    assert booked(payment, make_book(N101, N102, N103)) == {N101.item_id: 12100, N102.item_id: 5000}


def test_a_proposal_says_that_another_invoice_has_the_same_number() -> None:
    twelve = make_item("12", 9900)
    found = decide(make_payment(9900, "factuur 12"), make_book(twelve, F12))
    assert not found.is_sure
    told = {
        one.because.nl for proposal in found.proposals for one in proposal.evidence if one.against
    }
    assert "Er staat nog een factuur open met dit nummer." in told


def test_a_paid_invoice_of_the_same_number_is_no_doubt() -> None:
    book = make_book(N101, with_number("101", 0, 5))
    assert booked(make_payment(12100, "factuur 101"), book) == {N101.item_id: 12100}


def test_an_amount_of_only_one_of_the_numbers_named_is_proposed() -> None:
    outcome = decide(from_anne(12100, "facturen 101 en 102"), make_book(N101, N102))
    assert not outcome.is_sure
    assert outcome.proposals[0].parts == ((N101.item_id, 12100),)


def test_a_short_number_of_another_does_not_take_what_a_long_one_names() -> None:
    long = make_item("2026-0412", 12100)
    book = make_book(long, make_item("12", 12100, BRAM))
    assert booked(from_anne(12100, "factuur 2026-0412 nr 12"), book) == {long.item_id: 12100}


def test_the_keys_to_look_up_are_those_of_the_numbers_named() -> None:
    payment = make_payment(100, "facturen 101 en 7, kamer 12")
    assert list_number_keys(payment) >= {"11", "7"}
    spoken = Spoken([payment])
    assert [one for one in ("101", "7", "12", "F-7", "110") if spoken.is_named(one)] == [
        "101", "7", "F-7",
    ]  # fmt: skip
    assert {("11", "101"), ("7", "7")} <= set(spoken.digits)
