"""The page about operating describes every command, with all its options, and none that is gone."""

import argparse
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import load_command_class

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "operate.md"
COMMANDS = sorted(
    path.stem
    for path in (ROOT / "src" / "tijdig" / "management" / "commands").glob("*.py")
    if not path.name.startswith("_")
)
# What Django gives every command, and our own `--json`, is told once.
FOR_ALL = frozenset(
    "--help --version --verbosity --settings --pythonpath --traceback --no-color --force-color "
    "--skip-checks --json".split()
)


def read_described() -> dict[str, str]:
    """The text under the heading of each command."""
    page = PAGE.read_text(encoding="utf-8")
    parts = re.split(r"^### tijdig ([\w-]+)\n", page, flags=re.MULTILINE)
    texts = [part.partition("\n## ")[0] for part in parts[2::2]]
    return dict(zip(parts[1::2], texts, strict=True))


def list_options(command: str) -> set[str]:
    """The long options of a command that are its own."""
    parser = load_command_class("tijdig", command).create_parser("tijdig", command)
    names = {name for action in list_actions(parser) for name in action.option_strings}
    return {name for name in names if name.startswith("--")} - FOR_ALL


def list_actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """The arguments of a command, with those of the commands below it."""
    for action in parser._actions:
        yield action
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from list_actions(below)


def test_every_command_is_described_and_no_other() -> None:
    assert sorted(read_described()) == COMMANDS
    assert {"init", "import", "run", "why"} <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_described_and_no_other(command: str) -> None:
    usage = read_described()[command].partition("`.")[0]
    assert set(re.findall(r"--[a-z-]+", usage)) == list_options(command)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shows_its_answer_as_json(command: str) -> None:
    blocks = re.findall(r"(?:^    .+\n)+", read_described()[command], flags=re.MULTILINE)
    (block,) = [block for block in blocks if block.lstrip().startswith("{")]
    assert json.loads(block.replace("[...]", "[]")) != {}


def test_every_command_that_a_page_shows_exists() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    shown = {
        name
        for page in pages
        for name in re.findall(r"`(?:\.venv/bin/)?tijdig ([a-z-]+)\b", page.read_text("utf-8"))
    }
    assert shown - set(COMMANDS) == set()
