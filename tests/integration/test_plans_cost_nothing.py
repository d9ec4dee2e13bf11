"""A payment plan costs nothing extra: no costs and no interest are added while it runs."""

from datetime import date, timedelta
from uuid import UUID

from tests.integration.case_office import told
from tests.integration.mail import mail_sink
from tests.integration.office import at, make_record, take_in
from tests.integration.test_business_claims import DEMAND_ON as BUSINESS_DEMAND_ON
from tests.integration.test_business_claims import live_to_demand
from tests.integration.test_business_claims import make_office as make_business_office
from tests.integration.test_consumer_costs import DEMAND_ON, DUE_ON, live, make_pupil, make_school

from tijdig.cases.actions import plans
from tijdig.cases.models import Plan
from tijdig.dunning.actions.days import live_one_day
from tijdig.ledger.models import ClaimLine, Entry, Invoice
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

Claimed = list[tuple[str, date, int]]


def claimed() -> Claimed:
    """Every line of costs and interest: what it is, of which day, and its cents now."""
    return [
        (
            one.kind,
            one.claimed_on,
            sum(Entry.objects.filter(open_item=one.open_item).values_list("cents", flat=True)),
        )
        for one in ClaimLine.objects.order_by("claimed_on", "kind", "id")
    ]


def agree(day: date, *, first_on: date, count: int = 3) -> UUID:
    """A plan over all the invoices of the one customer."""
    invoices = Invoice.objects.select_related("open_item").order_by("number")
    return plans.agree(
        debtor_id=invoices[0].open_item.debtor_id,
        invoice_ids=[one.id for one in invoices],
        count=count,
        first_on=first_on,
        **told(day),
    )


def test_a_consumer_owes_no_cent_more_while_a_plan_over_two_claims_runs(database: None) -> None:
    administration = make_school(interest_from="everybody")
    for number in ("2026-0412", "2026-0413"):
        take_in(administration, make_record(number, due_on=DUE_ON, debtor=make_pupil()))
    live(administration, date(2026, 3, 9), DEMAND_ON)
    agreed_on = DEMAND_ON + timedelta(days=2)
    with administration_scope(administration):
        before = claimed()
        assert {kind for kind, _, _ in before} >= {"costs"}
        agree(agreed_on, first_on=date(2026, 5, 1))
        total = Plan.objects.get().total_cents
    assert total == 2 * 12_100
    # Up to the day after the nudge for the first term: the plan is late, and still runs.
    live(administration, agreed_on, date(2026, 5, 12))
    with administration_scope(administration):
        assert Plan.objects.get().state == "running"
        assert claimed() == before
        said = Message.objects.filter(planned_on__gte=agreed_on, state="accepted")
        assert {one.phase for one in said} == {"plan"}
        assert {one.costs_cents for one in said} == {0}
        assert [one.total_cents for one in said if one.text == "plan_confirmed"] == [total]


def test_a_business_gets_no_new_line_either_while_its_plan_runs(database: None) -> None:
    """What it owed in costs and interest before stays, to the cent."""
    administration = make_business_office()
    agreed_on = BUSINESS_DEMAND_ON + timedelta(days=1)
    with mail_sink():
        live_to_demand(administration)
        with administration_scope(administration):
            before = claimed()
            assert {kind for kind, _, _ in before} == {"costs", "interest"}
            agree(agreed_on, first_on=agreed_on + timedelta(days=20))
        for days in range(25):
            day = agreed_on + timedelta(days=days)
            live_one_day(administration, today=day, now=at(day))
    with administration_scope(administration):
        assert Plan.objects.get().state == "running"
        assert claimed() == before
        assert {one.phase for one in Message.objects.filter(planned_on__gte=agreed_on)} == {"plan"}
