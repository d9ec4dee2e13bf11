"""Files that wait between the preview of their lists and their import, on this machine's disk."""

import json
import re
import secrets
import shutil
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from django.conf import settings

from tijdig.core.problem import Refusal
from tijdig.intake.formats import mandates, open_items
from tijdig.intake.formats.columns import Mapping
from tijdig.web.receiving import HEAD_BYTES, Received

KEEP_SECONDS = 24 * 3600
_TICKET = re.compile(r"[A-Za-z0-9_-]{43}")
_ABOUT = "about.json"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that waits; a list until somebody has said what its columns are."""

    file: Received
    is_list: bool
    is_decided: bool = False
    is_left_out: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """The files of one call, in their order, and the ticket that brings them back."""

    ticket: str
    waiting: tuple[Waiting, ...]

    @property
    def lists(self) -> tuple[int, ...]:
        """The places of the lists."""
        return tuple(at for at, one in enumerate(self.waiting) if one.is_list)

    @property
    def next_list(self) -> int | None:
        """The place of the first list that nobody has decided on."""
        return next((at for at in self.lists if not self.waiting[at].is_decided), None)

    @property
    def taken(self) -> tuple[Received, ...]:
        """All files but the lists that were left out."""
        return tuple(one.file for one in self.waiting if not one.is_left_out)

    def try_columns(self, at: int, mapping: Mapping) -> "Offer":
        """The offer with that list to be seen with a mapping; nothing is decided about it."""
        file = replace(self.waiting[at].file, mapping=mapping)
        tried = replace(self.waiting[at], file=file)
        return replace(self, waiting=(*self.waiting[:at], tried, *self.waiting[at + 1 :]))

    def decide(self, at: int, mapping: Mapping | None, *, is_current: bool = False) -> "Offer":
        """The offer with that list to be read with a mapping, or left out where it is None.

        One that `is_current` is of today, also where it came before.
        """
        one = self.waiting[at]
        decided = replace(
            one,
            file=replace(one.file, mapping=mapping, is_current=is_current),
            is_decided=True,
            is_left_out=mapping is None,
        )
        return replace(self, waiting=(*self.waiting[:at], decided, *self.waiting[at + 1 :]))


def offer(files: Iterable[Received]) -> Offer:
    """The files, with the lists among them found by what is in them."""
    waiting = tuple(Waiting(one, _is_list(one.content)) for one in files)
    return Offer(secrets.token_urlsafe(32), waiting)


def put_aside(offered: Offer, *, administration_id: UUID) -> None:
    """Keep the files for a day."""
    root = _folder(administration_id)
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    _throw_old_away(root)
    folder = root / offered.ticket
    folder.mkdir(mode=0o700)
    for at, one in enumerate(offered.waiting):
        path = folder / f"{at}"
        path.touch(mode=0o600)
        with path.open("wb") as target:
            target.writelines(one.file.iterate())
    keep_decisions(offered, administration_id=administration_id)


def keep_decisions(offered: Offer, *, administration_id: UUID) -> None:
    """Remember what was decided about each list."""
    path = _folder(administration_id) / offered.ticket / _ABOUT
    path.write_text(json.dumps([_describe(one) for one in offered.waiting]), encoding="utf-8")


def bring_back(ticket: str, *, administration_id: UUID) -> Offer:
    """The files of a ticket. Refuses one that is gone, or of another administration."""
    if _TICKET.fullmatch(ticket):
        folder = _folder(administration_id) / ticket
        try:
            about = json.loads((folder / _ABOUT).read_text(encoding="utf-8"))
            return Offer(ticket, _read(folder, about))
        except FileNotFoundError:
            pass
    raise Refusal(
        "Dit bestand staat niet meer klaar. Kies het nog een keer.",
        "This file is no longer waiting. Choose it once more.",
    )


def throw_away(ticket: str, *, administration_id: UUID) -> None:
    """Forget the files of a ticket."""
    if _TICKET.fullmatch(ticket):
        shutil.rmtree(_folder(administration_id) / ticket, ignore_errors=True)


def _is_list(content: bytes) -> bool:
    """Whether it is a list of open items, whose columns a person may want to choose."""
    if not open_items.recognise(content[:HEAD_BYTES]):
        return False
    return not mandates.recognise(open_items.parse_headers(content))


def _describe(one: Waiting) -> dict[str, object]:
    mapping = one.file.mapping
    return {
        "name": one.file.name,
        "is_list": one.is_list,
        "is_decided": one.is_decided,
        "is_left_out": one.is_left_out,
        "mapping": mapping.as_dict() if mapping else None,
        "is_current": one.file.is_current,
    }


def _read(folder: Path, about: Sequence[dict[str, object]]) -> tuple[Waiting, ...]:
    return tuple(
        Waiting(
            _read_file(folder / f"{at}", told),
            bool(told["is_list"]),
            bool(told["is_decided"]),
            bool(told["is_left_out"]),
        )
        for at, told in enumerate(about)
    )


def _read_file(path: Path, told: dict[str, object]) -> Received:
    """A list with its columns; any other file is read from where it stands."""
    name = str(told["name"])
    if not told["is_list"]:
        return Received(name, b"", path=path)
    mapping, is_current = _read_mapping(told["mapping"]), bool(told.get("is_current"))
    return Received(name, path.read_bytes(), mapping=mapping, is_current=is_current)


def _read_mapping(stored: object) -> Mapping | None:
    return Mapping.from_dict(stored) if isinstance(stored, dict) else None


def _folder(administration_id: UUID) -> Path:
    return Path(settings.HOME) / "offered" / str(administration_id)


def _throw_old_away(root: Path) -> None:
    oldest = time.time() - KEEP_SECONDS
    for path in root.iterdir():
        if path.stat().st_mtime < oldest:
            shutil.rmtree(path, ignore_errors=True)
