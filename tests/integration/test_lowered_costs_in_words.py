"""Costs that were lowered, or of which a payment was undone, as the debtor reads them."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests.integration.office import at
from tests.integration.test_consumer_costs import DEMAND_ON, LETTER_ON, live
from tests.integration.test_moved_before_delivery import make

from tijdig.core.problem import Sentence
from tijdig.ledger.actions.posting import NewEntry, lock_debtors, post
from tijdig.ledger.actions.taking_back import take_back_claims
from tijdig.ledger.models import ClaimLine
from tijdig.messaging.composing import load_statement
from tijdig.messaging.texts import render_letter_text
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import administration_scope

AFTER = DEMAND_ON + timedelta(days=2)


@pytest.fixture
def school(database: None) -> UUID:
    """A pupil with costs of € 150,00 over € 1.000,00."""
    school = make(100_000)
    live(school, LETTER_ON + timedelta(days=1), DEMAND_ON)
    return school


def read_statement() -> str:
    debtor_id = ClaimLine.objects.get().open_item.debtor_id
    composition = load_statement(debtor_id, written_on=AFTER)
    assert composition is not None
    return " ".join(render_letter_text(composition)[1].split())


def test_what_was_taken_back_was_not_paid(school: UUID) -> None:
    with administration_scope(school):
        line = ClaimLine.objects.get()
        lock_debtors([line.open_item.debtor_id])
        less = Sentence("Minder.", "Less.")
        take_back_claims(
            {line.open_item_id: 9_000}, because=less, today=AFTER, now=at(AFTER), actor="Sanne"
        )
        words = read_statement()
    assert "Bedrag € 150,00 · Hoeft u niet te betalen € 90,00" in words
    assert "Betaald of verrekend" not in words
    assert "Factuurbedrag" not in words
    assert "Samen te betalen € 1.060,00" in words


def test_a_payment_that_was_undone_does_not_double_what_was_asked(school: UUID) -> None:
    with administration_scope(school):
        line = ClaimLine.objects.get()
        lock_debtors([line.open_item.debtor_id])
        paid, back = new_id(), new_id()
        entries = [
            NewEntry(line.open_item_id, "paid", -15_000, AFTER, "bank_line", paid),
            NewEntry(line.open_item_id, "reversed", 15_000, AFTER, "bank_line", back),
        ]
        post(entries, today=AFTER, now=at(AFTER))
        words = read_statement()
    assert "300,00" not in words
    assert "Betaald of verrekend" not in words
    assert "Samen te betalen € 1.150,00" in words
