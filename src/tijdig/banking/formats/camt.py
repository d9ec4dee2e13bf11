"""camt.052, .053 and .054: what every Dutch bank says in XML, versions .02 to .14.

Read piece by piece: lines come out as their entries end, and nothing of the file stays behind. A
schema error never gates: most banks break their own schema somewhere. What would leave a hole (an
entry without amount, direction or date, a file that breaks off) refuses the whole file, for half a
statement is worse than none.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from tijdig.banking.formats.camt_reader import KINDS, Item, Reader
from tijdig.banking.formats.camt_sentences import say_other_currency
from tijdig.banking.formats.xml_stream import UnreadableFile
from tijdig.banking.records import (
    BankLineRecord,
    FileKind,
    Lines,
    LinesInMemory,
    StatementFile,
    StatementRecord,
)
from tijdig.core.problem import Problem, Sentence

_MARK: Final = re.compile(rb"iso:20022:tech:xsd:camt\.05|<(?:[\w.-]+:)?BkToCstmr[A-Z]")


def recognise(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a camt message, of any kind and version."""
    # UTF-16 is plain text with NUL bytes between: enough to recognise it.
    start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return start.startswith(b"<") and _MARK.search(start) is not None


def iterate(pieces: Iterable[bytes]) -> Iterator[Item]:
    """The lines of a file as they are read, each statement (without lines) after its own.

    Memory stays the same whatever the size of the file. Warnings come between, as they are found.
    Refuses: UnreadableFile, for the whole file; what came before it must then be forgotten.
    """
    return Reader().read(pieces)


def parse(content: bytes, *, name: str) -> StatementFile:
    """The statements of a camt file that is held in memory, as `read` gives them."""
    return read((content,), name=name, lines=LinesInMemory())


def read(pieces: Iterable[bytes], *, name: str, lines: Lines) -> StatementFile:
    """The statements of a camt file, or the one reason why it does not come in.

    Entries that are announced (PDNG) come in as pending lines; informative ones (INFO, FUTR) are
    left out and counted in a warning.
    Refuses, whole: XML that is malformed or could do harm, another message, a statement without
    account, an entry without readable amount, direction or date, more than two decimals.
    """
    reader = Reader()
    problems: list[Problem] = []
    statements: list[StatementRecord] = []
    seen: dict[StatementRecord, Sequence[BankLineRecord]] = {}
    try:
        for item in reader.read(pieces):
            if isinstance(item, BankLineRecord):
                lines.append(item)
            elif isinstance(item, Problem):
                problems.append(replace(item, file=name))
            else:
                statement = replace(item, lines=lines.take())
                head = replace(item, place="")
                if item.identification and _same_lines(statement.lines, seen.get(head, ())):
                    problems.append(Problem(item.place, _REPEATED, "warning", name))
                    continue
                seen[head] = statement.lines
                if statement.has_other_currency:
                    because = say_other_currency(statement, is_booked=reader.kind == "booked")
                    problems.append(Problem(item.place, because, "warning", name))
                statements.append(statement)
    except UnreadableFile as error:
        refusal = replace(error.problem, severity="refused", file=name)
        return StatementFile(_format_of(reader.kind), reader.kind, (), (refusal,))
    return StatementFile(_format_of(reader.kind), reader.kind, tuple(statements), tuple(problems))


def _format_of(kind: FileKind) -> str:
    return next(f"camt{number}" for number, known in KINDS.items() if known == kind)


def _same_lines(lines: Sequence[BankLineRecord], earlier: Sequence[BankLineRecord]) -> bool:
    """Whether a statement with the same head is the same one again, as joined exports hold it."""
    return len(lines) == len(earlier) > 0 and all(
        replace(line, place=other.place) == other
        for line, other in zip(lines, earlier, strict=True)
    )


_REPEATED: Final = Sentence(
    "Dit afschrift staat twee keer in het bestand. Wij tellen het één keer.",
    "This statement stands in the file twice. We count it once.",
)
