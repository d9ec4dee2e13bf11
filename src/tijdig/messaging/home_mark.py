"""The mark by which a data folder knows its database, and knows itself from a copy."""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

_NAME = "instance.json"
# What the disk says of that file, which no copy can take along: its number and its last change.
_SEAL = "instance.seal"


@dataclass(frozen=True, slots=True)
class HomeMark:
    """What the file says; `is_here` is False where it was written in another place."""

    epoch: UUID
    is_here: bool


def read_mark(home: Path) -> HomeMark | None:
    """The mark of this folder; None where there is none.

    A file that was copied, with its folder or from a backup, is another file on the disk.
    """
    path = home / _NAME
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        is_sealed = (home / _SEAL).read_text(encoding="utf-8") == _seal(path)
        is_here = told["place"] == str(path.resolve()) and is_sealed
        return HomeMark(UUID(told["epoch"]), is_here)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        return HomeMark(UUID(int=0), is_here=False)


def write_mark(home: Path, epoch: UUID) -> None:
    """Mark this folder as the one that belongs to this epoch of the database."""
    path = home / _NAME
    path.touch(mode=0o600)
    told = {"epoch": str(epoch), "place": str(path.resolve())}
    path.write_text(json.dumps(told) + "\n", encoding="utf-8")
    (home / _SEAL).write_text(_seal(path), encoding="utf-8")


def _seal(path: Path) -> str:
    found = path.stat()
    return f"{found.st_ino} {found.st_ctime_ns}\n"


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """One process of this folder at a time."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "instance.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
