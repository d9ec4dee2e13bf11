"""How the term was agreed can be put right once the invoice is paid: its costs rest on it."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.integration.books import make_payment, make_statement, take
from tests.integration.office import at, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    LAST_DAY,
    lines,
    live,
    make_pupil,
    make_school,
)

from tijdig.dunning.actions.days import live_one_day
from tijdig.dunning.models import Notice
from tijdig.ledger.actions.terms import say_how_agreed
from tijdig.ledger.models import Debtor, Invoice
from tijdig.tenants.scope import administration_scope

NEXT = DEMAND_ON + timedelta(days=1)


def make_agreed(*numbers: str) -> UUID:
    """A school whose terms were agreed, as was thought: no reminder puts anybody in default."""
    school = make_school(imputation="principal_first")
    take_in(school, *(make_record(one, due_on=DUE_ON, debtor=make_pupil()) for one in numbers))
    with administration_scope(school):
        Invoice.objects.update(term="agreed")
    return school


def pay(school: UUID, number: str, day: date) -> None:
    """The payer's money for one invoice, read on the day after it."""
    paid = make_payment(12_100, f"factuur {number}", on=day)
    take(school, make_statement(paid, name=f"P{number}"), day=day + timedelta(days=1))


def say_stated(school: UUID, number: str, day: date) -> int:
    with administration_scope(school):
        debtor_id = Debtor.objects.get().id
        told = {"today": day, "now": at(day), "actor": "test"}
        return say_how_agreed(debtor_id, how="invoice", number=number, **told)  # type: ignore[arg-type]


def is_open(school: UUID, number: str) -> bool:
    with administration_scope(school):
        return Invoice.objects.get(number=number).open_item.closed_on is None


def test_costs_over_a_paid_invoice_go_where_its_default_was_never_there(database: None) -> None:
    school = make_agreed("2026-0412")
    live(school, date(2026, 3, 9), DEMAND_ON)
    assert lines(school) == [("costs", 4_000, DEMAND_ON)]
    pay(school, "2026-0412", DEMAND_ON)
    assert not is_open(school, "2026-0412")
    assert say_stated(school, "2026-0412", NEXT) == 1
    live_one_day(school, today=NEXT, now=at(NEXT))
    assert lines(school) == [("costs", 0, DEMAND_ON)]


def test_a_letter_that_listed_a_paid_invoice_too_early_brings_no_costs(database: None) -> None:
    school = make_agreed("2026-0412", "2026-0413")
    live(school, date(2026, 3, 9), LAST_DAY - timedelta(days=4))
    pay(school, "2026-0413", LAST_DAY - timedelta(days=4))
    assert not is_open(school, "2026-0413")
    day = LAST_DAY - timedelta(days=3)
    assert say_stated(school, "2026-0413", day) == 1
    live(school, day, DEMAND_ON)
    with administration_scope(school):
        void = set(Notice.objects.filter(kind="veertiendagenbrief").values_list("void_because"))
    assert lines(school) == []
    assert void >= {("before_default",)}


@pytest.mark.parametrize(("number", "changed"), [("", 1), ("2026-0412", 2)])
def test_no_other_invoice_is_held_against_those_of_the_debtor(
    database: None, number: str, changed: int
) -> None:
    school = make_agreed("2026-0412", "2026-0413")
    pay(school, "2026-0412", date(2026, 3, 3))
    with administration_scope(school), CaptureQueriesContext(connection) as asked:
        told = {"today": NEXT, "now": at(NEXT), "actor": "test", "all_open": True}
        one = Debtor.objects.get().id
        assert say_how_agreed(one, how="invoice", number=number, **told) == changed  # type: ignore[arg-type]
    told_of_invoices = [
        query["sql"]
        for query in asked.captured_queries
        if query["sql"].startswith(("SELECT", "UPDATE")) and '"tijdig_invoice"' in query["sql"]
    ]
    assert {statement[:6] for statement in told_of_invoices} == {"SELECT", "UPDATE"}
    for statement in told_of_invoices:
        with administration_scope(school), connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {statement}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert "SubPlan" not in plan, plan


@pytest.mark.parametrize("is_all", [False, True])
def test_the_page_of_a_paid_invoice_offers_it(database: None, is_all: bool) -> None:
    school = make_agreed("2026-0412", "2026-0413")
    pay(school, "2026-0412", date(2026, 3, 3))
    client, slug = sign_in(make_person(school)), slug_of(school)
    page = client.get(f"/{slug}/facturen/2026-0412/").content.decode()
    assert "Hoe is de betaaltermijn afgesproken?" in page
    asked = {"how": "invoice", "invoice": "2026-0412", **({"all": "yes"} if is_all else {})}
    client.post(f"/{slug}/debiteuren/1001/termijn/", asked)
    with administration_scope(school):
        terms = dict(Invoice.objects.values_list("number", "term"))
    other = "stated" if is_all else "agreed"
    assert terms == {"2026-0412": "stated", "2026-0413": other}
