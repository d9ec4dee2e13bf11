"""Instalments of a consumer: costs of the past six months count, also where they were paid."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.books import check_book, make_payment, make_statement, take
from tests.integration.office import at, make_record, take_in
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    lines,
    live,
    make_pupil,
    make_school,
    sent,
)

from tijdig.banking.actions.deciding import split
from tijdig.banking.models import BankLine
from tijdig.dunning.actions.creditor import declare
from tijdig.ledger.models import ClaimLine, Entry, Invoice
from tijdig.tenants.scope import administration_scope

PAID_ON = DEMAND_ON + timedelta(days=1)
SECOND_DUE_ON, LAST_DAY = date(2026, 4, 20), date(2026, 6, 12)


@pytest.fixture
def make_landlord(database: None) -> Callable[..., UUID]:
    """€ 100,00 of March and € 40,00 of costs, both paid; then a second invoice that is late."""

    def make(second_cents: int, **told: object) -> UUID:
        landlord = make_school(**told)
        march = make_record("H-2026-03", due_on=DUE_ON, debtor=make_pupil(), cents=10_000)
        take_in(landlord, march)
        live(landlord, date(2026, 3, 9), DEMAND_ON)
        assert [cents for _, cents, _ in lines(landlord)] == [4_000]
        paid = make_payment(14_000, "iets", on=DEMAND_ON, iban="NL20INGB0001234567")
        take(landlord, make_statement(paid, name="alles"), day=PAID_ON)
        with administration_scope(landlord):
            costs, rent = ClaimLine.objects.get(), Invoice.objects.get()
            split(
                BankLine.objects.get(cents=14_000).id,
                ((costs.open_item_id, 4_000), (rent.open_item_id, 10_000)),
                round_off=False,
                remember=False,
                asked=(),
                today=PAID_ON,
                now=at(PAID_ON),
                actor="test",
            )
        april = make_record(
            "H-2026-04", due_on=SECOND_DUE_ON, debtor=make_pupil(), cents=second_cents
        )
        take_in(landlord, april, today=PAID_ON)
        live(landlord, date(2026, 4, 16), LAST_DAY)
        return landlord

    return make


def list_claimed(landlord: UUID) -> list[int]:
    """What is claimed per line of costs, paid or not."""
    with administration_scope(landlord):
        booked = Entry.objects.filter(kind="costs").order_by("id")
        return list(booked.values_list("cents", flat=True))


def test_a_second_month_adds_nothing_and_goes_without_a_letter(
    make_landlord: Callable[..., UUID],
) -> None:
    landlord = make_landlord(10_000, consumer_claims="periodic")
    assert list_claimed(landlord) == [4_000]
    steps = [step for on, step, _ in sent(landlord) if on > SECOND_DUE_ON]
    assert steps == ["reminder", "last_demand"]
    check_book(landlord)


def test_a_dearer_month_adds_only_the_difference(make_landlord: Callable[..., UUID]) -> None:
    landlord = make_landlord(100_000, consumer_claims="periodic")
    assert list_claimed(landlord) == [4_000, 11_000]


def test_costs_of_before_are_taken_back_once_the_creditor_asks_fixed_terms_only(
    make_landlord: Callable[..., UUID],
) -> None:
    landlord = make_landlord(10_000)
    assert [cents for _, cents, _ in lines(landlord)] == [0, 4_000]
    with administration_scope(landlord):
        declare({"consumer_claims": "periodic"}, today=LAST_DAY, now=at(LAST_DAY), actor="test")
    live(landlord, date(2026, 6, 15), date(2026, 6, 16))
    assert [cents for _, cents, _ in lines(landlord)] == [0, 0]
    check_book(landlord)
