"""The glossary names every public class and function of the rules, and none that is gone."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
GLOSSARY = ROOT / "docs" / "glossary.md"
CORE = ROOT / "src" / "tijdig" / "core"
CORE_HEADING = "## The names of `core`"
COLUMNS = ["name in code", "meaning", "Dutch", "law", "not"]


def read_rows(text: str) -> list[list[str]]:
    """The cells of every table row, the lines under the headings left out."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [row for row in rows if not set("".join(row)) <= set("-")]


def read_names(text: str) -> list[str]:
    """The names between backticks in the first column."""
    return [name for row in read_rows(text) for name in re.findall(r"`(\w+)`", row[0])]


def list_public_names() -> set[str]:
    """The top-level classes and functions of core that do not begin with an underscore."""
    return {
        node.name
        for path in CORE.rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_")
    }


def test_every_public_name_of_core_is_explained() -> None:
    named = set(read_names(GLOSSARY.read_text(encoding="utf-8")))
    missing = sorted(list_public_names() - named)
    assert missing == [], f"Add to docs/glossary.md (name, meaning, Dutch, law, not): {missing}"


def test_no_name_is_explained_that_is_gone() -> None:
    _, _, part = GLOSSARY.read_text(encoding="utf-8").partition(CORE_HEADING)
    gone = sorted(set(read_names(part)) - list_public_names())
    assert gone == [], f"Take out of docs/glossary.md: {gone}"


def test_every_row_has_its_columns_and_every_name_one_row() -> None:
    text = GLOSSARY.read_text(encoding="utf-8")
    rows = read_rows(text)
    assert [row for row in rows if len(row) != len(COLUMNS)] == []
    assert {tuple(row) for row in rows if row[0] == COLUMNS[0]} == {tuple(COLUMNS)}
    assert [row[0] for row in rows if not row[1] or not row[2]] == []
    names = read_names(text)
    assert sorted(name for name in set(names) if names.count(name) > 1) == []
