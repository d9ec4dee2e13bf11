"""Money that a debtor pays goes to costs, interest and principal, in the order of the law."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.books import entries_of, make_payment, make_statement, take
from tests.integration.office import make_record, take_in
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    lines,
    live,
    make_pupil,
    make_school,
)

from tijdig.ledger.models import ClaimLine, Entry
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

PAID_ON = DEMAND_ON + timedelta(days=1)


def make_owing(**told: object) -> UUID:
    """A consumer who owes € 121,00 and € 40,00 of costs."""
    administration = make_school(**told)
    take_in(administration, make_record(due_on=DUE_ON, debtor=make_pupil()))
    live(administration, date(2026, 3, 9), DEMAND_ON)
    return administration


def pay(administration: UUID, cents: int, text: str, *, reference: str = "") -> None:
    entry = make_payment(cents, text, on=PAID_ON, iban="", reference=reference)
    take(administration, make_statement(entry, name=f"B{cents}"), day=PAID_ON + timedelta(days=1))


def paid(administration: UUID) -> dict[str, int]:
    """What was paid on the claim line and on the invoice."""
    with administration_scope(administration):
        item_id = ClaimLine.objects.get().open_item_id
        costs = Entry.objects.filter(open_item_id=item_id, kind="paid")
        on_costs = -sum(costs.values_list("cents", flat=True))
    on_invoice = sum(c for kind, c in entries_of(administration, "2026-0412") if kind == "paid")
    return {"costs": on_costs, "invoice": -on_invoice}


def test_a_payment_that_names_the_invoice_pays_its_costs_first(database: None) -> None:
    administration = make_owing()
    pay(administration, 12_100, "factuur 2026-0412")
    assert paid(administration) == {"costs": 4_000, "invoice": 8_100}
    assert lines(administration) == [("costs", 0, DEMAND_ON)]


def test_the_creditor_may_let_the_principal_go_first(database: None) -> None:
    administration = make_owing(imputation="principal_first")
    pay(administration, 12_100, "factuur 2026-0412")
    assert paid(administration) == {"costs": 0, "invoice": 12_100}


@pytest.mark.parametrize("chosen", ["legal", "principal_first"])
def test_the_whole_amount_of_the_last_demand_closes_both(database: None, chosen: str) -> None:
    administration = make_owing(imputation=chosen)
    with administration_scope(administration):
        reference = Message.objects.get(step_key="last_demand").payment_reference
    pay(administration, 16_100, "", reference=reference)
    assert paid(administration) == {"costs": 4_000, "invoice": 12_100}
