"""Anchors: signed lines outside the database that say how far the chain had come on a day.

A chain alone does not show that its end was cut off, or that all of it was written anew; a line
that was signed before, and kept elsewhere, does.
"""

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


@dataclass(frozen=True, slots=True)
class Anchor:
    """The head of the chain on a day: seal `number` with its hash, and the events up to it."""

    on: date
    number: int
    hash: str
    total: int


@dataclass(frozen=True, slots=True)
class AnchorLine:
    """A line of the file; `is_genuine` says that its signature and its place are right."""

    anchor: Anchor
    is_genuine: bool


def path_of(folder: Path, administration_id: UUID) -> Path:
    """The file with the anchors of an administration."""
    return folder / "anchors" / f"{administration_id}.jsonl"


def add_anchor(path: Path, anchor: Anchor, *, signer: Ed25519PrivateKey) -> None:
    """Sign, add a line that names the one before it, and wait until it is on disk."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lines = _read_lines(path)
    told = {
        "on": f"{anchor.on}",
        "seal": anchor.number,
        "hash": anchor.hash,
        "events": anchor.total,
        "previous": _hash(lines[-1]) if lines else "",
    }
    signature = base64.b64encode(signer.sign(_pack(told))).decode()
    line = json.dumps({"anchor": told, "signature": signature}, separators=(",", ":"))
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        _cut_half_line(path, file.fileno())
        file.write(f"{line}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def read_anchors(path: Path, *, key: Ed25519PublicKey) -> tuple[AnchorLine, ...]:
    """Every line, oldest first; one that cannot be read is not genuine."""
    found, before = [], ""
    for line in _read_lines(path):
        found.append(_read(line, before, key))
        before = _hash(line)
    return tuple(found)


def find_last_day(path: Path) -> date | None:
    """The day of the last anchor, unchecked; None when there is none."""
    lines = _read_lines(path)
    return date.fromisoformat(json.loads(lines[-1])["anchor"]["on"]) if lines else None


def _read(line: str, before: str, key: Ed25519PublicKey) -> AnchorLine:
    try:
        told = json.loads(line)
        said = told["anchor"]
        anchor = Anchor(
            date.fromisoformat(said["on"]),
            int(said["seal"]),
            str(said["hash"]),
            int(said["events"]),
        )
        key.verify(base64.b64decode(told["signature"]), _pack(said))
    except (ValueError, KeyError, TypeError, InvalidSignature):
        return AnchorLine(Anchor(date.min, 0, "", 0), is_genuine=False)
    return AnchorLine(anchor, is_genuine=said["previous"] == before)


def _read_lines(path: Path) -> list[str]:
    """The whole lines; what a full disk or a crash left of one was never an anchor."""
    if not path.exists():
        return []
    return path.read_text(encoding="utf-8", errors="replace").rpartition("\n")[0].splitlines()


def _cut_half_line(path: Path, descriptor: int) -> None:
    written = path.read_bytes()
    whole = written.rfind(b"\n") + 1
    if whole < len(written):
        os.ftruncate(descriptor, whole)


def _pack(told: Mapping[str, object]) -> bytes:
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode()


def _hash(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()
