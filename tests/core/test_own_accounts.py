"""Of which own account a statement is that names a number alone."""

from datetime import date
from uuid import UUID

import pytest

from tijdig.core.own_accounts import (
    OwnAccount,
    ToldMoney,
    account_number_of,
    choose_account,
    is_same_money,
    list_namesakes,
)

ABN = OwnAccount(UUID(int=1), "NL91ABNA0417164300")
RABO = OwnAccount(UUID(int=2), "NL44RABO0417164300")
BARE = UUID(int=3)
SNS, ASN = (
    OwnAccount(UUID(int=4), "NL07SNSB0417164300"),
    OwnAccount(UUID(int=5), "NL07ASNB0417164300"),
)
FIRST, SECOND = date(2026, 3, 2), date(2026, 3, 3)
PAYER, OTHER = "NL20INGB0001234567", "NL02RABO0123456789"


@pytest.mark.parametrize(
    ("account", "digits"),
    [
        ("NL91ABNA0417164300", "0417164300"),
        ("417164300", "0417164300"),
        ("0417164300", "0417164300"),
        ("12345", "0000012345"),
        ("1234", ""),
        ("BE71096123456769", ""),
    ],
)
def test_the_number_of_an_account(account: str, digits: str) -> None:
    assert account_number_of(account) == digits


def test_namesakes_are_the_ibans_that_end_in_the_number() -> None:
    others = [RABO.iban, ABN.iban, "0417164300", "NL02RABO0123456789"]
    assert list_namesakes("417164300", others) == (RABO.iban, ABN.iban)
    assert list_namesakes("BE71096123456769", others) == ()


@pytest.mark.parametrize(
    ("bare", "banks", "chosen"),
    [
        # Nobody said anything: a person is asked.
        (OwnAccount(BARE, "417164300"), (), None),
        # Whose bank wrote it, whatever was said.
        (OwnAccount(BARE, "417164300", stands_for=ABN.id), ("RABO",), RABO.id),
        (OwnAccount(BARE, "417164300"), ("INGB",), None),
        # What was said: one of them, or an account of its own.
        (OwnAccount(BARE, "417164300", stands_for=ABN.id), (), ABN.id),
        (OwnAccount(BARE, "417164300", is_confirmed=True), (), BARE),
    ],
)
def test_choosing(bare: OwnAccount, banks: tuple[str, ...], chosen: UUID | None) -> None:
    found = choose_account([bare, ABN, RABO], banks=banks)
    assert (found.id if found else None) == chosen


def test_one_bank_with_two_codes_does_not_tell_which() -> None:
    assert choose_account([SNS, ASN], banks=("SNSB", "ASNB", "RBRB")) is None


LINE, LATER = (FIRST, 1_000, PAYER), (SECOND, 500, PAYER)


@pytest.mark.parametrize(
    ("told", "whole", "same"),
    [
        (ToldMoney([LINE]), ToldMoney([LINE, LATER]), True),
        # On the days of the other one only; and something has to be there.
        (ToldMoney([LINE, LATER]), ToldMoney([LINE]), True),
        (ToldMoney([LATER]), ToldMoney([LINE]), False),
        (ToldMoney([]), ToldMoney([LINE]), False),
        (ToldMoney([LINE]), ToldMoney([]), False),
        # As often as it is there; another amount, another payer.
        (ToldMoney([LINE, LINE]), ToldMoney([LINE]), False),
        (ToldMoney([(FIRST, 1_001, PAYER)]), ToldMoney([LINE]), False),
        (ToldMoney([(FIRST, 1_000, OTHER)]), ToldMoney([LINE]), False),
        # One of both leaves the payer out; who names him goes first.
        (ToldMoney([(FIRST, 1_000, "")]), ToldMoney([LINE]), True),
        (ToldMoney([LINE]), ToldMoney([(FIRST, 1_000, "")]), True),
        (ToldMoney([(FIRST, 1_000, ""), LINE]), ToldMoney([LINE, (FIRST, 1_000, OTHER)]), True),
        # The same balance, where both know it, on the day on which the later one begins.
        (ToldMoney([LINE], 700), ToldMoney([LINE], 700), True),
        (ToldMoney([LINE], 700), ToldMoney([LINE], 701), False),
        (ToldMoney([LINE, LATER], 700), ToldMoney([LATER], 1_700), True),
        (ToldMoney([LINE, LATER], 700), ToldMoney([LATER], 700), False),
        (ToldMoney([LINE], 700), ToldMoney([LINE]), True),
    ],
)
def test_the_same_money(told: ToldMoney, whole: ToldMoney, same: bool) -> None:
    assert is_same_money(told, whole) is same
