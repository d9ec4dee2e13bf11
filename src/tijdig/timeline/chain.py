"""The arithmetic of the audit chain: commitments, marks and hashes. Pure, so it can be read whole.

    content of an event --keyed hash--> commitment --with the open columns--> mark of the row
    marks of a batch, in order, with the hash of the seal before it --> hash of the seal

The content (who did it, and the words and figures) enters only as a keyed hash: once the salt of
a person is gone, his content may be erased, and the chain still holds.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

MARK_BYTES = 64
_HALF = 32


@dataclass(frozen=True, slots=True)
class Row:
    """An event as it stands in the database; `data` is the text of its JSON."""

    id: UUID
    debtor_id: UUID | None
    subject_kind: str
    subject_id: UUID
    kind: str
    on: date
    at: datetime
    actor: str
    data: str


def commit_content(row: Row, *, key: bytes, salt: bytes) -> bytes:
    """A keyed hash of what may be personal: 32 bytes that tell nothing without key and salt."""
    own_key = hmac.digest(key, salt, "sha256")
    return hmac.digest(own_key, _pack(row.actor, row.data), "sha256")


def mark_row(row: Row, commitment: bytes, *, administration_id: UUID) -> bytes:
    """The hash of a whole row, its content by the commitment: 32 bytes."""
    open_columns = _pack(
        str(administration_id),
        str(row.id),
        str(row.debtor_id or ""),
        row.subject_kind,
        str(row.subject_id),
        row.kind,
        row.on.isoformat(),
        row.at.astimezone(UTC).isoformat(),
    )
    return hashlib.sha256(open_columns + commitment).digest()


def split_marks(marks: bytes) -> list[tuple[bytes, bytes]]:
    """Commitment and mark of every event of a seal, in its order."""
    return [
        (marks[at : at + _HALF], marks[at + _HALF : at + MARK_BYTES])
        for at in range(0, len(marks), MARK_BYTES)
    ]


def link(
    previous_hash: str,
    *,
    number: int,
    at: datetime,
    total: int,
    key_mark: str,
    event_ids: Sequence[UUID],
    marks: bytes,
) -> str:
    """The hash of a seal: it stands for everything up to and including this batch. 64 hex signs."""
    head = _pack(previous_hash, str(number), at.astimezone(UTC).isoformat(), str(total), key_mark)
    digest = hashlib.sha256(head)
    digest.update(b"".join(one.bytes for one in event_ids))
    digest.update(marks)
    return digest.hexdigest()


def _pack(*parts: str) -> bytes:
    """Texts as one, so that no two lists of texts give the same bytes."""
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()
