"""Tryton as the peer of the dunning run: installed here, run on the same PostgreSQL, measured.

Tryton gets an environment of its own under `bench/results`, at the exact versions of
`tryton-requirements.txt`, so that none of it touches Tijdig's. The environment is kept between
runs and made anew when the requirements change. What is counted is told in `tryton_worker.py`.
"""

import json
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import conninfo, sql

BENCH_FOLDER = Path(__file__).resolve().parent
RESULTS_FOLDER = BENCH_FOLDER / "results"
REQUIREMENTS = BENCH_FOLDER / "tryton-requirements.txt"


@dataclass(frozen=True, slots=True)
class Shape:
    """One run to measure; without assertions Python runs with -O, which nobody's Tryton does."""

    invoices: int
    per_debtor: int
    assertions: bool = True


SHAPES = (
    Shape(1_000, 1),
    Shape(1_000, 5),
    Shape(10_000, 1),
    Shape(10_000, 5),
    Shape(10_000, 1, assertions=False),
    Shape(10_000, 5, assertions=False),
)


def measure(uri: str, invoices: int, per_debtor: int) -> dict[str, Any]:
    """What one dunning run costs Tryton, as `tryton_worker` prints it.

    `uri` is of a role that may create databases; the ones made here are dropped again.
    """
    return measure_shapes(uri, [Shape(invoices, per_debtor)])[0]


def measure_shapes(
    uri: str, shapes: Sequence[Shape] = SHAPES, *, folder: Path = RESULTS_FOLDER
) -> list[dict[str, Any]]:
    """As `measure`, for each shape: Tryton fills a database once (half a minute), not each time.

    Every shape gets a copy of the same fresh office and a process of its own.
    """
    python = ensure_environment(folder)
    with psycopg.connect(uri, autocommit=True) as server, _database(server) as office:
        _run([*_worker(python), _at(uri, office)])
        figures = []
        for shape in shapes:
            with _database(server, template=office) as name:
                command = [*_worker(python, assertions=shape.assertions), _at(uri, name)]
                command += [f"--invoices={shape.invoices}", f"--per-debtor={shape.per_debtor}"]
                figures.append(json.loads(_run(command)))
        return figures


def ensure_environment(folder: Path = RESULTS_FOLDER) -> Path:
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


@contextmanager
def _database(server: psycopg.Connection[Any], *, template: str = "template0") -> Iterator[str]:
    name = f"tryton_bench_{secrets.token_hex(6)}"
    server.execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template)
        )
    )
    try:
        yield name
    finally:
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _at(uri: str, database: str) -> str:
    return conninfo.make_conninfo(uri, dbname=database)


def _worker(python: Path, *, assertions: bool = True) -> list[str]:
    return [str(python), *([] if assertions else ["-O"]), "-m", "bench.tryton_worker"]


def _run(command: Sequence[str]) -> str:
    """What the command printed; its complaint, whole, where it failed."""
    done = subprocess.run(
        command, cwd=BENCH_FOLDER.parent, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} stopped with {done.returncode}:\n{done.stderr}")
    return done.stdout
