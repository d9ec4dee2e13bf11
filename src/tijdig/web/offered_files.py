"""Lists that wait between their preview and their import, on the disk of this machine."""

import re
import secrets
import time
from pathlib import Path
from uuid import UUID

from django.conf import settings

from tijdig.core.problem import Refusal

KEEP_SECONDS = 24 * 3600
_TICKET = re.compile(r"[A-Za-z0-9_-]{43}")


def put_aside(content: bytes, *, administration_id: UUID) -> str:
    """Keep a file for a day; the ticket that brings it back."""
    folder = _folder(administration_id)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _throw_old_away(folder)
    ticket = secrets.token_urlsafe(32)
    path = folder / ticket
    path.touch(mode=0o600)
    path.write_bytes(content)
    return ticket


def bring_back(ticket: str, *, administration_id: UUID) -> bytes:
    """The file of a ticket. Refuses one that is gone, or of another administration."""
    if _TICKET.fullmatch(ticket):
        try:
            return (_folder(administration_id) / ticket).read_bytes()
        except FileNotFoundError:
            pass
    raise Refusal(
        "Dit bestand staat niet meer klaar. Kies het nog een keer.",
        "This file is no longer waiting. Choose it once more.",
    )


def throw_away(ticket: str, *, administration_id: UUID) -> None:
    """Forget a file."""
    if _TICKET.fullmatch(ticket):
        (_folder(administration_id) / ticket).unlink(missing_ok=True)


def _folder(administration_id: UUID) -> Path:
    return Path(settings.HOME) / "offered" / str(administration_id)


def _throw_old_away(folder: Path) -> None:
    oldest = time.time() - KEEP_SECONDS
    for path in folder.iterdir():
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
