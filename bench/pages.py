"""What pages ask of a book of a million invoices, beside one of ten thousand."""

import json

from bench.databases import scratch_cluster
from bench.figure import Figure, judge
from bench.ours import filled_book, prepared_office, work

AIM_MS = 200
AIM_GROWTH = 1.5
SMALL, LARGE = 10_000, 1_000_000
_WORKER = "bench.pages_worker"


def measure() -> list[Figure]:
    """p95 of each query at both sizes; filling the large book takes many minutes."""
    return measure_at(SMALL, LARGE)


def measure_at(small: int, large: int) -> list[Figure]:
    """The same at other sizes."""
    times = []
    with scratch_cluster() as (cluster, _), prepared_office(cluster) as office:
        for size in (small, large):
            with filled_book(cluster, office, invoices=size, per_debtor=5) as book:
                times.append(json.loads(work(book.database, module=_WORKER)))
    figures = []
    for name, milliseconds in times[1].items():
        what = f"{name}: p95"
        aim = {"aim": AIM_MS, "bound": "at most"}
        figures.append(
            judge("pages", f"{what} at {large:,} invoices", ours=milliseconds, unit="ms", **aim)
        )
        figures.append(
            judge(
                "pages",
                f"{what} at {large:,} over {small:,}",
                ours=milliseconds,
                baseline=times[0][name],
                aim=AIM_GROWTH,
                bound="at most",
                unit="ms",
            )
        )
    return figures
