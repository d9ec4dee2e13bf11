"""A log of sending outside the database, forced to disk: what this host began, and how far it got.

After a crash it tells what the database cannot: whether the first byte of a message had left.
"""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

What = Literal["claimed", "body"]


class SendLog:
    """One file per host; lines are only ever added."""

    def __init__(self, folder: Path, *, host: str) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = folder / f"{host}.log"

    def write(self, what: What, message_ids: list[UUID], *, attempt: int, now: datetime) -> None:
        """Add a line per message, and wait until it is on disk."""
        lines = [
            json.dumps([f"{now:%Y-%m-%dT%H:%M:%SZ}", what, str(message_id), attempt])
            for message_id in message_ids
        ]
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, "".join(f"{line}\n" for line in lines).encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def has_begun(self, message_id: UUID, *, attempt: int) -> bool:
        """Whether the body of this attempt began to leave."""
        if not self._path.exists():
            return False
        wanted = ["body", str(message_id), attempt]
        with self._path.open() as lines:
            return any(_read(line) == wanted for line in lines)


def _read(line: str) -> list[object]:
    """What a line says, without its moment; a line cut short by a crash says nothing."""
    try:
        return list(json.loads(line))[1:]
    except json.JSONDecodeError:
        return []
