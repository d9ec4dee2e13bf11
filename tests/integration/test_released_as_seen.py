"""A release of the creditor's own staff holds for what they saw, and for who it was to."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests.faults.smtp_sink import SmtpSink
from tests.integration.case_office import told
from tests.integration.office import at
from tests.integration.test_business_claims import DEMAND_ON, REMINDER_ON, make_office
from tests.integration.test_wki import DAY, LATER, OFFICE, make_client, release, states

from tijdig.dunning.actions import creditor
from tijdig.dunning.actions.days import live_one_day
from tijdig.ledger.actions import flags
from tijdig.ledger.actions.debtors import change_contact
from tijdig.ledger.models import Debtor
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

NEXT = timedelta(days=1)
HELD = ("held", "for_creditor")


def change(office: UUID, **changes: str) -> None:
    with administration_scope(office):
        change_contact(Debtor.objects.get().id, changes, **told(DAY))  # type: ignore[arg-type]


def put_under_bewind(office: UUID) -> None:
    with administration_scope(office):
        flags.mark(
            debtor_id=Debtor.objects.get().id,
            kind="bewind",
            from_on=DAY,
            instead=flags.Representative(representative="Bewind", email="post@bewind.example.nl"),
            **told(DAY),  # type: ignore[arg-type]
        )


def test_the_interest_of_the_days_until_it_goes_is_what_was_released(
    database: None, sink: SmtpSink
) -> None:
    """It grows every day, so a demand that was released on the day after never went."""
    office = make_office()
    with administration_scope(office):
        creditor.change_acting(OFFICE, own=set(), **told(REMINDER_ON))  # type: ignore[arg-type]
    day = REMINDER_ON
    while day <= DEMAND_ON:
        live_one_day(office, today=day, now=at(day))
        if day == REMINDER_ON:
            release(office, day)
        day += NEXT
    with administration_scope(office):
        demand = Message.objects.get(step_key="last_demand")
        asked = demand.total_cents
        assert demand.state == "held"
    release(office, day)
    live_one_day(office, today=day, now=at(day))
    with administration_scope(office):
        demand = Message.objects.get(step_key="last_demand")
        # 10,15% a year over € 10.000,00, rounded over all days together.
        assert (demand.state, demand.total_cents - asked) == ("accepted", 279)


@pytest.mark.parametrize(
    "changes",
    [{"email": "nieuw@example.nl"}, {"name": "Iemand anders"}, {"street": "Nieuwe weg 3"}],
)
def test_another_addressee_is_released_again(
    database: None, sink: SmtpSink, changes: dict[str, str]
) -> None:
    office = make_client(OFFICE)
    live_one_day(office, today=DAY, now=at(DAY))
    release(office, DAY)
    change(office, **changes)
    live_one_day(office, today=DAY, now=at(DAY))
    assert (states(office), sink.stored) == ([HELD], [])
    # What was changed before they released it, they saw.
    release(office, LATER)
    live_one_day(office, today=LATER, now=at(LATER))
    assert states(office) == [("accepted", "")]


def test_who_acts_for_him_since_is_another_addressee(database: None, sink: SmtpSink) -> None:
    office = make_client(OFFICE)
    live_one_day(office, today=DAY, now=at(DAY))
    release(office, DAY)
    put_under_bewind(office)
    live_one_day(office, today=DAY, now=at(DAY))
    assert ("accepted", "") not in states(office)
    assert sink.stored == []


def test_his_phone_number_changes_nothing(database: None, sink: SmtpSink) -> None:
    office = make_client(OFFICE)
    live_one_day(office, today=DAY, now=at(DAY))
    release(office, DAY)
    change(office, phone="0201234567")
    live_one_day(office, today=LATER, now=at(LATER))
    assert states(office) == [("accepted", "")]
