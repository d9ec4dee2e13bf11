"""How long it takes to match 100,000 payments against 1,000,000 open invoices, read and written."""

import json
import os

from bench.databases import scratch_cluster
from bench.figure import Figure, judge
from bench.ours import prepared_office, work
from bench.usage import SERVER, find_server

AIM_SECONDS = 20
AIM_MB = 600
INVOICES, PAYMENTS = 1_000_000, 100_000
_WORKER = "bench.matching_worker"


def measure() -> list[Figure]:
    """One matching of everything at once, as after a month without a statement."""
    return measure_at(INVOICES, PAYMENTS)


def measure_at(invoices: int, payments: int) -> list[Figure]:
    """The same at another size."""
    with scratch_cluster() as (cluster, home), prepared_office(cluster) as office:
        os.environ[SERVER] = find_server(home)
        work(office, "fill", f"--invoices={invoices}", "--per-debtor=5")
        told = (f"--invoices={invoices}", f"--payments={payments}")
        work(office, "lines", *told, module=_WORKER)
        found = json.loads(work(office, "match", module=_WORKER))
    what = f"{payments:,} payments, {invoices:,} open invoices"
    told = f"{found['matched']:,} booked, {found['proposed']:,} proposed"
    return [
        judge("matching_speed", f"{what}: {told}", ours=found["seconds"], aim=AIM_SECONDS,
              bound="at most", unit="s"),
        judge("matching_speed", f"{what}; processor time with the server's",
              ours=found["used_seconds"], unit="s"),
        judge("matching_speed", f"{what}, peak of both processes", ours=found["peak_mb"],
              aim=AIM_MB, bound="at most", unit="MB"),
    ]  # fmt: skip
