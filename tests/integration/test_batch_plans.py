"""What a batch of a run asks costs as much as it has rows, also where the planner expects a few."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
import pytest
from tests.integration.books import Listed, make_list, run_on, take
from tests.integration.growth import known_as_grown

from tijdig.dunning.actions.run import RunResult

DEBTORS = 1_000
DAY = date(2026, 3, 24)
# Rows that a statement takes up and throws away again, per debtor: some keys are a prefix of what
# is asked. Comparing each row of a batch with each throws hundreds away.
MOST_THROWN_AWAY = 20
EXPLAINED = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")


@pytest.mark.parametrize("times", [1, 10, 100])
def test_no_statement_of_a_run_compares_each_row_of_a_batch_with_each(
    times: int, administration: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = [Listed(f"F{n}", 12_100, debtor=f"D{n}") for n in range(DEBTORS)]
    take(administration, make_list(*listed))
    with known_as_grown(times):
        thrown_away, result = _run_explained(administration, monkeypatch)
    assert result.looked_at == result.planned == DEBTORS
    assert any("INSERT INTO tijdig_message" in statement for statement in thrown_away)
    assert any("FROM tijdig_openitem item" in statement for statement in thrown_away)
    most = MOST_THROWN_AWAY * DEBTORS
    assert {one: rows for one, rows in thrown_away.items() if rows > most} == {}


def _run_explained(
    administration: UUID, monkeypatch: pytest.MonkeyPatch
) -> tuple[dict[str, int], RunResult]:
    """A run, and per statement the rows that it took up for nothing.

    Each statement goes once before it counts, explained, and that is undone.
    """
    thrown_away: dict[str, int] = {}
    execute = psycopg.Cursor.execute

    def explain(
        cursor: "psycopg.Cursor[Any]", query: Any, parameters: Any = None, **how: Any
    ) -> "psycopg.Cursor[Any]":
        text = query.decode() if isinstance(query, bytes) else str(query)
        if text.lstrip().startswith(EXPLAINED):
            with cursor.connection.transaction(force_rollback=True):
                execute(cursor, f"EXPLAIN (ANALYZE, FORMAT JSON) {text}".encode(), parameters)
                ((told,),) = cursor.fetchall()
            plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
            thrown_away[text] = max(sum(_count_removed(plan)), thrown_away.get(text, 0))
        return execute(cursor, query, parameters, **how)

    monkeypatch.setattr(psycopg.Cursor, "execute", explain)
    return thrown_away, run_on(administration, DAY)


def _count_removed(plan: dict[str, Any]) -> Iterator[int]:
    for name in ("Rows Removed by Join Filter", "Rows Removed by Filter"):
        yield int(plan.get(name, 0) * plan.get("Actual Loops", 1))
    for below in plan.get("Plans", ()):
        yield from _count_removed(below)
