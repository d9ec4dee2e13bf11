"""Makes docs/formats.md: what becomes of every public sample, by what is in it.

    python -m tests.docs.formats_table

The samples are looked for in TIJDIG_SAMPLES (default: ../shared/data).
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tijdig.banking.debit_records import StatusFile
from tijdig.banking.formats import pain002
from tijdig.banking.formats.table import find_format
from tijdig.banking.records import StatementFile
from tijdig.core.problem import Problem
from tijdig.intake.formats import open_items, ubl
from tijdig.intake.records import InvoiceFile

PAGE = Path(__file__).resolve().parents[2] / "docs" / "formats.md"
FOLDERS = ("ubl", "camt", "mt940", "bankcsv", "pain")
LONGEST_REASON = 160

HEAD = """# Formats: what becomes of every public sample

Made by `python -m tests.docs.formats_table` from the files in `TIJDIG_SAMPLES`; a test compares.
A file is recognised by what is in it: the same table comes out when the files are renamed.
Each file is read alone here. Read into one administration, samples that share an invoice number
with other contents refuse each other, as they should.

An MT940 that names only one of its two balances, or one that cannot be read, may have been broken
off: it comes in, counts as one that does not add up, and holds its account until somebody looked.

A file that names its account by a number in which several of your IBANs end (MT940, or a camt or
order without an IBAN) is of the one that has its lines, of the one that booked the batch that it
details, or of the bank that wrote it. Where none of these tells, it waits until somebody says so
([0130](decisions/0130-whose-a-bare-number-is.md)).

What no file can tell: a part of a day that sums to nil (a payment and its return), and that stands
once more as a whole in a larger part of that day, from a bank that numbers nothing. Either the
larger part says the same again, or it is a second payment with a second return. Both leave the same
balance, and equal lines have nothing that tells one from the other: their key counts how many of
them one statement names, and the larger one names them all. They count as the same. What the debtor
owes is the same either way; the statement of the whole day mends it
([0057](decisions/0057-a-part-that-sums-to-nil-without-a-number.md)).

Lists of open items (CSV, XLSX) have no public samples; `tests/plugs/list_samples.py` writes them in
the shapes of six Dutch packages.
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One row: what came in, how many warnings, and the reason where nothing came in."""

    file: str
    format: str
    came_in: str
    warnings: int
    reason: str


def judge(content: bytes, *, name: str) -> Verdict:
    """What becomes of one file; its name says nothing."""
    if ubl.recognise(content[:4096]):
        return _judge_invoices(ubl.parse(content, name=name), name)
    if pain002.recognise(content[:4096]):
        return _judge_answers(pain002.parse(content, name=name), name)
    bank_format = find_format(content[:4096])
    if bank_format is not None:
        return _judge_statements(bank_format.parse(content, name=name), name)
    if open_items.recognise(content[:4096]):
        return _judge_invoices(open_items.parse(content, name=name), name)
    return Verdict(name, "-", "-", 0, "Not an invoice, statement or order: not recognised.")


def judge_samples(folder: Path) -> Iterator[Verdict]:
    """A verdict on every sample, in order of path."""
    for part in FOLDERS:
        for path in sorted((folder / part).rglob("*")):
            if path.is_file():
                yield judge(path.read_bytes(), name=str(path.relative_to(folder)))


def write_page(verdicts: list[Verdict]) -> str:
    """The whole page."""
    lines = [HEAD]
    for part in FOLDERS:
        rows = [one for one in verdicts if one.file.startswith(f"{part}/")]
        refused = sum(bool(one.reason) for one in rows)
        lines.append(f"## {part}: {len(rows) - refused} in, {refused} refused\n")
        lines.append("| file | format | came in | warnings | refused because |")
        lines.append("|---|---|---|---|---|")
        lines += [_row(one) for one in rows]
        lines.append("")
    return "\n".join(lines)


def _row(one: Verdict) -> str:
    reason = one.reason.replace("|", "\\|")
    return f"| {one.file} | {one.format} | {one.came_in} | {one.warnings or ''} | {reason} |"


def _judge_invoices(file: InvoiceFile, name: str) -> Verdict:
    kinds = ", ".join(
        f"{one.kind} {one.currency} {one.open_cents / 100:.2f}" for one in file.records
    )
    return Verdict(name, file.format, kinds or "-", *_problems(file.problems, bool(file.records)))


def _judge_statements(file: StatementFile, name: str) -> Verdict:
    if not file.statements:
        return Verdict(name, file.format, "-", *_problems(file.problems, came_in=False))
    lines = sum(len(one.lines) for one in file.statements)
    checks = [one.balances_ok for one in file.statements]
    mixed = any(one.has_other_currency for one in file.statements)
    unchecked = "balances cannot be checked" if mixed else "no balances to check"
    said = {True: "balances add up", None: unchecked}
    balance = (
        "balances do not add up" if False in checks else said[True if True in checks else None]
    )
    came_in = f"{len(file.statements)} statements, {lines} lines, {balance}"
    return Verdict(name, file.format, came_in, *_problems(file.problems, came_in=True))


def _judge_answers(file: StatusFile, name: str) -> Verdict:
    told = ", ".join(" ".join((f"{one.level} {one.status}", *one.reasons)) for one in file.statuses)
    return Verdict(name, file.format, told or "-", *_problems(file.problems, bool(file.statuses)))


def _problems(problems: tuple[Problem, ...], came_in: bool) -> tuple[int, str]:
    refused = [one for one in problems if one.severity == "refused"]
    reason = "" if came_in or not refused else f"{refused[0].place}: {refused[0].because.en}"
    return len(problems) - len(refused), reason[:LONGEST_REASON]


if __name__ == "__main__":
    samples = Path(os.environ.get("TIJDIG_SAMPLES", "../shared/data")).resolve()
    PAGE.write_text(write_page(list(judge_samples(samples))), encoding="utf-8")
