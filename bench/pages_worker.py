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
    from bench.dunning_worker import find_administration
    from tijdig.tenants.scope import administration_scope

    found: dict[str, float] = {}
    with administration_scope(find_administration()):
        for name, ask in {**_list_totals(), **_list_invoices(), **_list_customers()}.items():
            ask()
            found[name] = sorted(_time(ask) for _ in range(ASKED))[_P95 - 1]
    print(json.dumps(found))


def _list_totals() -> dict[str, Callable[[], object]]:
    from bench.dunning_worker import RUN_ON
    from tijdig.ledger.queries.balances import compute_totals

    return {"totals on Vandaag": lambda: compute_totals(today=RUN_ON)}


def _list_invoices() -> dict[str, Callable[[], object]]:
    """A page of invoices and how many there are, as the list asks for them."""
    from bench.dunning_worker import RUN_ON
    from tijdig.ledger.queries.lists import InvoiceTab, count_invoices, list_invoices
    from tijdig.ledger.queries.words import find_invoices
    from tijdig.web.paging import COUNT_UP_TO, PAGE_ROWS

    def invoices_with(search: str, tab: InvoiceTab = "all") -> Callable[[], object]:
        def ask() -> object:
            found = find_invoices(search)
            count = count_invoices(tab=tab, found=found, today=RUN_ON, up_to=COUNT_UP_TO + 1)
            return count, list_invoices(
                tab=tab, found=found, after=None, today=RUN_ON, limit=PAGE_ROWS + 1
            )

        return ask

    return {
        "invoices, latest first": invoices_with(""),
        "invoices too late": invoices_with("", "overdue"),
        "invoices by the start of a number": invoices_with("F00001"),
        "invoices by words anywhere": invoices_with("iteur 199"),
        "invoices by words that most have": invoices_with("iteur"),
    }


def _list_customers() -> dict[str, Callable[[], object]]:
    """A page of customers and how many there are, as the list asks for them."""
    from bench.dunning_worker import RUN_ON
    from tijdig.ledger.queries.lists import DebtorTab, count_debtors, list_debtors
    from tijdig.ledger.queries.words import find_debtors
    from tijdig.web.paging import COUNT_UP_TO, PAGE_ROWS

    def debtors_with(search: str, tab: DebtorTab = "all") -> Callable[[], object]:
        def ask() -> object:
            found = find_debtors(search)
            count = count_debtors(tab=tab, found=found, today=RUN_ON, up_to=COUNT_UP_TO + 1)
            return count, list_debtors(
                tab=tab, found=found, after=None, today=RUN_ON, limit=PAGE_ROWS + 1
            )

        return ask

    return {
        "customers by name": debtors_with(""),
        "customers who are late": debtors_with("", "overdue"),
        "customers by words anywhere": debtors_with("iteur 199"),
        "customers by words that most have": debtors_with("iteur"),
    }


def _time(ask: Callable[[], object]) -> float:
    started = time.perf_counter()
    ask()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
