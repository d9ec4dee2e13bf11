"""Lists as PostgreSQL reads arrays: many times faster than value by value."""

import struct
from collections.abc import Collection, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

from psycopg.adapt import AdaptersMap, Dumper
from psycopg.pq import Format

from tijdig.tenants.ids import restore_id

_TEXT_OID, _TEXT_ARRAY_OID = 25, 1009
_UUID_OID, _UUID_ARRAY_OID = 2950, 2951
_UUID_LENGTH = struct.pack(">i", 16)
_NO_ELEMENTS = struct.pack(">iii", 0, 0, _UUID_OID)
_number_of = attrgetter("int")
_NULL = struct.pack(">i", -1)
# Where the first UUID of an array begins: behind the head of one dimension and its length.
_FIRST = 24
_LENGTHS_KEPT = 4096
_LENGTHS = [struct.pack(">i", length) for length in range(_LENGTHS_KEPT)]


class Texts(bytes):
    """An array of texts as PostgreSQL sends and takes them in binary."""


class Uuids(bytes):
    """The same of UUIDs."""


class _TextsDumper(Dumper):
    format = Format.BINARY
    oid = _TEXT_ARRAY_OID

    def dump(self, obj: Texts) -> bytes:
        return obj


class _UuidsDumper(Dumper):
    format = Format.BINARY
    oid = _UUID_ARRAY_OID

    def dump(self, obj: Uuids) -> bytes:
        return obj


class IdList(list[UUID]):
    """Ids that many statements ask for: written down once, the first time. Not to be changed."""

    _written: Uuids | None = None

    def write(self) -> Uuids:
        """As one array."""
        if self._written is None:
            self._written = write_uuids(self)
        return self._written

    def find_bounds(self) -> tuple[UUID, UUID]:
        """The first and the last of them. Refuses: ValueError for none."""
        return min(self, key=_number_of), max(self, key=_number_of)


def register_arrays(adapters: AdaptersMap) -> None:
    """Let a cursor send what the writers below give."""
    adapters.register_dumper(Texts, _TextsDumper)
    adapters.register_dumper(Uuids, _UuidsDumper)


def write_array(values: list[Any]) -> Any:
    """Any list of one kind of values, with or without nulls; bytes are left to the driver."""
    if isinstance(values, IdList):
        return values.write()
    kinds = set(map(type, values))
    if kinds == {UUID}:
        return write_uuids(values)
    if bytes in kinds:
        return values
    if str in kinds:
        return f"{{{','.join([_quote(value) for value in values])}}}"
    if type(None) in kinds:
        return f"{{{','.join(['NULL' if value is None else str(value) for value in values])}}}"
    return f"{{{','.join(map(str, values))}}}"


def write_uuids(values: Sequence[UUID]) -> Uuids:
    """UUIDs, none of them null; all of them may be texts (see `read_ids_as_texts`)."""
    if values and isinstance(values[0], str):
        packed = bytes.fromhex("".join(values).replace("-", ""))
        return _join([packed[at : at + 16] for at in range(0, len(packed), 16)])
    return _join([value.int.to_bytes(16) for value in values])


def write_in_order(values: Collection[UUID]) -> Uuids:
    """The same in the order in which an index has them.

    Looked up one after the other, neighbours lie on pages that were read a moment ago.
    """
    written = write_uuids([*values])
    step = len(_UUID_LENGTH) + 16
    parts = sorted([written[at : at + 16] for at in range(_FIRST, len(written), step)])
    return _join(parts)


def holds_any(written: Uuids) -> bool:
    """Whether there is a UUID in it."""
    return len(written) > len(_NO_ELEMENTS)


class Seen:
    """UUIDs that came before, as they are written."""

    def __init__(self) -> None:
        self._seen: set[bytes] = set()

    def leave(self, written: Uuids) -> Uuids:
        """Those that came not before, in order; from now on they have. Each once."""
        first, step = _FIRST, len(_UUID_LENGTH) + 16
        fresh = {written[at : at + 16] for at in range(first, len(written), step)} - self._seen
        self._seen |= fresh
        return _join(sorted(fresh))


def read_uuids(written: Uuids) -> list[UUID]:
    """The UUIDs that were written there."""
    step = len(_UUID_LENGTH) + 16
    places = range(_FIRST, len(written), step)
    return [restore_id(int.from_bytes(written[at : at + 16])) for at in places]


def write_texts(values: Sequence[str | None]) -> Texts:
    """Texts and nulls, for a parameter that is `text[]`."""
    parts = [_head(_TEXT_OID, len(values), nulls=None in values)]
    for value in values:
        if value is None:
            parts.append(_NULL)
            continue
        written = value.encode()
        length = len(written)
        parts.append(_LENGTHS[length] if length < _LENGTHS_KEPT else struct.pack(">i", length))
        parts.append(written)
    return Texts(b"".join(parts))


def _join(parts: Sequence[bytes]) -> Uuids:
    """An array of UUIDs of 16 bytes each."""
    if not parts:
        return Uuids(_NO_ELEMENTS)
    return Uuids(_head(_UUID_OID, len(parts)) + _UUID_LENGTH + _UUID_LENGTH.join(parts))


def _head(kind: int, count: int, *, nulls: bool = False) -> bytes:
    """One dimension, whether there are nulls, the kind, how many, from 1 on."""
    return struct.pack(">iiIii", 1, nulls, kind, count, 1)


def _quote(value: str | None) -> str:
    if value is None:
        return "NULL"
    if "\\" in value or '"' in value:
        value = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{value}"'
