"""Fill an office of Tijdig's own, or measure one run over it: the twin of `tryton_worker.py`.

    python -m bench.dunning_worker prepare
    python -m bench.dunning_worker fill --invoices 10000 --per-debtor 5
    python -m bench.dunning_worker run
    python -m bench.dunning_worker send

The database is that of DATABASE_URL and DATABASE_OWNER_URL. Invoices come in through the same
action as every import. The run is the real one with sending off: it decides, stores every decision
with its facts, plans messages; it writes no words. `run` prints one line of JSON.
"""

import argparse
import json
import os
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import django
import psycopg

from bench.analysis import analyse
from bench.usage import used_seconds
from tijdig.intake.records import InvoiceFile, InvoiceRecord, Party

RUN_ON = date(2026, 11, 2)
SLUG = "bench"
_RECORDS_A_FILE = 5_000
_NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("prepare", "fill", "run", "send"))
    parser.add_argument("--invoices", type=int, default=0)
    parser.add_argument("--per-debtor", type=int, default=1)
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tijdig.config.settings"
    django.setup()
    if options.what == "prepare":
        _prepare()
    elif options.what == "fill":
        _fill(options.invoices, options.per_debtor)
    elif options.what == "send":
        print(json.dumps(_send()))
    else:
        print(json.dumps(_run()))


def _prepare() -> None:
    """The tables, and an administration with the default policy."""
    from tijdig.config.database import prepare_schema
    from tijdig.core.policy import DEFAULT_POLICY
    from tijdig.dunning.actions import policies
    from tijdig.tenants.actions import make_administration
    from tijdig.tenants.scope import administration_scope

    prepare_schema()
    told = {"iban": "NL91ABNA0417164300", "account_name": "Bakkerij Voorbeeld"}
    administration_id = make_administration(SLUG, "Bakkerij Voorbeeld", told=told)
    with administration_scope(administration_id):
        policies.adopt(DEFAULT_POLICY, now=_NOW, actor="bench")


def _fill(invoices: int, per_debtor: int) -> None:
    from tijdig.intake.actions.imports import Offered
    from tijdig.intake.actions.invoices import receive_invoices
    from tijdig.tenants.scope import administration_scope

    administration_id = find_administration()
    records = _make_records(invoices, per_debtor)
    for start in range(0, invoices, _RECORDS_A_FILE):
        batch = tuple(next(records) for _ in range(min(_RECORDS_A_FILE, invoices - start)))
        offered = Offered(f"{start}.csv", f"hash-{start}")
        with administration_scope(administration_id):
            receive_invoices(
                [(offered, InvoiceFile("csv", batch, ()))],
                today=RUN_ON - timedelta(days=1),
                now=_NOW,
                actor="bench",
            )
    analyse(os.environ["DATABASE_OWNER_URL"])


def _make_records(invoices: int, per_debtor: int) -> Iterator[InvoiceRecord]:
    """Invoices between 6 and 30 days late, so that every debtor is due for a reminder."""
    for serial in range(invoices):
        debtor = serial // per_debtor
        due_on = RUN_ON - timedelta(days=6 + serial % 25)
        cents = 10_000 + serial % 90_000
        yield InvoiceRecord(
            number=f"F{serial:07d}",
            kind="invoice",
            issued_on=due_on - timedelta(days=30),
            due_on=due_on,
            currency="EUR",
            total_cents=cents,
            open_cents=cents,
            debtor=Party(
                name=f"Debiteur {debtor}",
                number=f"D{debtor:07d}",
                email=f"debiteur{debtor}@voorbeeld.example",
                street="Dorpsweg 2",
                postal_code="4321 BA",
                city="Voorbeelddam",
                country="NL",
            ),
            place=f"regel {serial + 2}",
        )


def _run() -> dict[str, float]:
    """The day on which everything is due, then the day after it, on which nothing is."""
    administration_id = find_administration()
    seconds, used, planned = _time_run(administration_id, RUN_ON)
    quiet_seconds, _, quiet_planned = _time_run(administration_id, RUN_ON + timedelta(days=1))
    if quiet_planned:
        raise SystemExit(f"{quiet_planned} messages on a day on which nothing should be due.")
    return {
        "messages": planned,
        "seconds": seconds,
        "used_seconds": used,
        "quiet_seconds": quiet_seconds,
        "peak_mb": measure_peak(),
    }


def measure_peak() -> float:
    """MB at most of this process and of the second one, which shares some of it."""
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(resource.getrusage(one).ru_maxrss for one in whose) / 1024


class _TakesAll:
    """A channel that takes every message at once: what is measured is the work around it."""

    def prepare(self, _envelope: object) -> bytes:
        return b""

    def send(self, _envelope: object, *, on_body: Callable[[], None] | None = None) -> object:
        from tijdig.core.problem import Sentence
        from tijdig.messaging.channels.envelope import Outcome

        if on_body is not None:
            on_body()
        return Outcome("accepted", Sentence("Aangenomen.", "Accepted."), 250, "bench")

    def close(self) -> None:
        """Nothing stays open."""


def _send() -> dict[str, float]:
    """Plan with the first run, which asks; then time what follows the answer."""
    from tijdig.dunning.actions.halts import answer_halt
    from tijdig.dunning.actions.release import release_messages
    from tijdig.dunning.actions.run import run
    from tijdig.messaging import delivering
    from tijdig.tenants.models import Administration
    from tijdig.tenants.scope import administration_scope

    administration_id = find_administration()
    with administration_scope(administration_id):
        Administration.objects.update(sending_on=True, undo_minutes=0, books_fresh_days=None)
    run(administration_id, today=RUN_ON, now=_NOW)
    with administration_scope(administration_id):
        answer_halt(send=True, today=RUN_ON, now=_NOW, actor="bench")

    @contextmanager
    def open_channels() -> Iterator[dict[str, _TakesAll]]:
        yield {"email": _TakesAll(), "letter": _TakesAll()}

    delivering.open_channels = open_channels  # type: ignore[assignment]
    started = time.perf_counter()
    released = release_messages(administration_id, today=RUN_ON, now=_NOW)
    released_at = time.perf_counter()
    sent = delivering.send_messages(administration_id, today=RUN_ON, clock=lambda: _NOW)
    ended = time.perf_counter()
    if not released or sent["accepted"] != released:
        raise SystemExit(f"{released} were released, and sent were {dict(sent)}.")
    return {
        "messages": released,
        "seconds": ended - started,
        "release_seconds": released_at - started,
        "send_seconds": ended - released_at,
    }


def _time_run(administration_id: UUID, today: date) -> tuple[float, float, int]:
    """Seconds on the clock, seconds of processor time with the server's, and messages planned."""
    from tijdig.dunning.actions.run import run

    started, used = time.perf_counter(), used_seconds()
    result = run(administration_id, today=today, now=_NOW)
    return time.perf_counter() - started, used_seconds() - used, result.planned


def find_administration() -> UUID:
    """The one administration, asked of the owner, who is not bound to any."""
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"]) as connection:
        row = connection.execute(
            "SELECT id FROM tijdig_administration WHERE slug = %s", [SLUG]
        ).fetchone()
    if row is None:
        raise SystemExit("There is no administration: run prepare first.")
    return UUID(str(row[0]))


if __name__ == "__main__":
    main()
