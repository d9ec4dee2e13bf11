"""A server that is slow until after the hours in which a debtor may hear from us."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from tests.integration.mail import mail_sink
from tests.integration.office import make_administration, make_debtor, make_record, take_in

from tijdig.dunning.actions import creditor
from tijdig.dunning.actions.days import live_one_day
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

DAY = date(2026, 3, 19)
# Two minutes to eight in the Netherlands, some seconds after eight, and the next morning at nine.
LATE = datetime(2026, 3, 19, 18, 58, tzinfo=UTC)
AFTER = datetime(2026, 3, 19, 19, 0, 20, tzinfo=UTC)
NEXT = datetime(2026, 3, 20, 8, tzinfo=UTC)
AGENCY = {"kind": "agency", "name": "Bureau Voorbeeld", "wki_registration": "WKI-2026-0815"}


def make_office(*, acts: bool, until: time) -> UUID:
    hours = {"contact_from": time(7) if until != time(0) else time(0), "contact_until": until}
    administration = make_administration(sending=True, guards=hours)
    if acts:
        with administration_scope(administration):
            creditor.change_acting(AGENCY, own=set(), today=DAY, now=LATE, actor="Sanne")
    for n in (1, 2, 3):
        debtor = make_debtor(f"{1000 + n}", email=f"klant{n}@example.nl", name=f"Klant {n}")
        take_in(administration, make_record(f"2026-041{n}", debtor=debtor))
    return administration


@pytest.mark.parametrize(
    ("acts", "until", "sent"),
    [
        (True, time(20), 1),
        # Whatever hours who acts for another had chosen before.
        (True, time(23), 1),
        (False, time(20), 1),
        (False, time(23), 3),
        (False, time(0), 3),
    ],
)
def test_what_was_claimed_and_not_begun_waits_for_the_next_day(
    database: None, acts: bool, until: time, sent: int
) -> None:
    with mail_sink() as sink:
        office = make_office(acts=acts, until=until)
        live_one_day(office, today=DAY, now=LATE, clock=lambda: AFTER if sink.stored else LATE)
        assert len(sink.stored) == sent
        for minutes in (0, 10):
            now = NEXT + timedelta(minutes=minutes)
            live_one_day(office, today=now.date(), now=now)
        assert len(sink.stored) == 3
        with administration_scope(office):
            days = list(Message.objects.filter(state="accepted").values_list("planned_on"))
        assert sorted(day for (day,) in days) == [DAY] * sent + [NEXT.date()] * (3 - sent)


def test_letters_are_printed_on(database: None) -> None:
    office = make_office(acts=True, until=time(20))
    debtor = make_debtor("1004", email="", name="Klant 4")
    take_in(office, make_record("2026-0414", debtor=debtor))
    with mail_sink() as sink:
        live_one_day(office, today=DAY, now=LATE, clock=lambda: AFTER if sink.stored else LATE)
    with administration_scope(office):
        gone = Message.objects.filter(state="accepted").values_list("channel", flat=True)
        assert sorted(gone) == ["email", "letter"]
