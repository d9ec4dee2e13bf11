"""Tryton as the peer of the dunning run: installed here, run on the same PostgreSQL, measured.

Tryton gets an environment of its own under `bench/results`, at the exact versions of
`tryton-requirements.txt`, so that none of it touches Tijdig's. The environment is kept between
runs and made anew when the requirements change. What is counted is told in `tryton_worker.py`,
why in docs/decisions/0010-bench-against-tryton.md.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.databases import RESULTS_FOLDER, owner_dsn, scratch_database
from tijdig.config.cluster import Cluster

BENCH_FOLDER = Path(__file__).resolve().parent
REQUIREMENTS = BENCH_FOLDER / "tryton-requirements.txt"


@dataclass(frozen=True, slots=True)
class Shape:
    """One run to measure; without assertions Python runs with -O, which Tryton does not ask for."""

    invoices: int
    per_debtor: int
    assertions: bool = True


@dataclass(frozen=True, slots=True)
class DunningRun:
    """What one run cost Tryton: a `dunning` per invoice, for `letters` to as many debtors.

    `used_seconds` is processor time, that of the server included. `versions` are Tryton's packages
    and their driver.
    """

    shape: Shape
    dunnings: int
    letters: int
    create_seconds: float
    process_seconds: float
    used_seconds: float
    versions: dict[str, str]

    @property
    def seconds(self) -> float:
        """Create and process together."""
        return self.create_seconds + self.process_seconds

    @property
    def dunnings_per_second(self) -> float:
        """The rate at which Tryton writes messages as it counts them, one per invoice."""
        return self.dunnings / self.seconds

    @property
    def letters_per_second(self) -> float:
        """The same per debtor: the dunnings of a debtor go in one letter, as our message does."""
        return self.letters / self.seconds


@contextmanager
def prepared(cluster: Cluster) -> Iterator[Callable[[Shape], DunningRun]]:
    """What measures one run: an office is filled once (half a minute), not for each of them.

    Every run gets a copy of the same fresh office and a process of its own.
    """
    python = ensure_environment(RESULTS_FOLDER)
    with scratch_database(cluster) as office:
        _run([str(python), "-m", "bench.tryton_worker", owner_dsn(office)])
        yield lambda shape: _measure(cluster, python, office.database, shape)


def ensure_environment(folder: Path) -> Path:
    """The Python of an environment under `folder` that holds Tryton, made where it is missing."""
    environment = folder / "tryton-env"
    python = environment / "bin" / "python"
    installed = environment / "installed.txt"
    wanted = REQUIREMENTS.read_text(encoding="utf-8")
    if installed.exists() and installed.read_text(encoding="utf-8") == wanted:
        return python
    if environment.exists():
        shutil.rmtree(environment)
    environment.parent.mkdir(parents=True, exist_ok=True)
    _run([sys.executable, "-m", "venv", str(environment)])
    _run([str(python), "-m", "pip", "install", "--quiet", "--requirement", str(REQUIREMENTS)])
    installed.write_text(wanted, encoding="utf-8")
    return python


def _measure(cluster: Cluster, python: Path, office: str, shape: Shape) -> DunningRun:
    with scratch_database(cluster, template=office) as database:
        command = [str(python), *([] if shape.assertions else ["-O"])]
        command += ["-m", "bench.tryton_worker", owner_dsn(database)]
        command += [f"--invoices={shape.invoices}", f"--per-debtor={shape.per_debtor}"]
        found = json.loads(_run(command))
    return DunningRun(
        shape=shape,
        dunnings=found["dunnings"],
        letters=found["letters"],
        create_seconds=found["create_seconds"],
        process_seconds=found["process_seconds"],
        used_seconds=found["used_seconds"],
        versions=found["versions"],
    )


def _run(command: Sequence[str]) -> str:
    """What the command printed; its complaint, whole, where it failed."""
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        command, cwd=BENCH_FOLDER.parent, env=quiet, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} stopped with {done.returncode}:\n{done.stderr}")
    return done.stdout
