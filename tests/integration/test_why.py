"""Waarom: a past day tells what was decided then, whatever has changed since."""

from datetime import date
from uuid import UUID

import pytest
from tests.integration.office import at, make_record, take_in

from tijdig.core.problem import Refusal
from tijdig.dunning.actions import policies
from tijdig.dunning.actions.run import run
from tijdig.dunning.queries.why import explain_day
from tijdig.ledger.actions.debtors import change_contact
from tijdig.ledger.models import Debtor
from tijdig.tenants.scope import administration_scope

THEN = date(2026, 3, 19)
LATER = date(2026, 4, 2)


def test_a_past_day_keeps_its_facts_after_the_address_and_the_policy_changed(
    administration: UUID,
) -> None:
    take_in(administration, make_record())
    run(administration, today=THEN, now=at(THEN))
    with administration_scope(administration):
        debtor_id = Debtor.objects.get().id
        before = explain_day("1001", on=THEN)
        change_contact(
            debtor_id, {"email": "nieuw@cafe.example.nl"}, today=LATER, now=at(LATER), actor="ik"
        )
        policies.change({"min_gap_days": 21}, today=LATER, now=at(LATER), actor="ik")
    run(administration, today=LATER, now=at(LATER))
    with administration_scope(administration):
        after, now = explain_day("1001", on=THEN), explain_day("1001", on=LATER)
    assert before == after
    assert before is not None
    assert now is not None
    assert (before.outcome, before.reason, before.step_key) == (
        "message",
        "reminder_due",
        "reminder",
    )
    assert (before.facts["email"], now.facts["email"]) == (
        "inkoop@cafe.example.nl",
        "nieuw@cafe.example.nl",
    )
    assert (before.facts["policy"], now.facts["policy"]) == (1, 2)


def test_a_day_before_every_run_is_decided_as_a_run_would(administration: UUID) -> None:
    take_in(administration, make_record())
    with administration_scope(administration):
        why = explain_day("1001", on=date(2026, 3, 5))
        nobody = explain_day("9999", on=THEN)
    assert why is not None
    assert (why.decided_on, why.outcome, why.reason) == (None, "nothing", "not_due_yet")
    assert nobody is None


def test_a_policy_takes_no_negative_limits(administration: UUID) -> None:
    with administration_scope(administration), pytest.raises(Refusal):
        policies.change({"min_gap_days": -1}, today=THEN, now=at(THEN), actor="ik")
