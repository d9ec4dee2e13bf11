"""A table from an XLSX workbook: looked through before unpacking, values only, bounded."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import python_calamine

from tijdig.core.problem import Problem, Sentence
from tijdig.intake.formats.tables import Grid, Score, Table, find_header, shape_table

MOST_UNPACKED = 200_000_000
HIGHEST_RATIO = 100
MOST_CELLS = 10_000_000
_RATIO_FROM = 1_000_000
_MOST_ENTRIES = 5_000
_MOST_DIRECTORY = 1_000_000
_MOST_SHEETS = 20
_END = b"PK\x05\x06"
_END_SIZE = 22
_OLE = b"\xd0\xcf\x11\xe0"
_READ = re.compile(r"(\[content_types\]\.xml|_rels/\.rels|xl/.+\.(xml|rels))", re.IGNORECASE)
_NOT_READ = re.compile(
    r"xl/(theme|drawings|charts|media|externallinks|pivot\w*|comments\w*|printersettings|ctrlprops"
    r"|activex|embeddings|customxml|querytables|slicers\w*|threadedcomments|persons)\b",
    re.IGNORECASE,
)
_STATED = re.compile(rb"[\s\"']r\s*=\s*[\"']")
_REFERENCE = re.compile(rb"[\s\"']r\s*=\s*[\"']([A-Z]{0,3})([1-9]\d{0,6})[\"']")
_CELL = re.compile(rb"<(?:[^\s<>/]+:)?c[\s/>]")
_ROW = re.compile(rb"<(?:[^\s<>/]+:)?row[\s/>]")
_COUNT = re.compile(rb"[cC]ount\s*=\s*[\"']([ +\d]{7,}|[^\"'<>]*&)")
_FAULTY = re.compile(rb"(<(?:\w+:)?c\s[^<>]*\bt\s*=\s*[\"'])e([\"'])")
_SLICE = 1_000_000
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384


@dataclass(frozen=True, slots=True)
class _Part:
    """One file inside the workbook."""

    name: str
    content: bytes


def read_workbook(content: bytes, *, score: Score) -> Table | Problem:
    """The first sheet with a header row that names two fields or more, as a table.

    Refuses the file (a Problem): an old or encrypted workbook, a zip that unpacks to more than
    200 MB or a hundredfold, files in files, a DTD, more than ten million cells. Formulas give
    their stored value; macros and links to other files are not looked at.
    """
    if content.startswith(_OLE):
        return Problem("bestand", _OLD_OR_LOCKED)
    try:
        parts = _unpack(content)
        if isinstance(parts, Problem):
            return parts
        refusal = next((x for x in map(_check_part, parts) if x), None)
        if refusal:
            return refusal
        return _read_sheets(_repack(parts), score)
    except (
        zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError,
        python_calamine.CalamineError, ValueError, OSError, OverflowError,
    ):  # fmt: skip
        return Problem("bestand", _DAMAGED)


def _unpack(content: bytes) -> list[_Part] | Problem:
    """The parts that hold values; nothing is unpacked before the directory has been judged."""
    if not _directory_is_small(content):
        return Problem("bestand", _SUSPECT)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        refusal = _check_directory(entries)
        if refusal:
            return refusal
        wanted = [x for x in entries if _READ.fullmatch(x.filename)]
        return [
            _Part(x.filename, archive.read(x)) for x in wanted if not _NOT_READ.match(x.filename)
        ]


def _directory_is_small(content: bytes) -> bool:
    """Whether the directory may be read at all: zipfile reads all of it, however long."""
    at = len(content) - _END_SIZE
    if content[at : at + 4] != _END or content[-2:] != b"\0\0":
        at = content.rfind(_END, max(0, len(content) - _END_SIZE - 65_535))
    if at < 0:
        raise zipfile.BadZipFile
    count, size = struct.unpack("<HL", content[at + 10 : at + 16])
    large = content[max(0, at - 20) : at].startswith(b"PK\x06\x07")
    return count <= _MOST_ENTRIES and size <= _MOST_DIRECTORY and not large


def _check_directory(entries: list[zipfile.ZipInfo]) -> Problem | None:
    names = {x.filename.replace("\\", "/").casefold() for x in entries}
    if len(names) < len(entries):
        return Problem("bestand", _SUSPECT)
    if any(x.flag_bits & 0x1 for x in entries):
        return Problem("bestand", _OLD_OR_LOCKED)
    if any(x.endswith((".zip", ".xlsx", ".xlsm", ".7z", ".gz")) for x in names):
        return Problem("bestand", _SUSPECT)
    if any(x.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for x in entries):
        return Problem("bestand", _SUSPECT)
    unpacked = sum(x.file_size for x in entries)
    packed = sum(x.compress_size for x in entries)
    if unpacked > MOST_UNPACKED:
        return Problem("bestand", _TOO_LARGE)
    if unpacked > _RATIO_FROM and unpacked > HIGHEST_RATIO * packed:
        return Problem("bestand", _SUSPECT)
    if "xl/workbook.xml" not in names:
        return Problem("bestand", _NO_WORKBOOK)
    return None


def _check_part(part: _Part) -> Problem | None:
    """A problem when the XML declares anything of its own, or its cells span too much."""
    if part.content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in part.content[:200]:
        return Problem(part.name[:100], _DAMAGED)
    if part.content.startswith(b"PK\x03\x04"):
        return Problem(part.name[:100], _SUSPECT)
    if b"<!DOCTYPE" in part.content or b"<!ENTITY" in part.content:
        return Problem(part.name[:100], _DECLARES)
    if _overstates(part.content):
        return Problem(part.name[:100], _DAMAGED)
    if b"sheetData" not in part.content:
        return None
    spanned = _spanned(part.content)
    if spanned is None:
        return Problem(part.name[:100], _DAMAGED)
    return Problem(part.name[:100], _TOO_MANY_CELLS) if spanned > MOST_CELLS else None


def _overstates(content: bytes) -> bool:
    """Whether a part claims more elements than it has bytes: the reader reserves room for each."""
    return any(
        b"&" in text or int(text.strip(b" +") or b"0") > len(content)
        for text in _COUNT.findall(content)
    )


def _spanned(sheet: bytes) -> int | None:
    """How many cells the sheet's rectangle has, from its true cells, not from what it claims.

    None when a reference is not one: the reader would make some number of it.
    """
    last_row = last_column = named = cells = rows = 0
    for part in _slices(sheet):
        references = _REFERENCE.findall(part)
        if len(references) != len(_STATED.findall(part)):
            return None
        last_row = max(last_row, *(int(x) for x in {y for _, y in references}), 0)
        columns = {x for x, _ in references} - {b""}
        last_column = max(last_column, *(_column_number(x) for x in columns), 0)
        named += sum(1 for x, _ in references if x)
        cells += len(_CELL.findall(part))
        rows += len(_ROW.findall(part))
    if last_row > _LAST_ROW or last_column > _LAST_COLUMN:
        return None
    if cells > named:  # cells without a reference stand beside the one before
        last_column += max(len(_CELL.findall(x)) for x in _ROW.split(sheet))
    return max(last_row, rows) * max(last_column, 1)


def _slices(sheet: bytes) -> Iterator[bytes]:
    """The sheet in parts of about a megabyte, each from a tag on, to hold little at once."""
    start = 0
    while start < len(sheet):
        stop = sheet.find(b"<", start + _SLICE)
        stop = stop if stop > 0 else len(sheet)
        yield sheet[start:stop]
        start = stop


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _repack(parts: list[_Part]) -> bytes:
    """A plain archive of just these parts, so that what is read is what has been judged.

    Cells with an Excel error become texts (`#DIV/0!`): the reader would call them blank.
    """
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for part in parts:
            content = part.content
            if b"sheetData" in content and _FAULTY.search(content):
                content = _FAULTY.sub(rb"\1str\2", content)
            archive.writestr(zipfile.ZipInfo(part.name), content)
    return target.getvalue()


def _read_sheets(archive: bytes, score: Score) -> Table | Problem:
    """The first sheet with a header row as a table; other sheets that look like lists are named."""
    with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(archive)) as book:
        chosen: Table | None = None
        chosen_best = 0
        others: list[str] = []
        for name, sheet in _visible_sheets(book):
            rows = _read_rows(sheet)
            best = find_header(rows, score)[1]
            if chosen_best >= 2:
                others += [name] if best >= 4 else []
            elif rows and (chosen is None or best >= 2):
                chosen_best = best
                grid = Grid(rows, list(range(1, len(rows) + 1)))
                first_column = sheet.start[1] if sheet.start else 0
                chosen = shape_table(
                    grid, format="xlsx", score=score, sheet=name, first_column=first_column
                )
    if chosen is None:
        return Problem("bestand", _EMPTY)
    left = [Problem(f"tabblad {x[:40]}", _not_read(x, chosen.sheet), "warning") for x in others]
    return replace(chosen, problems=(*chosen.problems, *left))


def _visible_sheets(
    book: python_calamine.CalamineWorkbook,
) -> Iterator[tuple[str, python_calamine.CalamineSheet]]:
    """The first twenty sheets of cells that a person sees in the workbook."""
    for about in book.sheets_metadata[:_MOST_SHEETS]:
        if (
            about.typ == python_calamine.SheetTypeEnum.WorkSheet
            and about.visible == python_calamine.SheetVisibleEnum.Visible
        ):
            yield about.name, book.get_sheet_by_name(about.name)


def _read_rows(sheet: python_calamine.CalamineSheet) -> list[tuple[object, ...]]:
    """All rows from row 1 on, texts stripped."""
    return [tuple(x.strip() if type(x) is str else x for x in row) for row in sheet.iter_rows()]


def _not_read(sheet: str, chosen: str) -> Sentence:
    return Sentence(
        f"Alleen tabblad ‘{chosen}’ is gelezen. Tabblad ‘{sheet}’ lijkt ook een lijst: lees het "
        "in als eigen bestand.",
        f"Only sheet ‘{chosen}’ is read. Sheet ‘{sheet}’ looks like a list as well: import it as "
        "a file of its own.",
    )


_SAVE_AS = "Bewaar het in Excel als .xlsx en lees het opnieuw in."
_SAVE_AS_EN = "Save it in Excel as .xlsx and import it again."
_OLD_OR_LOCKED = Sentence(
    f"Dit is een oude Excel-map (.xls) of een map met een wachtwoord. {_SAVE_AS}",
    f"This is an old Excel workbook (.xls) or one with a password. {_SAVE_AS_EN}",
)
_NO_WORKBOOK = Sentence(
    f"Dit bestand is geen Excel-map (.xlsx). {_SAVE_AS}",
    f"This file is not an Excel workbook (.xlsx). {_SAVE_AS_EN}",
)
_DAMAGED = Sentence(
    f"De Excel-map is beschadigd of onvolledig. {_SAVE_AS}",
    f"The Excel workbook is damaged or incomplete. {_SAVE_AS_EN}",
)
_SUSPECT = Sentence(
    "Dit bestand is ongewoon ingepakt (bestanden in bestanden, zeer veel delen of meer dan "
    f"honderd keer zo groot na uitpakken) en is daarom niet geopend. {_SAVE_AS}",
    "This file is packed in an unusual way (files in files, very many parts or more than a hundred "
    f"times as large when unpacked) and was therefore not opened. {_SAVE_AS_EN}",
)
_TOO_LARGE = Sentence(
    "De Excel-map is uitgepakt groter dan 200 MB. Bewaar alleen de lijst, of bewaar hem als CSV.",
    "The Excel workbook unpacks to more than 200 MB. Save only the list, or save it as CSV.",
)
_DECLARES = Sentence(
    "In de Excel-map staat een eigen XML-definitie (DOCTYPE). Dat hoort niet en wordt "
    f"niet gelezen. {_SAVE_AS}",
    "The Excel workbook holds an XML definition of its own (DOCTYPE). That does not belong there "
    f"and is not read. {_SAVE_AS_EN}",
)
_TOO_MANY_CELLS = Sentence(
    "Het tabblad beslaat meer dan tien miljoen cellen. Wis de lege rijen en kolommen onder en "
    "naast de lijst en bewaar de map opnieuw.",
    "The sheet spans more than ten million cells. Delete the empty rows and columns below and "
    "beside the list and save the workbook again.",
)
_EMPTY = Sentence(
    "In de Excel-map staat geen tabblad met gegevens. Maak de export opnieuw.",
    "The Excel workbook has no sheet with values. Export it again.",
)
