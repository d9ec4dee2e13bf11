"""Send what was released: claim, talk, settle. No database connection is held while talking."""

import os
import shutil
import socket
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from importlib import import_module
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from tijdig.messaging.actions.claims import (
    Claimed,
    claim,
    find_claimable,
    list_abandoned,
    put_back,
    renew,
    resolve_abandoned,
)
from tijdig.messaging.actions.instance import Place, Standing, check_instance
from tijdig.messaging.channels import CHANNELS
from tijdig.messaging.channels.envelope import Channel, Outcome
from tijdig.messaging.channels.smtp import Security, SmtpSettings
from tijdig.messaging.clock_mark import forget
from tijdig.messaging.hours import BY_DAY
from tijdig.messaging.retries import is_server_trouble
from tijdig.messaging.send_log import SendLog
from tijdig.messaging.settling import Settling
from tijdig.messaging.whole_files import UnwritableRefusal
from tijdig.tenants.failpoints import fp
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import administration_scope

BATCH = 50
# What waits is looked over once for so many: each look reads all of it.
LISTED = 5_000
ABANDONED_AFTER = timedelta(minutes=15)
# A host that is silent for so long is gone; one that is slow renews what it claimed.
ABANDONED_ELSEWHERE_AFTER = timedelta(hours=1)
RESTS = timedelta(minutes=5)
# A batch may take long on a slow server: a claim older than this is asked for again.
RENEWED_AFTER = timedelta(minutes=1)
LEAST_FREE_BYTES = 32 * 1024**2
# RFC 5321 4.5.3.2: ten minutes for the reply to a whole message, where a command has one.
_FINAL_DOT_TIMES = 10
Clock = Callable[[], datetime]


def send_messages(administration_id: UUID, *, today: date, clock: Clock) -> Counter[str]:
    """Send everything that may go out now; how many messages ended in which state.

    A channel whose server is in trouble rests until the next call: its messages wait. So does all
    that is left once the day is over: it would give a day less than it says.
    """
    states: Counter[str] = Counter()
    waiting: list[UUID] = []
    log = open_log()
    with open_channels() as channels:
        while may_send_from_here(administration_id, today=today, now=clock()):
            claimed_at = clock()
            log.begin(now=claimed_at)
            with administration_scope(administration_id):
                waiting = waiting or find_claimable(
                    channels=list(channels), most=LISTED, today=today, now=claimed_at
                )
                batch = claim(
                    waiting[:BATCH],
                    channels=list(channels),
                    worker=_worker(log),
                    today=today,
                    now=claimed_at,
                )
            waiting = waiting[BATCH:]
            if not batch:
                if waiting:
                    continue
                return states
            fp("send.claimed")
            with _waiting_for_room(administration_id, batch, log, clock):
                log.write_claimed([one.logged for one in batch], now=claimed_at)
            states += _send_batch(administration_id, batch, channels, log, today, clock)
    return states


def _send_batch(
    administration_id: UUID,
    batch: Sequence[Claimed],
    channels: dict[str, Channel],
    log: SendLog,
    today: date,
    clock: Clock,
) -> Counter[str]:
    """Talk about each of a batch, as far as nobody swept it meanwhile; takes out a bad channel."""
    settling = Settling(administration_id, today=today)
    try:
        return _talk(administration_id, batch, channels, log, settling, today, clock)
    finally:
        settling.store(now=clock())


def _talk(
    administration_id: UUID,
    batch: Sequence[Claimed],
    channels: dict[str, Channel],
    log: SendLog,
    settling: Settling,
    today: date,
    clock: Clock,
) -> Counter[str]:
    states = settling.states
    mine = {one.message_id for one in batch}
    renewed_at = clock()
    for place, one in enumerate(batch):
        if clock() - renewed_at >= RENEWED_AFTER:
            renewed_at = clock()
            with administration_scope(administration_id):
                if _is_over(load_administration().time_zone, today, now=renewed_at):
                    put_back(batch[place:], worker=_worker(log), not_before=renewed_at)
                    states["retry"] += len(batch) - place
                    return states
                mine = renew(batch[place:], worker=_worker(log), now=renewed_at)
        if one.message_id not in mine or one.channel not in channels:
            continue
        if one.channel in BY_DAY and clock() >= one.until:
            late = [left for left in batch[place:] if left.channel in BY_DAY]
            _wait_for_hours(administration_id, late, log, clock)
            states["retry"] += len(late)
            mine -= {left.message_id for left in late}
            continue
        with _waiting_for_room(administration_id, batch[place:], log, clock, settling):
            outcome = _send(one, channels, log, settling, clock)
        if is_server_trouble(outcome):
            channels.pop(one.channel).close()
            rest = [left for left in batch[place + 1 :] if left.channel == one.channel]
            with administration_scope(administration_id):
                put_back(rest, worker=_worker(log), not_before=clock() + RESTS)
            states["retry"] += len(rest)
    return states


def _wait_for_hours(
    administration_id: UUID, late: Sequence[Claimed], log: SendLog, clock: Clock
) -> None:
    """What was claimed within the hours in which a debtor may hear from us, and is too late now."""
    with administration_scope(administration_id):
        put_back(late, worker=_worker(log), not_before=clock(), reason="after_hours")


@contextmanager
def _waiting_for_room(
    administration_id: UUID,
    batch: Sequence[Claimed],
    log: SendLog,
    clock: Clock,
    settling: Settling | None = None,
) -> Iterator[None]:
    """Where the log cannot be written: what was said is stored, and what did not leave waits."""
    try:
        yield
    except UnwritableRefusal:
        # First what the other side took: put back it would go out again.
        if settling is not None:
            settling.store(now=clock())
        with administration_scope(administration_id):
            not_before = clock() + RESTS
            put_back(batch, worker=_worker(log), not_before=not_before, reason="log_unwritable")
        raise


def may_send_from_here(administration_id: UUID, *, today: date, now: datetime) -> bool:
    """Whether sending is on, the day is not over, and this installation is the one that it was."""
    with administration_scope(administration_id):
        administration = load_administration()
        if not administration.sending_on or _is_over(administration.time_zone, today, now=now):
            return False
    return check_here(today=today, now=now) in ("known", "new")


def _is_over(time_zone: str, today: date, *, now: datetime) -> bool:
    """Whether it is past midnight where the administration is: a worker was held up, or slow."""
    return now.astimezone(ZoneInfo(time_zone)).date() > today


def check_here(*, today: date, now: datetime) -> Standing:
    """How this installation stands; where it was restored or copied all of it is silenced."""
    told = UUID(settings.INSTANCE) if settings.INSTANCE else None
    place = Place(home=settings.HOME, log=open_log(), told_epoch=told)
    return check_instance(place, today=today, now=now)


def accept_clock() -> None:
    """The clock that jumped is right: from the next look on it is marked anew."""
    forget(settings.HOME)


def sweep(administration_id: UUID, *, today: date, now: datetime) -> int:
    """Settle what a worker that is gone had claimed; how many messages that were.

    This host's own by its log; those of another host only once it is surely gone, in doubt, and
    so are those of this host when their log was lost.
    """
    log = open_log()
    here, mark = _host(), log.read_mark()
    before, long_before = now - ABANDONED_AFTER, now - ABANDONED_ELSEWHERE_AFTER
    with administration_scope(administration_id):
        early = list_abandoned(worker_host=here, log_mark=mark, before=before)
        late = list_abandoned(worker_host=here, log_mark=mark, before=long_before)
        abandoned = [
            *(one for one in early if one.was_here),
            *(one for one in late if not one.was_here),
        ]
        fates = log.read_attempts([(one.message_id, one.attempt) for one in abandoned])
        for one in abandoned:
            # Of what another host began, or a lost log told, this one knows nothing.
            fate = fates[one.message_id, one.attempt] if one.was_here else "begun"
            resolve_abandoned(one, fate=fate, before=before, today=today, now=now)
    return len(abandoned)


@contextmanager
def open_channels() -> Iterator[dict[str, Channel]]:
    """The channels that this installation can use, by the name that a step gives them."""
    channels = {"letter": _make("letter", settings.PRINT_FOLDER)}
    if settings.DEMO:
        channels["email"] = _make("demo_mailbox", settings.DEMO_FOLDER / "mailbox")
    elif settings.SMTP_HOST:
        channels["email"] = _make("email", read_smtp_settings())
    try:
        yield channels
    finally:
        for channel in channels.values():
            channel.close()


def read_smtp_settings() -> SmtpSettings:
    """How to reach the mail server, from the environment."""
    return SmtpSettings(
        host=settings.SMTP_HOST,
        port=settings.SMTP_PORT,
        security=cast("Security", settings.SMTP_SECURITY),
        username=settings.SMTP_USERNAME,
        password=settings.SMTP_PASSWORD,
        ca_file=settings.SMTP_CA_FILE,
        command_seconds=settings.SMTP_SECONDS,
        final_dot_seconds=_FINAL_DOT_TIMES * settings.SMTP_SECONDS,
    )


def _make(name: str, setting: object) -> Channel:
    module, _, kind = CHANNELS[name].rpartition(".")
    return cast("Channel", getattr(import_module(module), kind)(setting))


def _send(
    one: Claimed, channels: dict[str, Channel], log: SendLog, settling: Settling, clock: Clock
) -> Outcome:
    began_at = clock()
    begun = partial(log.write_begun, one.message_id, attempt=one.attempt, now=began_at)
    outcome = channels[one.channel].send(one.envelope, on_body=begun)
    fp("send.after_250")
    now = clock()
    try:
        log.write_settled(one.message_id, attempt=one.attempt, verdict=outcome.verdict, now=now)
    except UnwritableRefusal:
        settling.add(one, outcome, took=now - began_at, now=now)
        raise
    fp("send.logged")
    settling.add(one, outcome, took=now - began_at, now=now)
    return outcome


def is_disk_full() -> bool:
    """Whether what has to be written down before anything goes out soon cannot be."""
    folders = (settings.HOME, settings.HOME / "send-log")
    free = (shutil.disk_usage(one).free for one in folders if one.exists())
    return min(free, default=0) < LEAST_FREE_BYTES


def open_log() -> SendLog:
    """The log of what this machine sends."""
    return SendLog(settings.HOME / "send-log", host=_host())


def _host() -> str:
    return socket.gethostname().replace(":", "-").replace("/", "-")


def _worker(log: SendLog) -> str:
    """Who claims, and which log he writes: what is claimed here is looked for in no other."""
    return f"{_host()}:{os.getpid()}:{log.read_mark()}"
