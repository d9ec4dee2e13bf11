"""Anchors: signed lines outside the database that say how far the chain had come on a day.

A chain alone does not show that its end was cut off, or that all of it was written anew; a line
that was signed before, and kept elsewhere, does.
"""

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any
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
class Renewal:
    """Keys that were made anew after a loss, in the anchor of the head as it then was.

    `lost_marks` are those of content keys that seals up to there were made with. Where the signing
    key is new, nobody can check the signatures of the lines before; the signature of this one
    stands for them, as each line names the one before it.
    """

    reason: str
    lost_marks: tuple[str, ...]
    has_new_signer: bool


@dataclass(frozen=True, slots=True)
class AnchorLine:
    """A line of the file; `is_genuine` says that its signature and its place are right."""

    anchor: Anchor
    is_genuine: bool
    renewal: Renewal | None = None


def path_of(folder: Path, administration_id: UUID) -> Path:
    """The file with the anchors of an administration."""
    return folder / "anchors" / f"{administration_id}.jsonl"


def add_anchor(
    path: Path, anchor: Anchor, *, signer: Ed25519PrivateKey, renewal: Renewal | None = None
) -> None:
    """Sign, add a line that names the one before it, and wait until it is on disk."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lines = _read_lines(path)
    told: dict[str, object] = {
        "on": f"{anchor.on}",
        "seal": anchor.number,
        "hash": anchor.hash,
        "events": anchor.total,
        "previous": _hash(lines[-1]) if lines else "",
    }
    if renewal is not None:
        told["renewed"] = asdict(renewal)
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
    lines = _read_lines(path)
    since = _find_first_of_signer(lines)
    befores = ["", *map(_hash, lines)]
    return tuple(
        _read(line, before, key if at >= since else None)
        for at, (line, before) in enumerate(zip(lines, befores, strict=False))
    )


def is_signed_by(path: Path, key: Ed25519PublicKey) -> bool:
    """Whether this is the key that signs the anchors: it signed any, or there are none yet."""
    lines = _read_lines(path)
    since = _find_first_of_signer(lines)
    return not lines or any(_is_signature(line, key) for line in reversed(lines[since:]))


def list_lost_marks(path: Path) -> frozenset[str]:
    """The marks of content keys that a renewal in the file gave up, unchecked."""
    told = [json.loads(line)["anchor"] for line in _read_lines(path) if '"lost_marks"' in line]
    return frozenset(mark for one in told for mark in one["renewed"]["lost_marks"])


def find_last_day(path: Path) -> date | None:
    """The day of the last anchor, unchecked; None when there is none."""
    lines = _read_lines(path)
    return date.fromisoformat(json.loads(lines[-1])["anchor"]["on"]) if lines else None


def _find_first_of_signer(lines: list[str]) -> int:
    """Where the lines of the key of now begin: with the last renewal that made another."""
    renewals = [at for at, line in enumerate(lines) if '"has_new_signer":true' in line]
    return renewals[-1] if renewals else 0


def _is_signature(line: str, key: Ed25519PublicKey) -> bool:
    try:
        told = json.loads(line)
        key.verify(base64.b64decode(told["signature"]), _pack(told["anchor"]))
    except (ValueError, KeyError, TypeError, InvalidSignature):
        return False
    return True


def _read(line: str, before: str, key: Ed25519PublicKey | None) -> AnchorLine:
    """What a line says; without a key a later line vouches for its signature."""
    try:
        said = json.loads(line)["anchor"]
        anchor = Anchor(
            date.fromisoformat(said["on"]),
            int(said["seal"]),
            str(said["hash"]),
            int(said["events"]),
        )
        renewal = _read_renewal(said.get("renewed"))
        follows = said["previous"] == before
    except (ValueError, KeyError, TypeError):
        return AnchorLine(Anchor(date.min, 0, "", 0), is_genuine=False)
    is_signed = key is None or _is_signature(line, key)
    return AnchorLine(anchor, is_genuine=follows and is_signed, renewal=renewal)


def _read_renewal(told: Mapping[str, Any] | None) -> Renewal | None:
    if told is None:
        return None
    return Renewal(
        str(told["reason"]),
        tuple(str(mark) for mark in told["lost_marks"]),
        bool(told["has_new_signer"]),
    )


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
