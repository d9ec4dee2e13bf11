"""An invoice with a short number can have its veertiendagenbrief, and its customer his costs."""

from datetime import date
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
    sent,
)


@pytest.mark.parametrize("number", ["1", "12", "2026"])
def test_a_short_number_stands_in_a_letter(database: None, number: str) -> None:
    school: UUID = make_school()
    take_in(school, make_record(number, due_on=DUE_ON, debtor=make_pupil()))
    live(school, date(2026, 3, 9), DEMAND_ON)
    assert (LETTER_ON, "veertiendagenbrief", "accepted") in sent(school)
    assert lines(school) == [("costs", 4_000, DEMAND_ON)]
