"""The page about plug-ins names every plug-in that there is, and none that is gone."""

import ast
import re
from pathlib import Path

from tijdig.messaging.channels import CHANNELS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "plugins.md"
FOLDERS = {"invoice format": "intake/formats", "bank format": "banking/formats"}


def list_formats(folder: str) -> set[str]:
    """The modules that are a format: they recognise a file and parse it."""
    return {
        path.stem
        for path in (ROOT / "src" / "tijdig" / folder).glob("*.py")
        if {"recognise", "parse"} <= list_functions(path)
    }


def list_functions(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def read_named(kind: str) -> set[str]:
    """The names that the table of the page gives for a kind of plug-in."""
    (row,) = [
        line
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith(f"| {kind} |")
    ]
    return set(re.findall(r"`(\w+)`", row.split("|")[2]))


def test_every_format_is_named() -> None:
    found = {kind: list_formats(folder) for kind, folder in FOLDERS.items()}
    assert all(found.values())
    assert {kind: read_named(kind) for kind in FOLDERS} == found


def test_every_channel_is_named() -> None:
    assert read_named("channel") == set(CHANNELS)


def test_every_file_that_the_page_names_is_there() -> None:
    text = PAGE.read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:\w+/)+\w+\.py)`", text))
    here = {
        name
        for name in named
        if (ROOT / name).exists() or (ROOT / "src" / "tijdig" / name).exists()
    }
    assert named - here == set()
    assert len(here) > 5
