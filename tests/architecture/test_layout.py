"""How the source is laid out: names, sizes, docstrings, tables, and no clock below the doors."""

import ast
import re
from pathlib import Path

import pytest
from tests.architecture.source_tree import (
    PACKAGE,
    Module,
    list_functions,
    list_modules,
    list_named,
    list_public,
    list_strings,
)

BANNED_NAMES = frozenset(
    "utils util helpers helper common base manager managers service services handler handlers "
    "processor processors data info misc".split()
)
MOST_LINES_IN_A_FILE = 400
MOST_LINES_IN_A_FUNCTION = 50

# What stands at the doors may ask what time it is; `ids` needs the moment for ids that sort.
DOORS = frozenset(["config", "demo", "desk", "management", "web"])
MAY_READ_CLOCK = frozenset([Path("src/tijdig/tenants/ids.py")])
CLOCK = frozenset(
    (
        "datetime.date.today datetime.datetime.now datetime.datetime.today "
        "datetime.datetime.utcnow time.time time.time_ns time.localtime time.gmtime time.ctime "
        "django.utils.timezone.now django.utils.timezone.localdate "
        "django.db.models.functions.Now"
    ).split()
)
SQL_CLOCK = re.compile(
    r"\b(now\s*\(\s*\)|current_(date|time|timestamp)|local(time|timestamp)|"
    r"(clock|statement|transaction)_timestamp\s*\()",
    re.IGNORECASE,
)
# Packages in the order of the flow hold tables in models.py and reach them by reads and writes.
MAY_REACH_TABLES = frozenset(["models", "queries", "actions"])
OUTSIDE_THE_FLOW = frozenset(["models", "config"])
# Reads with a name of their own.
READS = frozenset(
    [Path("src/tijdig/intake/mappings.py"), Path("src/tijdig/messaging/composing.py")]
)


def parse(text: str) -> Module:
    return Module(Path("src/tijdig/ledger/example.py"), text, ast.parse(text))


def find_clock(module: Module) -> list[str]:
    """Every place where a module asks what day or moment it is, itself or through the database."""
    asked = [(line, name) for line, name in list_named(module.tree) if name in CLOCK]
    asked += [
        (line, found.group())
        for line, text in list_strings(module.tree)
        if (found := SQL_CLOCK.search(text))
    ]
    asked += [
        (node.value.lineno, node.arg)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}
    ]
    return [f"{module.path}:{line} {name}" for line, name in sorted(set(asked))]


def find_table_reach(module: Module) -> list[str]:
    """Imports of a package's tables by a module that neither reads nor writes them."""
    named = module.path.relative_to(Path("src", "tijdig")).with_suffix("").parts[1:]
    if module.package in OUTSIDE_THE_FLOW or MAY_REACH_TABLES & set(named) or module.path in READS:
        return []
    return [
        f"{module.path}:{node.lineno} {node.module}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom)
        and re.fullmatch(r"tijdig(\.\w+)?\.models", node.module or "")
    ]


def test_no_module_is_named_after_nothing() -> None:
    modules = [module.path for module in list_modules("src", "tests", "bench", "proof")]
    named = {part.removesuffix(".py") for path in modules for part in path.parts}
    assert "cadence" in named
    assert named & BANNED_NAMES == set()


def test_no_file_is_longer_than_a_person_reads() -> None:
    long = {
        str(module.path): module.text.count("\n")
        for module in list_modules("src", "tests", "bench", "proof")
        if module.text.count("\n") > MOST_LINES_IN_A_FILE
    }
    assert long == {}


def test_no_function_is_longer_than_a_screen() -> None:
    long = {
        f"{module.path}:{function.lineno} {function.name}": lines
        for module in list_modules("src", "tests", "bench", "proof")
        for function in list_functions(module.tree)
        if (lines := (function.end_lineno or 0) - function.lineno + 1) > MOST_LINES_IN_A_FUNCTION
    }
    assert long == {}


def test_every_module_says_what_it_is_for() -> None:
    modules = list_modules("src", "tests", "bench", "proof")
    assert [str(one.path) for one in modules if not ast.get_docstring(one.tree)] == []


def test_everything_public_says_what_comes_out() -> None:
    missing = [
        f"{module.path}:{node.lineno} {node.name}"
        for module in list_modules("src")
        for node in list_public(module.tree)
        if not ast.get_docstring(node)
    ]
    assert missing == []


def test_a_package_begins_with_what_it_is_for_and_nothing_runs() -> None:
    busy = [
        f"{module.path}:{node.lineno}"
        for module in list_modules("src")
        if module.path.name == "__init__.py"
        for node in module.tree.body[1:]
        if not isinstance(node, ast.Assign | ast.AnnAssign)
    ]
    assert busy == []


def test_tables_stand_in_models() -> None:
    bases = {"models.Model", "Scoped", "AbstractBaseUser"}
    elsewhere = [
        f"{module.path}:{node.lineno} {node.name}"
        for module in list_modules("src")
        if module.path.name != "models.py"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef) and bases & {ast.unparse(base) for base in node.bases}
    ]
    assert elsewhere == []


def test_only_reads_and_writes_reach_tables() -> None:
    assert [one for module in list_modules("src") for one in find_table_reach(module)] == []


def test_nothing_below_the_doors_asks_what_time_it_is() -> None:
    below = [
        module
        for module in list_modules("src")
        if module.package not in DOORS and module.path not in MAY_READ_CLOCK
    ]
    assert len(below) > 50
    assert [one for module in below for one in find_clock(module)] == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("from datetime import date\nday = date.today()", "datetime.date.today"),
        ("import datetime as dt\nday = dt.datetime.now(dt.UTC)", "datetime.datetime.now"),
        ("from time import time\nread = time", "time.time"),
        ("from django.utils import timezone\nx = timezone.now", "django.utils.timezone.now"),
        ('x = 1\nsql = "UPDATE t SET at = NOW()"', "NOW()"),
        ('x = 1\nsql = f"SELECT {x} WHERE due_on < current_date"', "current_date"),
        ("field = (\n    models.DateTimeField(auto_now_add=True))", "auto_now_add"),
    ],
)
def test_the_look_for_clocks_finds_each_of_them(text: str, name: str) -> None:
    assert find_clock(parse(text)) == [f"src/tijdig/ledger/example.py:2 {name}"]


def test_the_look_for_clocks_leaves_durations_and_days_given_alone() -> None:
    text = "from time import monotonic\nfrom datetime import date\nd = date(2026, 3, 1), monotonic"
    assert find_clock(parse(text)) == []


def test_the_look_for_tables_finds_a_rule_that_reads_them() -> None:
    text = "from tijdig.ledger.models import Debtor"
    assert find_table_reach(parse(text)) == ["src/tijdig/ledger/example.py:1 tijdig.ledger.models"]


def test_every_package_is_where_the_order_names_it() -> None:
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    files = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}
    assert files == {"apps", "models"}
    assert {"core", "tenants", "timeline", "ledger", "dunning", "web", "desk"} <= folders
