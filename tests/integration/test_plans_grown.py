"""What the plans of a book cost to read grows with their number, not with that of all payments."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections
from tests.integration.books import Listed, make_list, make_payment, make_statement, take
from tests.integration.case_office import told

from tijdig.cases.actions import plans
from tijdig.cases.queries import plans as queries
from tijdig.ledger.models import Debtor, Invoice
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import administration_scope

DAY = date(2026, 3, 24)
PLANNED, FILES, PAID_A_FILE = 30, 12, 15
INVOICES = PLANNED + FILES * PAID_A_FILE
# Where a table is small any index is as good to the planner: it may look through it for each plan.
# But never through one table for each row of another: that took up 225,000 rows, and 9,000 do.
MOST_ROWS = 3 * INVOICES * PLANNED


def test_a_plan_reads_its_own_payments_only(
    administration: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fill(administration)
    with administration_scope(administration):
        debtor_ids = list(Debtor.objects.values_list("id", flat=True))
        read: list[float] = []

        def explain(sql: str, asked: list[Any]) -> Any:
            ((explained,),) = execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", asked).fetchall()
            plan = json.loads(explained) if isinstance(explained, str) else explained
            read.append(sum(_count_rows(plan[0]["Plan"])))
            return execute(sql, asked)

        monkeypatch.setattr(queries, "execute", explain)
        found = queries.load_plans(debtor_ids, today=DAY + timedelta(days=9))
    assert len(found) == PLANNED
    assert read[0] < MOST_ROWS


def _fill(administration: UUID) -> None:
    """Plans, and then payments of others: the planner last counted before those came."""
    listed = [Listed(f"2026-{n:04}", 12_100, debtor=f"D{n}") for n in range(INVOICES)]
    take(administration, make_list(*listed), day=DAY)
    with administration_scope(administration):
        for n in range(PLANNED):
            invoice = Invoice.objects.get(number=f"2026-{n:04}")
            plans.agree(
                debtor_id=Debtor.objects.get(number=f"D{n}").id,
                invoice_ids=[invoice.id],
                count=3,
                first_on=DAY + timedelta(days=30),
                **told(DAY),
            )
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    for turn in range(FILES):
        on = DAY + timedelta(days=1)
        first = PLANNED + turn * PAID_A_FILE
        numbers = [f"2026-{n:04}" for n in range(first, first + PAID_A_FILE)]
        payments = [make_payment(12_100, f"factuur {one}", on=on) for one in numbers]
        take(administration, make_statement(*payments, name=f"A-{turn}"), day=on)


def _count_rows(plan: dict[str, Any]) -> Iterator[float]:
    """The rows that every part of it took up, also for nothing."""
    names = ("Actual Rows", "Rows Removed by Join Filter", "Rows Removed by Filter")
    yield sum(plan.get(name, 0) for name in names) * plan["Actual Loops"]
    for below in plan.get("Plans", ()):
        yield from _count_rows(below)
