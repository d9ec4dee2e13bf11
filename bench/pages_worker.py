"""Time what the pages ask of a filled office: p95 of each query, in milliseconds, as JSON.

python -m bench.pages_worker
"""

import json
import os
import time
from collections.abc import Callable

import django

ASKED = 20
_P95 = 19  # the 19th of twenty


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tijdig.config.settings"
    django.setup()
    from bench.dunning_worker import RUN_ON, find_administration
    from tijdig.ledger.queries.balances import compute_totals
    from tijdig.ledger.queries.lists import list_debtors, list_invoices
    from tijdig.tenants.scope import administration_scope

    def find_invoices(search: str) -> Callable[[], object]:
        return lambda: list_invoices(tab="all", search=search, after=None, today=RUN_ON, limit=51)

    def find_debtors(search: str) -> Callable[[], object]:
        return lambda: list_debtors(tab="all", search=search, after=None, today=RUN_ON, limit=51)

    asked: dict[str, Callable[[], object]] = {
        "totals on Vandaag": lambda: compute_totals(today=RUN_ON),
        "invoices, latest first": find_invoices(""),
        "invoices by the start of a number": find_invoices("F00001"),
        "invoices by words anywhere": find_invoices("iteur 199"),
        "customers by name": find_debtors(""),
        "customers by words anywhere": find_debtors("iteur 199"),
    }
    found: dict[str, float] = {}
    with administration_scope(find_administration()):
        for name, ask in asked.items():
            ask()
            found[name] = sorted(_time(ask) for _ in range(ASKED))[_P95 - 1]
    print(json.dumps(found))


def _time(ask: Callable[[], object]) -> float:
    started = time.perf_counter()
    ask()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
