"""The mark by which a data folder knows its database, and knows itself from a copy.

Beside it stands the last number that this folder saw the database give out: a database that gave
out fewer was put back.
"""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from tijdig.messaging.whole_files import replace_file

_NAME = "instance.json"
# What the disk says of that file, which no copy can take along: its number and its last change.
_SEAL = "instance.seal"
_SEEN = "instance.seen"
_DEVICES = Path("/sys/class/net")


@dataclass(frozen=True, slots=True)
class HomeMark:
    """What the file says; `is_here` is False where it was written in another place."""

    epoch: UUID
    is_here: bool


def read_mark(home: Path, *, devices: Path = _DEVICES) -> HomeMark | None:
    """The mark of this folder; None where there is none.

    A file that was copied, with its folder or from a backup, is another file on the disk. A machine
    that was cloned with its disk has other network cards.
    """
    path = home / _NAME
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        is_sealed = (home / _SEAL).read_text(encoding="utf-8") == _seal(path)
        cards, known = list_network_cards(devices), set(told.get("cards", ()))
        # Where there are none, as in a container, they tell nothing.
        is_moved = bool(cards) and bool(known) and cards.isdisjoint(known)
        is_here = told["place"] == str(path.resolve()) and is_sealed and not is_moved
        return HomeMark(UUID(told["epoch"]), is_here)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        return HomeMark(UUID(int=0), is_here=False)


def write_mark(home: Path, epoch: UUID, *, devices: Path = _DEVICES) -> None:
    """Mark this folder as the one that belongs to this epoch of the database."""
    path = home / _NAME
    path.touch(mode=0o600)
    cards = sorted(list_network_cards(devices))
    told = {"epoch": str(epoch), "place": str(path.resolve()), "cards": cards}
    path.write_text(json.dumps(told) + "\n", encoding="utf-8")
    (home / _SEAL).write_text(_seal(path), encoding="utf-8")


def read_seen(home: Path) -> int:
    """The last number that was seen here; nought where none was."""
    try:
        return int((home / _SEEN).read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return 0


def write_seen(home: Path, number: int) -> None:
    """The database has given out this number: it can no longer be one from before."""
    replace_file(home / _SEEN, f"{number}\n")


def list_network_cards(devices: Path) -> set[str]:
    """The addresses of the wired cards that belong to this machine; none in a container.

    Wireless and USB cards change their address or the machine, and say nothing.
    """
    cards = [one for one in devices.glob("*") if (one / "device").exists()]
    fixed = [
        one
        for one in cards
        if not (one / "wireless").exists() and "/usb" not in str((one / "device").resolve())
    ]
    return {(one / "address").read_text(encoding="ascii").strip() for one in fixed}


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
