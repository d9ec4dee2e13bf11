"""`tijdig work` as a process: it starts, runs what waits, stops when told, and may be killed."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from tests.conftest import SCRATCH
from tests.faults.child import make_environment
from tests.integration.books import Listed, make_list

from tijdig.config.cluster import Cluster

PATIENCE = 180.0


class Office:
    """A database of its own with one administration, worked on by processes alone."""

    def __init__(self, name: str, home: Path) -> None:
        def other(url: str) -> str:
            return urlsplit(url)._replace(path=f"/{name}").geturl()

        self.owner_url = other(os.environ["DATABASE_OWNER_URL"])
        self.environment = make_environment(
            DATABASE_URL=other(os.environ["DATABASE_URL"]),
            DATABASE_OWNER_URL=self.owner_url,
            TIJDIG_HOME=str(home),
        )

    def tijdig(self, *words: str) -> dict[str, Any]:
        command = [sys.executable, "-m", "tijdig.config.command_line", *words, "--json"]
        done = subprocess.run(
            command, env=self.environment, stdout=subprocess.PIPE, check=True, timeout=PATIENCE
        )
        told = json.loads(done.stdout)
        assert isinstance(told, dict)
        return told

    @contextmanager
    def worker(self) -> "Iterator[subprocess.Popen[bytes]]":
        command = [sys.executable, "-m", "tijdig.config.command_line", "work", "--json"]
        process = subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE)
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """As the owner of the tables, who sees everything."""
        with psycopg.connect(self.owner_url, autocommit=True) as line:
            cursor = line.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def count_runs(self) -> int:
        return int(self.ask("SELECT count(*) FROM tijdig_run WHERE ended_at IS NOT NULL")[0][0])


def wait_until(is_so: Callable[[], bool]) -> None:
    ends = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < ends, "waited in vain"
        time.sleep(0.1)


@pytest.fixture
def office(database: None, tmp_path: Path) -> Iterator[Office]:
    name = f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_work_{os.getpid()}_{tmp_path.name[-1]}"
    cluster = Cluster(SCRATCH)
    cluster.drop_database(name)
    cluster.create_database(name)
    office = Office(name, tmp_path / "home")
    office.tijdig("init", "--administration", "proef")
    office.ask("UPDATE tijdig_administration SET run_at = '00:00'")
    listed = tmp_path / "lijst.csv"
    listed.write_bytes(make_list(Listed("2026-0001", 12_100)))
    office.tijdig("import", str(listed), "--administration", "proef", "--today", "2026-03-02")
    yield office
    cluster.drop_database(name)


def test_a_worker_runs_the_day_once_and_stops_when_told(office: Office) -> None:
    with office.worker() as worker:
        wait_until(lambda: office.count_runs() == 1)
        worker.send_signal(signal.SIGTERM)
        out, _ = worker.communicate(timeout=PATIENCE)
    assert (worker.returncode, json.loads(out)) == (0, {"stopped": True})
    assert office.tijdig("work", "--once") == {"stopped": True}
    assert office.count_runs() == 1
    kind, looked_at, on = office.ask('SELECT kind, looked_at_count, "on" FROM tijdig_run')[0]
    assert (kind, looked_at, abs((on - date.today()).days) <= 1) == ("daily", 1, True)
    assert office.ask("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'") == [(0,)]


def test_a_worker_that_was_killed_leaves_nothing_stuck(office: Office) -> None:
    def is_doing() -> bool:
        doing = "SELECT task_name FROM procrastinate_jobs WHERE status = 'doing'"
        return any(name.endswith("daily_run") for (name,) in office.ask(doing))

    with psycopg.connect(office.owner_url) as line:
        # Somebody holds the administration: the run waits in the middle.
        line.execute("SELECT id FROM tijdig_administration FOR UPDATE")
        with office.worker() as worker:
            wait_until(is_doing)
            worker.kill()
            worker.wait()
    # The next minute's tick asks again while the lost job still holds its place.
    office.ask("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    with office.worker():
        wait_until(lambda: office.count_runs() == 1)
        wait_until(lambda: not is_doing())
    assert office.ask("SELECT kind FROM tijdig_run") == [("daily",)]
