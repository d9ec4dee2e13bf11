"""A pause of everybody against a run that is at work: who is not on his way stays in (P2, P8)."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from tests.faults.smtp_sink import SmtpSink
from tests.faults.test_concurrency import DAY, at_once, make_books, pointing_at, states
from tests.integration.books import run_on
from tests.integration.office import at

from tijdig.cases.actions import holds
from tijdig.cases.models import Hold
from tijdig.dunning.actions.days import send
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

UNTIL = date(2026, 4, 10)
COUNT = 12
PATIENCE = 180


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as server, pointing_at(server):
        yield server


def deliver(administration: UUID) -> None:
    send(administration, today=DAY, clock=lambda: at(DAY))


def pause(administration: UUID) -> None:
    with administration_scope(administration):
        told = {"today": DAY, "now": at(DAY), "actor": "Sanne"}
        holds.place(until_on=UNTIL, reason="vakantie", **told)  # type: ignore[arg-type]


def wait_for(seen: Path) -> None:
    ends = time.monotonic() + PATIENCE
    while not seen.exists():
        assert time.monotonic() < ends
        time.sleep(0.01)


def test_a_pause_between_release_and_claim_lets_nothing_out(database: None, sink: SmtpSink) -> None:
    administration = make_books(COUNT, sending_on=True)
    stands_still = Path(settings.HOME) / "failpoint"

    def work() -> None:
        run_on(administration, DAY)
        deliver(administration)
        connection.close()

    with override_settings(FAILPOINT="release.committed:sleep"):
        sender = threading.Thread(target=work)
        sender.start()
        wait_for(stands_still)
        assert states(administration) == {"released": COUNT}
        pause(administration)
    stands_still.unlink()
    sender.join(PATIENCE)
    assert not sender.is_alive()
    assert sink.stored == []
    assert states(administration) == {"cancelled": COUNT}
    with administration_scope(administration):
        assert Counter(Message.objects.values_list("reason", flat=True)) == {"stop_hold": COUNT}
    for _ in range(2):
        deliver(administration)
    assert sink.stored == []


@pytest.mark.parametrize("turn", range(4))
def test_a_pause_beside_a_sender_is_before_or_after_each_message(
    database: None, sink: SmtpSink, turn: int
) -> None:
    administration = make_books(COUNT, sending_on=True)
    run_on(administration, DAY)
    assert at_once(lambda: deliver(administration), lambda: pause(administration)) == []
    # Whoever was on his way arrives and is told as such; nobody follows after the pause.
    found = states(administration)
    assert found["accepted"] == len(sink.stored)
    deliver(administration)
    assert states(administration) == {
        state: count
        for state, count in (
            ("accepted", len(sink.stored)),
            ("cancelled", COUNT - len(sink.stored)),
        )
        if count
    }
    assert found["accepted"] == len(sink.stored)
    with administration_scope(administration):
        assert Hold.objects.count() == 1
