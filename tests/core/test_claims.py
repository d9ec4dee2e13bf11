"""Costs as agreed with a business, and interest only by rates that are known."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from tests.core.debtor_facts import make_facts, make_invoice

from tijdig.core.claims import Claimed, compute_due_claims
from tijdig.core.creditor_rules import CreditorRules
from tijdig.core.law.agreed_costs import AgreedCosts
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


TEN, TWENTY = (
    AgreedCosts(Decimal(10), ground="artikel 9"),
    AgreedCosts(Decimal(20), 300_00, "brief"),
)


def claim_costs(
    kind: Any, *, own: AgreedCosts | None = None, claimed: Claimed | None = None, **told: Any
) -> list[int]:
    """The costs over 1,000 euro in default, by what was agreed."""
    invoice = make_invoice(due_on=date(2026, 12, 30), cents=1_000_00, term="agreed")
    facts = make_facts(invoice, kind=kind)
    claims = compute_due_claims(
        facts,
        CreditorRules(**told),
        claimed=claimed or Claimed(),
        balances={},
        agreed=own,
        today=date(2026, 12, 31),
    )
    return [one.cents for one in claims if one.kind == "costs"]


@pytest.mark.parametrize(
    ("told", "own", "costs"),
    [
        ({}, None, [150_00]),
        ({"agreed_costs": TEN}, None, [150_00]),
        ({"business_costs": "agreed", "agreed_costs": TEN}, None, [100_00]),
        ({"business_costs": "agreed", "agreed_costs": TEN}, TWENTY, [300_00]),
        ({"business_costs": "minimum"}, TWENTY, [300_00]),
        ({"business_costs": "minimum", "agreed_costs": TEN}, None, [40_00]),
        ({"business_costs": "none"}, TWENTY, []),
        ({"business_costs": "agreed", "agreed_costs": TEN, "adds_vat": True}, None, [121_00]),
    ],
)
def test_what_was_agreed_with_him_goes_before_the_terms_and_those_before_the_scale(
    told: dict[str, Any], own: AgreedCosts | None, costs: list[int]
) -> None:
    assert claim_costs("business", own=own, **told) == costs
    assert claim_costs("public_body", own=own, **told) == costs
    assert claim_costs("consumer", own=own, **told) == []
    assert claim_costs("unknown", own=own, **told) == []


def test_a_second_claim_stays_within_what_was_agreed_over_all_together() -> None:
    other = make_invoice("2", due_on=date(2026, 10, 30), cents=100_00)
    # 20% of 1.100 is 220, under the floor of 300 that was asked before.
    before = Claimed(principals={other.item_id: 100_00}, costs_cents=300_00)
    assert claim_costs("business", own=TWENTY, claimed=before) == []
    # 10% of 1.100 is 110; 40 was asked before, when 100 was all there was.
    before = Claimed(principals={other.item_id: 100_00}, costs_cents=40_00)
    assert claim_costs("business", own=TEN, claimed=before) == [70_00]
