"""A term of a payment plan that is paid with the number of an invoice, and nothing else."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from tests.core.test_matching import (
    A_DAY,
    JUDGE,
    A,
    B,
    C,
    booked,
    cents,
    decide,
    make_book,
    make_item,
    make_payment,
)

from tijdig.core.matching.proposals import decide_named, decide_payments
from tijdig.core.matching.records import Asked, OpenItem, Payment

# 121,00 and 50,00: three terms of 40,00 and one of 51,00.
TERMS = (4_000, 4_000, 4_000, 5_100)
NAMED = "factuur 2026-0412"


def make_plan(*items: OpenItem, terms: tuple[int, ...] = TERMS) -> Asked:
    return Asked("", tuple((one.item_id, one.open_cents) for one in items), terms)


PLAN = make_plan(A, B)


def from_a_friend(amount_cents: int, text: str) -> Payment:
    """Who he is, neither account nor name tells: of a part, a person is asked."""
    return make_payment(amount_cents, text, counter_name="J. Jansen")


def tell_amount(amount_cents: int, text: str = NAMED, *items: OpenItem) -> tuple[str, str]:
    outcome = decide(from_a_friend(amount_cents, text), make_book(*(items or (A, B)), asked=[PLAN]))
    told = next(one for one in outcome.proposals[0].evidence if one.code.startswith("amount"))
    return told.because.nl, told.because.en


def test_the_next_term_is_booked_and_told() -> None:
    assert booked(from_a_friend(4_000, NAMED), make_book(A, B)) is None
    assert booked(from_a_friend(4_000, NAMED), make_book(A, B, asked=[PLAN])) == cents(
        N2026_0412=4_000
    )
    assert tell_amount(4_000) == (
        "€ 40,00 is termijn 1 van de 4 van de betalingsregeling voor factuur 2026-0412.",
        "€ 40,00 is term 1 of the 4 of the payment plan for invoice 2026-0412.",
    )


def test_some_terms_at_once_go_over_its_invoices_the_named_one_first() -> None:
    book = make_book(A, B, asked=[PLAN])
    assert booked(from_a_friend(8_000, "factuur 2026-0413"), book) == cents(
        N2026_0413=5_000, N2026_0412=3_000
    )
    nl, en = tell_amount(8_000, "factuur 2026-0413")
    assert nl.startswith("€ 80,00 is samen termijn 1 tot en met 2 van de 4 van de betalingsregel")
    assert en.startswith("€ 80,00 is terms 1 to 2 together of the 4 of the payment plan for inv")


def test_what_is_left_of_a_term_is_its_amount() -> None:
    """50,00 was paid: all of the first term and 10,00 of the second."""
    left = (A._replace(open_cents=7_100), B)
    for amount, is_booked in ((3_000, True), (4_000, False), (7_000, True), (1_000, False)):
        book = make_book(*left, asked=[PLAN])
        assert (booked(from_a_friend(amount, NAMED), book) is not None) is is_booked
    assert tell_amount(3_000, NAMED, *left)[0].startswith("€ 30,00 is termijn 2 van de 4 van")


def test_payments_alike_are_terms_one_after_the_other() -> None:
    payments = [
        replace(from_a_friend(amount, NAMED), line_id=UUID(int=place), key=f"{place}")
        for place, amount in enumerate((4_000, 4_000, 4_000, 4_000, 1_100), start=1)
    ]
    book = make_book(A, B, asked=[PLAN])
    outcomes = decide_payments(payments, book, JUDGE)
    # The fourth is not the 51,00 that is asked, and while that waits the fifth is no term.
    assert [one.is_sure for one in outcomes] == [True, True, True, False, False]
    told = [one.proposals[0].evidence[1].because.nl for one in outcomes[:3]]
    assert [" is termijn 2 van de 4 " in one for one in told] == [False, True, False]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("huur maart", "nothing of it is named"),
        ("factuur 2026-0412 en 2026-0414", "an invoice beside it is named"),
        ("factuur 2026-041", "the number is cut off"),
    ],
)
def test_no_term_is_booked_where(text: str, reason: str) -> None:
    book = make_book(A, B, C, asked=[PLAN])
    assert booked(from_a_friend(4_000, text), book) is None, reason


def test_what_is_open_of_the_invoice_named_goes_before_a_term() -> None:
    small = make_item("2026-0412", 4_000)
    book = make_book(small, B, asked=[make_plan(small, B, terms=(4_000, 5_000))])
    (evidence, *_) = [
        one
        for one in decide(from_a_friend(4_000, NAMED), book).proposals[0].evidence
        if one.code.startswith("amount")
    ]
    assert evidence.code == "amount_exact"


def test_the_books_and_the_bank_must_agree_on_it() -> None:
    unsure = A._replace(exact_only=True)
    assert booked(from_a_friend(4_000, NAMED), make_book(unsure, B, asked=[PLAN])) is None


def test_money_of_before_the_agreement_is_no_term() -> None:
    later = replace(PLAN, agreed_on=A_DAY + timedelta(days=1))
    payment = from_a_friend(4_000, NAMED)
    assert booked(payment, make_book(A, B, asked=[later])) is None
    on_the_day = replace(payment, booked_on=later.agreed_on)
    assert booked(on_the_day, make_book(A, B, asked=[later])) is not None


def test_before_all_of_a_plan_is_read_no_term_is_looked_for() -> None:
    book = make_book(A, asked=[PLAN])
    assert decide_named([from_a_friend(4_000, NAMED)], book, JUDGE) == []
