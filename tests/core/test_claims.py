"""Interest in the daily work: only by rates that are known, also those added by hand."""

from datetime import date
from decimal import Decimal

from tests.core.debtor_facts import make_facts, make_invoice

from tijdig.core.claims import compute_due_claims
from tijdig.core.creditor_rules import CreditorRules
from tijdig.core.law.dated import Dated, with_added_rates
from tijdig.core.law.tables import RATES

TODAY = date(2027, 1, 2)
ADDED = Dated(date(2027, 1, 1), Decimal("10.65"), "ECB", None, TODAY)


def claim_interest(rules: CreditorRules) -> list[int]:
    """The interest on 36,500 euro due on 30 December 2026, of a business, on 2 January 2027."""
    invoice = make_invoice(due_on=date(2026, 12, 30), cents=36_500_00, term="agreed")
    facts = make_facts(invoice, kind="business")
    claims = compute_due_claims(facts, rules, balances={}, today=TODAY)
    return [one.cents for one in claims if one.kind == "interest"]


def test_without_the_new_rate_no_interest_is_claimed() -> None:
    assert claim_interest(CreditorRules()) == []


def test_a_rate_added_by_hand_is_claimed() -> None:
    rates = with_added_rates(RATES, [("commercial", ADDED)])
    assert claim_interest(CreditorRules(rates=rates)) == [10_40 + 2 * 10_65]
