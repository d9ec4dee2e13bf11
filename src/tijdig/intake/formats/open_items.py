"""Lists of open items as Dutch bookkeeping packages export them: CSV and XLSX."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from tijdig.core.problem import Problem, Sentence, Severity
from tijdig.intake.formats.columns import (
    Mapping,
    check_columns,
    count_recognised,
    locate,
    normalise,
    propose_mapping,
    source_key,
)
from tijdig.intake.formats.open_item_rows import ListRows, read_rows
from tijdig.intake.formats.row_log import RowLog
from tijdig.intake.formats.tables import DELIMITERS, Score, Table, read_csv
from tijdig.intake.formats.workbooks import read_workbook
from tijdig.intake.records import InvoiceFile, InvoiceRecord

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORKBOOK_PARTS = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"xl/")
_SHEETS = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_NOT_LISTS = ("<", "{", "[", "%PDF", ":20:", ":940:", "{1:", "\x7fELF")
_HEAD = 65_536
_SHOWN = 20
_SAMPLES = 50
_NO_MAPPING = Mapping(())


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row of the file and what became of it: a record, or the problems that kept it out.

    Both are empty for a row that was left out on purpose or added to an earlier row; `problems`
    then says so, as warnings.
    """

    place: str
    cells: tuple[str, ...]
    record: InvoiceRecord | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What `parse` would make of the file, with all that was recognised on the way.

    `styles` holds pairs (column header, style): "comma" or "point" for amounts, "dmy" or "mdy" for
    dates, "" where nothing decides. `mapping` is the one used: given, else proposed.
    `refused_count` includes rows that could not be cut into cells; `row_count` does not.
    """

    file: InvoiceFile
    headers: tuple[str, ...] = ()
    header_place: str = ""
    mapping: Mapping = _NO_MAPPING
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    styles: tuple[tuple[str, str], ...] = ()
    row_count: int = 0
    refused_count: int = 0
    rows: tuple[PreviewRow, ...] = ()


def recognise(head: bytes) -> Literal["csv", "xlsx", ""]:
    """The format of a list by its first bytes, never by its name; "" when it is no list.

    Old, locked and OpenDocument workbooks are "xlsx" too: `parse` says what to do with them.
    """
    if head.startswith(_OLE):
        return "xlsx"
    if head.startswith(_ZIP):
        first = head[30:]
        return "xlsx" if first.startswith((*_WORKBOOK_PARTS, _SHEETS)) else ""
    text = _text_of(head)
    start = text.lstrip("\ufeff \t\r\n")
    if not start or start.startswith(_NOT_LISTS):
        return ""
    odd = sum(1 for x in text[:2000] if not x.isprintable() and x not in "\t\r\n\f\0")
    if odd * 20 > len(text[:2000]):
        return ""
    lines = start.splitlines()[:_SHOWN]
    return "csv" if any(x in y for y in lines for x in DELIMITERS) else ""


def parse(content: bytes, *, name: str, mapping: Mapping | None = None) -> InvoiceFile:
    """The invoices of a list; every row is a record, a problem, or left out with a note.

    `mapping` says which column is which, else the headers decide. Refuses the whole file where it
    cannot be read, or lacks a column that a claim needs.
    """
    return _read(content, name, mapping).file


def preview(content: bytes, *, name: str, mapping: Mapping | None = None) -> Preview:
    """What `parse` makes of the same file, with its first twenty rows."""
    reading = _read(content, name, mapping)
    table, log = reading.table, reading.log
    if table is None:
        return Preview(reading.file)
    records = reading.rows.records if reading.rows else {}
    shown = [
        PreviewRow(
            place=table.place(row),
            cells=tuple(str(x) for x in table.rows[row]),
            record=records.get(row),
            problems=_said_of(row, log),
        )
        for row in range(min(_SHOWN, len(table.rows)))
    ]
    return Preview(
        file=reading.file,
        headers=table.headers,
        header_place=table.header_place,
        mapping=reading.mapping,
        encoding=table.encoding,
        delimiter=table.delimiter,
        sheet=table.sheet,
        styles=reading.rows.styles if reading.rows else (),
        row_count=len(table.rows),
        refused_count=(len(log.refused) if log else 0)
        + sum(1 for x in table.problems if x.severity == "refused"),
        rows=tuple(shown),
    )


def parse_headers(content: bytes) -> tuple[str, ...]:
    """The column headers alone, for the key of a remembered mapping; empty when there are none.

    A CSV file is read no further than its first 64 kB.
    """
    is_csv = recognise(content[:_HEAD]) == "csv"
    head = content[:_HEAD] if is_csv else content
    if is_csv and len(content) > _HEAD:
        head = head[: max(head.rfind(b"\n"), head.rfind(b"\r")) + 1 or _HEAD]
        head = head + b"\0" if head.startswith(b"\xff\xfe") and len(head) % 2 else head
    table = _read_table(head, count_recognised)
    return table.headers if isinstance(table, Table) else ()


@dataclass(frozen=True, slots=True)
class _Reading:
    """A file as far as it could be read."""

    file: InvoiceFile
    mapping: Mapping
    table: Table | None = None
    rows: ListRows | None = None
    log: RowLog | None = None


def _read(content: bytes, name: str, mapping: Mapping | None) -> _Reading:
    """The one path of `parse` and `preview`."""
    score: Score = partial(_count_mapped, mapping) if mapping else count_recognised
    table = _read_table(content, score)
    if isinstance(table, Problem):
        refused = InvoiceFile(_format_of(content), (), (replace(table, file=name),))
        return _Reading(refused, mapping or _NO_MAPPING)
    key = source_key(table.headers)
    problems = [replace(x, file=name) for x in table.problems]
    if mapping is None:
        proposal = propose_mapping(table.headers, table.rows[:_SAMPLES])
        mapping = proposal.mapping
        problems += [_about_header(table, x, name, "warning") for x in proposal.warnings]
    refusals = check_columns(mapping, table.headers)
    if refusals:
        problems += [_about_header(table, x, name, "refused") for x in refusals]
        return _Reading(
            InvoiceFile(table.format, (), tuple(problems), source_key=key), mapping, table
        )
    if not table.rows:
        problems.append(_about_header(table, _NO_ROWS, name, "warning"))
    log = RowLog(table, locate(mapping, table.headers), name)
    rows = read_rows(table, mapping, log)
    problems += log.problems()
    lost = any(x.severity == "refused" for x in problems)
    if lost and rows.states_open:
        problems.append(_about_header(table, _NOT_FULL, name, "warning"))
    records = tuple(rows.records.values())
    full_list = rows.states_open and not lost and bool(records)
    file = InvoiceFile(table.format, records, tuple(problems), full_list, key, len(log.refused))
    return _Reading(file, mapping, table, rows, log)


def _read_table(content: bytes, score: Score) -> Table | Problem:
    if _format_of(content) == "xlsx":
        return read_workbook(content, score=score)
    return read_csv(content, score=score)


def _format_of(content: bytes) -> Literal["csv", "xlsx"]:
    return "xlsx" if content.startswith((b"PK", _OLE)) else "csv"


def _count_mapped(mapping: Mapping, cells: Sequence[object]) -> int:
    """How many columns of the mapping a row of cells names."""
    names = {normalise(x) for x in cells if isinstance(x, str)}
    return len(names & {normalise(header) for _, header in mapping.columns})


def _text_of(head: bytes) -> str:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace")
    try:
        return head.decode("utf-8-sig")
    except UnicodeDecodeError:
        return head.decode("cp1252", "replace")


def _said_of(row: int, log: RowLog | None) -> tuple[Problem, ...]:
    if log is None:
        return ()
    return (*log.refused.get(row, ()), *log.warnings.get(row, ()))


def _about_header(table: Table, because: Sentence, name: str, severity: Severity) -> Problem:
    return Problem(table.header_place, because, severity, name)


_NO_ROWS = Sentence(
    "Onder de kop staan geen regels. Er is niets ingelezen.",
    "There are no rows below the header. Nothing was imported.",
)
_NOT_FULL = Sentence(
    "Omdat er regels zijn geweigerd, telt dit bestand niet als volledige lijst: facturen die er "
    "niet in staan, gelden niet als betaald. Verbeter de regels en lees het bestand opnieuw in.",
    "Because rows were refused this file does not count as a full list: invoices that are not in "
    "it are not taken as settled. Correct the rows and import the file again.",
)
