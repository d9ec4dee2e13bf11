"""Matching on evidence: what is sure is booked, what is not is proposed with its reasons."""

from collections.abc import Iterable, Mapping
from datetime import date
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tijdig.core.matching.book import MatchBook, list_own_references, make_known
from tijdig.core.matching.proposals import DEFAULT_LIMIT, Judge, decide_payment, decide_payments
from tijdig.core.matching.records import (
    Asked,
    KnownDebtor,
    OpenItem,
    Outcome,
    Payment,
    Wording,
    lay_out_wording,
)
from tijdig.core.problem import Sentence
from tijdig.core.references import make_rf_reference

ANNE, BRAM = UUID(int=1), UUID(int=2)
DEBTORS = (KnownDebtor(ANNE, "10001", "Café Anne B.V."), KnownDebtor(BRAM, "10002", "B. Bos"))
ANNES_IBAN, SHARED_IBAN = "NL20INGB0001234567", "NL02ABNA0123456789"
REFERENCE = make_rf_reference(1234)
A_DAY = date(2026, 3, 2)
JUDGE = Judge(DEFAULT_LIMIT)


def item_id(number: str) -> UUID:
    return UUID(int=1000 + sum(ord(c) * 131**place for place, c in enumerate(number)))


def make_item(
    number: str, open_cents: int, debtor_id: UUID = ANNE, *, due_on: date = date(2026, 3, 1)
) -> OpenItem:
    return OpenItem(item_id(number), debtor_id, number, open_cents, date(2026, 2, 1), due_on)


def make_payment(amount_cents: int, text: str = "", **changes: object) -> Payment:
    values: dict[str, object] = {
        "line_id": UUID(int=9),
        "booked_on": A_DAY,
        "key": "k",
        "amount_cents": amount_cents,
        "reference": "",
        "text": text,
        "counter_iban": "",
        "counter_name": "",
    }
    return Payment(**(values | changes))  # type: ignore[arg-type]


def make_book(
    *items: OpenItem,
    asked: Iterable[Asked] = (),
    ibans: Mapping[str, Iterable[UUID]] | None = None,
) -> MatchBook:
    known = ibans if ibans is not None else {ANNES_IBAN: [ANNE], SHARED_IBAN: [ANNE, BRAM]}
    return MatchBook(items, DEBTORS, make_known(known, asked, {}))


def make_asked(*parts: tuple[str, int], reference: str = REFERENCE) -> Asked:
    return Asked(reference, tuple((item_id(number), cents) for number, cents in parts))


def decide(payment: Payment, book: MatchBook) -> Outcome:
    return decide_payment(payment, book, JUDGE)


def booked(payment: Payment, book: MatchBook) -> dict[UUID, int] | None:
    """What is booked by itself, None where a person is asked."""
    outcome = decide(payment, book)
    return dict(outcome.proposals[0].parts) if outcome.is_sure else None


def cents(**parts: int) -> dict[UUID, int]:
    return {item_id(number.replace("_", "-").lstrip("N")): c for number, c in parts.items()}


A, B, C = make_item("2026-0412", 12100), make_item("2026-0413", 5000), make_item("2026-0414", 700)
CREDIT = make_item("C-2026-9", -2100)


def from_anne(amount_cents: int, text: str = "", **changes: object) -> Payment:
    told = {"counter_iban": ANNES_IBAN, "counter_name": "CAFE ANNE BV"} | changes
    return make_payment(amount_cents, text, **told)


def test_the_evidence_in_words_with_the_places_it_rests_on() -> None:
    outcome = decide(from_anne(12100, "Fact. 20260412 dank"), make_book(A, B))
    assert outcome.is_sure
    first = outcome.proposals[0]
    assert first.parts == ((A.item_id, 12100),)
    assert [(one.code, one.because.nl, one.spans) for one in first.evidence] == [
        ("exact", "De omschrijving noemt factuur 2026-0412.", ((6, 14),)),
        ("amount_exact", "€ 121,00 is precies wat openstaat op factuur 2026-0412.", ()),
        ("account_own", "Van deze rekening betaalde deze debiteur eerder.", ()),
        ("name_same", "De betaler heet CAFE ANNE BV, zoals de debiteur.", ()),
    ]
    assert [one.because.en for one in first.evidence][:2] == [
        "The text names invoice 2026-0412.",
        "€ 121,00 is exactly what is open on invoice 2026-0412.",
    ]


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        (REFERENCE, ""),
        ("rf54 0000 0000 1234", ""),
        ("", "betaling RF54 0000 0000 1234 dank"),
        ("", "kenmerk:rf54000000001234"),
    ],
)
def test_our_own_reference_with_the_amount_of_its_message(reference: str, text: str) -> None:
    book = make_book(A, B, asked=[make_asked(("2026-0412", 12100), ("2026-0413", 5000))])
    assert booked(make_payment(17100, text, reference=reference), book) == cents(
        N2026_0412=12100, N2026_0413=5000
    )


def test_a_betalingskenmerk_is_a_reference_too() -> None:
    book = make_book(A, asked=[make_asked(("2026-0412", 12100), reference="5010002167010010")])
    payment = make_payment(12100, "acceptgiro 5010 0021 6701 0010")
    assert booked(payment, book) == cents(N2026_0412=12100)


def test_a_message_may_list_a_part_of_what_is_open_and_a_credit_note() -> None:
    asked = [make_asked(("2026-0412", 10000), ("C-2026-9", -2100))]
    book = make_book(A, CREDIT, asked=asked)
    assert booked(make_payment(7900, reference=REFERENCE), book) == {
        A.item_id: 10000,
        CREDIT.item_id: -2100,
    }


def test_a_reference_of_two_messages_or_with_wrong_check_digits_is_nobodys() -> None:
    twice = [make_asked(("2026-0412", 12100)), make_asked(("2026-0413", 12100))]
    assert booked(make_payment(12100, reference=REFERENCE), make_book(A, asked=twice)) is None
    wrong = [make_asked(("2026-0412", 12100), reference="RF99000000001234")]
    payment = make_payment(12100, reference="RF99000000001234")
    assert booked(payment, make_book(A, asked=wrong)) is None


def test_our_own_end_to_end_id() -> None:
    known = make_known({}, [], {"TIJDIG-77": ((A.item_id, 12100),)})
    book = MatchBook([A, B], DEBTORS, known)
    assert booked(make_payment(12100, end_to_end_id="TIJDIG-77"), book) == cents(N2026_0412=12100)
    assert booked(make_payment(12100, end_to_end_id="NOTPROVIDED"), book) is None


@pytest.mark.parametrize(
    "text",
    [
        "2026-0412",
        "20260412",
        "2026 04 12",
        "factuur2026-0412",
        "2026-412",
        "betaling 0412",
        "factuur 412",
        "2026-0421",
    ],
)
def test_a_number_in_any_spelling_with_amount_and_payer(text: str) -> None:
    assert booked(from_anne(12100, text), make_book(A, B)) == cents(N2026_0412=12100)


def test_several_numbers_are_paid_together_credit_notes_counting_down() -> None:
    book = make_book(A, B, C, CREDIT)
    assert booked(from_anne(17100, "2026-0412 + 2026-0413"), book) == cents(
        N2026_0412=12100, N2026_0413=5000
    )
    assert booked(from_anne(17100, "2026-0412/0413"), book) == cents(
        N2026_0412=12100, N2026_0413=5000
    )
    assert booked(from_anne(10000, "2026-0412 min C20269"), book) == cents(
        N2026_0412=12100, NC_2026_9=-2100
    )


def test_one_payment_for_forty_invoices() -> None:
    items = [make_item(f"2026-05{at:02d}", 100 + at) for at in range(40)]
    total = sum(one.open_cents for one in items)
    named = " ".join(one.number for one in items)
    everything = {one.item_id: one.open_cents for one in items}
    assert booked(from_anne(total, named), make_book(*items)) == everything
    assert booked(from_anne(total), make_book(*items)) == everything


def test_one_invoice_in_twelve_parts() -> None:
    book = make_book(make_item("2026-0600", 120_000), B)
    parts = [
        from_anne(10_000, "2026-0600", key=f"{at:02d}", line_id=UUID(int=at)) for at in range(12)
    ]
    outcomes = decide_payments(parts, book, JUDGE)
    assert [one.is_sure for one in outcomes] == [True] * 12
    assert book.open_cents[item_id("2026-0600")] == 0


def test_paid_too_much_is_kept_for_the_debtor_and_asked_about() -> None:
    outcome = decide(from_anne(13100, "2026-0412"), make_book(A))
    assert (outcome.proposals[0].parts, outcome.proposals[0].rest_cents) == (
        ((A.item_id, 12100),),
        1000,
    )


def test_cents_of_rounding_close_the_invoice() -> None:
    outcome = decide(from_anne(12099, "2026-0412"), make_book(A, B))
    assert outcome.is_sure
    assert outcome.proposals[0].parts == ((A.item_id, 12099),)
    assert outcome.proposals[0].conceded == ((A.item_id, "rounding", 1),)
    over = decide(from_anne(12102, "2026-0412"), make_book(A, B)).proposals[0]
    assert (over.parts, over.conceded) == (
        ((A.item_id, 12102),),
        ((A.item_id, "rounding", -2),),
    )


def test_a_discount_counts_within_its_term() -> None:
    item = A._replace(discount_cents=242, discount_until=A_DAY)
    outcome = decide(from_anne(11858, "2026-0412"), make_book(item))
    assert outcome.is_sure
    assert outcome.proposals[0].conceded == ((A.item_id, "discount", 242),)
    late = item._replace(discount_until=date(2026, 3, 1))
    outcome = decide(from_anne(11858, "2026-0412"), make_book(late))
    assert outcome.proposals[0].conceded == ()


def test_his_only_invoice_of_that_amount_or_all_that_he_has_open() -> None:
    book = make_book(A, B, CREDIT, make_item("2026-0500", 300, BRAM))
    assert booked(from_anne(5000, "bedankt"), book) == cents(N2026_0413=5000)
    assert booked(from_anne(15000), book) == cents(
        N2026_0412=12100, N2026_0413=5000, NC_2026_9=-2100
    )


def test_of_two_equal_invoices_the_one_due_first() -> None:
    """Whoever names nothing pays the oldest (BW 6:43 lid 2)."""
    later = make_item("2026-0300", 5000, due_on=date(2026, 4, 1))
    first = decide(from_anne(5000), make_book(later, B)).proposals[0]
    assert first.parts == ((B.item_id, 5000),)
    whenever = make_item("2026-0200", 5000)._replace(due_on=None)
    first = decide(from_anne(5000), make_book(whenever, later)).proposals[0]
    assert first.parts == ((later.item_id, 5000),)
    unknown = make_payment(5000, counter_name="Iemand Anders")
    first = decide(unknown, make_book(whenever, later, B)).proposals[0]
    assert first.parts == ((B.item_id, 5000),)


@pytest.mark.parametrize("iban", [SHARED_IBAN, "NL00ONBEKEND", ""])
def test_an_amount_alone_is_never_enough(iban: str) -> None:
    outcome = decide(make_payment(12100, counter_iban=iban), make_book(A))
    assert not outcome.is_sure
    assert [one.parts for one in outcome.proposals] in ([((A.item_id, 12100),)], [])


def test_who_names_one_invoice_does_not_pay_another() -> None:
    settled = make_item("2026-0300", 0)
    outcome = decide(from_anne(12100, "factuur 2026-0300"), make_book(A, settled))
    assert not outcome.is_sure
    assert "names_another" in {one.code for one in outcome.proposals[0].evidence}


def test_somebody_else_may_pay_what_he_names() -> None:
    payment = make_payment(12100, "2026-0412", counter_iban="NL69VOOR01", counter_name="K. Groot")
    assert booked(payment, make_book(A, B)) == cents(N2026_0412=12100)


def test_a_payment_before_its_invoice_waits() -> None:
    payment = from_anne(9900, "2026-0999")
    assert booked(payment, make_book(A, B)) is None
    later = make_item("2026-0999", 9900)
    assert booked(payment, make_book(A, B, later)) == {later.item_id: 9900}


@pytest.mark.parametrize("text", ["2026-0999", "fact 2026 0999", "klantnr 10001 2026/0999"])
def test_a_number_to_come_is_not_that_of_an_equal_invoice(text: str) -> None:
    assert booked(from_anne(12100, "12-03-2026"), make_book(A)) == cents(N2026_0412=12100)
    assert booked(from_anne(12100, text), make_book(A)) is None


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("facturen 2026-0412 t/m 2026-0415", "2026-0412 t/m 2026-0415"),
        ("2026-0412 t/m 0415 graag verwerken", "2026-0412 t/m 0415"),
        ("20260412 tot en met 20260415", "20260412 tot en met 20260415"),
        ("2026-0412 tm 15", "2026-0412 tm 15"),
        ("2026/0412 T/M 2026/0415 12-03-2026", "2026/0412 T/M 2026/0415"),
    ],
)
def test_a_range_of_numbers_takes_in_what_lies_between(text: str, written: str) -> None:
    last, brams = make_item("2026-0415", 700), make_item("2026-0414", 900, BRAM)
    book = make_book(A, B, last, brams, make_item("2026-0416", 100))
    outcome = decide(from_anne(17800, text), book)
    assert outcome.is_sure
    assert dict(outcome.proposals[0].parts) == cents(N2026_0412=12100, N2026_0413=5000) | {
        last.item_id: 700
    }
    told = {one.code: one.because.nl for one in outcome.proposals[0].evidence}
    assert told["range"].startswith(f"De omschrijving noemt “{written}”: daarin val")


def test_a_part_of_several_named_invoices_waits() -> None:
    """Which of them it leaves open only the payer knows, unless it is one, or a reference."""
    book = make_book(A, B, asked=[make_asked(("2026-0412", 12100), ("2026-0413", 5000))])
    assert booked(from_anne(9000, "2026-0412 en 2026-0413"), book) is None
    assert booked(from_anne(9000, "2026-0412"), book) == cents(N2026_0412=9000)
    assert booked(from_anne(9000, reference=REFERENCE), book) == cents(N2026_0412=9000)


def test_a_number_of_an_invoice_to_come_is_no_part_of_another() -> None:
    outcome = decide(from_anne(5000, "volgt factuur 2026-0418"), make_book(A))
    assert not outcome.is_sure


def test_five_proposals_at_most_the_surest_first() -> None:
    items = [make_item(f"2026-07{at:02d}", 2500, UUID(int=100 + at)) for at in range(9)]
    debtors = [KnownDebtor(UUID(int=100 + at), str(20_000 + at), f"P{at} Smit") for at in range(9)]
    book = MatchBook(items, debtors)
    outcome = decide(make_payment(2500, "bedankt", counter_name="P. Smit"), book)
    certainties = [one.certainty for one in outcome.proposals]
    assert not outcome.is_sure
    assert 1 < len(certainties) <= 5
    assert certainties == sorted(certainties, reverse=True)


def test_only_money_that_comes_in_is_matched() -> None:
    assert decide(make_payment(-12100, "2026-0412"), make_book(A)).proposals == ()


payments = st.lists(
    st.builds(
        lambda place, amount, text, iban: make_payment(
            amount, text, key=f"{place:02d}", counter_iban=iban, line_id=UUID(int=place)
        ),
        st.integers(min_value=0, max_value=99),
        st.sampled_from([12100, 5000, 700, 17100, 17800, 15700, 12099, 6000, -12100]),
        st.sampled_from(["2026-0412", "2026-0413 2026-0414", "2026-0412/0413", "dank", ""]),
        st.sampled_from([ANNES_IBAN, SHARED_IBAN, ""]),
    ),
    max_size=8,
    unique_by=lambda payment: payment.key,
)


@given(payments, st.randoms(use_true_random=False))
def test_every_cent_is_accounted_for_and_the_order_given_does_not_matter(
    given_payments: list[Payment], chance: Random
) -> None:
    items = [A, B, C, make_item("2026-0500", 700, BRAM)]
    outcomes = decide_payments(given_payments, make_book(*items), JUDGE)
    shuffled = list(given_payments)
    chance.shuffle(shuffled)
    assert decide_payments(shuffled, make_book(*items), JUDGE) == outcomes
    left = {item.item_id: item.open_cents for item in items}
    for outcome in outcomes:
        for proposal in outcome.proposals:
            given_cents = sum(amount for _, amount in proposal.parts) + proposal.rest_cents
            assert given_cents == outcome.payment.amount_cents > 0
        if outcome.is_sure:
            first = outcome.proposals[0]
            for part_id, amount in first.parts:
                left[part_id] -= amount
            for part_id, _, amount in first.conceded:
                left[part_id] -= amount
    assert min(left.values()) >= 0
    assert sorted(one.payment.key for one in outcomes) == sorted(p.key for p in given_payments)


@pytest.mark.parametrize(
    ("reference", "text", "named"),
    [
        ("", "factuur 2026-0412, dank u", set()),
        ("RF18 5390 0754 7034", "", {"RF18539007547034"}),
        ("", "kenmerk rf18 5390.0754/7034 graag verwerken", {"RF18539007547034"}),
    ],
)
def test_a_payment_tells_every_reference_of_ours_that_it_may_name(
    reference: str, text: str, named: set[str]
) -> None:
    found = list_own_references(make_payment(100, text, reference=reference))
    assert {one for one in found if len(one) == 16} == named
    assert all(one.startswith("RF") for one in found)


def test_what_is_told_stands_in_both_sentences_as_it_was_written() -> None:
    wording = Wording("Van {0}.", "Of {0}.", ("{1} & {}",))
    assert (wording.nl, wording.en) == ("Van {1} & {}.", "Of {1} & {}.")
    ready = Sentence("Van {0}.", "Of {0}.")
    assert Wording(*lay_out_wording(wording)) == wording
    assert Wording(*lay_out_wording(ready)).nl == ready.nl
