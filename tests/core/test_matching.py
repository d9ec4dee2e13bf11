"""Exact matching: to the cent and with evidence, or not at all."""

from collections.abc import Iterable, Mapping
from datetime import date
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tijdig.core.matching import (
    Asked,
    Match,
    MatchIndex,
    OpenItem,
    Payment,
    build_index,
    match_all,
    match_payment,
)
from tijdig.core.problem import Sentence
from tijdig.core.references import make_rf_reference

ANNE, BRAM = UUID(int=1), UUID(int=2)
ANNES_IBAN, SHARED_IBAN = "NL20INGB0001234567", "NL02ABNA0123456789"
REFERENCE = make_rf_reference(1234)
A_DAY = date(2026, 3, 2)


def item_id(number: str) -> UUID:
    return UUID(int=1000 + sum(ord(c) * 131**place for place, c in enumerate(number)))


def make_item(number: str, open_cents: int, debtor_id: UUID = ANNE) -> OpenItem:
    return OpenItem(item_id(number), debtor_id, number, open_cents)


def make_payment(amount_cents: int, text: str = "", **changes: object) -> Payment:
    values: dict[str, object] = {
        "line_id": UUID(int=9),
        "booked_on": A_DAY,
        "key": "k",
        "amount_cents": amount_cents,
        "reference": "",
        "text": text,
        "counter_iban": "",
    }
    return Payment(**(values | changes))  # type: ignore[arg-type]


def make_index(
    *items: OpenItem,
    asked: Iterable[Asked] = (),
    known_ibans: Mapping[str, Iterable[UUID]] | None = None,
) -> MatchIndex:
    return build_index(items, asked, known_ibans or {ANNES_IBAN: [ANNE], SHARED_IBAN: [ANNE, BRAM]})


def make_asked(*parts: tuple[str, int], reference: str = REFERENCE) -> Asked:
    return Asked(reference, tuple((item_id(number), cents) for number, cents in parts))


def paid(match: Match | None) -> tuple[str, dict[UUID, int]] | None:
    return None if match is None else (match.kind, dict(match.parts))


def expect(kind: str, **parts: int) -> tuple[str, dict[UUID, int]]:
    return kind, {item_id(number.replace("_", "-").lstrip("N")): c for number, c in parts.items()}


A, B, C = make_item("2026-0412", 12100), make_item("2026-0413", 5000), make_item("2026-0414", 700)
CREDIT = make_item("C-2026-9", -2100)


def test_a_reference_with_the_amount_of_its_message() -> None:
    index = make_index(A, B, asked=[make_asked(("2026-0412", 12100))])
    match = match_payment(make_payment(12100, reference="rf54 0000 0000 1234"), index)
    assert match == Match(
        "reference",
        ((A.item_id, 12100),),
        Sentence(
            "Betalingskenmerk RF54 0000 0000 1234 en bedrag € 121,00 kloppen met het bericht over"
            " factuur 2026-0412.",
            "Payment reference RF54 0000 0000 1234 and amount € 121,00 fit the message about"
            " invoice 2026-0412.",
        ),
    )


@pytest.mark.parametrize(
    "text", ["RF54000000001234", "betaling RF54 0000 0000 1234 dank", "kenmerk:rf54000000001234"]
)
def test_a_reference_in_the_text_counts_as_much(text: str) -> None:
    index = make_index(A, B, asked=[make_asked(("2026-0412", 12100), ("2026-0413", 5000))])
    assert paid(match_payment(make_payment(17100, text), index)) == expect(
        "reference", N2026_0412=12100, N2026_0413=5000
    )


def test_a_betalingskenmerk_is_a_reference_too() -> None:
    asked = [make_asked(("2026-0412", 12100), reference="5010002167010010")]
    index = make_index(A, asked=asked)
    for payment in (
        make_payment(12100, reference="5010002167010010"),
        make_payment(12100, "acceptgiro 5010 0021 6701 0010"),
    ):
        assert paid(match_payment(payment, index)) == expect("reference", N2026_0412=12100)


def test_a_message_may_list_a_part_of_what_is_open_and_a_credit_note() -> None:
    index = make_index(A, CREDIT, asked=[make_asked(("2026-0412", 10000), ("C-2026-9", -2100))])
    match = match_payment(make_payment(7900, reference=REFERENCE), index)
    assert match is not None
    assert match.parts == ((A.item_id, 10000), (CREDIT.item_id, -2100))
    assert "facturen en creditnota's 2026-0412 en C-2026-9" in match.because.nl


def test_the_present_total_of_a_message_is_right_too() -> None:
    """Half of it was paid since, or costs were added."""
    asked = [make_asked(("2026-0412", 10000), ("2026-0413", 5000), ("2026-0399", 900))]
    index = make_index(A, B, asked=asked)
    match = match_payment(make_payment(17100, reference=REFERENCE), index)
    assert paid(match) == expect("reference", N2026_0412=12100, N2026_0413=5000)
    assert match is not None
    assert "precies wat van dat bericht nog openstaat" in match.because.nl


def test_a_reference_with_another_amount_waits_even_where_the_account_would_do() -> None:
    index = make_index(A, B, asked=[make_asked(("2026-0412", 12100), ("2026-0413", 5000))])
    for cents in (12100, 5000, 17099, 1):
        payment = make_payment(cents, "2026-0412", reference=REFERENCE, counter_iban=ANNES_IBAN)
        assert match_payment(payment, index) is None


def test_what_was_listed_must_still_be_open() -> None:
    asked = [make_asked(("2026-0412", 12100), ("2026-0413", 5000))]
    index = make_index(make_item("2026-0412", 12099), B, asked=asked)
    assert match_payment(make_payment(17100, reference=REFERENCE), index) is None
    assert paid(match_payment(make_payment(17099, reference=REFERENCE), index)) == expect(
        "reference", N2026_0412=12099, N2026_0413=5000
    )


def test_a_reference_of_two_messages_or_with_wrong_check_digits_is_nobodys() -> None:
    twice = [make_asked(("2026-0412", 12100)), make_asked(("2026-0413", 12100))]
    assert (
        match_payment(make_payment(12100, reference=REFERENCE), make_index(A, asked=twice)) is None
    )
    wrong = [make_asked(("2026-0412", 12100), reference="RF99000000001234")]
    payment = make_payment(12100, reference="RF99000000001234")
    assert match_payment(payment, make_index(A, asked=wrong)) is None


def test_two_references_that_lead_to_different_items_are_no_match() -> None:
    other = make_rf_reference(99)
    asked = [
        make_asked(("2026-0412", 12100)),
        make_asked(("2026-0500", 12100), reference=other),
    ]
    index = make_index(A, make_item("2026-0500", 12100), asked=asked)
    assert match_payment(make_payment(12100, other, reference=REFERENCE), index) is None
    assert paid(match_payment(make_payment(12100, other), index)) == expect(
        "reference", N2026_0500=12100
    )


def test_an_unknown_reference_leaves_it_to_the_text() -> None:
    index = make_index(A, B)
    payment = make_payment(12100, "2026-0412", reference=make_rf_reference(77))
    assert paid(match_payment(payment, index)) == expect("number", N2026_0412=12100)


def test_an_invoice_number_with_its_exact_amount() -> None:
    match = match_payment(make_payment(12100, "Fact. 20260412"), make_index(A, B))
    assert match == Match(
        "number",
        ((A.item_id, 12100),),
        Sentence(
            "De omschrijving noemt factuur 2026-0412, en € 121,00 is precies wat daarvan"
            " openstaat.",
            "The text names invoice 2026-0412, and € 121,00 is exactly what is open of that.",
        ),
    )


def test_an_invoice_number_in_the_reference_field_is_read_too() -> None:
    payment = make_payment(12100, reference="2026-0412")
    assert paid(match_payment(payment, make_index(A, B))) == expect("number", N2026_0412=12100)


def test_several_numbers_are_paid_together_credit_notes_counting_down() -> None:
    index = make_index(A, B, C, CREDIT)
    assert paid(match_payment(make_payment(17100, "2026-0412 + 2026-0413"), index)) == expect(
        "number", N2026_0412=12100, N2026_0413=5000
    )
    assert paid(match_payment(make_payment(10000, "2026-0412 min C20269"), index)) == expect(
        "number", N2026_0412=12100, NC_2026_9=-2100
    )


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (12099, "2026-0412"),
        (12101, "2026-0412"),
        (12100, "2026-0412 en 2026-0413"),
        (12100, "2026-0413"),
        (12100, "120260412"),
        (12100, "202604120"),
        (12100, "2026"),
        (12100, ""),
        (-12100, "2026-0412"),
        (0, "2026-0412"),
    ],
)
def test_a_number_without_its_exact_amount_is_no_match(cents: int, text: str) -> None:
    assert match_payment(make_payment(cents, text), make_index(A, B)) is None


@pytest.mark.parametrize("number", ["412", "2026", "1999", "ABCD", "-"])
def test_short_numbers_years_and_words_prove_nothing(number: str) -> None:
    index = make_index(make_item(number, 12100))
    assert match_payment(make_payment(12100, f"factuur {number}"), index) is None


def test_a_number_of_two_debtors_is_no_match() -> None:
    index = build_index(
        [OpenItem(UUID(int=5), ANNE, "1042", 100), OpenItem(UUID(int=6), BRAM, "10-42", 100)],
        [],
        {ANNES_IBAN: [ANNE]},
    )
    payment = make_payment(100, "factuur 1042", counter_iban=ANNES_IBAN)
    assert match_payment(payment, index) is None


def test_numbers_of_two_debtors_may_be_paid_at_once() -> None:
    index = make_index(A, make_item("2026-0500", 300, BRAM))
    assert paid(match_payment(make_payment(12400, "2026-0412, 2026-0500"), index)) == expect(
        "number", N2026_0412=12100, N2026_0500=300
    )


def test_all_that_the_owner_of_the_account_has_open() -> None:
    index = make_index(A, B, CREDIT, make_item("2026-0500", 300, BRAM))
    match = match_payment(make_payment(15000, counter_iban="NL20 INGB 0001 2345 67"), index)
    assert paid(match) == expect("iban_sum", N2026_0412=12100, N2026_0413=5000, NC_2026_9=-2100)
    assert match is not None
    assert match.because.nl == (
        "De betaling komt van een rekening van deze debiteur, en € 150,00 is precies alles wat hij"
        " open heeft staan: facturen en creditnota's 2026-0412, 2026-0413 en C-2026-9."
    )


def test_his_only_invoice_of_that_amount() -> None:
    index = make_index(A, B, C)
    payment = make_payment(5000, "bedankt", counter_iban=ANNES_IBAN)
    assert paid(match_payment(payment, index)) == expect("iban_sum", N2026_0413=5000)


def test_two_invoices_of_that_amount_are_no_match() -> None:
    index = make_index(A, B, make_item("2026-0415", 5000))
    assert match_payment(make_payment(5000, counter_iban=ANNES_IBAN), index) is None


def test_one_invoice_or_everything_is_no_match() -> None:
    index = make_index(A, make_item("2026-0415", 2100), CREDIT)
    assert match_payment(make_payment(12100, counter_iban=ANNES_IBAN), index) is None


@pytest.mark.parametrize("iban", [SHARED_IBAN, "NL00ONBEKEND", ""])
def test_an_account_of_several_debtors_or_of_nobody_proves_nothing(iban: str) -> None:
    assert match_payment(make_payment(12100, counter_iban=iban), make_index(A)) is None


def test_who_names_one_invoice_does_not_pay_another() -> None:
    settled = make_item("2026-0300", 0)
    index = make_index(A, settled)
    payment = make_payment(12100, "factuur 2026-0300", counter_iban=ANNES_IBAN)
    assert match_payment(payment, index) is None
    assert paid(match_payment(make_payment(12100, "2026-0300 en 2026-0412"), index)) == expect(
        "number", N2026_0412=12100
    )


def test_many_items_are_named_five_at_most() -> None:
    items = [make_item(f"2026-05{number:02d}", 100) for number in range(7)]
    match = match_payment(make_payment(700, counter_iban=ANNES_IBAN), make_index(*items))
    assert match is not None
    assert match.because.nl.endswith(
        "facturen 2026-0500, 2026-0501, 2026-0502, 2026-0503, 2026-0504 en 2 andere."
    )


def test_what_is_paid_is_not_paid_again() -> None:
    first = make_payment(12100, "2026-0412", key="a", line_id=UUID(int=11))
    again = make_payment(12100, "2026-0412", key="b", line_id=UUID(int=12))
    earlier = make_payment(
        17100, counter_iban=ANNES_IBAN, key="z", booked_on=date(2026, 3, 1), line_id=UUID(int=10)
    )
    outcome = match_all([again, first], make_index(A, B))
    assert [(p.key, paid(m)) for p, m in outcome] == [
        ("a", expect("number", N2026_0412=12100)),
        ("b", None),
    ]
    outcome = match_all([again, earlier, first], make_index(A, B))
    assert [(p.key, paid(m)) for p, m in outcome] == [
        ("z", expect("iban_sum", N2026_0412=12100, N2026_0413=5000)),
        ("a", None),
        ("b", None),
    ]


payments = st.lists(
    st.builds(
        lambda place, cents, text, iban: make_payment(
            cents, text, key=f"{place:02d}", counter_iban=iban, line_id=UUID(int=place)
        ),
        st.integers(min_value=0, max_value=99),
        st.sampled_from([12100, 5000, 700, 17100, 17800, 15700, -12100]),
        st.sampled_from(["2026-0412", "2026-0413 2026-0414", "2026-0412/2026-0413", "dank", ""]),
        st.sampled_from([ANNES_IBAN, SHARED_IBAN, ""]),
    ),
    max_size=8,
    unique_by=lambda payment: payment.key,
)


@given(payments, st.randoms(use_true_random=False))
def test_every_match_is_exact_and_the_order_given_does_not_matter(
    given_payments: list[Payment], chance: Random
) -> None:
    items = [A, B, C, make_item("2026-0500", 700, BRAM)]
    outcome = match_all(given_payments, make_index(*items))
    shuffled = list(given_payments)
    chance.shuffle(shuffled)
    assert match_all(shuffled, make_index(*items)) == outcome
    left = {item.item_id: item.open_cents for item in items}
    for payment, match in outcome:
        if match:
            assert sum(cents for _, cents in match.parts) == payment.amount_cents > 0
            for part_id, cents in match.parts:
                left[part_id] -= cents
    assert min(left.values()) >= 0
    assert sorted(p.key for p, _ in outcome) == sorted(p.key for p in given_payments)
