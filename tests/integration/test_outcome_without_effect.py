"""After the last demand: the page says where the letter, or the reminder, has no effect."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    LETTER_ON,
    lines,
    live,
    tell_it_came_back,
)
from tests.integration.test_moved_before_delivery import make
from tests.integration.test_protected_afterwards import mark

from tijdig.dunning.models import Outcome
from tijdig.tenants.scope import administration_scope

OPENED = date(2026, 4, 29)
LATER = OPENED + timedelta(days=1)
NO_LETTER, NO_DEFAULT = "De veertiendagenbrief telt niet voor", "De klant is niet in verzuim met"


@pytest.fixture
def school(database: None) -> UUID:
    """A pupil who let the term of his last demand, with costs, pass."""
    school = make(100_000)
    live(school, LETTER_ON + timedelta(days=1), OPENED)
    assert lines(school) == [("costs", 15_000, DEMAND_ON)]
    return school


def see(school: UUID) -> str:
    with administration_scope(school):
        one = Outcome.objects.get().id
    page = sign_in(make_person(school)).get(f"/{slug_of(school)}/na-de-laatste-aanmaning/{one}/")
    assert page.status_code == 200
    return str(page.content.decode())


def test_nothing_is_said_where_all_counts(school: UUID) -> None:
    page = see(school)
    assert NO_LETTER not in page
    assert NO_DEFAULT not in page


def test_a_letter_that_came_back_is_said(school: UUID) -> None:
    with administration_scope(school):
        tell_it_came_back(school, OPENED)
    live(school, LATER, LATER)
    page = see(school)
    assert f"{NO_LETTER} 2026-0412" in page
    assert NO_DEFAULT not in page


def test_a_reminder_that_does_not_count_is_said_beside_its_letter(school: UUID) -> None:
    """A bewindvoerder acted for him all the time, and nobody knew."""
    mark(school, "bewind", from_on=date(2026, 3, 2), today=OPENED)
    live(school, LATER, LATER)
    assert [cents for _, cents, _ in lines(school)] == [0]
    page = see(school)
    assert f"{NO_LETTER} 2026-0412" in page
    assert f"{NO_DEFAULT} 2026-0412" in page
