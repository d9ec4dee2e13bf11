"""Money counts on the day on which the account was credited, also where it is booked later."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.books import (
    Listed,
    balances,
    make_list,
    make_payment,
    make_statement,
    take,
)
from tests.integration.office import at, make_record, take_in
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    LAST_DAY,
    lines,
    live,
    make_pupil,
    make_school,
)

from tijdig.banking.actions.deciding import split
from tijdig.banking.models import BankLine
from tijdig.dunning.actions.days import live_one_day
from tijdig.ledger.models import BookBalance, ClaimLine, Entry, Invoice
from tijdig.tenants.scope import administration_scope


@pytest.mark.parametrize(("value_on", "costs"), [(LAST_DAY, 6_000), (DEMAND_ON, 15_000)])
def test_money_that_was_credited_on_the_last_day_is_in_time(
    database: None, value_on: date, costs: int
) -> None:
    school = make_school()
    take_in(school, make_record(due_on=DUE_ON, debtor=make_pupil(), cents=100_000))
    live(school, date(2026, 3, 9), DEMAND_ON)
    assert lines(school) == [("costs", 15_000, DEMAND_ON)]
    paid = make_payment(60_000, "iets", on=DEMAND_ON, iban="NL20INGB0001234567")
    day = DEMAND_ON + timedelta(days=1)
    take(school, make_statement(replace(paid, value_on=value_on), name="P"), day=day)
    told = {"today": day, "now": at(day), "actor": "Sanne"}
    with administration_scope(school):
        line = BankLine.objects.get(cents=60_000)
        parts = ((Invoice.objects.get().open_item_id, 60_000),)
        split(line.id, parts, round_off=False, remember=False, asked=(), **told)
    live_one_day(school, today=day, now=at(day))
    with administration_scope(school):
        booked = ClaimLine.objects.filter(kind="costs").values("open_item_id")
        entries = Entry.objects.filter(open_item_id__in=booked, kind__in=["costs", "withdrawn"])
        assert sum(entries.values_list("cents", flat=True)) == costs


def test_books_that_lag_behind_the_booking_are_no_difference(administration: UUID) -> None:
    """They follow what the bank booked, however early its money counts in law."""
    take(administration, make_list(Listed("2026-0001", 12_100)), day=date(2026, 3, 2))
    booked_on = date(2026, 3, 20)
    paid = replace(make_payment(12_100, "2026-0001", on=booked_on), value_on=date(2026, 3, 12))
    take(administration, make_statement(paid), day=booked_on)
    assert balances(administration) == {"2026-0001": 0}
    again = make_list(Listed("2026-0001", 12_100), Listed("2026-0002", 5_000, 5_000))
    take(administration, again, day=date(2026, 3, 23))
    with administration_scope(administration):
        assert not BookBalance.objects.filter(differs=True).exists()
