"""What a process of the proof does: the product's own actions, on a day that it is told.

Loaded once by the fork server; every job is a fork of that, a real process that can be killed.
"""

import contextlib
import os
import re
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

import django

if "DJANGO_SETTINGS_MODULE" in os.environ:
    django.setup()

FOUND_NOTHING = 7


@dataclass(frozen=True, slots=True)
class Job:
    """One thing to do in a database. `nth` kills at that side effect; `fails` fails a statement."""

    what: str
    administration_id: UUID
    now: datetime
    settings: Mapping[str, object] = field(default_factory=dict)
    files: tuple[tuple[str, bytes], ...] = ()
    told: Mapping[str, object] = field(default_factory=dict)
    nth: int = 0
    fails: tuple[str, int] | None = None
    file_limit: int = 0
    statement_timeout: int = 0
    log: str = ""
    database: str = ""
    host: str = ""

    @property
    def today(self) -> date:
        """The day in the administration's zone, which is ours while it is day."""
        return self.now.date()


def work(job: Job) -> None:
    """Do it; the exit status is 1 when it raises, and 7 when what should kill or fail it was never
    reached.
    """
    from django.conf import settings
    from django.db import connections

    from proof.lifetime import die_with

    die_with(os.getppid())
    connections.close_all()
    for alias in connections:
        connections[alias].settings_dict["NAME"] = job.database
        if job.host:
            connections[alias].settings_dict["HOST"] = job.host
    for name, value in job.settings.items():
        setattr(settings, name, value)
    with contextlib.ExitStack() as stack:
        if job.log:
            log = stack.enter_context(Path(job.log).open("a", encoding="utf-8"))
            os.dup2(log.fileno(), sys.stderr.fileno())
        if job.nth:
            _kill_at(job.nth)
        reached = _fail_at(*job.fails) if job.fails else [0]
        if job.statement_timeout:
            _limit_statements(job.statement_timeout)
        if job.file_limit:
            _limit_files(job.file_limit)
        do(job)
        connections.close_all()
    if job.nth or not reached:
        os._exit(FOUND_NOTHING)


def do(job: Job) -> object:
    """The same in this process."""
    return _WORKS[job.what](job)


def _day(job: Job) -> object:
    """As the worker does: the daily run where it has not ended yet, then sending."""
    from tijdig.dunning.actions.days import live_one_day

    return live_one_day(job.administration_id, today=job.today, now=job.now, clock=lambda: job.now)


def _run(job: Job) -> object:
    """As `tijdig run`."""
    from tijdig.dunning.actions.run import run

    return run(job.administration_id, today=job.today, now=job.now)


def _send(job: Job) -> object:
    """As `tijdig send`."""
    from tijdig.dunning.actions.days import send

    return send(job.administration_id, today=job.today, clock=lambda: job.now)


def _import(job: Job) -> object:
    """As `tijdig import`: all files of one call are one transaction."""
    from tijdig.tenants.scope import administration_scope
    from tijdig.web.receiving import Received, receive

    with administration_scope(job.administration_id):
        return receive(
            [Received(name, content) for name, content in job.files],
            today=job.today,
            now=job.now,
            actor="proof",
        )


def _seal(job: Job) -> object:
    """As `tijdig audit seal`."""
    from tijdig.timeline.actions import keep_sealed

    return keep_sealed(job.administration_id, today=job.today, now=job.now)


def _preview(job: Job) -> object:
    """As `tijdig run --dry-run`."""
    from tijdig.dunning.actions.run import preview

    return preview(job.administration_id, today=job.today)


def _turn_off(job: Job) -> None:
    """As the owner does on the page Instellingen."""
    from tijdig.dunning.actions import sending
    from tijdig.tenants.scope import administration_scope

    with administration_scope(job.administration_id):
        sending.turn_off(today=job.today, now=job.now, actor="proof")


def _take_back_all(job: Job) -> None:
    """As on the page Berichten: everything that waits is held for a person."""
    from tijdig.dunning.actions.answers import take_back_all
    from tijdig.tenants.scope import administration_scope

    with administration_scope(job.administration_id):
        take_back_all(today=job.today, now=job.now, actor="proof")


def _pause_all(job: Job) -> None:
    """As on the page Bijzonderheden: nobody hears from us for a week."""
    from tijdig.cases.actions import holds
    from tijdig.tenants.scope import administration_scope

    with administration_scope(job.administration_id):
        told = {"today": job.today, "now": job.now, "actor": "proof"}
        until_on = job.today + timedelta(days=7)
        holds.place(until_on=until_on, reason="storing bij de bank", **told)  # type: ignore[arg-type]


def _make_collections_file(job: Job) -> None:
    """As on the page of a batch: the file for the bank."""
    from tijdig.dunning.actions.collection_files import make_file
    from tijdig.tenants.scope import administration_scope

    with administration_scope(job.administration_id):
        batch_id = job.told["batch"]
        make_file(batch_id, today=job.today, now=job.now, actor="proof")  # type: ignore[arg-type]


def _migrate(_: Job) -> None:
    """As `tijdig init` does in an empty database."""
    from tijdig.config.database import prepare_schema

    prepare_schema()


_WORKS = {
    "day": _day,
    "run": _run,
    "send": _send,
    "import": _import,
    "seal": _seal,
    "preview": _preview,
    "turn_off": _turn_off,
    "take_back_all": _take_back_all,
    "pause_all": _pause_all,
    "collections file": _make_collections_file,
    "migrate": _migrate,
}


def _kill_at(nth: int) -> None:
    """SIGKILL at the n-th side effect of this process: a statement or the end of a transaction,
    something said to the mail server, or a file that is written, kept or named.
    """
    import smtplib

    import psycopg

    numbers = count(1)

    def come_by() -> None:
        if next(numbers) == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("execute", "executemany", "copy"):
        _before(psycopg.Cursor, name, come_by)
    for name in ("commit", "rollback"):
        _before(psycopg.Connection, name, come_by)
    _before(smtplib.SMTP, "send", come_by)
    for name in ("write", "fsync", "fdatasync", "rename", "replace", "unlink"):
        _before(os, name, come_by)


# What PostgreSQL can refuse in a conflict: also where it begins with WITH or SELECT.
_CHANGES = re.compile(rb"\b(INSERT|UPDATE|DELETE|FOR SHARE)\b")


def _fail_at(error: str, nth: int) -> list[int]:
    """The n-th statement that writes or locks rows fails as PostgreSQL lets it fail; the exit
    status is 7 when there are not so many.
    """
    import psycopg
    from psycopg.errors import DeadlockDetected, SerializationFailure

    kinds = {"40001": SerializationFailure, "40P01": DeadlockDetected}
    numbers, reached = count(1), list[int]()
    execute = psycopg.Cursor.execute

    def failing(self: object, query: object, *rest: object, **told: object) -> object:
        text = query if isinstance(query, bytes) else str(query).encode()
        if _CHANGES.search(text) and next(numbers) == nth:
            reached.append(nth)
            raise kinds[error](f"{error} on purpose")
        return execute(self, query, *rest, **told)  # type: ignore[arg-type]

    psycopg.Cursor.execute = failing  # type: ignore[method-assign, assignment]
    return reached


def _limit_files(most_bytes: int) -> None:
    """No file of this process grows beyond this, as on a disk that is full."""
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))


def _limit_statements(milliseconds: int) -> None:
    """The database ends every statement of this process that takes longer."""
    from django.db import connections

    options = connections["default"].settings_dict["OPTIONS"]
    options["options"] = f"-c statement_timeout={milliseconds}"


def _before(owner: object, name: str, act: "object") -> None:
    original = getattr(owner, name)

    def wrapped(*words: object, **told: object) -> object:
        act()  # type: ignore[operator]
        return original(*words, **told)

    setattr(owner, name, wrapped)


def at(day: date, *, hour: int = 9, minutes: int = 0) -> datetime:
    """A moment of a working day, UTC."""
    from datetime import UTC

    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC) + timedelta(minutes=minutes)
