"""Who pays a term of his plan with no more than the number of his invoice is not kept waiting."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.books import entries_of, make_payment, make_statement, take
from tests.integration.case_office import told
from tests.integration.test_plans_at_rest import AGREED, live, make_planned, state_of

from tijdig.banking.models import BankLine
from tijdig.cases.actions import plans
from tijdig.cases.models import Plan
from tijdig.tenants.scope import administration_scope

PAID_ON = date(2026, 3, 30)
TERM = 4_033


@pytest.fixture
def planned(database: None) -> UUID:
    """An office whose invoice of € 121,00 is in a plan of three terms."""
    return make_planned(PAID_ON)


def pay(administration: UUID, *cents: int, on: date = PAID_ON) -> Sequence[tuple[str, str]]:
    """Money of one day after the other, of nobody known; what became of each, and why."""
    days = [on - timedelta(days=back) for back in reversed(range(len(cents)))]
    entries = [
        make_payment(one, "2026-0412", on=day, iban="")
        for one, day in zip(cents, days, strict=True)
    ]
    take(administration, make_statement(*entries), day=PAID_ON)
    with administration_scope(administration):
        lines = BankLine.objects.order_by("booked_on")
        return [(one.state, one.because_nl) for one in lines]


def paid_cents(administration: UUID) -> list[int]:
    return [-cents for kind, cents in entries_of(administration, "2026-0412") if kind == "paid"]


def test_a_term_is_booked_and_said_to_be_one(planned: UUID) -> None:
    ((state, because),) = pay(planned, TERM)
    assert state == "matched"
    assert (
        "€ 40,33 is termijn 1 van de 3 van de betalingsregeling voor factuur 2026-0412" in because
    )
    assert paid_cents(planned) == [TERM]


def test_another_amount_waits_for_a_person(planned: UUID) -> None:
    ((state, _),) = pay(planned, TERM - 100)
    assert (state, paid_cents(planned)) == ("unmatched", [])


def test_without_a_plan_it_waits_for_a_person(planned: UUID) -> None:
    with administration_scope(planned):
        plans.end(Plan.objects.get().id, because="hij betaalt toch alles", **told(PAID_ON))
    ((state, _),) = pay(planned, TERM)
    assert (state, paid_cents(planned)) == ("unmatched", [])


def test_what_came_before_the_agreement_waits_for_a_person(database: None) -> None:
    administration = make_planned(AGREED)
    ((state, _),) = pay(administration, TERM, on=AGREED - timedelta(days=1))
    assert (state, paid_cents(administration)) == ("unmatched", [])


def test_all_terms_at_once_keep_the_plan(planned: UUID) -> None:
    found = pay(planned, TERM, TERM, TERM + 1)
    assert [state for state, _ in found] == ["matched"] * 3
    assert ["is termijn 2 van de 3" in because for _, because in found] == [False, True, False]
    assert sorted(paid_cents(planned)) == [TERM, TERM, TERM + 1]
    live(planned, PAID_ON, date(2026, 4, 2))
    assert state_of(planned) == "kept"
