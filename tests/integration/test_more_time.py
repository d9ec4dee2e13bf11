"""Who was given more time within the term of a letter did not let that term pass: no costs."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.books import reason_of
from tests.integration.office import at, make_record, take_in
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

from tijdig.cases.actions import extensions, plans
from tijdig.ledger.models import Debtor, Invoice
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

WITHIN = LETTER_ON + timedelta(days=8)
LATER = date(2026, 4, 30)


def extend(on: date) -> UUID:
    told = {"today": on, "now": at(on), "actor": "Sanne"}
    return extensions.give(invoice_id=Invoice.objects.get().id, until_on=LATER, **told)  # type: ignore[arg-type]


def extend_and_think_better_of_it(on: date) -> None:
    one, later = extend(on), on + timedelta(days=1)
    extensions.withdraw(one, today=later, now=at(later), actor="Sanne")


def agree_on_a_plan(on: date) -> UUID:
    return plans.agree(
        debtor_id=Debtor.objects.get().id,
        invoice_ids=[Invoice.objects.get().id],
        count=3,
        first_on=LATER,
        today=on,
        now=at(on),
        actor="Sanne",
    )


@pytest.fixture
def school(database: None) -> UUID:
    """A school whose pupil's invoice of € 121,00 ran until the letter went out."""
    administration = make_school()
    take_in(administration, make_record(due_on=DUE_ON, debtor=make_pupil()))
    live(administration, date(2026, 3, 9), LETTER_ON)
    return administration


@pytest.mark.parametrize(
    ("give", "until_on", "second_on"),
    [
        (extend, date(2026, 6, 19), date(2026, 6, 1)),
        (extend_and_think_better_of_it, date(2026, 4, 20), DEMAND_ON),
        (agree_on_a_plan, date(2026, 5, 29), date(2026, 5, 15)),
    ],
)
def test_a_letter_whose_term_was_overtaken_brings_no_costs_and_is_sent_again(
    school: UUID, give: Callable[[date], object], until_on: date, second_on: date
) -> None:
    live(school, LETTER_ON + timedelta(days=1), WITHIN - timedelta(days=1))
    with administration_scope(school):
        give(WITHIN)
    live(school, WITHIN, until_on)
    assert lines(school) == []
    letters = [(day, step) for day, step, _ in sent(school) if not step.startswith("plan-")]
    assert letters == [
        (date(2026, 3, 9), "reminder"),
        (LETTER_ON, "veertiendagenbrief"),
        (second_on, "veertiendagenbrief_2"),
    ]


def test_the_costs_of_before_an_extension_stay_and_nobody_decides_before_it_is_over(
    school: UUID,
) -> None:
    live(school, LETTER_ON + timedelta(days=1), DEMAND_ON)
    costs = [("costs", 4_000, DEMAND_ON)]
    assert lines(school) == costs
    with administration_scope(school):
        extend(DEMAND_ON + timedelta(days=2))
    # The term of the last demand ends on 28 April, and the extension two days later.
    live(school, DEMAND_ON + timedelta(days=1), LATER)
    assert reason_of(school) == "not_due_yet"
    live(school, LATER + timedelta(days=1), LATER + timedelta(days=1))
    assert reason_of(school) == "after_last_demand"
    assert lines(school) == costs


def test_a_rehearsal_sends_the_letter_again_as_the_real_run_would(database: None) -> None:
    administration = make_school(sending=False)
    take_in(administration, make_record(due_on=DUE_ON, debtor=make_pupil()))
    live(administration, date(2026, 3, 9), WITHIN - timedelta(days=1))
    with administration_scope(administration):
        extend(WITHIN)
    live(administration, WITHIN, date(2026, 6, 1))
    with administration_scope(administration):
        asked = list(Message.objects.order_by("id").values_list("step_key", "total_cents"))
    assert asked == [
        ("reminder", 12_100),
        ("veertiendagenbrief", 12_100),
        ("veertiendagenbrief_2", 12_100),
    ]
