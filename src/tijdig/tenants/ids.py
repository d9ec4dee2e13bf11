"""Ids of rows: UUID version 7, made here so that a whole graph of rows can be built in memory."""

import secrets
import struct
import time
from collections.abc import Iterable
from uuid import UUID, SafeUUID

PACKED_LENGTH = 16
# No row has it.
NO_ID = UUID(int=0)
# Ids that are made at once count on from a number by chance, of which twelve bits stand before the
# variant and twenty behind it; then come 42 bits of chance.
_COUNTED_BEHIND, _CHANCE_BITS = 20, 42
_BEHIND = (1 << _COUNTED_BEHIND) - 1
_CHANCE = struct.Struct(">Q")
_MAKE, _GIVE, _UNKNOWN = object.__new__, object.__setattr__, SafeUUID.unknown


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): milliseconds first, then chance; sorts by creation, is no secret."""
    return new_ids(1)[0]


def new_id_after(last: UUID | None) -> UUID:
    """A new id that sorts behind `last`, also within its millisecond or where the clock ran back.

    For rows of which the order counts, while nobody else adds to them.
    """
    one = new_id()
    return one if last is None or one > last else restore_id(last.int + 1)


def new_ids(count: int) -> list[UUID]:
    """As many of them at once: cheaper than one by one, and each after the one before it.

    So the database puts them side by side into its indexes. Counting: RFC 9562, 6.2, method 1.
    """
    milliseconds = time.time_ns() // 1_000_000 & 0xFFFFFFFFFFFF
    fixed = milliseconds << 80 | 0x7 << 76 | 0b10 << 62
    ids: list[UUID] = []
    make, give, unknown = _MAKE, _GIVE, _UNKNOWN
    # Half of what can be counted is left to count.
    first = secrets.randbits(31)
    all_chance = _CHANCE.iter_unpack(secrets.token_bytes(_CHANCE.size * count))
    for number, (chance,) in enumerate(all_chance, first):
        # Its own constructor first asks which form it was given, and takes longer than all of this.
        one = make(UUID)
        counted = number >> _COUNTED_BEHIND << 64 | (number & _BEHIND) << _CHANCE_BITS
        give(one, "int", fixed | counted | chance >> 22)
        give(one, "is_safe", unknown)
        ids.append(one)
    return ids


def pack_ids(ids: Iterable[UUID]) -> bytes:
    """`PACKED_LENGTH` bytes for each, one after the other."""
    return b"".join([one.int.to_bytes(PACKED_LENGTH) for one in ids])


def unpack_ids(packed: bytes) -> list[UUID]:
    """The ids that were packed."""
    starts = range(0, len(packed), PACKED_LENGTH)
    return [restore_id(int.from_bytes(packed[at : at + PACKED_LENGTH])) for at in starts]


def as_id(told: UUID) -> UUID:
    """An id that may have been read as a text (see `read_ids_as_texts`)."""
    return UUID(told) if isinstance(told, str) else told


def restore_id(number: int) -> UUID:
    """The id that has this number."""
    one = _MAKE(UUID)
    _GIVE(one, "int", number)
    _GIVE(one, "is_safe", _UNKNOWN)
    return one
