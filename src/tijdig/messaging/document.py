"""What a message says, in order, before it becomes a mail, a letter or a call script."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; a line break is a run of its own that holds a newline."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, a heading or one item of a list."""

    kind: Literal["text", "heading", "item"]
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and its value; a strong one is what the reader must not miss."""

    label: str
    value: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class FactList:
    """Labels with values; `payment` marks the list that says how to pay."""

    facts: tuple[Fact, ...]
    kind: Literal["claim", "payment"]


@dataclass(frozen=True, slots=True)
class TableRow:
    """The cells of one row, and what stands below it over the whole width."""

    cells: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header: a number, two dates and an amount; then the sum of the amounts."""

    header: tuple[str, ...]
    rows: tuple[TableRow, ...]
    total: Fact


Block = Paragraph | FactList | Table


@dataclass(frozen=True, slots=True)
class Document:
    """The subject and the blocks, with every value filled in as plain text."""

    language: str
    subject: str
    blocks: tuple[Block, ...]
