"""Measure one dunning run of Tryton and print it as one line of JSON.

Runs inside the environment of `bench/tryton.py`, from the root of the checkout:

    python -m bench.tryton_worker POSTGRESQL_URI                          (fill an empty database)
    python -m bench.tryton_worker POSTGRESQL_URI --invoices 10000 --per-debtor 5        (measure)

What is measured, and each doubt settled in Tryton's favour:

- *create* is the body of the wizard `account.dunning.create`: `Dunning.generate_dunnings(date)`;
  *process* the body of `account.dunning.process`: `Dunning.process(dunnings)`. Each is one
  transaction, its commit included, called in this process: no web client, no JSON, no wizard
  session, no user rules (user 0), and the look-up of the drafts to process is not counted.
- Tryton's defaults stand: cache sizes, isolation level, its own indexes; logging is off, and the
  module pool was loaded before the clock started. Filled tables were analysed.
- Python's assertions are on, as installed; one of them (each record made checks the
  ids of all records read beside it) makes the run grow with the square of the batch. `python -O`
  leaves it out, and `bench/tryton.py` measures that too.
- Nothing is printed, mailed or posted: `process` is here a change of state, and costs are off.
- One dunning is written per invoice, so `dunnings` counts invoices; `letters` counts debtors.
"""

import argparse
import json
import logging
import time
from collections.abc import Callable
from importlib.metadata import version
from urllib.parse import quote

from psycopg import conninfo

from bench.analysis import analyse
from bench.usage import used_seconds

_PACKAGES = ("trytond", "trytond_account", "trytond_account_dunning", "psycopg")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure one dunning run of Tryton.")
    parser.add_argument("uri", help="the database that Tryton may fill")
    parser.add_argument("--invoices", type=int)
    parser.add_argument("--per-debtor", type=int, default=1)
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    database = _point_tryton_at(options.uri)
    from bench.tryton_world import add_invoices, build_office

    if options.invoices is None:
        build_office(database)
    else:
        company = add_invoices(database, invoices=options.invoices, per_debtor=options.per_debtor)
        analyse(options.uri)
        print(json.dumps(measure(database, company, options.invoices, options.per_debtor)))


def _point_tryton_at(uri: str) -> str:
    """The database's name; its server is set before the first import of the backend reads it.

    Tryton puts the name of the database in the path and keeps the rest, so that a socket folder
    goes in the query.
    """
    from trytond import config  # type: ignore[import-not-found]

    parts = conninfo.conninfo_to_dict(uri)
    query = "&".join(
        f"{key}={quote(str(value), safe='')}"
        for key, value in parts.items()
        if key != "dbname" and value is not None
    )
    config.set("database", "uri", f"postgresql://?{query}")
    return str(parts["dbname"])


def measure(database: str, company: int, invoices: int, per_debtor: int) -> dict[str, object]:
    """The figures of one run over all invoices of the company."""
    from trytond.pool import Pool  # type: ignore[import-not-found]
    from trytond.transaction import Transaction  # type: ignore[import-not-found]

    from bench.tryton_world import RUN_ON

    dunning = Pool(database).get("account.dunning")

    def timed(work: Callable[[], None]) -> float:
        started = time.perf_counter()
        with Transaction().start(database, 0, context={"company": company}):
            work()
        return round(time.perf_counter() - started, 4)

    used = used_seconds()
    create_seconds = timed(lambda: dunning.generate_dunnings(date=RUN_ON))
    drafts = _debtor_by_dunning(database, "draft")
    process_seconds = timed(lambda: dunning.process(dunning.browse(list(drafts))))
    used = used_seconds() - used
    written = _debtor_by_dunning(database, "waiting")
    if len(written) != invoices:
        raise SystemExit(f"Tryton processed {len(written)} of {invoices} invoices.")
    return {
        "invoices": invoices,
        "parties": -(-invoices // per_debtor),
        "dunnings": len(written),
        "letters": len(set(written.values())),
        "create_seconds": create_seconds,
        "process_seconds": process_seconds,
        "used_seconds": used,
        "assertions": __debug__,
        "versions": {name: version(name) for name in _PACKAGES},
    }


def _debtor_by_dunning(database: str, state: str) -> dict[int, int]:
    """The debtor to write to, by the id of each dunning in that state."""
    from trytond.pool import Pool
    from trytond.transaction import Transaction

    with Transaction().start(database, 0):
        rows = Pool().get("account.dunning").search([("state", "=", state)])
        return {row.id: row.line.party.id for row in rows}


if __name__ == "__main__":
    main()
