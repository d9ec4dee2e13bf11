"""The dunning run beside Tryton's, beside the bare inserts of its rows, and as the book grows."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from bench import tryton
from bench.analysis import analyse
from bench.databases import owner_dsn, scratch_cluster, scratch_database
from bench.figure import Figure, judge
from bench.floor import insert_floor
from tijdig.config.cluster import Cluster, ClusterAddress

AIM_TIMES_TRYTON = 50
AIM_TIMES_FLOOR = 6
AIM_GROWTH = 1.3
AIM_QUIET = 0.05
AIM_MB = 500
_CHECKOUT = Path(__file__).resolve().parents[1]
_WRITTEN = ("tijdig_decision", "tijdig_message")
_BESIDE_TRYTON = (
    tryton.Shape(10_000, 1),
    tryton.Shape(10_000, 5),
    tryton.Shape(10_000, 1, assertions=False),
    tryton.Shape(10_000, 5, assertions=False),
)


@dataclass(frozen=True, slots=True)
class _OurRun:
    """One run of ours; `floor_seconds` is what the rows that it inserted cost by themselves."""

    invoices: int
    messages: int
    seconds: float
    quiet_seconds: float
    peak_mb: float
    floor_seconds: float = 0.0


def measure() -> list[Figure]:
    """Beside Tryton at 10,000 invoices, beside the floor at 100,000."""
    with scratch_cluster() as cluster, scratch_database(cluster) as office:
        _work(office, "prepare")
        ours = {n: _measure_ours(cluster, office, 10_000, n) for n in (1, 5)}
        large = _measure_ours(cluster, office, 100_000, 5)
        theirs = tryton.measure_shapes(cluster, _BESIDE_TRYTON)
    figures = [
        figure for run in theirs for figure in _beside_tryton(ours[run.shape.per_debtor], run)
    ]
    return [*figures, *_judge_large(large)]


def measure_growth() -> list[Figure]:
    """Time per due invoice at a million invoices over that at a hundred thousand; some minutes."""
    with scratch_cluster() as cluster, scratch_database(cluster) as office:
        _work(office, "prepare")
        small, large = (
            _measure_ours(cluster, office, invoices, 5) for invoices in (100_000, 1_000_000)
        )
    return [
        judge(
            "growth",
            "per due invoice at 1,000,000 over 100,000, five a debtor",
            ours=large.seconds / large.invoices * 1e6,
            baseline=small.seconds / small.invoices * 1e6,
            aim=AIM_GROWTH,
            bound="at most",
            unit="µs",
        ),
        _judge_memory("growth", large),
    ]


def _beside_tryton(ours: _OurRun, theirs: tryton.DunningRun) -> list[Figure]:
    """Only Tryton as everybody runs it counts for the aim; the other views are there to see."""
    shape = theirs.shape
    what = f"{shape.invoices:,} invoices, {shape.per_debtor} a debtor; Tryton"
    rate = ours.messages / ours.seconds
    if not shape.assertions:
        what += " without its assertions"
        rates = {"": theirs.dunnings_per_second}
    else:
        rates = {"": theirs.dunnings_per_second, ", per debtor": theirs.letters_per_second}
    return [
        judge(
            "dunning",
            what + view,
            ours=rate,
            baseline=baseline,
            aim=AIM_TIMES_TRYTON if shape.assertions and not view else None,
            unit="messages/s",
        )
        for view, baseline in rates.items()
        if not (view and shape.per_debtor == 1)
    ]


def _judge_large(large: _OurRun) -> list[Figure]:
    what = f"{large.invoices:,} invoices, 5 a debtor"
    return [
        judge(
            "dunning",
            f"{what}; INSERT … SELECT of the same rows",
            ours=large.seconds,
            baseline=large.floor_seconds,
            aim=AIM_TIMES_FLOOR,
            bound="at most",
            unit="s",
        ),
        judge(
            "dunning",
            f"{what}, a day with nothing due; the day with all",
            ours=large.quiet_seconds,
            baseline=large.seconds,
            aim=AIM_QUIET,
            bound="at most",
            unit="s",
        ),
        _judge_memory("dunning", large),
    ]


def _judge_memory(bench: str, run: _OurRun) -> Figure:
    what = f"{run.invoices:,} invoices, peak of the process"
    return judge(bench, what, ours=run.peak_mb, aim=AIM_MB, bound="at most", unit="MB")


def _measure_ours(
    cluster: Cluster, office: ClusterAddress, invoices: int, per_debtor: int
) -> _OurRun:
    with scratch_database(cluster, template=office.database) as database:
        _work(database, "fill", f"--invoices={invoices}", f"--per-debtor={per_debtor}")
        found = _OurRun(invoices=invoices, **json.loads(_work(database, "run")))
        dsn = owner_dsn(database)
        analyse(dsn)  # a floor whose foreign keys are looked up the wrong way is none
        floor = sum(insert_floor(dsn, table=table).seconds for table in _WRITTEN)
        return replace(found, floor_seconds=floor)


def _work(database: ClusterAddress, *arguments: str) -> str:
    """What `dunning_worker` printed, in a process of its own; its complaint where it failed."""
    where = f"/{database.database}?host={quote(database.host, safe='')}&port={database.port}"
    app = f"{quote(database.app_user)}:{quote(database.app_password)}"
    owner = f"{quote(database.owner_user)}:{quote(database.owner_password)}"
    told = {
        "DATABASE_URL": f"postgresql://{app}@{where}",
        "DATABASE_OWNER_URL": f"postgresql://{owner}@{where}",
    }
    command = [sys.executable, "-m", "bench.dunning_worker", *arguments]
    done = subprocess.run(
        command, cwd=_CHECKOUT, env=os.environ | told, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} stopped:\n{done.stderr}")
    return done.stdout
