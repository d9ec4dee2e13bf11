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
    from tijdig.ledger.queries.lists import (
        DebtorTab,
        InvoiceTab,
        count_debtors,
        count_invoices,
        list_debtors,
        list_invoices,
    )
    from tijdig.ledger.queries.words import find_debtors, find_invoices
    from tijdig.tenants.scope import administration_scope
    from tijdig.web.paging import COUNT_UP_TO, PAGE_ROWS

    def invoices_with(search: str, tab: InvoiceTab = "all") -> Callable[[], object]:
        def ask() -> object:
            found = find_invoices(search)
            count = count_invoices(tab=tab, found=found, today=RUN_ON, up_to=COUNT_UP_TO + 1)
            return count, list_invoices(
                tab=tab, found=found, after=None, today=RUN_ON, limit=PAGE_ROWS + 1
            )

        return ask

    def debtors_with(search: str, tab: DebtorTab = "all") -> Callable[[], object]:
        def ask() -> object:
            found = find_debtors(search)
            count = count_debtors(tab=tab, found=found, today=RUN_ON, up_to=COUNT_UP_TO + 1)
            return count, list_debtors(
                tab=tab, found=found, after=None, today=RUN_ON, limit=PAGE_ROWS + 1
            )

        return ask

    asked: dict[str, Callable[[], object]] = {
        "totals on Vandaag": lambda: compute_totals(today=RUN_ON),
        "invoices, latest first": invoices_with(""),
        "invoices too late": invoices_with("", "overdue"),
        "invoices by the start of a number": invoices_with("F00001"),
        "invoices by words anywhere": invoices_with("iteur 199"),
        "invoices by words that most have": invoices_with("iteur"),
        "customers by name": debtors_with(""),
        "customers who are late": debtors_with("", "overdue"),
        "customers by words anywhere": debtors_with("iteur 199"),
        "customers by words that most have": debtors_with("iteur"),
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
