"""The page about operating names every environment variable that is read, and no other."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "operate.md"
NAME = re.compile(r"(?:TIJDIG|DATABASE)_[A-Z][A-Z_]*")


def find_read() -> set[str]:
    """Every name of a variable that stands as a text of its own in the configuration."""
    return {
        node.value
        for path in (ROOT / "src" / "tijdig" / "config").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and NAME.fullmatch(node.value)
    }


def find_listed() -> set[str]:
    """The names in the first column of the table of settings."""
    settings = PAGE.read_text(encoding="utf-8").partition("## Settings")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in settings.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in NAME.findall(row)}


def test_every_variable_that_is_read_is_listed() -> None:
    read = find_read()
    assert {"TIJDIG_HOME", "DATABASE_URL", "TIJDIG_SMTP_HOST"} <= read
    assert sorted(read - find_listed()) == []


def test_no_variable_is_listed_that_nobody_reads() -> None:
    assert sorted(find_listed() - find_read()) == []


def test_no_page_names_another_variable() -> None:
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    named = {name for page in pages for name in NAME.findall(page.read_text(encoding="utf-8"))}
    assert sorted(named - find_read() - {"TIJDIG_SAMPLES"}) == []


def test_the_environment_is_read_in_the_configuration_only() -> None:
    package = ROOT / "src" / "tijdig"
    elsewhere = [
        str(path.relative_to(ROOT))
        for path in package.rglob("*.py")
        if path.parent.name != "config"
        and re.search(r"\bos\.(environ|getenv)\b", path.read_text(encoding="utf-8"))
    ]
    assert elsewhere == []
