"""A process of its own that works for one day, to be killed: `send`, `run`, `share` or `match`.

The same actions as the worker's; the day and the moment are told, as tests run on any day.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

ROOT = Path(__file__).resolve().parents[2]


def make_environment(**told: str) -> dict[str, str]:
    """This process's database and home, and what is told besides."""
    path = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    return {**os.environ, "PYTHONPATH": path, **told}


def make_smtp_environment(port: int) -> dict[str, str]:
    return make_environment(
        TIJDIG_SMTP_HOST="127.0.0.1", TIJDIG_SMTP_PORT=f"{port}", TIJDIG_SMTP_SECURITY="none"
    )


@contextmanager
def started(
    what: str, administration: UUID, *, now: datetime, environment: dict[str, str]
) -> "Iterator[subprocess.Popen[bytes]]":
    """The process, which is killed at the end if it still lives."""
    words = [sys.executable, __file__, what, str(administration), now.isoformat()]
    process = subprocess.Popen(words, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def main(what: str, administration: str, moment: str) -> None:
    import django

    django.setup()
    from tijdig.dunning.actions import batches
    from tijdig.dunning.actions.days import live_one_day, send
    from tijdig.dunning.actions.run import run

    now = datetime.fromisoformat(moment)
    today: date = now.date()
    if what == "live":
        live_one_day(UUID(administration), today=today, now=now)
    elif what == "send":
        send(UUID(administration), today=today, clock=lambda: now)
    elif what == "match":
        match(UUID(administration), now=now)
    else:
        if what == "share":
            # A small book is divided as a large one is: many batches, and a second process.
            batches.BATCH, batches.SMALL, batches.LARGE = 10, 10, 11
        else:
            # So many batches that whoever kills it comes in the middle.
            batches.BATCH, batches.SMALL = 100, 100
        run(UUID(administration), today=today, now=now)


def match(administration: UUID, *, now: datetime) -> None:
    """Few payments are matched as many are: in batches, with a second process."""
    from tijdig.banking.actions import matching
    from tijdig.cases.queries.asked import list_asked
    from tijdig.tenants.scope import administration_scope

    matching.LARGE, matching.BATCH = 2, 40
    with administration_scope(administration):
        asked = list_asked()
        matching.match_unmatched(asked=asked, today=now.date(), now=now, actor="test")


if __name__ == "__main__":
    main(*sys.argv[1:])
