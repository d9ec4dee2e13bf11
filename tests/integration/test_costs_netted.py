"""Costs that were booked, and a credit note that a payment sets off on the day it came in."""

from dataclasses import replace
from datetime import timedelta

from tests.integration.books import balances, check_book, make_payment, make_statement, take
from tests.integration.office import at, make_record, take_in
from tests.integration.test_consumer_costs import DEMAND_ON, lines, live, make_pupil
from tests.integration.test_costs_taken_back import make_owing

from tijdig.banking.actions.deciding import split
from tijdig.banking.models import BankLine
from tijdig.ledger.models import Invoice
from tijdig.tenants.scope import administration_scope


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
