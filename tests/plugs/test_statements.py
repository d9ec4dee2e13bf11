"""A sample of our own making per dialect, beside the lines that it must give, compared whole."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tijdig.banking.formats.table import find_format
from tijdig.banking.records import StatementFile

FOLDER = Path(__file__).parent / "statements"
SAMPLES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".json")


def read(path: Path) -> StatementFile:
    content = path.read_bytes()
    bank_format = find_format(content[:4096])
    assert bank_format is not None
    return bank_format.parse(content, name=path.name)


def describe(file: StatementFile) -> dict[str, Any]:
    """The file as JSON has it; what is empty is left out."""
    return _tidy(asdict(file))


def _tidy(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: _tidy(one) for name, one in value.items() if one not in ("", None, (), 0, False)
        }
    if isinstance(value, list | tuple):
        return [_tidy(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_gives_exactly_its_lines(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    file = read(path)
    assert describe(file) == expected
    # What is whole adds up; a report in the course of a day has no balances.
    checks = {statement.balances_ok for statement in file.statements}
    assert (False not in checks) if file.kind == "booked" else (checks == {None})


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_reading_in_pieces_gives_the_same(path: Path) -> None:
    content = path.read_bytes()
    bank_format = find_format(content[:4096])
    assert bank_format is not None
    whole = list(bank_format.iterate((content,)))
    assert (
        list(bank_format.iterate(content[at : at + 7] for at in range(0, len(content), 7))) == whole
    )
