"""What runs by itself, and when: a tick a minute asks what has not happened yet.

Procrastinate drops a periodic job that comes more than ten minutes late and knows only UTC;
so the tick looks at the clock of each administration, and a machine that was off catches up.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Status

from tijdig.core.problem import Refusal
from tijdig.dunning.actions.days import live_one_day, send
from tijdig.messaging.actions.clock import check_clock
from tijdig.messaging.delivering import check_here
from tijdig.tenants.queries import (
    list_administrations_to_run,
    list_administrations_to_seal,
    list_administrations_to_send,
    load_administration,
)
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.actions import keep_sealed
from tijdig.web.clock import moment_now, read_machine_clock, today_of

STALLED_AFTER_SECONDS = 120
logger = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="tick", pass_context=False)
def tick(timestamp: int) -> None:  # noqa: ARG001 - Procrastinate passes it
    """Ask which administrations' run of today, or messages, still wait."""
    with _saying():
        if settings.DEMO or not _is_clock_right():
            return
        # Also between two sendings: a database that was put back has forgotten stops too.
        look_where_we_are()
        for administration_id in list_administrations_to_run(now=moment_now()):
            _defer(daily_run, administration_id, "run")
        for administration_id in list_administrations_to_send():
            _defer(send_waiting, administration_id, "send")
        for administration_id in list_administrations_to_seal():
            _defer(seal_events, administration_id, "seal")


# Neither job is tried again by the queue: the next tick asks again, as long as there is work.
@app.task()
def daily_run(administration_id: str) -> None:
    """The run of today, and the sending after it."""
    with _saying():
        if not _is_clock_right():
            return
        key = UUID(administration_id)
        today, now = _today(key)
        live_one_day(key, today=today, now=now, clock=moment_now)


@app.task()
def send_waiting(administration_id: str) -> None:
    """Send what was released, or tried before."""
    key = UUID(administration_id)
    today, _ = _today(key)
    with _saying():
        send(key, today=today, clock=moment_now)


@app.task()
def seal_events(administration_id: str) -> None:
    """Seal what happened; once a day sign the head of the chain and check all of it.

    Without its key nothing is sealed: Vandaag and the doctor say so, and each tick asks again.
    """
    key = UUID(administration_id)
    today, now = _today(key)
    with suppress(Refusal):
        keep_sealed(key, today=today, now=now)


@app.periodic(cron="*/2 * * * *")
@app.task(queueing_lock="end_stalled", pass_context=True)
async def end_stalled(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - idem
    """End the jobs of a worker that was killed, so that their administrations are free again.

    Not back to the queue: the same job may wait there already, and a queue holds it only once.
    """
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER_SECONDS):
        try:
            await manager.finish_job(job, Status.FAILED, delete_job=True)
        except ConnectorException:
            # Another worker was first.
            continue


@contextmanager
def _saying() -> Iterator[None]:
    """What is refused, as by a disk that is full, is one sentence in the log of the worker."""
    try:
        yield
    except Refusal as refusal:
        logger.error("%s", refusal.because.nl)


def ask_now() -> None:
    """A worker starts: look at what was left and at what waits, whatever ran this minute."""
    for task in (end_stalled, tick):
        with suppress(AlreadyEnqueued):
            task.configure().defer(timestamp=0)


def look_where_we_are() -> None:
    """A worker starts: on a restored or copied installation nothing goes out, and pages say so."""
    now = moment_now()
    check_here(today=now.date(), now=now)


def _is_clock_right() -> bool:
    """Whether no day of a clock that jumped is lived; the demo has a clock of its own."""
    if settings.DEMO:
        return True
    clock = read_machine_clock()
    return check_clock(settings.HOME, clock, today=clock.now.date())


def _defer(task: object, administration_id: UUID, kind: str) -> None:
    """At most one such job waits per administration, and they run one after the other."""
    key = f"{kind}-{administration_id}"
    try:
        task.configure(lock=f"{administration_id}", queueing_lock=key).defer(  # type: ignore[attr-defined]
            administration_id=str(administration_id)
        )
    except AlreadyEnqueued:
        return


def _today(administration_id: UUID) -> tuple[date, datetime]:
    with administration_scope(administration_id):
        return today_of(load_administration()), moment_now()
