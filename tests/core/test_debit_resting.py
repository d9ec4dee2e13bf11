"""What the creditor still collects himself: in no letter, and no ground for costs or interest."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.core.debtor_facts import make_contact, make_facts, make_invoice

from tijdig.core.claims import compute_due_claims
from tijdig.core.creditor_rules import CreditorRules
from tijdig.core.dunning import decide
from tijdig.core.policy import DEFAULT_POLICY

LATE = make_invoice("1", due_on=date(2026, 10, 1), cents=100_000, term="agreed")
COLLECTED = make_invoice(
    "2", due_on=date(2026, 10, 26), cents=1_000_000, term="agreed", by_direct_debit=True
)
BOTH = {LATE.item_id, COLLECTED.item_id}


@pytest.mark.parametrize(("days", "over"), [(1, {LATE.item_id}), (14, {LATE.item_id}), (15, BOTH)])
def test_no_costs_or_interest_while_it_rests(days: int, over: set[object]) -> None:
    facts = make_facts(LATE, COLLECTED, kind="business")
    today = COLLECTED.due_on + timedelta(days=days)
    claims = compute_due_claims(facts, CreditorRules(), balances={}, today=today)
    assert {item_id for one in claims for item_id, _ in one.parts} == over


def test_a_policy_may_let_it_rest_longer() -> None:
    facts = make_facts(LATE, COLLECTED, kind="business")
    claims = compute_due_claims(
        facts,
        CreditorRules(),
        balances={},
        debit_rest_days=20,
        today=COLLECTED.due_on + timedelta(days=15),
    )
    assert {item_id for one in claims for item_id, _ in one.parts} == {LATE.item_id}


@pytest.mark.parametrize(
    ("today", "listed"), [(date(2026, 10, 27), {LATE.item_id}), (date(2026, 11, 10), BOTH)]
)
def test_a_letter_does_not_list_it_while_it_rests(today: date, listed: set[object]) -> None:
    contacts = (
        make_contact("reminder", date(2026, 10, 6)),
        make_contact("call", date(2026, 10, 15), "call_done"),
    )
    facts = make_facts(LATE, COLLECTED, kind="consumer", contacts=contacts)
    decision = decide(replace(facts, has_postal_address=True), DEFAULT_POLICY, today=today)
    assert decision.reason == "veertiendagenbrief_due"
    assert {item_id for item_id, _ in decision.listed} == listed
