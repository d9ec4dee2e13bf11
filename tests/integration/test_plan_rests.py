"""A credit note or a payment that leaves a few cents of a term: what the debtor truly gets."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from tests.integration.case_office import list_because
from tests.integration.mail import mail_sink
from tests.integration.office import at, make_record, take_in
from tests.integration.test_plans_at_rest import (
    AGREED,
    live,
    make_planned,
    pay_a_term,
    state_of,
)

from tijdig.dunning.actions.days import send
from tijdig.dunning.actions.run import run
from tijdig.dunning.queries.plan_terms import count_late_plans
from tijdig.messaging.models import Message, MessageBody
from tijdig.tenants.models import Administration
from tijdig.tenants.scope import administration_scope

CREDITED_ON = date(2026, 4, 15)


def make_credited(cents: int) -> UUID:
    """Three terms of € 40,33, € 40,33 and € 40,34, and a credit note before the first."""
    administration = make_planned(CREDITED_ON)
    credit = replace(make_record("C-1", cents=-cents), credited_number="2026-0412")
    take_in(administration, credit, today=CREDITED_ON)
    return administration


def test_a_few_cents_of_a_term_are_asked_with_the_next(database: None) -> None:
    administration = make_credited(4_000)
    assert live(administration, CREDITED_ON, date(2026, 6, 9)) == [
        (date(2026, 5, 29), "notice-2", 4_066),
        (date(2026, 6, 4), "nudge-2", 4_066),
    ]
    with administration_scope(administration):
        text = MessageBody.objects.latest("id").text
    assert "Wij hebben termijn 2 van 3 nog niet ontvangen" in text
    assert "1 juni 2026: € 40,66" in text.replace("\N{NO-BREAK SPACE}", " ")


def test_a_few_cents_of_the_last_term_are_shown_and_end_nothing(database: None) -> None:
    administration = make_credited(12_067)
    assert live(administration, CREDITED_ON, date(2026, 9, 1)) == []
    assert state_of(administration) == "running"
    assert "alleen nog € 0,33 open" in list_because(administration)[-1][1]
    with administration_scope(administration):
        assert count_late_plans(today=date(2026, 9, 1)) == 1


def test_nothing_is_confirmed_of_a_plan_of_a_few_cents(database: None) -> None:
    administration = make_planned(AGREED)
    credit = replace(make_record("C-1", cents=-12_067), credited_number="2026-0412")
    take_in(administration, credit, today=AGREED)
    assert live(administration, AGREED, date(2026, 5, 20)) == []


@pytest.mark.parametrize("cents", [4_033, 4_066, 8_100])
def test_money_of_what_is_asked_now_holds_the_nudge(database: None, cents: int) -> None:
    """A term as it was agreed, as the nudge would ask it, and all that is left at once."""
    administration = make_credited(4_000)
    live(administration, CREDITED_ON, date(2026, 5, 4))
    pay_a_term(administration, "M. Onbekend", cents)
    assert live(administration, date(2026, 5, 4), date(2026, 6, 9)) == []


@pytest.mark.parametrize("cents", [4_065, 8_099])
def test_money_of_another_amount_than_is_asked_now_holds_nothing(
    database: None, cents: int
) -> None:
    administration = make_credited(4_000)
    live(administration, CREDITED_ON, date(2026, 5, 4))
    pay_a_term(administration, "M. Onbekend", cents)
    assert [row[1] for row in live(administration, date(2026, 5, 4), date(2026, 6, 9))] == [
        "notice-2",
        "nudge-2",
    ]


@pytest.mark.parametrize(("cents", "state"), [(4_066, "running"), (4_067, "broken")])
def test_money_of_what_the_nudge_asked_before_a_credit_note_holds_the_plan(
    database: None, cents: int, state: str
) -> None:
    """The nudge asked € 40,66; a credit note then leaves € 30,66 of that term."""
    administration = make_credited(4_000)
    after = date(2026, 6, 5)
    assert live(administration, CREDITED_ON, after)[-1][1:] == ("nudge-2", 4_066)
    credit = replace(make_record("C-2", cents=-1_000), credited_number="2026-0412")
    take_in(administration, credit, today=after)
    pay_a_term(administration, "M. Onbekend", cents)
    live(administration, after, date(2026, 6, 24))
    assert state_of(administration) == state


def test_money_that_comes_while_the_nudge_is_under_way_holds_it(database: None) -> None:
    """Its five minutes run; what a stranger pays is what it asks, and no term as agreed."""
    administration = make_credited(4_000)
    nudge_on = date(2026, 6, 4)
    live(administration, CREDITED_ON, nudge_on)
    with administration_scope(administration):
        Administration.objects.filter(id=administration).update(undo_minutes=5)
    run(administration, today=nudge_on, now=at(nudge_on))
    pay_a_term(administration, "M. Onbekend", 4_066)
    later = at(nudge_on).replace(hour=at(nudge_on).hour + 1)
    with mail_sink() as sink:
        send(administration, today=nudge_on, clock=lambda: later)
        assert sink.stored == []
    with administration_scope(administration):
        last = Message.objects.latest("id")
    assert (last.step_key[-7:], last.state) == ("nudge-2", "cancelled")
