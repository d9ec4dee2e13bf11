"""The two keys of the audit trail: in the data folder, never in the database.

Whoever has only the database can neither guess erased content nor sign an anchor.
"""

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_KEY_BYTES = 32


def load_content_key(folder: Path) -> bytes:
    """The key of the commitments, 32 bytes; made once, in `folder/content-key` (0600)."""
    return _load(folder / "content-key")


def load_signer(folder: Path) -> Ed25519PrivateKey:
    """The key that signs anchors; made once, in `folder/signing-key` (0600)."""
    return Ed25519PrivateKey.from_private_bytes(_load(folder / "signing-key"))


def mark_of(key: bytes) -> str:
    """Sixteen signs by which a key is recognised, and that do not give it away."""
    return hashlib.sha256(b"tijdig content key" + key).hexdigest()[:16]


def _load(path: Path) -> bytes:
    """The key in a file; where there is none, a new one that two starts at once agree on."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        own = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(own, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(own, path)
        own.unlink()
    return bytes.fromhex(path.read_text().strip())
