"""Words anywhere: who is found, and that each way to come by the rows gives the same list."""

from dataclasses import replace
from datetime import date
from itertools import product
from uuid import UUID

import pytest
from tests.integration.office import make_administration, make_debtor, make_record, take_in

from tijdig.ledger.queries.lists import (
    DebtorTab,
    count_debtors,
    count_invoices,
    list_debtors,
    list_invoices,
)
from tijdig.ledger.queries.words import Found, find_debtors, find_invoices
from tijdig.tenants.scope import administration_scope

TODAY = date(2026, 3, 1)
TABS: tuple[DebtorTab, ...] = ("all", "open", "overdue", "attention")


@pytest.fixture
def books(administration: UUID) -> UUID:
    """Five invoices of three debtors; one is late, one has references."""
    groen = make_debtor("1001", name="Hovenier GROEN 100%")
    smit = replace(make_debtor("1002", name="Mevrouw Smit"), email="Anna@groenweg.example.nl")
    other = make_debtor("20_3", name="Garage Été")
    take_in(
        administration,
        make_record("2026-1", debtor=groen, due_on=date(2026, 2, 1)),
        make_record("2026-2", debtor=groen, cents=-500),
        replace(make_record("2026-3", debtor=smit), order_reference="Inkoop Groen 7"),
        replace(make_record("X-4", debtor=other), customer_reference="PO_88"),
        make_record("X-5", debtor=other),
    )
    take_in(make_administration(), make_record("9-1", debtor=make_debtor("1", name="Groen elders")))
    return administration


@pytest.mark.parametrize(
    ("words", "debtors", "invoices"),
    [
        ("groen", ["1001", "1002"], ["2026-1", "2026-2", "2026-3"]),
        ("GROENWEG", ["1002"], []),
        ("ÉTÉ", ["20_3"], ["X-4", "X-5"]),
        ("0%", ["1001"], ["2026-1", "2026-2"]),
        ("0_", ["20_3"], []),
        ("o_8", [], ["X-4"]),
        ("2026-", [], ["2026-1", "2026-2", "2026-3"]),
        ("26-", [], ["2026-1", "2026-2", "2026-3"]),
        ("\\", [], []),
        ("elders", [], []),
    ],
)
def test_words_are_found_anywhere_in_capitals_or_not(
    books: UUID, words: str, debtors: list[str], invoices: list[str]
) -> None:
    with administration_scope(books):
        found = find_debtors(words), find_invoices(words)
        rows = list_debtors(tab="all", found=found[0], after=None, today=TODAY, limit=9)
        lines = list_invoices(tab="all", found=found[1], after=None, today=TODAY, limit=9)
    assert sorted(one.number for one in rows) == debtors
    assert sorted(one.number for one in lines) == invoices


@pytest.mark.parametrize(("words", "tab"), list(product(("groen", "e", "26-"), TABS)))
def test_rows_by_their_ids_and_rows_one_by_one_are_the_same(
    books: UUID, words: str, tab: DebtorTab
) -> None:
    """The second is for words that very many hold; of them only the first few ids are known."""
    with administration_scope(books):
        for find, rows_of, count in (
            (find_debtors, list_debtors, count_debtors),
            (find_invoices, list_invoices, count_invoices),
        ):
            by_ids = find(words)
            by_words = Found(words, "words", by_ids.ids[:1])
            seen = [
                (
                    rows_of(tab=tab, found=one, after=None, today=TODAY, limit=9),
                    [count(tab=tab, found=one, today=TODAY, up_to=most) for most in (1, 9)],
                )
                for one in (by_ids, by_words)
            ]
            assert seen[0] == seen[1]
            assert by_ids.by == "ids"
