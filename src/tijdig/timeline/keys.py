"""The two keys of the audit trail: in the data folder, never in the database.

Whoever has only the database can neither guess erased content nor sign an anchor.
"""

import hashlib
import os
import secrets
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tijdig.core.problem import Refusal, Sentence
from tijdig.timeline.anchors import find_last_day, is_signed_by

_KEY_BYTES = 32
_CONTENT, _SIGNING = "content-key", "signing-key"


def load_content_key(folder: Path, *, mark: str, lost: Collection[str] = ()) -> bytes:
    """The key of the commitments, 32 bytes, in `folder/content-key` (0600).

    `mark` is that of the key that the last seal was made with; one that is in `lost` was renewed
    since, and any key follows it. Only before the first seal, where it is empty, a key is made: a
    second one would end every check of the chain.
    Refuses: that key gone, another in its place, and none where anchors tell that there was one.
    """
    path = folder / _CONTENT
    is_first = not mark and not any((folder / "anchors").glob("*"))
    found = _make(path) if is_first and not path.exists() else _read(path)
    if found is None or (mark and mark not in lost and mark_of(found) != mark):
        raise _refuse(path)
    return found


def find_content_key(folder: Path, *, mark: str) -> bytes | None:
    """The key with this mark: the one in use, or an older one put beside it; None where neither."""
    found = (_read(folder / name) for name in (_CONTENT, f"{_CONTENT}.{mark}"))
    return next((key for key in found if key and mark_of(key) == mark), None)


def load_signer(folder: Path, path: Path, *, is_new: bool = False) -> Ed25519PrivateKey:
    """The key that signs the anchors in `path`, in `folder/signing-key` (0600); made before the
    first of them.

    Refuses: that key gone, or another in its place, unless it is the new one of a renewal.
    """
    where = folder / _SIGNING
    is_first = find_last_day(path) is None
    found = _make(where) if is_first and not where.exists() else _read(where)
    if found is None or not (is_new or is_signed_by(path, _public(found))):
        raise _refuse(where)
    return Ed25519PrivateKey.from_private_bytes(found)


def load_verifier(folder: Path, path: Path) -> Ed25519PublicKey:
    """What the signatures of the anchors in `path` are held against; makes nothing.

    Refuses: the key that signed them gone, or another in its place.
    """
    found = _read(folder / _SIGNING)
    if found is None or not is_signed_by(path, _public(found)):
        raise _refuse(folder / _SIGNING)
    return _public(found)


def explain_lost_key(
    folder: Path, path: Path, *, mark: str, lost: Collection[str] = ()
) -> Sentence | None:
    """Which key is not the one of before, and what to do; None where both are there.

    `mark` is that of the last seal's key, empty before the first; `path` holds the anchors.
    """
    found = _read(folder / _CONTENT)
    if mark and (found is None or (mark not in lost and mark_of(found) != mark)):
        return _explain_lost(folder / _CONTENT)
    return None if knows_signer(folder, path) else _explain_lost(folder / _SIGNING)


def knows_signer(folder: Path, path: Path) -> bool:
    """Whether the key that signed these anchors is here; also where there are none yet."""
    found = _read(folder / _SIGNING)
    return not path.exists() or (found is not None and is_signed_by(path, _public(found)))


def renew_content_key(folder: Path) -> None:
    """Another content key; a file that stands in its place is set aside under its mark."""
    _set_aside(folder / _CONTENT)
    _make(folder / _CONTENT)


def renew_signer(folder: Path) -> None:
    """Another signing key; a file that stands in its place is set aside under its mark."""
    _set_aside(folder / _SIGNING)
    _make(folder / _SIGNING)


def _set_aside(path: Path) -> None:
    if path.exists():
        found = _read(path)
        mark = mark_of(found) if found else f"unreadable-{secrets.token_hex(4)}"
        path.rename(path.with_name(f"{path.name}.{mark}"))


def _public(key: bytes) -> Ed25519PublicKey:
    return Ed25519PrivateKey.from_private_bytes(key).public_key()


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
    """What is the matter with a key, and what to do."""
    nl, en = _WRONG[_judge(path)]
    name = f"audit/{path.name}"
    return Sentence(
        f"De sleutel {name} in TIJDIG_HOME {nl}. Zet het goede bestand terug uit uw back-up of van"
        " de oude machine. Tot dan wordt er niets verzegeld en niets gecontroleerd. Is het"
        " voorgoed weg: tijdig audit renew.",
        f"The key {name} in TIJDIG_HOME {en}. Put the right file back from your backup or from the"
        " old machine. Until then nothing is sealed and nothing is checked. If it is gone for"
        " good: tijdig audit renew.",
    )


def _judge(path: Path) -> str:
    if not path.exists():
        return "gone"
    if _read(path) is None:
        return "unreadable"
    return "other_signer" if path.name == _SIGNING else "other"


_WRONG = {
    "gone": ("is weg", "is gone"),
    "unreadable": ("is onleesbaar of geen sleutel", "cannot be read or is no key"),
    "other": (
        "is een andere dan die waarmee het controlespoor is verzegeld",
        "is another than the one that the audit trail was sealed with",
    ),
    "other_signer": (
        "is een andere dan die van de ankers (of de ankers zijn vervangen)",
        "is another than that of the anchors (or the anchors were replaced)",
    ),
}
