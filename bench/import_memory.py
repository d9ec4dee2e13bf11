"""What an import of a bank statement takes in memory, at two sizes of the file."""

import json
import tempfile
from pathlib import Path

from bench.databases import scratch_cluster
from bench.figure import Figure, judge
from bench.ours import prepared_office, work
from bench.statements import make_statement

# Both more than the texts that matching keeps.
FEW, MANY = 20_000, 60_000
AIM_MB = 10
_WORKER = "bench.import_memory_worker"


def measure() -> list[Figure]:
    """The most that a process held while it stored and matched a camt.053 of each size."""
    with scratch_cluster() as (cluster, _), tempfile.TemporaryDirectory() as folder:
        peaks = {}
        for entries in (FEW, MANY):
            path = Path(folder) / f"{entries}.xml"
            with path.open("w", encoding="utf-8") as file:
                file.writelines(make_statement(entries))
            with prepared_office(cluster) as office:
                found = json.loads(work(office, str(path), module=_WORKER))
            if found["lines"] != entries:
                raise RuntimeError(f"{found['lines']} of {entries} lines came in")
            peaks[entries] = found["peak_mb"]
    return [
        judge("import_memory", f"camt.053 of {FEW:,} entries, stored and matched",
              ours=peaks[FEW], unit="MB"),
        judge("import_memory", f"{MANY:,} entries, more than that",
              ours=peaks[MANY] - peaks[FEW], aim=AIM_MB, bound="at most", unit="MB"),
    ]  # fmt: skip
