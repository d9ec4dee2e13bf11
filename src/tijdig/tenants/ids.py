"""Ids of rows: UUID version 7, made here so that a whole graph of rows can be built in memory."""

import secrets
import time
from uuid import UUID, SafeUUID

_BYTES = 10
_LOW = (1 << 62) - 1


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): milliseconds first, then chance; sorts by creation, is no secret."""
    return new_ids(1)[0]


def new_ids(count: int) -> list[UUID]:
    """As many of them at once: cheaper than one by one."""
    milliseconds = time.time_ns() // 1_000_000 & 0xFFFFFFFFFFFF
    fixed = milliseconds << 80 | 0x7 << 76 | 0b10 << 62
    chance = secrets.token_bytes(_BYTES * count)
    ids: list[UUID] = []
    for start in range(0, len(chance), _BYTES):
        random = int.from_bytes(chance[start : start + _BYTES])
        # Twelve random bits stand before the variant, 62 after it; the six that are left go.
        # Its own constructor, which first asks which form it was given, takes twice as long.
        one = object.__new__(UUID)
        object.__setattr__(one, "int", fixed | random >> 68 << 64 | random & _LOW)
        object.__setattr__(one, "is_safe", SafeUUID.unknown)
        ids.append(one)
    return ids
