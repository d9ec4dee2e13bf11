"""Small files of the data folder that several workers write: whole, or not at all.

Also on a disk that is full: what did not fit leaves no part behind, and the refusal says where.
"""

import errno
import fcntl
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tijdig.core.problem import Refusal


class UnwritableRefusal(Refusal):
    """The disk does not take what has to be written down before anything goes out."""


def replace_file(path: Path, text: str) -> None:
    """Put the text in the file; who reads at the same time gets the old or the new, never a part.

    Each writer has a file of its own until it is whole, so that none takes away another's.
    Refuses: a disk that does not take it; the old file stays.
    """
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with refusing_unwritable(path):
        try:
            fresh.write_text(text, encoding="utf-8")
            fresh.replace(path)
        except OSError:
            fresh.unlink(missing_ok=True)
            raise


def append_lines(path: Path, lines: Sequence[str], *, sync: bool) -> None:
    """Add lines to a file: all of them whole, or none. With `sync` they are on disk afterwards.

    Behind a line that a crash cut short they begin on a new one.
    Refuses: a disk that does not take them.
    """
    with refusing_unwritable(path):
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            _append(descriptor, "".join(f"{line}\n" for line in lines).encode())
            if sync:
                os.fdatasync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def refusing_unwritable(path: Path) -> Iterator[None]:
    """What the disk does not take is said in a sentence, with the place."""
    try:
        yield
    except OSError as error:
        raise UnwritableRefusal(
            f"{path} kan niet worden geschreven: {error.strerror}. Wat niet is opgeschreven, is"
            " niet verstuurd. Maak ruimte op de schijf of geef schrijfrecht; daarna gaat het"
            " versturen vanzelf verder.",
            f"{path} cannot be written: {error.strerror}. What was not written down was not sent."
            " Make room on the disk or allow writing; sending then goes on by itself.",
        ) from error


def _append(descriptor: int, text: bytes) -> None:
    # One writer at a time: what is taken back below is nobody else's.
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    size = os.fstat(descriptor).st_size
    is_cut = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
    left = memoryview(b"\n" + text if is_cut else text)
    try:
        while left:
            written = os.write(descriptor, left)
            if not written:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            left = left[written:]
    except OSError:
        os.ftruncate(descriptor, size)
        raise
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
