"""A plan that was agreed before its debtor was known to be a business costs nothing extra."""

from datetime import date, timedelta

from tests.integration.case_office import told
from tests.integration.office import make_record, take_in
from tests.integration.test_consumer_costs import DUE_ON, live, make_pupil, make_school
from tests.integration.test_plans_cost_nothing import agree

from tijdig.cases.models import Plan
from tijdig.ledger.actions.debtors import confirm_kind
from tijdig.ledger.models import ClaimLine, Debtor, Invoice
from tijdig.messaging.models import MessageBody
from tijdig.tenants.scope import administration_scope

AGREED_ON, CONFIRMED_ON = date(2026, 3, 10), date(2026, 4, 1)


def test_its_days_bear_no_interest_although_he_proves_a_business(database: None) -> None:
    office = make_school(interest_from="businesses")
    take_in(office, make_record(due_on=DUE_ON, debtor=make_pupil(), cents=500_000))
    with administration_scope(office):
        Invoice.objects.update(term="agreed")
    live(office, date(2026, 3, 9), date(2026, 3, 9))
    with administration_scope(office):
        agree(AGREED_ON, first_on=date(2026, 3, 20), count=2)
    live(office, AGREED_ON, CONFIRMED_ON)
    with administration_scope(office):
        words = MessageBody.objects.get(message__text="plan_confirmed").text
        assert "Het kost u niets extra." in " ".join(words.split())
        confirm_kind(Debtor.objects.get().id, "business", **told(CONFIRMED_ON))  # type: ignore[arg-type]
    live(office, CONFIRMED_ON + timedelta(days=1), date(2026, 7, 31))
    with administration_scope(office):
        plan = Plan.objects.get()
        assert plan.state == "broken"
        line = ClaimLine.objects.filter(kind="interest").earliest("id")
        said = [step["nl"] for step in line.calculation]
        assert len(said) == 3
        assert "betalingsregeling, geen rente" in said[1]
        assert line.calculation[1]["cents"] == 0
