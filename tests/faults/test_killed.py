"""Killed at any moment: nothing stuck, nothing twice, and what cannot be known is in doubt."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from itertools import count
from uuid import UUID

import pytest
from tests.faults.child import make_environment, make_smtp_environment, started
from tests.faults.smtp_sink import Mode, SmtpSink
from tests.integration.books import Listed, make_list, run_on, take
from tests.integration.mail import mail_sink
from tests.integration.office import at, make_administration

from tijdig.dunning.actions.release import release_messages
from tijdig.dunning.models import Decision, Run
from tijdig.messaging.delivering import send_messages
from tijdig.messaging.models import Message
from tijdig.messaging.settling import MOST_TOGETHER
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event

MONDAY = date(2026, 3, 2)
DAY = date(2026, 3, 19)
PATIENCE = 180.0


def make_books(debtors: int, *, sending: bool = True) -> UUID:
    """An administration in which so many debtors get a reminder on the day."""
    administration = make_administration(sending=sending)
    rows = [Listed(f"2026-{n:05d}", 12_100, debtor=f"{10_000 + n}") for n in range(debtors)]
    take(administration, make_list(*rows), day=MONDAY)
    return administration


def wait_until(is_so: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.02)


def states(administration: UUID) -> Counter[str]:
    with administration_scope(administration):
        return Counter(Message.objects.values_list("state", flat=True))


def kill_when(
    is_so: Callable[[], bool], administration: UUID, sink: SmtpSink, *, minutes: int = 0
) -> None:
    """Start sending, and kill the process without warning as soon as something is so."""
    now = at(DAY) + timedelta(minutes=minutes)
    environment = make_smtp_environment(sink.port)
    with started("send", administration, now=now, environment=environment) as process:
        wait_until(lambda: is_so() or process.poll() is not None)


def send_the_rest(administration: UUID, sink: SmtpSink, *, minutes: int) -> None:
    now = at(DAY) + timedelta(minutes=minutes)
    environment = make_smtp_environment(sink.port)
    with started("send", administration, now=now, environment=environment) as process:
        assert process.wait(PATIENCE) == 0


def test_what_was_taken_but_not_confirmed_is_in_doubt_and_never_repeated(database: None) -> None:
    administration = make_books(5)
    run_on(administration, DAY)
    with SmtpSink("normal", "normal", "hang_after_dot_stored", "normal") as sink:
        kill_when(lambda: len(sink.stored) == 3, administration, sink)
        # Two were accepted and wait to be stored with those after them: the log knows.
        assert states(administration) == {"sending": 5}
        # Too soon to call it abandoned.
        send_the_rest(administration, sink, minutes=1)
        assert states(administration) == {"sending": 5}
        send_the_rest(administration, sink, minutes=16)
    assert states(administration) == {"accepted": 4, "in_doubt": 1}
    assert len(sink.stored) == len({one.message_id for one in sink.stored}) == 5
    with administration_scope(administration):
        doubt = Message.objects.get(state="in_doubt")
        kinds = set(Event.objects.filter(subject_id=doubt.id).values_list("kind", flat=True))
    assert kinds == {"message_released", "message_in_doubt"}


def test_what_cannot_be_stored_with_the_others_is_known_by_the_log(database: None) -> None:
    administration = make_books(30)
    run_on(administration, DAY)
    fails = {"DEBUG_FAULTS": "1", "FAILPOINT": "send.logged:kill:28"}
    with SmtpSink() as sink:
        environment = make_smtp_environment(sink.port) | fails
        with started("send", administration, now=at(DAY), environment=environment) as process:
            assert process.wait(PATIENCE) == -9
        assert states(administration) == {"accepted": MOST_TOGETHER, "sending": 30 - MOST_TOGETHER}
        assert len(sink.stored) == 28
        send_the_rest(administration, sink, minutes=16)
        assert len(sink.stored) == len({one.message_id for one in sink.stored}) == 30
    assert states(administration) == {"accepted": 30}
    with administration_scope(administration):
        kinds = Counter(Event.objects.values_list("kind", flat=True))
    assert kinds["message_accepted"] == 30


def test_an_error_stores_what_was_accepted_before_it(database: None) -> None:
    administration = make_books(6)
    run_on(administration, DAY)
    fails = {"DEBUG_FAULTS": "1", "FAILPOINT": "send.after_250:raise:4"}
    with SmtpSink() as sink:
        environment = make_smtp_environment(sink.port) | fails
        with started("send", administration, now=at(DAY), environment=environment) as process:
            assert process.wait(PATIENCE) == 1
        assert states(administration) == {"accepted": 3, "sending": 3}
        send_the_rest(administration, sink, minutes=16)
        assert len(sink.stored) == len({one.message_id for one in sink.stored}) == 6
    assert states(administration) == {"accepted": 5, "in_doubt": 1}


@pytest.mark.parametrize(("step", "commits"), [(1_000, 3), (1, 1)])
def test_a_slow_server_is_not_what_a_commit_waits_for(
    database: None, step: int, commits: int
) -> None:
    administration = make_books(3)
    run_on(administration, DAY)
    release_messages(administration, today=DAY, now=at(DAY))
    # Each look at the clock is so many milliseconds later.
    ticks = count(1)
    clock = lambda: at(DAY) + timedelta(milliseconds=step * next(ticks))  # noqa: E731
    with mail_sink() as sink:
        send_messages(administration, today=DAY, clock=clock)
    assert len(sink.stored) == 3
    with administration_scope(administration):
        moments = Event.objects.filter(kind="message_accepted").values_list("at", flat=True)
        assert (len(moments), len(set(moments))) == (3, commits)


@pytest.mark.parametrize("mode", ["slow", "normal"])
def test_what_had_not_begun_goes_out_later(database: None, mode: Mode) -> None:
    administration = make_books(2)
    run_on(administration, DAY)
    with SmtpSink(mode, "normal") as sink:
        # Killed before it called, the first to call, and to be served slowly, would be the second.
        kill_when(
            lambda: states(administration)["sending"] > 0 and sink.connections > 0,
            administration,
            sink,
        )
        send_the_rest(administration, sink, minutes=16)
    found = states(administration)
    assert found["accepted"] + found["in_doubt"] == 2
    assert len(sink.stored) == len({one.recipient for one in sink.stored})
    if mode == "slow":
        assert found == {"accepted": 2}


def test_killed_again_and_again_nothing_is_stuck_or_twice(database: None) -> None:
    most = 30
    administration = make_books(most)
    run_on(administration, DAY)
    with SmtpSink() as sink:
        for turn, enough in enumerate((1, 7, 16)):
            kill_when(
                lambda enough=enough: len(sink.stored) >= enough,  # type: ignore[misc]
                administration,
                sink,
                minutes=20 * turn,
            )
        send_the_rest(administration, sink, minutes=100)
    found = states(administration)
    assert found["accepted"] + found["in_doubt"] == most
    assert found["in_doubt"] <= 3
    assert len(sink.stored) == len({one.recipient for one in sink.stored})
    assert found["accepted"] <= len(sink.stored) <= most


def test_a_run_that_was_killed_goes_on_where_it_was(database: None) -> None:
    debtors = 2_000
    administration = make_books(debtors, sending=False)

    def count_decisions() -> int:
        with administration_scope(administration):
            return Decision.objects.count()

    environment = make_environment(DEBUG_FAULTS="1", FAILPOINT="run.committed:kill:3")
    with started("run", administration, now=at(DAY), environment=environment) as process:
        assert process.wait(PATIENCE) == -9
    done = count_decisions()
    again = run_on(administration, DAY)
    assert 0 < done < debtors
    assert again.planned == debtors - done
    assert run_on(administration, DAY).planned == 0
    with administration_scope(administration):
        assert Message.objects.values("debtor").distinct().count() == debtors
        assert Message.objects.count() == Decision.objects.count() == debtors
        assert Run.objects.filter(ended_at=None).count() == 1
