"""A table of cells with their places, from the bytes of a CSV file or a workbook."""

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from tijdig.core.problem import Problem, Sentence

DELIMITERS = (";", ",", "\t", "|")
MOST_BYTES = 200_000_000
LONGEST_LINE = 1_000_000
_HEADER_WITHIN = 20
_SAMPLE = 65_536
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_DATE_BELOW = re.compile(r"[\r\n][^\r\n]*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")
_UTF8_MARK = b"\xef\xbb\xbf"

Score = Callable[[Sequence[object]], int]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows below the header, each as wide as the header, with the line on which it starts.

    A cell is a stripped text, or in a workbook also a number, date or bool; blank is "".
    `first_column` is the workbook column in which the table starts (0 is A).
    """

    format: Literal["csv", "xlsx"]
    headers: tuple[str, ...]
    header_line: int
    rows: list[tuple[object, ...]] = field(repr=False)
    lines: list[int] = field(repr=False)
    problems: tuple[Problem, ...] = ()
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    first_column: int = 0

    @property
    def row_word(self) -> str:
        """What a row is called: a line of a text, a row of a workbook."""
        return "regel" if self.format == "csv" else "rij"

    @property
    def header_place(self) -> str:
        """Where the header stands: "regel 1" or "rij 1"."""
        return f"{self.row_word} {self.header_line}"

    def place(self, row: int, column: int | None = None) -> str:
        """Where a row or cell stands, as a person finds it: "regel 12", "rij 12" or "B12"."""
        line = self.lines[row]
        if self.format == "csv" or column is None:
            return f"{self.row_word} {line}"
        return f"{column_letters(column + self.first_column)}{line}"


@dataclass(frozen=True, slots=True)
class Grid:
    """All rows of a sheet or file as they stand, before the header is found."""

    rows: list[tuple[object, ...]]
    lines: list[int]
    problems: tuple[Problem, ...] = ()


def column_letters(column: int) -> str:
    """The name of a workbook column: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def find_header(rows: Sequence[Sequence[object]], score: Score) -> tuple[int, int]:
    """(row, score) of the header: the row among the first twenty that names most fields.

    Where no row names two fields, the fullest row stands in, so that a person can see it.
    """
    head = rows[:_HEADER_WITHIN]
    scores = [score(x) for x in head]
    best = max(scores, default=0)
    if best >= 2:
        return scores.index(best), best
    filled = [sum(1 for x in row if x != "") for row in head]
    return (filled.index(max(filled)), best) if filled else (0, 0)


def read_csv(content: bytes, *, score: Score) -> Table | Problem:
    """The table of a CSV file: encoding, delimiter and header row recognised.

    Refuses the file (a Problem): too large, NUL, broken UTF-16, a line over 1,000,000 characters,
    nothing in it. A row that cannot be cut into cells is a problem of the table.
    """
    if len(content) > MOST_BYTES:
        return _too_large()
    decoded = _decode(content)
    if isinstance(decoded, Problem):
        return decoded
    text, encoding, warnings = decoded
    refusal = _check_lines(text)
    if refusal:
        return refusal
    delimiter = _find_delimiter(text, score)
    grid = _cut(text, delimiter)
    if not grid.rows:
        return _empty()
    table = shape_table(grid, format="csv", score=score, encoding=encoding, delimiter=delimiter)
    return replace(table, problems=(*warnings, *table.problems))


def shape_table(
    grid: Grid,
    *,
    format: Literal["csv", "xlsx"],  # noqa: A002 - the records' own word
    score: Score,
    encoding: str = "",
    delimiter: str = "",
    sheet: str = "",
    first_column: int = 0,
) -> Table:
    """The rows below the header, made as wide as it; blank rows and repeated headers left out."""
    at, _ = find_header(grid.rows, score)
    header = [_header_text(x) for x in grid.rows[at]]
    while header and not header[-1]:
        header.pop()
    width = len(header)
    table = Table(
        format, tuple(header), grid.lines[at], [], [],
        encoding=encoding, delimiter=delimiter, sheet=sheet, first_column=first_column,
    )  # fmt: skip
    problems = list(grid.problems)
    own_header = grid.rows[at][:width]
    for line, row in zip(grid.lines[at + 1 :], grid.rows[at + 1 :], strict=True):
        if len(row) != width:
            surplus = [x for x in row[width:] if str(x).strip()]
            if surplus:
                problems.append(Problem(f"{table.row_word} {line}", _too_wide(len(row), width)))
                continue
            row = row[:width] + ("",) * (width - len(row))  # noqa: PLW2901 - the same row, made fit
        if row == own_header or not any(x != "" for x in row):
            continue
        table.rows.append(row)
        table.lines.append(line)
    return replace(table, problems=tuple(problems))


def _decode(content: bytes) -> tuple[str, str, list[Problem]] | Problem:
    """(text, encoding, warnings): by its mark, else UTF-8, else CP1252."""
    warnings: list[Problem] = []
    try:
        if content.startswith(_UTF16_MARKS):
            text, encoding = content.decode("utf-16"), "UTF-16"
        elif content.startswith(_UTF8_MARK):
            text, encoding = content.decode("utf-8-sig"), "UTF-8"
        else:
            text, encoding = content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        if content.startswith(_UTF16_MARKS):
            return Problem("bestand", _UNREADABLE)
        text, encoding, warnings = _decode_by_line(content)
    nul = text.find("\0")
    if nul >= 0:
        return Problem(f"regel {text.count(chr(10), 0, nul) + 1}", _NUL)
    return text, encoding, warnings


def _decode_by_line(content: bytes) -> tuple[str, str, list[Problem]]:
    """A file that is not wholly UTF-8: CP1252, unless other lines prove UTF-8 (then line by line).

    A line of another encoding than most, and bytes that CP1252 does not know, are warned of.
    """
    marked = content.startswith(_UTF8_MARK)
    lines = content.removeprefix(_UTF8_MARK).splitlines(keepends=True)
    in_utf8: list[int] = []
    in_cp1252: list[int] = []
    for at, line in enumerate(lines):
        if not line.isascii():
            (in_utf8 if _is_utf8(line) else in_cp1252).append(at)
    problems: list[Problem] = []
    if not in_utf8 and not marked:
        texts = [x.decode("cp1252", "replace") for x in lines]
        encoding = "CP1252"
    else:
        others = set(in_cp1252)
        texts = [
            x.decode("cp1252" if at in others else "utf-8", "replace") for at, x in enumerate(lines)
        ]
        encoding = "UTF-8 + CP1252"
        few = in_cp1252 if marked or len(in_cp1252) <= len(in_utf8) else in_utf8
        problems = [Problem(f"regel {at + 1}", _OTHER_ENCODING, "warning") for at in few]
    problems += [
        Problem(f"regel {at + 1}", _UNKNOWN_BYTES, "warning")
        for at in in_cp1252
        if "\ufffd" in texts[at]
    ]
    return "".join(texts), encoding, problems


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _check_lines(text: str) -> Problem | None:
    """A problem when a line is longer than any list of open items has."""
    end = "\n" if "\n" in text else "\r"
    start, line = 0, 1
    while len(text) - start > LONGEST_LINE:
        stop = text.find(end, start, start + LONGEST_LINE + 1)
        if stop < 0:
            return Problem(f"regel {line}", _LONG_LINE)
        start, line = stop + 1, line + 1
    return None


def _find_delimiter(text: str, score: Score) -> str:
    """The delimiter that names most fields in a header row, then keeps most rows equally wide."""
    sample = text[:_SAMPLE]
    first = sample.split("\n", 1)[0].strip().strip('"')
    if first.startswith("sep=") and first[4:5] in DELIMITERS and len(first) == 5:
        return first[4]
    ranked: list[tuple[tuple[int, int, int], str]] = []
    for delimiter in reversed(DELIMITERS):
        rows = _cut(sample, delimiter).rows[:50]
        if not rows:
            continue
        at, best = find_header(rows, score)
        width = len(rows[at])
        alike = sum(1 for x in rows if len(x) == width) if width > 1 else 0
        ranked.append(((best, alike, width), delimiter))
    return max(ranked, key=lambda x: x[0])[1] if ranked else ";"


def _cut(text: str, delimiter: str) -> Grid:
    """Rows of stripped cells, each with its first line; a row that cannot be cut is a problem.

    Rows are tuples: the garbage collector soon stops looking at tuples of texts.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[object, ...]] = []
    lines: list[int] = []
    problems: list[Problem] = []
    start = 1
    more = True
    while more:
        try:
            for row in reader:
                if reader.line_num > start and _swallowed(row, rows, delimiter):
                    problems.append(
                        Problem(f"regel {start}", _quotes_broken(start, reader.line_num))
                    )
                elif row:
                    rows.append(tuple(map(str.strip, row)))
                    lines.append(start)
                start = reader.line_num + 1
            more = False
        except csv.Error:
            problems.append(Problem(f"regel {start}", _quotes_broken(start, reader.line_num)))
            start = reader.line_num + 1
    return Grid(rows, lines, tuple(problems))


def _swallowed(row: list[str], rows: list[tuple[object, ...]], delimiter: str) -> bool:
    """Whether a cell over several lines looks like whole rows: its quotation mark is a mistake."""
    usual = len(rows[-1]) if rows else 0
    return usual > 2 and any(
        x.count(delimiter) + len(row) - 1 >= 2 * (usual - 1) and _DATE_BELOW.search(x) is not None
        for x in row
    )


def _header_text(cell: object) -> str:
    return " ".join(str(cell).split())


def _too_large() -> Problem:
    return Problem(
        "",
        Sentence(
            "Het bestand is groter dan 200 MB. Maak de lijst kleiner, bijvoorbeeld per jaar.",
            "The file is larger than 200 MB. Make the list smaller, for instance one per year.",
        ),
    )


def _empty() -> Problem:
    return Problem(
        "",
        Sentence(
            "Het bestand is leeg. Maak de export opnieuw.", "The file is empty. Export it again."
        ),
    )


def _too_wide(cells: int, width: int) -> Sentence:
    return Sentence(
        f"Deze regel heeft {cells} cellen, de kop heeft er {width}. Waarschijnlijk staat er een "
        "scheidingsteken in een naam of bedrag zonder aanhalingstekens. Verbeter de regel.",
        f"This row has {cells} cells, the header has {width}. Probably a delimiter stands in a "
        "name or amount without quotation marks. Correct the row.",
    )


def _quotes_broken(start: int, stop: int) -> Sentence:
    nl, en = f"Regel {start}", f"Line {start}"
    if stop > start:
        nl, en = f"Regel {start} tot en met {stop}", f"Lines {start} to {stop}"
    return Sentence(
        f'{nl}: een aanhalingsteken (") opent of sluit op een verkeerde plaats, of een cel is '
        "langer dan 131.072 tekens. Dit deel is niet gelezen. Maak de export opnieuw.",
        f'{en}: a quotation mark (") opens or closes in the wrong place, or a cell is longer than '
        "131,072 characters. This part is not read. Export the list again.",
    )


_UNREADABLE = Sentence(
    "De tekencodering van het bestand is beschadigd. Bewaar het als CSV UTF-8.",
    "The encoding of the file is damaged. Save it as CSV UTF-8.",
)
_NUL = Sentence(
    "Hier staat een NUL-teken. Het bestand is beschadigd of geen tekst. Bewaar het als CSV UTF-8.",
    "There is a NUL character here. The file is damaged or not text. Save it as CSV UTF-8.",
)
_LONG_LINE = Sentence(
    "Deze regel is langer dan een miljoen tekens. Dit is geen lijst met openstaande posten.",
    "This line is longer than a million characters. This is no list of open items.",
)
_OTHER_ENCODING = Sentence(
    "Deze regel heeft een andere tekencodering dan de rest. Controleer de letters met accenten.",
    "This line has another encoding than the rest. Check the letters with accents.",
)
_UNKNOWN_BYTES = Sentence(
    "In deze regel staan tekens die niet leesbaar zijn. Controleer de naam en het adres.",
    "This line has characters that cannot be read. Check the name and the address.",
)
