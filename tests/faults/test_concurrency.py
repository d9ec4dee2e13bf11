"""Two runs, two senders, an import beside a run: they act as one (P2, P8)."""

import json
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import override_settings
from tests.faults.child import make_environment
from tests.faults.smtp_sink import SmtpSink
from tests.integration.books import (
    Listed,
    check_book,
    make_list,
    make_payment,
    make_statement,
    run_on,
    take,
)
from tests.integration.office import at, make_administration

from tijdig.core.problem import Refusal
from tijdig.dunning.actions import sending
from tijdig.dunning.actions.days import send
from tijdig.dunning.actions.release import release_messages
from tijdig.dunning.actions.run import run
from tijdig.dunning.models import Decision
from tijdig.ledger.actions.debtors import change_contact
from tijdig.ledger.models import Debtor
from tijdig.messaging.actions.claims import claim, find_claimable
from tijdig.messaging.delivering import send_messages, sweep
from tijdig.messaging.models import Message
from tijdig.tenants.models import Administration
from tijdig.tenants.scope import administration_scope

MONDAY = date(2026, 3, 2)
DAY = date(2026, 3, 19)


def make_rows(count: int) -> list[Listed]:
    return [Listed(f"2026-{n:05d}", 12_100, debtor=f"{10_000 + n}") for n in range(count)]


def make_books(count: int, *, sending_on: bool = False) -> UUID:
    """An administration in which so many debtors get a reminder on the day."""
    administration = make_administration(sending=sending_on)
    take(administration, make_list(*make_rows(count)), day=MONDAY)
    return administration


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as server, pointing_at(server):
        yield server


def pointing_at(server: SmtpSink) -> override_settings:
    return override_settings(
        SMTP_HOST="127.0.0.1", SMTP_PORT=server.port, SMTP_SECURITY="none", SMTP_USERNAME=""
    )


def at_once(*works: Callable[[], object]) -> list[BaseException]:
    """Start these together, each on a connection of its own; what they raised."""
    raised: list[BaseException] = []
    gate = threading.Barrier(len(works))

    def do(work: Callable[[], object]) -> None:
        try:
            gate.wait()
            work()
        except BaseException as error:  # noqa: BLE001 - the test compares what was raised
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)
    return raised


def states(administration: UUID) -> Counter[str]:
    with administration_scope(administration):
        return Counter(Message.objects.values_list("state", flat=True))


def test_two_runs_on_the_command_line_act_as_one(database: None) -> None:
    count = 250
    administration = make_books(count)
    with administration_scope(administration):
        slug = Administration.objects.get(id=administration).slug
    words = ["-m", "tijdig.config.command_line", "run", "--json"]
    words += ["--administration", slug, "--today", f"{DAY}"]
    children = [
        subprocess.Popen(
            [sys.executable, *words], env=make_environment(), stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    answers = [json.loads(child.communicate(timeout=180)[0]) for child in children]
    assert [child.returncode for child in children] == [0, 0]
    assert sum(answer["planned"] for answer in answers) == count
    assert [sum(answer["because"].values()) for answer in answers] == [count, count]
    with administration_scope(administration):
        assert Message.objects.count() == Decision.objects.count() == count


def test_two_runs_at_once_look_at_each_debtor_once(database: None) -> None:
    administration = make_books(300)
    results: list[int] = []

    def look() -> None:
        results.append(run(administration, today=DAY, now=at(DAY)).planned)

    assert at_once(look, look, look) == []
    assert sum(results) == 300
    with administration_scope(administration):
        assert Decision.objects.count() == 300


def test_two_senders_at_once_send_each_message_once(database: None, sink: SmtpSink) -> None:
    administration = make_books(60, sending_on=True)
    run_on(administration, DAY)

    def work() -> None:
        send(administration, today=DAY, clock=lambda: at(DAY))

    assert at_once(work, work, work) == []
    assert states(administration) == {"accepted": 60}
    assert len(sink.stored) == len({one.recipient for one in sink.stored}) == 60


def test_an_import_beside_runs_and_releases_blocks_nobody(database: None) -> None:
    """No deadlock, whoever comes first; and every cent is right afterwards."""
    administration = make_books(120, sending_on=True)
    rows = make_rows(120)

    def bring() -> None:
        for turn in range(4):
            changed = [Listed(one.number, 9_000 - turn, debtor=one.debtor) for one in rows[turn::3]]
            take(administration, make_list(*changed), day=DAY)
            lines = [make_payment(12_100, one.number, on=DAY) for one in rows[turn::4]]
            take(administration, make_statement(*lines, name=f"{turn}"), day=DAY)

    def look() -> None:
        for _ in range(6):
            run(administration, today=DAY, now=at(DAY))

    def release() -> None:
        for _ in range(12):
            release_messages(administration, today=DAY, now=at(DAY))

    def edit() -> None:
        with administration_scope(administration):
            ids = list(Debtor.objects.order_by("-id").values_list("id", flat=True))
        for number, debtor_id in enumerate(ids):
            with administration_scope(administration):
                phone = {"phone": f"06{number:08d}"}
                change_contact(debtor_id, phone, today=DAY, now=at(DAY), actor="ik")

    assert at_once(bring, look, release, edit, look) == []
    check_book(administration)
    with administration_scope(administration):
        steps = Message.objects.exclude(state="cancelled")
        assert steps.count() == steps.values("debtor").distinct().count()


def test_sending_turned_on_during_runs_leaves_nothing_held(database: None) -> None:
    administration = make_books(400)

    def look() -> None:
        with suppress(Refusal):
            run(administration, today=DAY, now=at(DAY))

    def turn_on() -> None:
        with administration_scope(administration):
            sending.turn_on(today=DAY, now=at(DAY), actor="ik")

    assert at_once(look, turn_on) == []
    run_on(administration, DAY)
    found = states(administration)
    assert (found["released"], found["held"], found["planned"]) == (400, 0, 0)


def test_a_claim_refuses_facts_that_have_moved(database: None) -> None:
    administration = make_books(2, sending_on=True)
    run_on(administration, DAY)
    line = make_payment(12_100, "2026-00001", on=DAY)
    take(administration, make_statement(line), day=DAY)
    with administration_scope(administration):
        both = list(Message.objects.order_by("id").values_list("id", flat=True))
        found = find_claimable(channels=["email"], most=9, today=DAY, now=at(DAY))
        assert len(found) == 1
        claimed = claim(both, channels=["email"], worker="hier:1", today=DAY, now=at(DAY))
        assert [one.envelope.recipient for one in claimed] == ["klant10000@example.nl"]
        assert claim(both, channels=["email"], worker="hier:2", today=DAY, now=at(DAY)) == ()
    assert states(administration) == {"sending": 1, "planned": 1}


def test_a_held_up_worker_does_not_send_what_another_took_over(
    database: None, sink: SmtpSink
) -> None:
    administration = make_books(3, sending_on=True)
    run_on(administration, DAY)
    later = at(DAY) + timedelta(minutes=30)
    taken_over = threading.Event()

    def take_over() -> None:
        sweep(administration, today=DAY, now=later)
        send_messages(administration, today=DAY, clock=lambda: later)

    def clock() -> datetime:
        """After its first message this worker stands still for half an hour."""
        if not sink.stored:
            return at(DAY)
        if states(administration)["accepted"] == 1 and not taken_over.is_set():
            taken_over.set()
            assert at_once(take_over) == []
        return later

    send_messages(administration, today=DAY, clock=clock)
    with administration_scope(administration):
        sent = Message.objects.order_by("id").values_list("state", "attempt")
        assert list(sent) == [("accepted", 1), ("accepted", 2), ("accepted", 2)]
    assert len(sink.stored) == len({one.recipient for one in sink.stored}) == 3


def test_what_waited_a_day_is_written_anew_with_a_whole_term(database: None) -> None:
    administration = make_books(1, sending_on=True)
    run_on(administration, DAY)
    tomorrow = DAY + timedelta(days=1)
    with SmtpSink("rcpt_450", "normal") as sink, pointing_at(sink):
        assert send(administration, today=DAY, clock=lambda: at(DAY))["retry"] == 1
        with administration_scope(administration):
            first = Message.objects.get().pay_by_on
        assert send(administration, today=tomorrow, clock=lambda: at(tomorrow))["accepted"] == 1
        with administration_scope(administration):
            second = Message.objects.get().pay_by_on
        assert first is not None
        assert second == first + timedelta(days=1)
        assert len(sink.stored) == 1
