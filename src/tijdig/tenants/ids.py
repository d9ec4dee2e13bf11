"""Ids of rows: UUID version 7, made here so that a whole graph of rows can be built in memory."""

import secrets
import time
from uuid import UUID


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): milliseconds first, then chance; sorts by creation, is no secret."""
    milliseconds = time.time_ns() // 1_000_000
    chance = secrets.randbits(74)
    high = (milliseconds & 0xFFFFFFFFFFFF) << 16 | 0x7000 | chance >> 62
    low = 0b10 << 62 | chance & ((1 << 62) - 1)
    return UUID(int=high << 64 | low)
