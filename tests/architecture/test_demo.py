"""The demo meets Tijdig only where people do: it imports no tables and writes no SQL of its own."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "tijdig"
DEMO_FILES = (
    *sorted((SOURCE / "demo").rglob("*.py")),
    SOURCE / "management" / "commands" / "demo.py",
    SOURCE / "management" / "commands" / "simulate.py",
)
BACK_DOORS = frozenset({"get_model", "get_models", "import_module", "__import__"})
SQL_ON_ROWS = re.compile(
    r"\b(INSERT\s+INTO|DELETE\s+FROM|UPDATE\s+\w+\s+SET|SELECT\s.+\sFROM|COPY\s)"
)


def find_reaches_for_tables(source: str) -> list[str]:
    """Every way in which this source reaches for a table, wherever in it that stands."""
    return [found for node in ast.walk(ast.parse(source)) for found in _reaches(node)]


def _reaches(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (one.name for one in node.names if "models" in one.name.split("."))
    elif isinstance(node, ast.ImportFrom):
        names = [f"{node.module}.{one.name}" for one in node.names]
        yield from (name for name in names if "models" in name.split("."))
    elif isinstance(node, ast.Attribute) and node.attr in {*BACK_DOORS, "objects"}:
        yield node.attr
    elif isinstance(node, ast.Name) and node.id in BACK_DOORS:
        yield node.id
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from (found.group() for found in SQL_ON_ROWS.finditer(node.value))


@pytest.mark.parametrize("path", DEMO_FILES, ids=lambda path: path.stem)
def test_demo_code_reaches_for_no_table(path: Path) -> None:
    assert find_reaches_for_tables(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("from tijdig.ledger.models import Debtor", ["tijdig.ledger.models.Debtor"]),
        ("from tijdig.ledger import models", ["tijdig.ledger.models"]),
        ("import tijdig.models", ["tijdig.models"]),
        ("def f():\n    from tijdig.dunning.models import Run", ["tijdig.dunning.models.Run"]),
        ("def f(apps):\n    return apps.get_model('tijdig', 'Run')", ["get_model"]),
        ("import importlib\nimportlib.import_module('tijdig.' + name)", ["import_module"]),
        ("cursor.execute('INSERT INTO tijdig_entry VALUES (1)')", ["INSERT INTO"]),
        ("from tijdig.dunning.actions.run import run", []),
    ],
)
def test_the_search_finds_what_it_looks_for(source: str, found: list[str]) -> None:
    assert find_reaches_for_tables(source) == found
