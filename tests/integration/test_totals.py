"""What is open and late over everything: kept as it changes, and always the sum of all entries."""

from datetime import date
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from tests.integration.books import (
    Listed,
    check_totals,
    make_list,
    make_payment,
    make_statement,
    run_on,
    take,
)
from tests.integration.office import make_administration

from tijdig.ledger.belongings.models import OpenChange
from tijdig.ledger.models import OpenItem
from tijdig.ledger.queries.balances import Totals
from tijdig.tenants.scope import administration_scope

MARCH, APRIL = date(2026, 3, 14), date(2026, 4, 14)


@pytest.fixture
def book(database: None) -> UUID:
    """Two invoices of one customer and one of another, 121 euros each."""
    administration = make_administration()
    rows = [Listed("1", 12_100), Listed("2", 12_100, due_on=APRIL)]
    take(administration, make_list(*rows, Listed("3", 12_100, debtor="1002")))
    return administration


def totals(administration: UUID) -> Totals:
    with administration_scope(administration):
        return check_totals(administration)


def test_totals_follow_every_change(book: UUID) -> None:
    assert totals(book) == Totals(36_300, 24_200, 3, 2)
    # A part is paid, then the rest of that invoice.
    take(book, make_statement(make_payment(2_100, "factuur 3", on=MARCH), name="A"))
    partly = totals(book)
    # The books say that one is due later, that one is paid, and bring a new one.
    rows = [Listed("1", 12_100, due_on=APRIL), Listed("2", 12_100, due_on=APRIL)]
    take(book, make_list(*rows, Listed("4", -5_000, total_cents=-5_000)), day=date(2026, 3, 16))
    after = totals(book)
    assert partly.open_count == 3
    assert (after.open_cents, after.overdue_cents) == (19_200, 0)
    assert (after.open_count, after.overdue_count) == (2, 0)


def test_a_run_adds_them_up_and_changes_nothing(book: UUID) -> None:
    take(book, make_list(Listed("1", 12_100), Listed("3", 12_100, debtor="1002")))
    before = totals(book)
    run_on(book, date(2026, 3, 19))
    assert totals(book) == before == Totals(24_200, 24_200, 2, 2)
    with administration_scope(book):
        kept = OpenChange.objects.values_list("due_on", "cents", "invoices")
        assert list(kept) == [(MARCH, 24_200, 2)]


def test_an_item_stays_what_it_is(book: UUID) -> None:
    """Its kind and currency decide in which total it stands."""
    with administration_scope(book):
        for change in ({"kind": "claim"}, {"currency": "USD"}):
            with pytest.raises(DatabaseError), transaction.atomic():
                OpenItem.objects.update(**change)
        assert connection.in_atomic_block
