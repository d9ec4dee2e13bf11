"""A direct-debit invoice that is still collected, beside an older one with its letter."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.office import make_record, take_in
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    LETTER_ON,
    lines,
    live,
    make_pupil,
    make_school,
)

from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope


@pytest.fixture
def school(database: None) -> UUID:
    """An invoice of € 300,00 gets its letter; one of € 3.000,00 fell due the day before."""
    school = make_school(consumer_terms_agreed=True)
    pupil = make_pupil()
    late = make_record("F-2026-081", due_on=DUE_ON, debtor=pupil, cents=30_000)
    due_on = LETTER_ON - timedelta(days=1)
    debit = make_record("F-2026-082", due_on=due_on, debtor=pupil, cents=300_000)
    take_in(school, late, replace(debit, direct_debit_mandate="M-0001"))
    live(school, date(2026, 3, 9), LETTER_ON)
    return school


def test_the_letter_leaves_out_what_is_still_collected(school: UUID) -> None:
    with administration_scope(school):
        rows = Message.objects.order_by("planned_on", "id")
        asked = list(rows.values_list("step_key", "total_cents", "costs_cents"))
    assert asked[-1] == ("veertiendagenbrief", 30_000, 4_500)


def test_no_costs_follow_over_it(school: UUID) -> None:
    live(school, LETTER_ON + timedelta(days=1), DEMAND_ON)
    assert [(kind, cents) for kind, cents, _ in lines(school)] == [("costs", 4_500)]
