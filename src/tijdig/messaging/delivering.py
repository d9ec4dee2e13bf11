"""Send what was released: claim, talk, settle. No database connection is held while talking."""

import os
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from importlib import import_module
from typing import cast
from uuid import UUID

from django.conf import settings

from tijdig.messaging.actions.claims import (
    Claimed,
    claim,
    list_abandoned,
    resolve_abandoned,
    settle,
)
from tijdig.messaging.channels import CHANNELS
from tijdig.messaging.channels.envelope import Channel
from tijdig.messaging.channels.smtp import Security, SmtpSettings
from tijdig.messaging.send_log import SendLog
from tijdig.tenants.scope import administration_scope

BATCH = 50
ABANDONED_AFTER = timedelta(minutes=15)
Clock = Callable[[], datetime]


def send_messages(administration_id: UUID, *, today: date, clock: Clock) -> Counter[str]:
    """Send everything that may go out now; how many messages ended in which state."""
    states: Counter[str] = Counter()
    log = _open_log()
    with open_channels() as channels:
        while True:
            with administration_scope(administration_id):
                batch = claim(channels=list(channels), most=BATCH, worker=_worker(), now=clock())
            if not batch:
                return states
            log.write("claimed", [one.message_id for one in batch], attempt=0, now=clock())
            for one in batch:
                states[_send(administration_id, one, channels, log, today, clock)] += 1


def sweep(administration_id: UUID, *, now: datetime) -> int:
    """Settle what a worker that is gone had claimed; how many messages that were."""
    log = _open_log()
    with administration_scope(administration_id):
        abandoned = list_abandoned(worker_host=_host(), before=now - ABANDONED_AFTER)
        for message_id, attempt, was_here in abandoned:
            left = not was_here or log.has_begun(message_id, attempt=attempt)
            resolve_abandoned(message_id, may_have_left=left, now=now)
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
    )


def _make(name: str, setting: object) -> Channel:
    module, _, kind = CHANNELS[name].rpartition(".")
    return cast("Channel", getattr(import_module(module), kind)(setting))


def _send(
    administration_id: UUID,
    one: Claimed,
    channels: dict[str, Channel],
    log: SendLog,
    today: date,
    clock: Clock,
) -> str:
    begun = partial(log.write, "body", [one.message_id], attempt=one.attempt, now=clock())
    outcome = channels[one.channel].send(one.envelope, on_body=begun)
    with administration_scope(administration_id):
        return settle(one, outcome, today=today, now=clock())


def _open_log() -> SendLog:
    return SendLog(settings.HOME / "send-log", host=_host())


def _host() -> str:
    return socket.gethostname().replace(":", "-").replace("/", "-")


def _worker() -> str:
    return f"{_host()}:{os.getpid()}"
