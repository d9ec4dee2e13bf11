"""No later due date for what a plan spreads: the plan itself says when to pay."""

from datetime import date
from uuid import UUID

import pytest
from tests.integration.books import make_payment, make_statement, take
from tests.integration.case_office import find_ids, make_office, open_plan, told
from tests.integration.test_plans_at_rest import AGREED, live, state_of

from tijdig.banking.actions import deciding
from tijdig.banking.models import BankLine
from tijdig.cases.actions import extensions, plans
from tijdig.cases.models import Extension, Plan
from tijdig.core.problem import Refusal
from tijdig.tenants.scope import administration_scope

DAY, LATER = date(2026, 4, 20), date(2026, 6, 30)


@pytest.fixture
def office(database: None) -> UUID:
    """An office whose invoice of € 121,00 is in a plan; its first term is due on 1 May."""
    administration = make_office()
    with administration_scope(administration):
        open_plan(AGREED)
    return administration


def extend(day: date) -> None:
    extensions.give(invoice_id=find_ids()[1], until_on=LATER, **told(day))


def test_a_later_day_within_a_plan_is_refused_and_says_what_to_do(office: UUID) -> None:
    live(office, AGREED, DAY)
    with administration_scope(office):
        with pytest.raises(Refusal) as refused:
            extend(DAY)
        assert refused.value.because.nl == (
            "Factuur 2026-0412 zit in een regeling, en die zegt wanneer er wordt betaald. "
            "Verschuif een termijn, of beëindig eerst de regeling."
        )
        assert not Extension.objects.exists()


def test_after_the_plan_was_ended_the_later_day_holds(office: UUID) -> None:
    live(office, AGREED, DAY)
    with administration_scope(office):
        plans.end(Plan.objects.get().id, because="afgesproken", **told(DAY))
        extend(DAY)
    assert live(office, DAY, date(2026, 6, 20)) == []


def test_a_plan_whose_money_was_taken_back_refuses_too_before_the_run_looked(office: UUID) -> None:
    payment = make_payment(12_100, "2026-0412", on=date(2026, 4, 1))
    take(office, make_statement(payment), day=date(2026, 4, 2))
    live(office, AGREED, DAY)
    assert state_of(office) == "kept"
    with administration_scope(office):
        deciding.undo(BankLine.objects.get().id, asked=(), **told(DAY))
        with pytest.raises(Refusal):
            extend(DAY)


def test_a_plan_over_what_had_a_later_day_already_speaks_for_itself(database: None) -> None:
    """What was agreed last holds: the plan, of which the first term comes before that day."""
    office = make_office()
    with administration_scope(office):
        extend(AGREED)
        open_plan(AGREED)
    sent = live(office, AGREED, date(2026, 5, 8))
    assert [key for _, key, _ in sent] == ["confirmed-0", "notice-1", "nudge-1"]
