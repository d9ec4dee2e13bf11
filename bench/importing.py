"""Invoices brought in for good: files in, rows in the database, on the embedded PostgreSQL."""

import json
import os
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.databases import scratch_cluster, scratch_database
from bench.figure import Figure, judge
from bench.ours import prepared_office, work
from bench.parsing import make_csv, make_ubl
from bench.usage import SERVER, find_server

UBL_AIM_PER_SECOND = 200
CSV_AIM_PER_SECOND = 20_000
_UBL_FILES, _CSV_ROWS = 2_000, 20_000
_WORKER = "bench.import_worker"


def measure() -> list[Figure]:
    """What the command `import` does with a folder of invoices, and with a list of open items."""
    figures: list[Figure] = []
    with (
        scratch_cluster() as (cluster, home),
        prepared_office(cluster) as office,
        TemporaryDirectory() as told,
    ):
        os.environ[SERVER] = find_server(home)
        ubl, csv = Path(told) / "ubl", Path(told) / "csv"
        for folder in (ubl, csv):
            folder.mkdir()
        for serial in range(_UBL_FILES):
            (ubl / f"{serial}.xml").write_bytes(make_ubl(serial))
        (csv / "open.csv").write_bytes(make_csv(_CSV_ROWS))
        for name, folder, count, aim, unit in (
            ("ubl", ubl, _UBL_FILES, UBL_AIM_PER_SECOND, "files/s"),
            ("csv", csv, _CSV_ROWS, CSV_AIM_PER_SECOND, "rows/s"),
        ):
            with scratch_database(cluster, template=office.database) as database:
                found = json.loads(work(database, str(folder), module=_WORKER))
            what = f"{name}, {count:,} invoices read and written"
            rate, used = count / found["seconds"], count / found["used_seconds"]
            figures += [
                judge("importing", what, ours=rate, aim=aim, unit=unit),
                judge("importing", f"{what}; per second of processor time", ours=used, unit=unit),
            ]
    return figures
