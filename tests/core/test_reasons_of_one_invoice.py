"""What somebody said of one invoice steers that one, whatever becomes of his others."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.core.debtor_facts import make_contact, make_facts, make_invoice
from tests.core.test_case_messages import INVOICE, REMINDED, TOLD_ON, told

from tijdig.core.dunning import decide
from tijdig.core.facts import DebtorFacts
from tijdig.core.policy import DEFAULT_POLICY


def tell_of(facts: DebtorFacts) -> DebtorFacts:
    """The same reason, told of the first invoice alone."""
    message = replace(facts.case_messages[0], item_id=INVOICE.item_id)
    return replace(facts, stops=(), case_messages=(message,))


@pytest.mark.parametrize(
    ("kind", "text"), [("says_paid", "payment_missing"), ("forgot", "reminder_again")]
)
def test_a_reminder_of_another_invoice_does_not_take_the_question_away(
    kind: str, text: str
) -> None:
    """Within the days of rest that he got for one invoice, another of his is reminded."""
    other = make_invoice("2", date(2026, 3, 20))
    asked = make_contact("reminder", TOLD_ON + timedelta(days=1), item="2")
    facts = told(kind, facts=make_facts(INVOICE, other, contacts=(REMINDED, asked)))
    decision = decide(tell_of(facts), DEFAULT_POLICY, today=date(2026, 4, 7))
    assert decision.step is not None
    assert (decision.step.text, decision.listed) == (text, ((INVOICE.item_id, 12_100),))
    # What he was asked about this very invoice does.
    asked_of_it = make_contact("call", TOLD_ON + timedelta(days=1), "call_done")
    went_on = replace(tell_of(facts), contacts=(REMINDED, asked_of_it))
    decision = decide(went_on, DEFAULT_POLICY, today=date(2026, 4, 7))
    assert decision.step is None or decision.step.text != text
