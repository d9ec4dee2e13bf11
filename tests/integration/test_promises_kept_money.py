"""Money kept for a debtor keeps what he promised about one invoice: once, and while it is there."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.books import Listed, make_list, make_payment, make_statement, run_on, take
from tests.integration.office import at, make_administration

from tijdig.banking.actions import keeping
from tijdig.banking.models import BankLine
from tijdig.cases.actions import promises
from tijdig.cases.models import Promise
from tijdig.core.promises import find_last_day
from tijdig.dunning.actions.unmatching import unmatch
from tijdig.ledger.models import Debtor, Invoice
from tijdig.tenants.scope import administration_scope

MADE_ON, ON = date(2026, 3, 18), date(2026, 3, 20)
FIRST, SECOND = Listed("2026-0001", 12_100), Listed("2026-0002", 5_000)
BROKEN_ON = find_last_day(ON) + timedelta(days=3)


@pytest.fixture
def office(database: None) -> UUID:
    administration = make_administration()
    take(administration, make_list(FIRST, SECOND), day=date(2026, 3, 2))
    return administration


def promise(office: UUID, number: str, cents: int, on: date = ON) -> None:
    with administration_scope(office):
        invoice = Invoice.objects.select_related("open_item").get(number=number)
        promises.make(
            debtor_id=invoice.open_item.debtor_id, invoice_id=invoice.id, cents=cents, on=on,
            today=MADE_ON, now=at(MADE_ON), actor="Sanne",
        )  # fmt: skip


def keep(office: UUID, cents: int, day: date = ON) -> UUID:
    """Money of the debtor that pays no invoice yet."""
    take(office, make_statement(make_payment(cents, "zonder nummer", on=day)), day=day)
    with administration_scope(office):
        line = BankLine.objects.get(state="unmatched")
        debtor = Debtor.objects.get(number="1001")
        keeping.keep(line.id, debtor.id, remember=False, today=day, now=at(day), actor="Sanne")
        return line.id


def states(office: UUID, day: date = BROKEN_ON) -> dict[str, str]:
    run_on(office, day)
    with administration_scope(office):
        numbers = dict(Invoice.objects.values_list("open_item_id", "number"))
        return {numbers[one.item_id]: one.state for one in Promise.objects.all()}


def test_money_kept_for_him_keeps_his_promise_about_one_invoice(office: UUID) -> None:
    promise(office, "2026-0001", 7_700)
    assert states(office, ON) == {"2026-0001": "open"}
    keep(office, 7_700)
    assert states(office) == {"2026-0001": "kept"}


def test_too_little_of_it_does_not(office: UUID) -> None:
    promise(office, "2026-0001", 7_700)
    keep(office, 7_699)
    assert states(office) == {"2026-0001": "broken"}


def test_it_counts_for_one_of_two_promises(office: UUID) -> None:
    promise(office, "2026-0002", 5_000, on=ON + timedelta(days=1))
    promise(office, "2026-0001", 7_700)
    keep(office, 10_000)
    assert states(office) == {"2026-0001": "kept", "2026-0002": "broken"}


def test_with_what_was_paid_on_the_invoice_itself_it_adds_up(office: UUID) -> None:
    promise(office, "2026-0001", 12_000)
    take(office, make_statement(make_payment(10_000, "factuur 2026-0001", on=ON)), day=ON)
    keep(office, 2_000)
    assert states(office) == {"2026-0001": "kept"}


def test_what_was_kept_before_he_promised_is_no_payment_of_it(office: UUID) -> None:
    keep(office, 7_700, day=date(2026, 3, 17))
    promise(office, "2026-0001", 7_700)
    assert states(office) == {"2026-0001": "broken"}


def test_a_promise_kept_by_money_that_is_his_no_longer_is_open_again(office: UUID) -> None:
    promise(office, "2026-0001", 7_700)
    line_id = keep(office, 7_700)
    assert states(office, ON) == {"2026-0001": "kept"}
    with administration_scope(office):
        unmatch(line_id, today=ON, now=at(ON), actor="Sanne")
    assert states(office, ON) == {"2026-0001": "open"}
