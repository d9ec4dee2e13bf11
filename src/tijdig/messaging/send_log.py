"""A log of sending outside the database, forced to disk: what this host began, and how far it got.

After a crash it tells what the database cannot: whether the first byte of a message had left. And
after a restore it tells what the database has forgotten: which steps went out since. It holds
ids and numbers, no names, addresses or words.
"""

import json
import os
import re
import secrets
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal
from uuid import UUID, uuid4

from tijdig.messaging.whole_files import append_lines, refusing_unwritable

Fate = Literal["claimed", "begun", "accepted", "not_sent"]
_FATE_OF: dict[str, Fate] = {"accepted": "accepted", "retry": "not_sent", "failed": "not_sent"}
_TAIL_BYTES = 256 * 1024
_MARK_SIGNS = 8
_CLAIMED = b'"claimed"'
# How each line begins; in the middle of one, another was cut short before it.
_START = re.compile(rb'\["\d{4}-\d\d-\d\dT')


@dataclass(frozen=True, slots=True)
class _Known:
    """A log as it was read last: how it begins, until where, and the highest number till there."""

    head: bytes
    until: int
    number: int


_HEAD_BYTES = 80
_known: dict[Path, _Known] = {}


@dataclass(frozen=True, slots=True)
class LoggedMessage:
    """What tells a message again in a database that has never seen it."""

    message_id: UUID
    number: int
    administration_id: UUID
    debtor_id: UUID
    item_id: UUID
    invoice_number: str
    reopen_count: int
    step_key: str
    phase: str
    tone: str
    text: str
    channel: str
    language: str
    planned_on: date
    pay_by_on: date | None
    total_cents: int
    payment_reference: str


class SendLog:
    """One file per host; lines are only ever added, whole ones.

    Every writing method refuses, and leaves nothing of its lines, where the disk does not take
    them: what was not written down must not go out.
    """

    def __init__(self, folder: Path, *, host: str) -> None:
        with refusing_unwritable(folder):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._path = folder / f"{host}.log"

    def begin(self, *, now: datetime) -> None:
        """Make the log where there is none, before anything is claimed: its first line marks it."""
        if self._path.exists():
            return
        own = self._path.with_name(f".{self._path.name}.{secrets.token_hex(4)}")
        try:
            append_lines(own, [_line(now, "opened", uuid4(), 0)], sync=True)
            with refusing_unwritable(self._path), suppress(FileExistsError):  # another was first
                os.link(own, self._path)
        finally:
            own.unlink(missing_ok=True)

    def read_mark(self) -> str:
        """What tells this log from one that was made after it was lost; empty in older logs."""
        first = next(_read(self._path), None)
        return first[2][:_MARK_SIGNS] if first and first[1] == "opened" else ""

    def write_claimed(self, messages: Sequence[LoggedMessage], *, now: datetime) -> None:
        """Add a line per message, and wait until it is on disk."""
        self._write([_line(now, "claimed", one.message_id, 0, _pack(one)) for one in messages])

    def write_begun(self, message_id: UUID, *, attempt: int, now: datetime) -> None:
        """The first byte is about to leave: on disk before it does."""
        self._write([_line(now, "body", message_id, attempt)])

    def write_settled(self, message_id: UUID, *, attempt: int, verdict: str, now: datetime) -> None:
        """What the other side answered; on disk with the next line."""
        self._write([_line(now, "settled", message_id, attempt, verdict)], sync=False)

    def read_attempts(self, attempts: Collection[tuple[UUID, int]]) -> dict[tuple[UUID, int], Fate]:
        """How far each of these attempts of this host got; "claimed" where nothing is said."""
        fates: dict[tuple[UUID, int], Fate] = dict.fromkeys(attempts, "claimed")
        wanted = {
            (str(message_id), attempt): (message_id, attempt) for message_id, attempt in fates
        }
        for line in _read(self._path) if wanted else ():
            key = wanted.get((line[2], line[3]))
            if key is not None and line[1] in ("body", "settled"):
                fates[key] = _find_fate(line)
        return fates

    def find_last_number(self) -> int:
        """The highest number that a claim wrote in this folder; nought where none did."""
        return max(map(_find_last_number, self._paths()), default=0)

    def read_fates(self) -> tuple[dict[UUID, LoggedMessage], dict[UUID, Fate]]:
        """Every message of the logs in this folder, and how far each got in its last attempt."""
        messages: dict[UUID, LoggedMessage] = {}
        fates: dict[UUID, Fate] = {}
        for line in (line for path in self._paths() for line in _read(path)):
            message_id = UUID(line[2])
            if line[1] == "claimed" and line[4:]:
                messages[message_id] = _unpack(message_id, line[4])
                if fates.get(message_id) != "accepted":
                    fates[message_id] = "claimed"
            elif line[1] in ("body", "settled"):
                fates[message_id] = _find_fate(line)
        return messages, fates

    def count_cut_lines(self) -> int:
        """How many lines of the logs in this folder a crash cut short: they say nothing."""
        lines = (line for path in self._paths() for line in _read_lines(path))
        return sum(not _parse_whole(line) for line in lines)

    def is_writable(self) -> bool:
        """Whether this process may add lines."""
        path = self._path if self._path.exists() else self._path.parent
        return os.access(path, os.W_OK)

    def has_cut_end(self) -> bool:
        """Whether a line was cut short lately in the log of this host."""
        return self._path.exists() and not all(map(_parse_whole, _read_end(self._path)))

    def _write(self, lines: list[str], *, sync: bool = True) -> None:
        append_lines(self._path, lines, sync=sync)

    def _paths(self) -> list[Path]:
        return sorted(self._path.parent.glob("*.log"))


def _read(path: Path) -> Iterator[list[Any]]:
    for line in _read_lines(path):
        yield from _parse(line)


def _read_lines(path: Path) -> Iterator[bytes]:
    if not path.exists():
        return
    with path.open("rb") as lines:
        yield from lines


def _read_end(path: Path) -> list[bytes]:
    """The last whole lines of a log."""
    start = max(0, path.stat().st_size - _TAIL_BYTES)
    with path.open("rb") as file:
        file.seek(start)
        return file.read().splitlines(keepends=True)[1 if start else 0 :]


def _find_last_number(path: Path) -> int:
    """The highest number that a claim at the end of a log wrote; nought where none did.

    Asked before every batch: lines are only ever added, so nothing is read twice.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES)
        known = _known.get(path)
        size = file.seek(0, os.SEEK_END)
        if known is None or not head.startswith(known.head) or size < known.until:
            known = _Known(head, max(0, size - _TAIL_BYTES), 0)
        file.seek(known.until)
        fresh = file.read()
    # Where the end begins in the middle of a line, that says nothing.
    numbers = [one[4]["number"] for line in fresh.splitlines() for one in _parse_claimed(line)]
    number: int = max([known.number, *numbers])
    # What is not a whole line yet is read once more.
    _known[path] = _Known(known.head, known.until + fresh.rfind(b"\n") + 1, number)
    return number


def _parse_claimed(line: bytes) -> list[list[Any]]:
    """The claims that a line tells; nothing else is parsed."""
    told = _parse(line) if _CLAIMED in line else []
    return [one for one in told if one[1] == "claimed" and one[4:]]


def _find_fate(line: Sequence[Any]) -> Fate:
    """What a line about the body of a message, or about the answer to it, says of its fate."""
    return "begun" if line[1] == "body" else _FATE_OF.get(line[4], "begun")


def _line(now: datetime, what: str, message_id: UUID, attempt: int, *more: object) -> str:
    told = [f"{now:%Y-%m-%dT%H:%M:%SZ}", what, str(message_id), attempt, *more]
    return json.dumps(told, default=str, separators=(",", ":"))


def _parse(line: bytes) -> list[list[Any]]:
    """What a line says, once. Cut short, at its end or its beginning, it says nothing; what older
    logs wrote right behind such a line, without a new one, does.
    """
    if found := _parse_whole(line):
        return [found]
    starts = [found.start() for found in _START.finditer(line)]
    parts = [line[start:end] for start, end in pairwise([*starts, None])]
    return [told for part in parts if (told := _parse_whole(part))]


def _parse_whole(line: bytes) -> list[Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return []
    return found if isinstance(found, list) and len(found) >= 4 else []


def _pack(one: LoggedMessage) -> dict[str, object]:
    return {field.name: getattr(one, field.name) for field in fields(one)[1:]}


def _unpack(message_id: UUID, told: dict[str, Any]) -> LoggedMessage:
    kept = {field.name: told[field.name] for field in fields(LoggedMessage)[1:]}
    ids = {name: UUID(kept[name]) for name in ("administration_id", "debtor_id", "item_id")}
    pay_by_on = kept["pay_by_on"] and date.fromisoformat(kept["pay_by_on"])
    days = {"planned_on": date.fromisoformat(kept["planned_on"]), "pay_by_on": pay_by_on}
    return LoggedMessage(message_id=message_id, **(kept | ids | days))
