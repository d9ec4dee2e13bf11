"""Costs that were booked, and a credit note that a payment sets off on the day it came in."""

from dataclasses import replace
from datetime import date, timedelta

from tests.integration.books import balances, check_book, make_payment, make_statement, take
from tests.integration.office import at, make_record, take_in
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    LAST_DAY,
    lines,
    live,
    make_pupil,
    make_school,
    read_bank,
)
from tests.integration.test_costs_taken_back import make_owing

from tijdig.banking.actions.deciding import split
from tijdig.banking.models import BankLine
from tijdig.dunning.actions.days import live_one_day
from tijdig.ledger.models import Entry, Invoice
from tijdig.tenants.scope import administration_scope

NOTED_ON = date(2026, 4, 8)


def test_a_credit_note_that_a_payment_sets_off_on_its_own_day_lowers_the_costs(
    database: None,
) -> None:
    school = make_owing(100_000)
    assert lines(school) == [("costs", 15_000, DEMAND_ON)]
    day = DEMAND_ON + timedelta(days=2)
    note = make_record("C-1", cents=-60_000, due_on=day, issued_on=day, debtor=make_pupil())
    take_in(school, replace(note, credited_number="2026-0412"), today=day)
    payment = make_payment(30_000, "factuur min credit", on=day, iban="")
    take(school, make_statement(payment, name="P"), day=day)
    with administration_scope(school):
        items = dict(Invoice.objects.values_list("number", "open_item_id"))
        parts = ((items["2026-0412"], 90_000), (items["C-1"], -60_000))
        told = {"today": day, "now": at(day), "actor": "test"}
        line_id = BankLine.objects.get(cents=30_000).id
        split(line_id, parts, round_off=False, remember=False, asked=(), **told)  # type: ignore[arg-type]
    live(school, day, day)
    # 15% of € 400,00; the other € 240,00 of the payment is for the invoice.
    assert lines(school) == [("costs", 0, DEMAND_ON)]
    assert balances(school)["2026-0412"] == 16_000
    check_book(school)


def test_what_a_payment_sets_off_before_the_costs_are_booked_is_in_no_costs(
    database: None,
) -> None:
    """The bank is read late: the credit note of within the term is set off before that."""
    school = make_school()
    take_in(school, make_record(due_on=DUE_ON, debtor=make_pupil(), cents=100_000))
    live(school, date(2026, 3, 9), NOTED_ON)
    told = {"due_on": NOTED_ON, "issued_on": NOTED_ON, "debtor": make_pupil()}
    take_in(school, make_record("C-2026-9", cents=-40_000, **told), today=NOTED_ON)  # type: ignore[arg-type]
    day = NOTED_ON + timedelta(days=1)
    while day <= DEMAND_ON:
        if day <= LAST_DAY:
            read_bank(school, day - timedelta(days=1))
        live_one_day(school, today=day, now=at(day))
        day += timedelta(days=1)
    read_bank(school, LAST_DAY)
    paid = make_payment(10_000, "iets", on=DEMAND_ON, iban="NL20INGB0001234567")
    take(school, make_statement(paid, name="P"), day=day)
    with administration_scope(school):
        items = dict(Invoice.objects.values_list("number", "open_item_id"))
        parts = ((items["2026-0412"], 50_000), (items["C-2026-9"], -40_000))
        when = {"today": day, "now": at(day), "actor": "test"}
        line_id = BankLine.objects.get(cents=10_000).id
        split(line_id, parts, round_off=False, remember=False, asked=(), **when)  # type: ignore[arg-type]
    live_one_day(school, today=day, now=at(day))
    with administration_scope(school):
        booked = list(Entry.objects.filter(kind="costs").values_list("cents", flat=True))
    # At the end of the last day € 600,00 was owed: nothing is booked that has to go back at once.
    assert booked == [9_000]
    assert lines(school) == [("costs", 9_000, day)]
