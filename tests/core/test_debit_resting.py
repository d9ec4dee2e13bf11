"""What the creditor still collects himself: no default, in no letter, no ground for costs."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.core.debtor_facts import make_contact, make_facts, make_invoice

from tijdig.core.claims import compute_due_claims
from tijdig.core.creditor_rules import CreditorRules
from tijdig.core.dunning import decide
from tijdig.core.item_default import compute_item_default, is_before_default
from tijdig.core.letter_steps import make_notice
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
        CreditorRules(debit_rest_days=20),
        balances={},
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


@pytest.mark.parametrize("kind", ["consumer", "business", "public_body"])
def test_default_and_interest_begin_after_the_rest_and_not_on_the_due_date(kind: Any) -> None:
    facts = make_facts(COLLECTED, kind=kind)
    for days, first_on in ((0, date(2026, 10, 27)), (14, date(2026, 11, 10))):
        rules = CreditorRules(debit_rest_days=days, interest_from="everybody")
        state = compute_item_default(COLLECTED, facts, rules)
        assert state.in_default_from == first_on
        claims = compute_due_claims(facts, rules, balances={}, today=date(2026, 11, 26))
        assert [one.from_on for one in claims if one.kind == "interest"] == [first_on]


def test_a_later_day_of_the_law_stays() -> None:
    stated = replace(COLLECTED, issued_on=date(2026, 10, 25), term="stated")
    facts = make_facts(stated, kind="business")
    own = compute_item_default(stated, facts, CreditorRules())
    plain = replace(stated, by_direct_debit=False)
    assert own == compute_item_default(plain, facts, CreditorRules())


def test_a_letter_of_before_the_end_of_its_rest_is_a_letter_of_before_default() -> None:
    letter = make_notice(
        "veertiendagenbrief",
        COLLECTED.item_id,
        amount_cents=1_000_000,
        sent_on=date(2026, 11, 9),
        channel="letter",
        pay_by_on=date(2026, 11, 30),
    )
    facts = make_facts(COLLECTED, kind="consumer", notices=(letter,))
    assert is_before_default(letter, COLLECTED, facts, CreditorRules())
    later = replace(letter, sent_on=date(2026, 11, 10))
    assert not is_before_default(later, COLLECTED, facts, CreditorRules())
