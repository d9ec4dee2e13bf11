"""Ids of rows: UUID version 7, made here so that a whole graph of rows can be built in memory."""

import secrets
import struct
import time
from collections.abc import Iterable
from uuid import UUID, SafeUUID

PACKED_LENGTH = 16
# No row has it.
NO_ID = UUID(int=0)
# Of each pair of eight bytes: twelve bits stand before the variant, 62 after it; the rest goes.
_CHANCE = struct.Struct(">QQ")
_TWELVE = 0xFFF
_MAKE, _GIVE, _UNKNOWN = object.__new__, object.__setattr__, SafeUUID.unknown


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): milliseconds first, then chance; sorts by creation, is no secret."""
    return new_ids(1)[0]


def new_ids(count: int) -> list[UUID]:
    """As many of them at once: cheaper than one by one."""
    milliseconds = time.time_ns() // 1_000_000 & 0xFFFFFFFFFFFF
    fixed = milliseconds << 80 | 0x7 << 76 | 0b10 << 62
    ids: list[UUID] = []
    make, give, unknown = _MAKE, _GIVE, _UNKNOWN
    for high, low in _CHANCE.iter_unpack(secrets.token_bytes(_CHANCE.size * count)):
        # Its own constructor first asks which form it was given, and takes longer than all of this.
        one = make(UUID)
        give(one, "int", fixed | (high & _TWELVE) << 64 | low >> 2)
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


def restore_id(number: int) -> UUID:
    """The id that has this number."""
    one = _MAKE(UUID)
    _GIVE(one, "int", number)
    _GIVE(one, "is_safe", _UNKNOWN)
    return one
