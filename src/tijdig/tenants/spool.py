"""Rows that wait on disk: many of them take no more memory than a few."""

import copyreg
import io
import os
import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any, BinaryIO, Generic, TypeVar, overload
from uuid import UUID

from tijdig.tenants.ids import restore_id

T = TypeVar("T")
PORTION = 5_000


class Spool(Generic[T]):
    """Takes rows of one dataclass, and gives them back in order, any number of times.

    A few stay in memory; from `portion` on they go to a file that has no name and is gone with the
    last of its rows. `take` gives what came since the time before.
    """

    def __init__(self, kind: type[T], *, portion: int = PORTION) -> None:
        self._make: Callable[..., T] = kind
        names = [one.name for one in fields(kind)]  # type: ignore[arg-type]
        self._columns = attrgetter(*names)
        self._portion = portion
        self._file: BinaryIO | None = None
        self._rows: list[T] = []
        self._places: list[tuple[int, int]] = []
        self._count = 0

    def append(self, row: T) -> None:
        """Keep one row more."""
        self._rows.append(row)
        if len(self._rows) >= self._portion:
            self._write()

    def extend(self, rows: Iterable[T]) -> "Spool[T]":
        """Keep all of these; itself, so that it can be taken at once."""
        for row in rows:
            self.append(row)
        return self

    def take(self) -> Sequence[T]:
        """What was kept since the last time."""
        if not self._places:
            found = tuple(self._rows)
            self._rows = []
            return found
        if self._rows:
            self._write()
        if self._file is None:
            raise RuntimeError("there are places, and so there is a file")
        kept = _OnDisk(self._make, self._file, tuple(self._places), self._count)
        self._places, self._count = [], 0
        return kept

    def _write(self) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - gone with its rows
        written = _write([self._columns(row) for row in self._rows])
        self._places.append((self._file.seek(0, os.SEEK_END), len(written)))
        while written:
            written = written[self._file.write(written) :]
        self._count += len(self._rows)
        self._rows = []


class _Writer(pickle.Pickler):
    """Writes an id as its number: half of what its own way costs, to write and to read."""

    dispatch_table = copyreg.dispatch_table | {UUID: lambda one: (restore_id, (one.int,))}


def _write(rows: list[tuple[Any, ...]]) -> memoryview:
    written = io.BytesIO()
    _Writer(written, pickle.HIGHEST_PROTOCOL).dump(rows)
    return written.getbuffer()


class _OnDisk(Sequence[T]):
    """Rows in a file, read a portion at a time."""

    def __init__(
        self,
        make: Callable[..., T],
        file: BinaryIO,
        places: Sequence[tuple[int, int]],
        count: int,
    ) -> None:
        self._make, self._file, self._places, self._count = make, file, places, count

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[T]:
        for start, length in self._places:
            written = os.pread(self._file.fileno(), length, start)
            # What this process wrote itself, to a file without a name.
            rows: list[tuple[Any, ...]] = pickle.loads(written)  # noqa: S301 - our own rows
            for row in rows:
                yield self._make(*row)

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[T]: ...
    def __getitem__(self, at: int | slice) -> T | Sequence[T]:
        if isinstance(at, slice):
            return tuple(self)[at]
        at = at if at >= 0 else at + self._count
        for place, row in enumerate(self):
            if place == at:
                return row
        raise IndexError(at)
