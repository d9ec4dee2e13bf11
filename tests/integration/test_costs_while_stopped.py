"""What holds a last demand back holds costs back too: nothing is added in silence."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.case_office import find_ids, told
from tests.integration.office import make_record, take_in
from tests.integration.test_consumer_costs import DUE_ON, lines, live, make_pupil, make_school

from tijdig.cases.actions import holds, reasons
from tijdig.ledger.actions import flags
from tijdig.tenants.scope import administration_scope

STOPPED_ON = date(2026, 5, 25)
# The costs of the newer letter are due from 2 June on.
PAUSED_UNTIL = date(2026, 7, 1)


@pytest.fixture
def school(database: None) -> UUID:
    """A last demand over one invoice, and the letter over a newer one is on its way."""
    administration = make_school()
    older = make_record("F-2026-081", due_on=DUE_ON, debtor=make_pupil(), cents=30_000)
    newer = make_record("F-2026-082", due_on=date(2026, 4, 20), debtor=make_pupil(), cents=300_000)
    take_in(administration, older, newer)
    live(administration, date(2026, 3, 9), STOPPED_ON - timedelta(days=1))
    assert len(lines(administration)) == 1
    return administration


def stop(school: UUID, how: str) -> None:
    with administration_scope(school):
        debtor_id, _ = find_ids("F-2026-081")
        if how == "vulnerable":
            flags.mark(debtor_id=debtor_id, kind=how, source="gesprek", **told(STOPPED_ON))  # type: ignore[arg-type]
        elif how == "cannot_pay":
            reasons.tell(debtor_id=debtor_id, kind=how, **told(STOPPED_ON))  # type: ignore[arg-type]
        else:
            holds.place(
                debtor_id=debtor_id,
                until_on=PAUSED_UNTIL,
                reason="overleg",
                depth="reminders",
                **told(STOPPED_ON),  # type: ignore[arg-type]
            )


@pytest.mark.parametrize("how", ["vulnerable", "pause", "cannot_pay"])
def test_nothing_is_booked_while_firm_steps_are_stopped(school: UUID, how: str) -> None:
    before = lines(school)
    stop(school, how)
    live(school, STOPPED_ON, date(2026, 6, 20))
    assert lines(school) == before


def test_without_a_stop_they_are_booked(school: UUID) -> None:
    live(school, STOPPED_ON, date(2026, 6, 5))
    assert lines(school)[1:] == [("costs", 41_000, date(2026, 6, 2))]


def test_once_a_pause_is_over_the_costs_come(school: UUID) -> None:
    stop(school, "pause")
    live(school, STOPPED_ON, PAUSED_UNTIL + timedelta(days=3))
    (booked,) = lines(school)[1:]
    assert booked == ("costs", 41_000, PAUSED_UNTIL + timedelta(days=1))
