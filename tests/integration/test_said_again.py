"""What debtors truly get after something came back, moved, or was said of one invoice only."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.case_office import (
    REMIND_ON,
    find_ids,
    list_because,
    make_office,
    open_plan,
    told,
)
from tests.integration.office import make_record, take_in
from tests.integration.test_case_messages import live
from tests.integration.test_plans_at_rest import AGREED
from tests.integration.test_plans_at_rest import live as live_through

from tijdig.cases.actions import plans, reasons
from tijdig.cases.models import Plan
from tijdig.dunning.actions.answers import answer_message
from tijdig.dunning.models import Outcome
from tijdig.ledger.actions.debtors import change_contact
from tijdig.ledger.models import Contact, Debtor
from tijdig.messaging.models import Message, MessageBody
from tijdig.tenants.scope import administration_scope


def list_texts(administration: UUID) -> list[str]:
    with administration_scope(administration):
        return list(MessageBody.objects.order_by("message_id").values_list("text", flat=True))


@pytest.mark.parametrize(
    ("kind", "subject"), [("forgot", "Nog niet ontvangen"), ("says_paid", "Uw betaling")]
)
def test_a_reason_of_one_invoice_steers_it_though_another_is_reminded(
    database: None, kind: str, subject: str
) -> None:
    administration = make_office()
    live(administration, REMIND_ON)
    newer = make_record("2026-0420", cents=7_000, due_on=date(2026, 3, 23))
    take_in(administration, newer, today=date(2026, 3, 20))
    with administration_scope(administration):
        debtor_id, invoice_id = find_ids()
        reasons.tell(
            debtor_id=debtor_id, kind=kind, invoice_id=invoice_id, **told(date(2026, 3, 26))
        )
    days = [date(2026, 3, 26) + timedelta(days=n) for n in range(16)]
    assert live(administration, *days) == [
        "Herinnering factuur 2026-0420", f"{subject}: factuur 2026-0412"
        if kind == "forgot" else f"{subject} van factuur 2026-0412",
    ]  # fmt: skip


def test_a_last_demand_that_came_back_is_not_called_expired(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        Contact.objects.update(street="", city="")
        Debtor.objects.update(kind="business", kvk_number="12345678")
    live_through(administration, REMIND_ON, date(2026, 4, 21))
    with administration_scope(administration):
        last = Message.objects.latest("id")
        assert last.step_key == "last_demand"
        answer_message(last.id, told="came_back", **told(date(2026, 4, 21)))
    assert live_through(administration, date(2026, 4, 21), date(2026, 5, 6)) == []
    with administration_scope(administration):
        assert not Outcome.objects.exists()
        assert "Het bericht van 13 april 2026 kwam terug" in list_because(administration)[-1][1]
        where = {"street": "Laan 1", "postal_code": "3500 AA", "city": "Utrecht"}
        change_contact(find_ids()[0], where, **told(date(2026, 5, 6)))
    live(administration, date(2026, 5, 6))
    with administration_scope(administration):
        again = Message.objects.latest("id")
        assert (again.step_key, again.channel) == ("last_demand_anew", "letter")


def test_a_nudge_that_came_back_ends_no_plan_and_is_said_again(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        Contact.objects.update(street="", city="")
        open_plan(AGREED)
    asked = live_through(administration, AGREED, date(2026, 5, 8))
    assert asked[-1][:2] == (date(2026, 5, 7), "nudge-1")
    with administration_scope(administration):
        answer_message(Message.objects.latest("id").id, told="came_back", **told(date(2026, 5, 8)))
    assert live_through(administration, date(2026, 5, 8), date(2026, 5, 26)) == []
    with administration_scope(administration):
        assert Plan.objects.get().state == "running"
        new = {"email": "nieuw@cafe.example"}
        change_contact(find_ids()[0], new, **told(date(2026, 5, 26)))
    assert live_through(administration, date(2026, 5, 26), date(2026, 6, 4)) == [
        (date(2026, 5, 26), "nudge-1b", 4_033),
        (date(2026, 6, 3), "reminder", 12_100),
    ]


def test_after_a_term_moved_no_message_says_that_one_can(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        plan = open_plan(AGREED)
    live(administration, AGREED)
    with administration_scope(administration):
        plans.shift(plan, position=1, to_on=date(2026, 5, 20), **told(AGREED))
    live_through(administration, date(2026, 3, 19), date(2026, 6, 3))
    first, *others = list_texts(administration)
    assert "Eén termijn kan later." in first
    assert len(others) == 2
    assert not any("Eén termijn kan later" in one for one in others)
