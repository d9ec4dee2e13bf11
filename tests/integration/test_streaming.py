"""A bank statement is read from its file piece by piece, and its lines wait on disk."""

import hashlib
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from bench.statements import make_statement as make_large_statement
from tests.faults.child import make_environment
from tests.integration.books import PAYER, make_payment, take
from tests.integration.office import at, make_administration
from tests.plugs.camt_samples import Balance, Statement, make_camt
from tests.plugs.test_statements import SAMPLES

from tijdig.banking.formats.table import find_format
from tijdig.banking.models import BankLine
from tijdig.banking.records import BankLineRecord
from tijdig.intake.models import Import
from tijdig.tenants.bulk import execute, read_rows
from tijdig.tenants.scope import administration_scope
from tijdig.tenants.spool import Spool
from tijdig.web import receiving
from tijdig.web.receiving import Receipt, Received, receive

DAY = date(2026, 3, 2)
OTHER_ACCOUNT = "NL02ABNA0123456789"
# 2 kB an entry, as it was, would be 30 MB for fifteen thousand.
MOST_GROWTH_MB = 10
MEASURE = """
import json, os, sys
from pathlib import Path
from uuid import UUID
os.environ["DJANGO_SETTINGS_MODULE"] = "tijdig.config.settings"
import django
django.setup()
from bench.import_memory_worker import _NOW, _ON, read_peak_mb
from tijdig.tenants.scope import administration_scope
from tijdig.web.receiving import Received, receive
path = Path(sys.argv[1])
with administration_scope(UUID(sys.argv[2])):
    receipt = receive([Received("a", b"", path=path)], today=_ON, now=_NOW, actor="test")
print(receipt.files[0].new_lines, receipt.balances[0], read_peak_mb())
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A row that waits."""

    number: int
    text: str
    row_id: UUID | None


def make_rows(count: int) -> list[Row]:
    return [
        Row(number, "€" * (number % 3), UUID(int=number) if number else None)
        for number in range(count)
    ]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 10, 11])
def test_rows_come_back_as_they_went_in_any_number_of_times(count: int) -> None:
    spool = Spool(Row, portion=3)
    kept = spool.extend(make_rows(count)).take()
    assert [list(kept), list(kept), len(kept)] == [make_rows(count), make_rows(count), count]
    assert bool(kept) == (count > 0)
    assert [*kept[1:4]] == make_rows(count)[1:4]
    assert [kept[at] for at in range(-count, count)] == 2 * make_rows(count)
    with pytest.raises(IndexError):
        kept[count]
    assert list(spool.take()) == []


def test_each_taking_has_its_own_rows_and_both_stay() -> None:
    spool = Spool(Row, portion=2)
    first = spool.extend(make_rows(5)).take()
    second = spool.extend(make_rows(3)).take()
    assert (list(first), list(second)) == (make_rows(5), make_rows(3))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_every_format_gives_the_same_with_its_lines_on_disk(path: Path) -> None:
    content = path.read_bytes()
    bank_format = find_format(content[:4096])
    assert bank_format is not None
    pieces = (content[at : at + 11] for at in range(0, len(content), 11))
    file = bank_format.read(pieces, name=path.name, lines=Spool(BankLineRecord, portion=1))
    statements = tuple(replace(one, lines=tuple(one.lines)) for one in file.statements)
    assert replace(file, statements=statements) == bank_format.parse(content, name=path.name)


def make_file() -> bytes:
    """Two statements of one account and one of another: equal lines, announced, taken back."""
    twice = make_payment(500, "dank", on=DAY)
    back = replace(make_payment(-700, "terug", on=DAY), reversal=True)
    announced = replace(make_payment(900, "komt nog", on=DAY), status="PDNG")
    balances = (Balance("OPBD", "100.00"), Balance("CLBD", "110.00"))
    return make_camt(
        Statement((twice, twice, announced), balances, identification="1"),
        Statement((twice, back), identification="2"),
        Statement((make_payment(1_200, "2026-0001", on=DAY),), iban=OTHER_ACCOUNT),
    )


def take_from(administration: UUID, path: Path) -> Receipt:
    with administration_scope(administration):
        return receive(
            [Received("bestand-0", b"", path=path)], today=DAY, now=at(DAY), actor="test"
        )


def read_lines(administration: UUID) -> list[Any]:
    with administration_scope(administration):
        columns = ("key", "state", "cents", "text", "booked_on", "counter_iban", "is_reversal")
        return sorted(BankLine.objects.values_list("account__iban", *columns))


def describe(receipt: Receipt) -> list[Any]:
    return [
        (one.name, one.format, one.statements, one.lines, one.new_lines, one.problems, balance)
        for one, balance in zip(receipt.files, receipt.balances, strict=True)
    ]


def test_a_file_on_disk_is_stored_as_one_in_memory(
    administration: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = make_file()
    held = take(administration, content, day=DAY)
    monkeypatch.setattr(receiving, "Spool", partial(Spool, portion=1))
    path = tmp_path / "afschrift.xml"
    path.write_bytes(content)
    other = make_administration()
    read = take_from(other, path)
    assert describe(read) == describe(held)
    assert read_lines(other) == read_lines(administration)
    assert {one[2] for one in read_lines(other)} == {"unmatched", "waiting", "pending"}
    # By its content it is known again, however it comes.
    again = take(other, content, day=DAY)
    assert [(one.already_on, one.new_lines) for one in again.files] == [(DAY, 0)]


def test_a_file_that_breaks_off_is_not_in_at_all_and_known_by_all_of_it(
    administration: UUID, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "Spool", partial(Spool, portion=1))
    content = make_file()[:-400] + b"<" + b" " * 200_000
    path = tmp_path / "afschrift.xml"
    path.write_bytes(content)
    receipt = take_from(administration, path)
    assert [one.severity for one in receipt.problems] == ["refused"]
    assert read_lines(administration) == []
    with administration_scope(administration):
        known = list(Import.objects.values_list("content_hash", flat=True))
    assert known == [hashlib.sha256(content).hexdigest()]


def test_many_rows_are_read_as_they_stood(administration: UUID) -> None:
    take(administration, make_file(), day=DAY)
    with administration_scope(administration):
        rows = read_rows(
            "SELECT counter_iban FROM tijdig_bankline "
            "WHERE administration_id = %s AND cents = ANY(%s)",
            [administration, [500]],
        )
        first = next(rows)
        execute("UPDATE tijdig_bankline SET counter_iban = '' WHERE cents = 500", [])
        assert [first, *rows] == [(PAYER,)] * 3


def test_memory_does_not_grow_with_the_file(administration: UUID, tmp_path: Path) -> None:
    peaks = []
    # More than the texts that matching keeps, which fill some memory once.
    for entries in (20_000, 35_000):
        path = tmp_path / f"{entries}.xml"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(make_large_statement(entries))
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, str(path), str(make_administration())],
            env=make_environment(), stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
        lines, adds_up, peak_mb = done.stdout.split()
        assert (int(lines), adds_up) == (entries, "True")
        peaks.append(float(peak_mb))
    assert peaks[1] - peaks[0] < MOST_GROWTH_MB
