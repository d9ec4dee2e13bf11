"""Which payment a reversal undoes, where payers give their payments the same end-to-end id."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from tests.integration.books import Listed, balances, make_list, make_statement, take
from tests.plugs.camt_samples import Detail, Entry

from tijdig.banking.models import BankLine, Suggestion
from tijdig.tenants.scope import administration_scope

PAID_ON, BACK_ON = date(2026, 3, 10), date(2026, 3, 12)
ANNES, BRAMS = "NL20INGB0001234567", "NL02RABO0123456789"


def move(amount: str, text: str, iban: str, *, back: bool = False) -> Entry:
    """A payment, or the booking that undoes one; every payer calls his payments the same."""
    day = BACK_ON if back else PAID_ON
    return Entry(
        amount,
        "DBIT" if back else "CRDT",
        booked_on=day,
        value_on=day,
        reversal=back,
        details=[Detail(iban=iban, texts=[text], end_to_end_id="BETALING")],
    )


def make_books(administration: UUID, *moves: Entry) -> None:
    take(
        administration,
        make_list(
            Listed("2026-0412", 12_100, debtor="1001"),
            Listed("2026-0733", 15_000, total_cents=15_000, debtor="1002"),
            Listed("2026-0855", 12_100, debtor="1002"),
        ),
    )
    take(administration, make_statement(*moves), day=BACK_ON)


@pytest.mark.parametrize("others", ["150.00", "121.00"], ids=["more", "as much"])
def test_the_payment_of_the_same_account_is_undone(administration: UUID, others: str) -> None:
    number = "2026-0733" if others == "150.00" else "2026-0855"
    make_books(
        administration,
        move("121.00", "factuur 2026-0412", ANNES),
        move(others, f"factuur {number}", BRAMS),
        move("121.00", "terug", ANNES, back=True),
    )
    left = {"2026-0412": 12_100, "2026-0733": 15_000, "2026-0855": 12_100} | {number: 0}
    assert balances(administration) == left


def test_what_only_another_account_paid_waits_for_a_person(administration: UUID) -> None:
    make_books(
        administration,
        move("150.00", "factuur 2026-0733", BRAMS),
        move("121.00", "terug", ANNES, back=True),
    )
    assert balances(administration)["2026-0733"] == 0
    with administration_scope(administration):
        assert BankLine.objects.get(cents=-12_100).state == "waiting"


def test_of_two_payments_of_one_account_the_one_of_this_amount_is_undone(
    administration: UUID,
) -> None:
    make_books(
        administration,
        move("121.00", "factuur 2026-0855", BRAMS),
        move("150.00", "factuur 2026-0733", BRAMS),
        move("121.00", "terug", BRAMS, back=True),
    )
    assert balances(administration) == {"2026-0412": 12_100, "2026-0733": 0, "2026-0855": 12_100}


@pytest.mark.parametrize("is_known_by", ["account", "id"])
def test_who_pays_anew_in_the_file_that_takes_his_payment_back_has_paid(
    administration: UUID, is_known_by: str
) -> None:
    """A collection comes back, and he transfers the same: nothing is left to ask."""
    make_books(administration, move("121.00", "factuur 2026-0412", ANNES))
    anew = replace(move("121.00", "factuur 2026-0412", ANNES), booked_on=BACK_ON)
    if is_known_by == "id":
        anew = replace(anew, details=[replace(anew.details[0], end_to_end_id="NIEUW")])
    back = move("121.00", "terug", ANNES, back=True)
    take(administration, make_statement(back, anew, name="AFSCHRIFT-2"), day=BACK_ON)
    assert balances(administration)["2026-0412"] == 0
    with administration_scope(administration):
        assert sorted(BankLine.objects.values_list("cents", "state")) == [
            (-12_100, "matched"),
            (12_100, "matched"),
            (12_100, "matched"),
        ]


def slip(amount: str, *, back: bool, iban: str = "", text: str = "CORRECTIE") -> Entry:
    """What the bank booked by mistake, and booked back on the same day."""
    direction = "DBIT" if amount.startswith("-") else "CRDT"
    told = Detail(iban=iban, name="", texts=[text])
    return Entry(
        amount.lstrip("-"),
        direction,
        booked_on=PAID_ON,
        value_on=PAID_ON,
        reversal=back,
        details=[told],
    )


def stand(administration: UUID) -> list[tuple[int, str, int]]:
    """Every line: its cents, its state, and how many proposals there are for it."""
    with administration_scope(administration):
        return [
            (one.cents, one.state, Suggestion.objects.filter(line=one).count())
            for one in BankLine.objects.order_by("cents", "key")
        ]


def test_two_opposite_bookings_of_one_day_leave_nothing_to_decide(administration: UUID) -> None:
    """The bank books money in and takes it back, and names no account."""
    make_books(administration, slip("121.00", back=False), slip("-121.00", back=True))
    assert stand(administration) == [(-12_100, "matched", 0), (12_100, "matched", 0)]
    assert balances(administration)["2026-0412"] == 12_100


def test_which_of_two_was_taken_back_without_a_name_is_for_a_person(administration: UUID) -> None:
    make_books(
        administration,
        slip("121.00", back=False, text="storting loket een"),
        slip("121.00", back=False, text="storting loket twee"),
        slip("-121.00", back=True),
    )
    assert [one[:2] for one in stand(administration)] == [
        (-12_100, "waiting"),
        (12_100, "unmatched"),
        (12_100, "unmatched"),
    ]


def test_our_own_payment_that_the_bank_books_back_pays_no_invoice(administration: UUID) -> None:
    """A customer who is our supplier too: what we paid him and got back is not his payment."""
    make_books(administration, move("121.00", "factuur 2026-0412", ANNES))
    take(administration, make_list(Listed("2026-0501", 12_100, debtor="1001")), day=BACK_ON)
    ours = slip("-121.00", back=False, iban=ANNES, text="uw nota")
    undone = slip("121.00", back=True, iban=ANNES, text="uw nota")
    take(administration, make_statement(ours, undone, name="AFSCHRIFT-2"), day=BACK_ON)
    assert balances(administration)["2026-0501"] == 12_100
    assert stand(administration)[:1] == [(-12_100, "outgoing", 0)]
    assert [one for one in stand(administration) if one[1] == "unmatched" or one[2]] == []


@pytest.mark.parametrize("paid_on", [BACK_ON, date(2026, 2, 10)])
def test_what_may_be_a_customers_money_is_not_taken_for_ours(
    administration: UUID, paid_on: date
) -> None:
    """We paid him as much, then or long before; what comes back is the return of his payment."""
    make_books(
        administration,
        move("121.00", "factuur 2026-0412", ANNES),
        move("121.00", "terug", ANNES, back=True),
    )
    ours = replace(slip("-121.00", back=False, iban=ANNES), booked_on=paid_on)
    take(administration, make_statement(ours, name="AFSCHRIFT-2"), day=BACK_ON)
    anew = replace(move("121.00", "factuur 2026-0412", ANNES), booked_on=BACK_ON, reversal=True)
    take(administration, make_statement(anew, name="AFSCHRIFT-3"), day=BACK_ON)
    assert balances(administration)["2026-0412"] == 0


def test_money_back_that_undoes_no_payment_of_ours_waits_to_be_matched(
    administration: UUID,
) -> None:
    """The bank takes back a return that it should not have made: the customer has paid."""
    make_books(
        administration,
        move("121.00", "factuur 2026-0412", ANNES),
        move("121.00", "terug", ANNES, back=True),
    )
    anew = replace(move("121.00", "factuur 2026-0412", ANNES), booked_on=BACK_ON, reversal=True)
    take(administration, make_statement(anew, name="AFSCHRIFT-2"), day=BACK_ON)
    assert balances(administration)["2026-0412"] == 0
