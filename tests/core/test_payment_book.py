"""The generated book of payments: the same for the same seed, and apart from the matcher."""

import ast
from pathlib import Path

from bench.matching import upper_bound
from bench.payment_book import make_book

BENCH = Path(__file__).parents[2] / "bench"
MAY_IMPORT = {"tijdig.core.references"}


def list_imports(path: Path) -> set[str]:
    """Every module of ours that a module of the bench imports, anywhere in it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)] + [
        one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names
    ]
    return {name for name in named if name.split(".")[0] in {"tijdig", "bench"}}


def test_the_generator_knows_nothing_of_the_matcher() -> None:
    files = sorted(BENCH.glob("payment_*.py"))
    assert [path.name for path in files] == [
        "payment_book.py", "payment_habits.py", "payment_parts.py", "payment_search.py",
        "payment_words.py",
    ]  # fmt: skip
    imported = set().union(*(list_imports(path) for path in files))
    own = {f"bench.{path.stem}" for path in files} | {"bench"}
    assert imported - own == MAY_IMPORT


def test_a_seed_gives_the_same_book() -> None:
    assert make_book(5, debtors=40) == make_book(5, debtors=40)
    assert make_book(5, debtors=40) != make_book(6, debtors=40)


def test_the_truth_never_pays_more_than_the_line() -> None:
    book = make_book(3, debtors=80)
    numbers = {one.number for one in book.invoices}
    for line in book.payments:
        assert set(line.truth) <= numbers
        assert sum(line.truth.values()) <= line.cents
    assert {one.split(":")[0] for line in book.payments for one in line.habits} == {
        "group", "amount", "payer", "text", "strange",
    }  # fmt: skip


def test_the_bound_is_that_of_the_tables() -> None:
    """Three in a hundred thousand and none in ten thousand, as the rule of three has it."""
    assert round(upper_bound(0, 10_000) * 10_000, 2) == 3.0
    assert round(upper_bound(1, 10_000) * 10_000, 2) == 4.74
