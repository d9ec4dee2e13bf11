"""A worker that is held up past midnight, as on a machine that slept: what it had left waits."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from tests.faults.smtp_sink import SmtpSink
from tests.integration.mail import mail_sink
from tests.integration.office import make_administration, make_debtor, make_record, take_in

from tijdig.dunning.actions.days import live_one_day
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

DAY = date(2026, 3, 19)
# Two minutes to twelve in the Netherlands, and the next morning at nine.
LATE, NEXT = datetime(2026, 3, 19, 22, 58, tzinfo=UTC), datetime(2026, 3, 20, 8, tzinfo=UTC)
ANY_HOUR = {"contact_from": time(0), "contact_until": time(23, 59, 59)}


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with mail_sink() as server:
        yield server


@pytest.fixture
def office(database: None) -> UUID:
    administration = make_administration(sending=True, guards=ANY_HOUR)
    for n in (1, 2):
        debtor = make_debtor(f"{1000 + n}", email=f"klant{n}@example.nl", name=f"Klant {n}")
        take_in(administration, make_record(f"2026-041{n}", debtor=debtor))
    return administration


def sent(administration: UUID) -> list[tuple[date, date | None]]:
    with administration_scope(administration):
        gone = Message.objects.filter(state="accepted").order_by("id")
        return list(gone.values_list("planned_on", "pay_by_on"))


def live_next_day(administration: UUID) -> None:
    for minutes in (0, 10):
        now = NEXT + timedelta(minutes=minutes)
        live_one_day(administration, today=now.date(), now=now)


def test_what_was_not_claimed_goes_the_next_day_with_its_whole_term(
    office: UUID, sink: SmtpSink
) -> None:
    live_one_day(office, today=DAY, now=LATE, clock=lambda: NEXT)
    assert sink.stored == []
    live_next_day(office)
    tomorrow = DAY + timedelta(days=1)
    assert sent(office) == [(tomorrow, tomorrow + timedelta(days=7))] * 2
    assert len(sink.stored) == 2


def test_what_was_claimed_and_not_begun_waits_too(office: UUID, sink: SmtpSink) -> None:
    """The machine falls asleep once the first is sent."""
    live_one_day(office, today=DAY, now=LATE, clock=lambda: NEXT if sink.stored else LATE)
    assert len(sink.stored) == 1
    live_next_day(office)
    assert [on for on, _ in sent(office)] == [DAY, DAY + timedelta(days=1)]
    assert len(sink.stored) == 2
