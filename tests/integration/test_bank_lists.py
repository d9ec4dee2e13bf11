"""A list without balances beside a statement of the same days: every payment once."""

from collections.abc import Sequence
from datetime import date
from itertools import permutations
from uuid import UUID

import pytest
from tests.integration.books import PAYER
from tests.integration.office import make_administration
from tests.integration.test_bank_once import booked, bring, day, gaps, pay, state
from tests.plugs.camt_samples import OWN_IBAN, Statement, make_camt

pytestmark = pytest.mark.usefixtures("database")

HEADER = (
    '"Datum","Naam / Omschrijving","Rekening","Tegenrekening","Code","Af Bij","Bedrag (EUR)",'
    '"Mutatiesoort","Mededelingen"\n'
)
WEEK = [
    (day(0), 12_100, "factuur 1"),
    (day(0), 5_000, "abonnement"),
    (day(0), 5_000, "abonnement"),
    (day(1), 5_000, "nog een"),
]


def write_list(rows: Sequence[tuple[date, int, str]], *, iban: str = PAYER) -> bytes:
    """ING's list as it was, without a column for the balance, and in words of its own."""
    told = "".join(
        f'"{on:%Y%m%d}","KORENAAR","{OWN_IBAN}","{iban}","GT","Bij",'
        f'"{cents // 100},{cents % 100:02}","Overschrijving",'
        f'"Betaald: {text} Valutadatum: {on:%d-%m-%Y}"\n'
        for on, cents, text in rows
    )
    return (HEADER + told).encode()


def write_camt(rows: Sequence[tuple[date, int, str]]) -> bytes:
    return make_camt(state(10_000, [pay(cents, text, on) for on, cents, text in rows]))


def write_mt940(rows: Sequence[tuple[date, int, str]]) -> bytes:
    first, last = rows[0][0], rows[-1][0]
    closing = 10_000 + sum(cents for _, cents, _ in rows)
    told = "".join(
        f":61:{on:%y%m%d%m%d}C{cents // 100},{cents % 100:02}NTRFNONREF\n"
        f":86:/IBAN/{PAYER}/NAME/KORENAAR/REMI/Overboeking {text}\n"
        for on, cents, text in rows
    )
    return (
        f":20:P1\n:25:{OWN_IBAN}EUR\n:28C:61\n:60F:C{first:%y%m%d}EUR100,00\n{told}"
        f":62F:C{last:%y%m%d}EUR{closing // 100},{closing % 100:02}\n-\n"
    ).encode()


def amounts(administration_id: UUID) -> list[tuple[date, int]]:
    found = booked(administration_id)
    return sorted((on, cents) for on, cents, _ in found.elements())


ONCE = sorted((on, cents) for on, cents, _ in WEEK)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_three_formats_of_the_same_days_count_each_payment_once(order: Sequence[int]) -> None:
    files = [write_list(WEEK), write_camt(WEEK), write_mt940(WEEK)]
    administration_id = make_administration()
    bring(administration_id, *(files[at] for at in order), *(files[at] for at in order))
    assert amounts(administration_id) == ONCE
    assert gaps(administration_id) == []


@pytest.mark.parametrize("is_list_first", [True, False])
def test_what_only_one_of_them_has_is_new(is_list_first: bool) -> None:
    """The list was made at noon of the first day."""
    files = [write_list(WEEK[:2]), write_camt(WEEK)]
    administration_id = make_administration()
    bring(administration_id, *(files if is_list_first else files[::-1]))
    assert amounts(administration_id) == ONCE


@pytest.mark.parametrize("is_list_first", [True, False])
def test_another_account_is_another_payment_and_a_missing_one_is_not(is_list_first: bool) -> None:
    for iban, count in (("NL02ABNA0123456789", 2), ("", 1)):
        files = [write_list(WEEK[:1], iban=iban), write_camt(WEEK[:1])]
        administration_id = make_administration()
        bring(administration_id, *(files if is_list_first else files[::-1]))
        assert len(amounts(administration_id)) == count


def test_files_of_one_format_are_told_apart_by_their_words_as_before() -> None:
    """Two parts of a day without balances: another text is another payment."""
    first, second = (
        make_camt(Statement([pay(5_000, text, day(0))], identification=text)) for text in "ab"
    )
    administration_id = make_administration()
    bring(administration_id, first, second)
    assert len(amounts(administration_id)) == 2
