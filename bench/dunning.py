"""The dunning run beside Tryton's, beside the bare inserts of its rows, and as the book grows.

Ours and theirs go in turns, some rounds of each, and the median counts: a busy moment of the
machine falls on both. Processor time (with that of the server) is the second figure.
"""

import os
from collections.abc import Callable, Sequence
from statistics import median

from bench import tryton
from bench.databases import scratch_cluster
from bench.figure import Figure, judge
from bench.ours import OurRun, filled_book, prepared_office
from bench.usage import SERVER, find_server
from tijdig.config.cluster import Cluster, ClusterAddress

AIM_TIMES_TRYTON = 50
AIM_TIMES_FLOOR = 6
AIM_GROWTH = 1.3
AIM_QUIET = 0.05
AIM_MB = 500
ROUNDS = 3
SIZE = 10_000
_SHAPES = (tryton.Shape(SIZE, 1), tryton.Shape(SIZE, 5))


def measure() -> list[Figure]:
    """Beside Tryton at 10,000 invoices, beside the floor at 100,000."""
    with scratch_cluster() as (cluster, home), prepared_office(cluster) as office:
        os.environ[SERVER] = find_server(home)
        with tryton.prepared(cluster) as measure_theirs:
            figures = [
                figure
                for shape in _SHAPES
                for figure in _measure_beside_tryton(cluster, office, shape, measure_theirs)
            ]
        with filled_book(cluster, office, invoices=100_000, per_debtor=5) as book:
            return figures + _judge_large([book.run(floor=True) for _ in range(ROUNDS)])


def measure_growth() -> list[Figure]:
    """Time per due invoice at a million invoices over that at a hundred thousand; some minutes."""
    small: list[OurRun] = []
    large: list[OurRun] = []
    with scratch_cluster() as (cluster, home), prepared_office(cluster) as office:
        os.environ[SERVER] = find_server(home)
        with (
            filled_book(cluster, office, invoices=1_000_000, per_debtor=5) as million,
            filled_book(cluster, office, invoices=100_000, per_debtor=5) as hundred_thousand,
        ):
            small.append(hundred_thousand.run())
            for _ in range(ROUNDS - 1):
                large.append(million.run())
                small.append(hundred_thousand.run())
    what = "per due invoice at 1,000,000 over 100,000, five a debtor"
    return [
        judge(
            "growth",
            what,
            ours=median([run.microseconds for run in large]),
            baseline=median([run.microseconds for run in small]),
            aim=AIM_GROWTH,
            bound="at most",
            unit="µs",
        ),
        judge(
            "growth",
            f"{what}; processor time",
            ours=median([run.used_microseconds for run in large]),
            baseline=median([run.used_microseconds for run in small]),
            unit="µs",
        ),
        _judge_memory("growth", large),
    ]


def _measure_beside_tryton(
    cluster: Cluster,
    office: ClusterAddress,
    shape: tryton.Shape,
    measure_theirs: Callable[[tryton.Shape], tryton.DunningRun],
) -> list[Figure]:
    """In turns; Tryton without its assertions once, to see."""
    ours: list[OurRun] = []
    theirs: list[tryton.DunningRun] = []
    with filled_book(cluster, office, invoices=shape.invoices, per_debtor=shape.per_debtor) as book:
        for _ in range(ROUNDS):
            ours.append(book.run())
            theirs.append(measure_theirs(shape))
        ours.append(book.run())
        bare = measure_theirs(tryton.Shape(shape.invoices, shape.per_debtor, assertions=False))
    return _judge_shape(shape, ours, theirs, bare)


def _judge_shape(
    shape: tryton.Shape,
    ours: Sequence[OurRun],
    theirs: Sequence[tryton.DunningRun],
    bare: tryton.DunningRun,
) -> list[Figure]:
    """What leaves the house counts: a letter or e-mail per debtor, on both sides."""
    what = f"{shape.invoices:,} invoices, {shape.per_debtor} a debtor; Tryton"
    rate = median([run.messages_per_second for run in ours])
    letters = median([run.letters_per_second for run in theirs])
    figures = [
        judge(
            "dunning",
            f"{what}, per letter",
            ours=rate,
            baseline=letters,
            aim=AIM_TIMES_TRYTON,
            unit="messages/s",
        )
    ]
    if shape.per_debtor > 1:
        dunnings = median([run.dunnings_per_second for run in theirs])
        per_dunning = f"{what}, per dunning (one per invoice)"
        figures.append(
            judge("dunning", per_dunning, ours=rate, baseline=dunnings, unit="messages/s")
        )
    without = f"{what} without its assertions, per letter"
    used = f"{what}, per letter and second of processor time"
    return [
        *figures,
        judge("dunning", without, ours=rate, baseline=bare.letters_per_second, unit="messages/s"),
        judge(
            "dunning",
            used,
            ours=median([run.messages / run.used_seconds for run in ours]),
            baseline=median([run.letters / run.used_seconds for run in theirs]),
            unit="messages/s",
        ),
    ]


def _judge_large(runs: Sequence[OurRun]) -> list[Figure]:
    what = f"{runs[0].invoices:,} invoices, 5 a debtor"
    seconds = median([run.seconds for run in runs])
    return [
        judge(
            "dunning",
            f"{what}; INSERT … SELECT of the same rows",
            ours=seconds,
            baseline=median([run.floor_seconds for run in runs]),
            aim=AIM_TIMES_FLOOR,
            bound="at most",
            unit="s",
        ),
        judge(
            "dunning",
            f"{what}, a day with nothing due; the day with all",
            ours=median([run.quiet_seconds for run in runs]),
            baseline=seconds,
            aim=AIM_QUIET,
            bound="at most",
            unit="s",
        ),
        _judge_memory("dunning", runs),
    ]


def _judge_memory(bench: str, runs: Sequence[OurRun]) -> Figure:
    what = f"{runs[0].invoices:,} invoices, peak of the process"
    peak = max(run.peak_mb for run in runs)
    return judge(bench, what, ours=peak, aim=AIM_MB, bound="at most", unit="MB")
