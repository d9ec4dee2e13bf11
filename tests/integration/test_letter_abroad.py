"""A letter to another country: no day of receipt is presumed, so it counts only once proven."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.office import at, make_record, take_in
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    LETTER_ON,
    letter_of,
    lines,
    live,
    make_pupil,
    make_school,
    sent,
)

from tijdig.core.law.veertiendagenbrief import compute_letter_days
from tijdig.dunning.actions.notices import note_receipt
from tijdig.dunning.actions.postings import note_posting
from tijdig.dunning.models import Decision, Notice
from tijdig.dunning.queries.pages import forecast_for
from tijdig.ledger.actions.debtors import change_contact
from tijdig.ledger.models import Debtor
from tijdig.tenants.scope import administration_scope

AFTER = date(2026, 6, 30)
NEXT = LETTER_ON + timedelta(days=1)


def make(*, agreed: bool, **pupil: object) -> UUID:
    school = make_school(consumer_terms_agreed=agreed)
    take_in(school, make_record(due_on=DUE_ON, debtor=make_pupil(**pupil)))
    return school


def prove(school: UUID, day: date, *, received_on: date) -> None:
    with administration_scope(school):
        told = {"note": "aangetekend", "today": day, "now": at(day), "actor": "Sanne"}
        note_receipt(letter_of(school), received_on=received_on, **told)  # type: ignore[arg-type]


@pytest.mark.parametrize("country", ["BE", "US"])
def test_no_costs_follow_a_letter_abroad_that_nobody_proved(database: None, country: str) -> None:
    school = make(agreed=True, country=country)
    live(school, date(2026, 3, 9), AFTER)
    assert [step for _, step, _ in sent(school)] == [
        "reminder",
        "veertiendagenbrief",
        "last_demand",
    ]
    assert lines(school) == []
    with administration_scope(school):
        letter = Notice.objects.get(kind="veertiendagenbrief")
        assert (letter.proof, letter.received_on) == ("none", None)


def test_a_reminder_abroad_puts_nobody_in_default_without_proof(database: None) -> None:
    """It is said once more, and then a person is asked."""
    school = make(agreed=False, country="US")
    live(school, date(2026, 3, 9), AFTER)
    assert [step for _, step, _ in sent(school)] == ["reminder", "reminder_again"]
    with administration_scope(school):
        assert Decision.objects.order_by("-on", "-id")[0].reason == "not_in_default"


def test_a_proof_of_receipt_makes_it_count(database: None) -> None:
    school = make(agreed=True, country="BE")
    live(school, date(2026, 3, 9), date(2026, 3, 31))
    with administration_scope(school):
        sent_on = Notice.objects.get(kind="veertiendagenbrief").sent_on
    came_on = sent_on + timedelta(days=3)
    prove(school, date(2026, 3, 31), received_on=came_on)
    live(school, date(2026, 4, 1), AFTER)
    last_day = compute_letter_days(sent_on, by="post", received_on=came_on).last_day_on
    ((kind, cents, day),) = lines(school)
    assert (kind, cents) == ("costs", 4_000)
    assert day > last_day


def change_country(school: UUID, country: str, day: date) -> None:
    with administration_scope(school):
        told = {"today": day, "now": at(day), "actor": "Sanne"}
        change_contact(Debtor.objects.get().id, {"country": country}, **told)  # type: ignore[arg-type]


@pytest.mark.parametrize("agreed", [True, False])
@pytest.mark.parametrize("country", ["NL", "US"])
def test_the_forecast_is_what_comes(database: None, agreed: bool, country: str) -> None:
    """Under Waarom stands no step that needs a receipt which nobody has proven."""
    school = make(agreed=agreed, country=country)
    with administration_scope(school):
        debtor_id = Debtor.objects.get().id
        told = forecast_for(debtor_id, today=date(2026, 3, 3), rehearsal=False)
    live(school, date(2026, 3, 9), AFTER)
    steps = [one.step.key for one in told if one.step and one.outcome == "message"]
    assert steps == [step for _, step, _ in sent(school)]


def test_another_country_before_it_came_is_another_address(database: None) -> None:
    school = make(agreed=True)
    live(school, date(2026, 3, 9), LETTER_ON)
    change_country(school, "BE", NEXT)
    live(school, NEXT, AFTER)
    assert lines(school) == []


def test_a_country_that_was_put_right_sent_the_letter_elsewhere(database: None) -> None:
    """It was printed with Belgium under it, and his address proves to be Dutch."""
    school = make(agreed=True, country="BE")
    live(school, date(2026, 3, 9), LETTER_ON - timedelta(days=1))
    live(school, LETTER_ON, LETTER_ON, posts=False)
    change_country(school, "NL", NEXT)
    with administration_scope(school):
        told = {"today": NEXT, "now": at(NEXT), "actor": "Sanne"}
        note_posting(printed_on=LETTER_ON, posted_on=LETTER_ON, **told)  # type: ignore[arg-type]
    live(school, NEXT, date(2026, 4, 17))
    assert lines(school) == []


@pytest.mark.parametrize(("before", "after"), [("NL", ""), ("", "NL"), ("NL", "nl")])
def test_the_same_country_in_other_letters_changes_nothing(
    database: None, before: str, after: str
) -> None:
    school = make(agreed=True, country=before)
    live(school, date(2026, 3, 9), LETTER_ON)
    change_country(school, after, NEXT)
    live(school, NEXT, DEMAND_ON)
    assert lines(school) == [("costs", 4_000, DEMAND_ON)]


def test_who_moves_abroad_later_keeps_the_letter_that_came(database: None) -> None:
    school = make(agreed=True)
    live(school, date(2026, 3, 9), date(2026, 4, 1))
    with administration_scope(school):
        told = {"today": date(2026, 4, 1), "now": at(date(2026, 4, 1)), "actor": "Sanne"}
        debtor_id = Debtor.objects.get().id
        change_contact(debtor_id, {"city": "Gent", "country": "BE"}, **told)  # type: ignore[arg-type]
    live(school, date(2026, 4, 2), AFTER)
    assert [(kind, cents) for kind, cents, _ in lines(school)] == [("costs", 4_000)]
