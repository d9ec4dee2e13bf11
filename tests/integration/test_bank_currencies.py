"""A statement in which an amount has another currency than the account, or none at all."""

from datetime import date
from uuid import UUID

import pytest
from tests.integration.books import PAYER, Listed, make_list
from tests.integration.office import make_administration
from tests.integration.test_bank_once import bring
from tests.plugs.camt_samples import Balance, Detail, Entry, Statement, make_camt

from tijdig.banking.models import BankLine
from tijdig.banking.queries import list_bank_gaps
from tijdig.ledger.models import OpenItem
from tijdig.tenants.scope import administration_scope

pytestmark = pytest.mark.usefixtures("database")

MONDAY = date(2026, 3, 2)
NUMBER = "2026-0412"


def make(currency: str = "EUR", *, closing: str = "121.00") -> bytes:
    paid = Entry("121.00", currency=currency, details=[Detail(texts=[NUMBER], iban=PAYER)])
    balances = [Balance("OPBD", "0.00"), Balance("CLBD", closing)]
    return make_camt(Statement(entries=[paid], balances=balances))


def gaps(administration_id: UUID) -> list[tuple[str, str]]:
    with administration_scope(administration_id):
        return [(one.kind, one.because_en) for one in list_bank_gaps()]


def test_another_currency_is_said_once_and_the_account_waits_for_a_person() -> None:
    administration_id = make_administration()
    receipt = bring(administration_id, make_list(Listed(NUMBER, 12_100)), make("SEK", closing="9"))
    said = [one.because.en for one in receipt.problems if "new" not in one.because.en]
    (only,) = said
    assert only == (
        "Statement AFSCHRIFT-1 holds an amount in another currency than the account's (EUR). So it"
        " cannot be checked whether it adds up. Look at it and accept it under Payments."
    )
    assert receipt.balances == (None,)
    ((kind, because),) = gaps(administration_id)
    assert kind == "balance"
    assert because == (
        "The statement of 2 March 2026 cannot be checked: it holds an amount in another currency"
        " than the account's. Look at it, and accept it as it is."
    )
    with administration_scope(administration_id):
        assert list(BankLine.objects.values_list("state", flat=True)) == ["outgoing"]
        assert OpenItem.objects.filter(closed_on=None).count() == 1


def test_a_statement_that_adds_up_is_right_whatever_currency_a_line_names() -> None:
    administration_id = make_administration()
    receipt = bring(administration_id, make("SEK"))
    said = [one.because.en for one in receipt.problems if "new" not in one.because.en]
    (only,) = said
    assert only == (
        "Statement AFSCHRIFT-1 holds an amount in another currency than the account's (EUR). The"
        " opening balance plus the lines is the closing balance all the same."
    )
    assert (receipt.balances, gaps(administration_id)) == ((True,), [])


@pytest.mark.parametrize("written", [b"<Amt>121.00</Amt>", b'<Amt Ccy="eur">121.00</Amt>'])
def test_an_amount_without_currency_is_in_that_of_the_account(written: bytes) -> None:
    administration_id = make_administration()
    content = make().replace(
        b'<Amt Ccy="EUR">121.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>',
        written + b"<CdtDbtInd>CRDT</CdtDbtInd><Sts>",
    )
    assert written in content
    receipt = bring(administration_id, make_list(Listed(NUMBER, 12_100)), content)
    assert (receipt.matched, receipt.balances) == (1, (True,))
    assert "another currency" not in " ".join(one.because.en for one in receipt.problems)


def test_a_statement_that_names_no_currency_anywhere_is_refused() -> None:
    administration_id = make_administration()
    content = make().replace(b' Ccy="EUR"', b"").replace(b"<Ccy>EUR</Ccy>", b"")
    receipt = bring(administration_id, content)
    assert [(one.severity, one.place) for one in receipt.problems] == [
        ("refused", "regel 3, Stmt[1]")
    ]
    assert "names no currency" in receipt.problems[0].because.en
