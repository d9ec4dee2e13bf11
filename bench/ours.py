"""Runs of Tijdig's own to measure: filled books, each run on a copy, in a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from bench.analysis import analyse
from bench.databases import owner_dsn, scratch_database
from bench.floor import insert_floor
from tijdig.config.cluster import Cluster, ClusterAddress

_CHECKOUT = Path(__file__).resolve().parents[1]
_WRITTEN = ("tijdig_decision", "tijdig_message")


@dataclass(frozen=True, slots=True)
class OurRun:
    """One run; `used_seconds` is processor time, that of the server included.

    `floor_seconds` is what the rows that it inserted cost by themselves.
    """

    invoices: int
    messages: int
    seconds: float
    used_seconds: float
    quiet_seconds: float
    peak_mb: float
    floor_seconds: float = 0.0

    @property
    def messages_per_second(self) -> float:
        """The rate at which messages are decided on and written."""
        return self.messages / self.seconds

    @property
    def microseconds(self) -> float:
        """The time per due invoice."""
        return self.seconds / self.invoices * 1e6

    @property
    def used_microseconds(self) -> float:
        """The processor time per due invoice."""
        return self.used_seconds / self.invoices * 1e6


@contextmanager
def prepared_office(cluster: Cluster) -> Iterator[ClusterAddress]:
    """Tables, and an administration with the default policy."""
    with scratch_database(cluster) as office:
        work(office, "prepare")
        yield office


@dataclass(frozen=True, slots=True)
class Book:
    """A filled book, as a template for the databases in which it is run."""

    cluster: Cluster
    database: ClusterAddress
    invoices: int

    def run(self, *, floor: bool = False) -> OurRun:
        """One run on a fresh copy; with `floor` also what its rows cost by themselves."""
        with scratch_database(self.cluster, template=self.database.database) as database:
            found = json.loads(work(database, "run"))
            seconds = _measure_floor(database) if floor else 0.0
            return OurRun(invoices=self.invoices, floor_seconds=seconds, **found)


@contextmanager
def filled_book(
    cluster: Cluster, office: ClusterAddress, *, invoices: int, per_debtor: int
) -> Iterator[Book]:
    """The office with this many invoices, all due."""
    with scratch_database(cluster, template=office.database) as database:
        work(database, "fill", f"--invoices={invoices}", f"--per-debtor={per_debtor}")
        yield Book(cluster, database, invoices)


def _measure_floor(database: ClusterAddress) -> float:
    dsn = owner_dsn(database)
    analyse(dsn)  # a floor whose keys are looked up the wrong way is none
    return sum(insert_floor(dsn, table=table).seconds for table in _WRITTEN)


def work(
    database: ClusterAddress,
    *arguments: str,
    module: str = "bench.dunning_worker",
    home: Path | None = None,
) -> str:
    """What a worker printed, in a process of its own; its complaint where it failed."""
    where = f"/{database.database}?host={quote(database.host, safe='')}&port={database.port}"
    app = f"{quote(database.app_user)}:{quote(database.app_password)}"
    owner = f"{quote(database.owner_user)}:{quote(database.owner_password)}"
    told = {
        "DATABASE_URL": f"postgresql://{app}@{where}",
        "DATABASE_OWNER_URL": f"postgresql://{owner}@{where}",
    }
    if home is not None:
        told["TIJDIG_HOME"] = str(home)
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(
        command, cwd=_CHECKOUT, env=os.environ | told, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} stopped:\n{done.stderr}")
    return done.stdout
