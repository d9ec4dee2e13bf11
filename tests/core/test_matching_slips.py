"""A number may be another's by a slip, or be the customer's own: then it proves less."""

from uuid import UUID

import pytest
from tests.core.test_matching import (
    ANNE,
    ANNES_IBAN,
    BRAM,
    DEBTORS,
    JUDGE,
    booked,
    decide,
    make_book,
    make_item,
    make_payment,
)

from tijdig.core.matching.proposals import decide_named
from tijdig.core.matching.records import OpenItem, Payment

BRAMS_IBAN = "NL69VOOR0123456789"
IBANS = {ANNES_IBAN: [ANNE], BRAMS_IBAN: [BRAM]}
ANNES = make_item("2026-04779", 19_900)
BRAMS = make_item("2026-04774", 19_900, BRAM)


def from_anne(text: str, cents: int = 19_900) -> Payment:
    return make_payment(cents, text, counter_iban=ANNES_IBAN, counter_name="Café Anne BV")


def paid(payment: Payment, *items: OpenItem) -> dict[UUID, int] | None:
    return booked(payment, make_book(*items, ibans=IBANS))


def test_anothers_number_that_is_nearly_the_payers_own_waits_for_a_person() -> None:
    payment = from_anne("factuur 2026-04774")
    outcome = decide(payment, make_book(ANNES, BRAMS, ibans=IBANS))
    assert not outcome.is_sure
    assert {one.parts for one in outcome.proposals} == {
        ((ANNES.item_id, 19_900),),
        ((BRAMS.item_id, 19_900),),
    }
    assert decide_named([payment], make_book(ANNES, BRAMS, ibans=IBANS), JUDGE) == []


@pytest.mark.parametrize(
    "own",
    [make_item("2026-04779", 19_800), make_item("2026-01234", 19_900)],
    ids=["another amount", "another number"],
)
def test_who_pays_for_another_pays_what_he_names(own: OpenItem) -> None:
    assert paid(from_anne("factuur 2026-04774"), own, BRAMS) == {BRAMS.item_id: 19_900}


def test_his_own_number_is_no_slip() -> None:
    assert paid(from_anne("factuur 2026-04779"), ANNES, BRAMS) == {ANNES.item_id: 19_900}


def test_a_customer_number_is_no_slip_in_the_number_of_an_invoice() -> None:
    assert DEBTORS[0].number == "10001"
    older = make_item("VF-010472", 2_500)
    near = make_item("VF-010010", 2_500)
    found = decide(from_anne("klantnummer 10001", 2_500), make_book(older, near, ibans=IBANS))
    assert {one.kind for one in found.proposals} == {"none"}


def test_who_has_the_payers_name_may_have_slipped_where_nobody_knows_the_account() -> None:
    """Anne pays from a new account, and the number that she names is Bram's."""
    new = make_payment(
        19_900, "factuur 2026-04774", counter_iban="NL44VOOR0000000044", counter_name="Café Anne BV"
    )
    outcome = decide(new, make_book(ANNES, BRAMS, ibans={}))
    assert not outcome.is_sure
    assert {one.parts for one in outcome.proposals} == {
        ((ANNES.item_id, 19_900),),
        ((BRAMS.item_id, 19_900),),
    }
    assert decide_named([new], make_book(ANNES, BRAMS, ibans={}), JUDGE) == []


def test_a_stranger_who_names_an_invoice_in_full_pays_it() -> None:
    aunt = make_payment(
        19_900,
        "factuur 2026-04774",
        counter_iban="NL44VOOR0000000044",
        counter_name="G. Zwanenveld",
    )
    assert paid(aunt, ANNES, BRAMS) == {BRAMS.item_id: 19_900}
