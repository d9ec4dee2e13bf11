"""Every bank format, one row each: how it is recognised and read."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from tijdig.banking.formats import camt, ing_csv, mt940, pain_orders
from tijdig.banking.records import (
    BankLineRecord,
    Lines,
    LinesInMemory,
    StatementFile,
    StatementRecord,
)
from tijdig.core.problem import Problem

Item = BankLineRecord | StatementRecord | Problem


class Read(Protocol):
    """Reads a file that comes in pieces; its lines go where the caller keeps them."""

    def __call__(self, pieces: Iterable[bytes], *, name: str, lines: Lines) -> StatementFile:
        """The statements, or the one reason why the file does not come in."""


@dataclass(frozen=True, slots=True)
class BankFormat:
    """A format: `iterate` reads in pieces, in memory that does not grow with the file."""

    name: str
    recognise: Callable[[bytes], bool]
    read: Read
    iterate: Callable[[Iterable[bytes]], Iterator[Item]]

    def parse(self, content: bytes, *, name: str) -> StatementFile:
        """The statements of a file that is held in memory, as `read` gives them."""
        return self.read((content,), name=name, lines=LinesInMemory())


FORMATS: Final = (
    BankFormat("camt", camt.recognise, camt.read, camt.iterate),
    BankFormat("pain", pain_orders.recognise, pain_orders.read, pain_orders.iterate),
    BankFormat("mt940", mt940.recognise, mt940.read, mt940.iterate),
    BankFormat("ing_csv", ing_csv.recognise, ing_csv.read, ing_csv.iterate),
)


def find_format(head: bytes) -> BankFormat | None:
    """The format of a file that starts like this, or None; its name says nothing."""
    return next((one for one in FORMATS if one.recognise(head)), None)
