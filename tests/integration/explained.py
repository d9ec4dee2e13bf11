"""What the statements of a piece of work really read: each is explained before it counts."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

EXPLAINED = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")


@contextmanager
def explaining(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """The statements of what is done in here, in order, each with its plan as it went.

    Each goes once before it counts, explained, and that is undone.
    """
    plans: list[tuple[str, dict[str, Any]]] = []
    execute = psycopg.Cursor.execute

    def explain(
        cursor: "psycopg.Cursor[Any]", query: Any, parameters: Any = None, **how: Any
    ) -> "psycopg.Cursor[Any]":
        text = query.decode() if isinstance(query, bytes) else str(query)
        if text.lstrip().startswith(EXPLAINED):
            with cursor.connection.transaction(force_rollback=True):
                execute(cursor, f"EXPLAIN (ANALYZE, FORMAT JSON) {text}".encode(), parameters)
                ((told,),) = cursor.fetchall()
            plans.append((text, (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]))
        return execute(cursor, query, parameters, **how)

    with monkeypatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", explain)
        yield plans


def count_removed(plan: dict[str, Any]) -> int:
    """The rows that a plan took up for nothing."""
    names = ("Rows Removed by Join Filter", "Rows Removed by Filter")
    here = sum(int(plan.get(name, 0) * plan.get("Actual Loops", 1)) for name in names)
    return here + sum(count_removed(below) for below in plan.get("Plans", ()))


def count_read(plan: dict[str, Any], table: str) -> int:
    """The rows of a table that a plan took up, for something or for nothing."""
    here = 0
    if plan.get("Relation Name") == table and "Scan" in plan["Node Type"]:
        rows = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
        here = round(rows * plan.get("Actual Loops", 1))
    return here + sum(count_read(below, table) for below in plan.get("Plans", ()))
