"""The two keys of the audit trail: in the data folder, never in the database.

Whoever has only the database can neither guess erased content nor sign an anchor.
"""

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tijdig.core.problem import Refusal, Sentence

_KEY_BYTES = 32
_CONTENT, _SIGNING = "content-key", "signing-key"


def load_content_key(folder: Path, *, mark: str) -> bytes:
    """The key of the commitments, 32 bytes, in `folder/content-key` (0600).

    `mark` is that of the key that the last seal was made with. Only before the first seal, where
    it is empty, a key is made: a second one would end every check of the chain.
    Refuses: that key gone, another in its place, and none where anchors tell that there was one.
    """
    path = folder / _CONTENT
    is_first = not mark and not any((folder / "anchors").glob("*"))
    found = _make(path) if is_first and not path.exists() else _read(path)
    if found is None or (mark and mark_of(found) != mark):
        raise _refuse(path)
    return found


def load_signer(folder: Path, *, is_first: bool) -> Ed25519PrivateKey:
    """The key that signs anchors, in `folder/signing-key` (0600); made before the first anchor.

    Refuses: that key gone.
    """
    path = folder / _SIGNING
    found = _make(path) if is_first and not path.exists() else _read(path)
    if found is None:
        raise _refuse(path)
    return Ed25519PrivateKey.from_private_bytes(found)


def explain_lost_key(folder: Path, *, mark: str, has_anchors: bool) -> Sentence | None:
    """Which key is not the one of before, and what to do; None where both are there.

    `mark` is that of the last seal's key, empty before the first.
    """
    found = _read(folder / _CONTENT)
    if mark and (found is None or mark_of(found) != mark):
        return _explain_lost(folder / _CONTENT)
    if has_anchors and _read(folder / _SIGNING) is None:
        return _explain_lost(folder / _SIGNING)
    return None


def mark_of(key: bytes) -> str:
    """Sixteen signs by which a key is recognised, and that do not give it away."""
    return hashlib.sha256(b"tijdig content key" + key).hexdigest()[:16]


def _read(path: Path) -> bytes | None:
    """The key in a file; None where it is gone, or is no key that can be read."""
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None
    return key if len(key) == _KEY_BYTES else None


def _make(path: Path) -> bytes | None:
    """A new key, that two starts at once agree on."""
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
    return _read(path)


def _refuse(path: Path) -> Refusal:
    because = _explain_lost(path)
    return Refusal(because.nl, because.en)


def _explain_lost(path: Path) -> Sentence:
    name = f"audit/{path.name}"
    return Sentence(
        f"De sleutel {name} in TIJDIG_HOME is weg, of is een andere dan eerst. Zet dat bestand"
        " terug uit uw back-up of van de oude machine. Tot dan wordt er niets verzegeld en niets"
        " gecontroleerd.",
        f"The key {name} in TIJDIG_HOME is gone, or is another than before. Put that file back from"
        " your backup or from the old machine. Until then nothing is sealed and nothing is"
        " checked.",
    )
