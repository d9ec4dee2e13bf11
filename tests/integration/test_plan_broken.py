"""After a broken plan: a business owes the interest of the law, or as agreed; a consumer no more.

The figures are worked out by hand: what was owed a day, and for how many days. The first term paid
principal alone, as a plan agrees on it (BW 6:119a; 10,15% in the first half of 2026).
"""

from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from tests.integration.mail import mail_sink
from tests.integration.office import at, make_record, take_in
from tests.integration.test_business_claims import REMINDER_ON, make_office, pay
from tests.integration.test_consumer_costs import DUE_ON, make_pupil, make_school
from tests.integration.test_consumer_costs import live as live_at_school
from tests.integration.test_plans_cost_nothing import agree, claimed

from tijdig.cases.models import Plan
from tijdig.core.law.agreed_interest import AgreedInterest
from tijdig.dunning.actions.days import live_one_day
from tijdig.ledger.actions.interest_agreements import agree_interest
from tijdig.ledger.models import ClaimLine, Debtor, Invoice
from tijdig.messaging.models import Message, MessageBody
from tijdig.tenants.scope import administration_scope

FIRST_TERM_ON, BROKEN_ON = date(2026, 4, 10), date(2026, 5, 21)
# € 10.000,00 for 39 days: 108,452; € 5.000,00 for 41 days more: 57,007.
BY_LAW = 16_546
# One percent a month, without interest on interest. € 10.000,00 for 39 days: 128,219; € 5.000,00
# for 41 days more: 67,397.
AS_AGREED = 19_562


def make_broken(*, agreed: AgreedInterest | None = None) -> UUID:
    """A business that paid the first of two terms of € 5.000,00 on its day, and never the second.

    The last demand comes on the day on which the plan is broken: its own day is long over.
    """
    administration = make_office()
    if agreed is not None:
        with administration_scope(administration):
            moment = {"today": date(2026, 1, 1), "now": at(date(2026, 1, 1)), "actor": "Sanne"}
            agree_interest(Debtor.objects.get().id, agreed, **moment)  # type: ignore[arg-type]
    with mail_sink():
        live_one_day(administration, today=REMINDER_ON, now=at(REMINDER_ON))
        agreed_on = REMINDER_ON + timedelta(days=1)
        with administration_scope(administration):
            agree(agreed_on, first_on=FIRST_TERM_ON, count=2)
        for days in range((BROKEN_ON - agreed_on).days + 1):
            day = agreed_on + timedelta(days=days)
            if day == FIRST_TERM_ON:
                pay(administration, 500_000, on=day, shown_on=day)
            if day == BROKEN_ON:
                with administration_scope(administration):
                    assert (Plan.objects.get().state, claimed()) == ("running", [])
            live_one_day(administration, today=day, now=at(day))
    return administration


def test_a_business_that_broke_its_plan_owes_the_interest_of_the_law(database: None) -> None:
    administration = make_broken()
    with administration_scope(administration):
        assert (Plan.objects.get().state, Plan.objects.get().ended_on) == ("broken", BROKEN_ON)
        told = " ".join(MessageBody.objects.get(message__text="plan_confirmed").text.split())
        assert "Houdt u zich eraan? Dan kost het u niets extra." in told
        # 15% of the first € 2.500,00 and 10% of the next, over the principal that is open.
        assert claimed() == [("costs", BROKEN_ON, 62_500), ("interest", BROKEN_ON, BY_LAW)]
        line = ClaimLine.objects.get(kind="interest")
        told = " ".join(step["nl"] for step in line.calculation)
        assert [step["cents"] for step in line.calculation] == [10_845, 0, 5_701]
        assert "3 maart 2026 tot en met 10 april 2026, 39 dagen, 10,15% per jaar" in told
        assert "waarvan € 0,00 rente en € 5.000,00 hoofdsom (hoofdsom eerst" in told
        assert "€ 5.000,00, 11 april 2026 tot en met 21 mei 2026, 41 dagen" in told
        demand = Message.objects.latest("planned_on", "id")
        assert (demand.step_key, sorted(demand.listed_cents), demand.total_cents) == (
            "last_demand",
            sorted([500_000, 62_500, BY_LAW]),
            500_000 + 62_500 + BY_LAW,
        )


def test_a_business_that_agreed_on_interest_owes_that(database: None) -> None:
    ground = "artikel 8 van het contract"
    agreed = AgreedInterest(Decimal(1), "month", True, ground, date(2026, 1, 1))
    administration = make_broken(agreed=agreed)
    with administration_scope(administration):
        assert claimed() == [("costs", BROKEN_ON, 62_500), ("interest", BROKEN_ON, AS_AGREED)]


@pytest.mark.parametrize("has_plan", [True, False])
def test_a_consumer_owes_the_same_with_a_broken_plan_as_without_one(
    database: None, has_plan: bool
) -> None:
    """No costs and no interest come of it; the letter names what it would have named."""
    administration = make_school(interest_from="everybody")
    take_in(administration, make_record(due_on=DUE_ON, debtor=make_pupil()))
    agreed_on, until = date(2026, 3, 10), date(2026, 6, 30)
    live_at_school(administration, date(2026, 3, 9), date(2026, 3, 9))
    if has_plan:
        with administration_scope(administration):
            agree(agreed_on, first_on=date(2026, 3, 20), count=2)
    letters: list[int] = []
    day = agreed_on
    while day < until and not letters:
        live_at_school(administration, day, day)
        with administration_scope(administration):
            assert claimed() == []
            letter = Message.objects.filter(step_key="veertiendagenbrief")
            letters = list(letter.values_list("costs_cents", flat=True))
            asked = set(Message.objects.values_list("total_cents", flat=True))
        day += timedelta(days=1)
    # The least that the law allows, € 40,00, as for € 121,00 without any plan.
    assert letters == [4_000]
    assert max(asked) == 12_100
    with administration_scope(administration):
        assert [one.state for one in Plan.objects.all()] == (["broken"] if has_plan else [])


def test_a_consumer_owes_no_interest_over_the_days_of_a_broken_plan(database: None) -> None:
    """We told him that it costs nothing extra: those days bear none, also when it is broken."""
    administration = make_school(interest_from="everybody")
    record = make_record(due_on=DUE_ON, debtor=make_pupil(), cents=500_000)
    take_in(administration, record)
    with administration_scope(administration):
        Invoice.objects.update(term="agreed")
    agreed_on, until = date(2026, 3, 10), date(2026, 8, 31)
    live_at_school(administration, date(2026, 3, 9), date(2026, 3, 9))
    with administration_scope(administration):
        agree(agreed_on, first_on=date(2026, 3, 20), count=2)
    day = agreed_on
    lines: list[ClaimLine] = []
    while day < until and not lines:
        live_at_school(administration, day, day)
        with administration_scope(administration):
            lines = list(ClaimLine.objects.filter(kind="interest"))
        day += timedelta(days=1)
    with administration_scope(administration):
        (line,), plan = lines, Plan.objects.get()
        assert plan.ended_on is not None
        told = [step["nl"] for step in line.calculation]
        ((_, asked_on, cents),) = [one for one in claimed() if one[0] == "interest"]
    before = (agreed_on - DUE_ON).days
    after = (asked_on - plan.ended_on).days
    assert before > 0
    assert after > 0
    # 4% a year over € 5.000,00, to the cent, without the days of the plan.
    assert cents == round(500_000 * 4 * (before + after) / 36_500)
    assert len(told) == 3
    assert "geen rente" in told[1]
    assert "betalingsregeling" in told[1]
