"""Files that are handed over whole or not at all, and never twice."""

import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from tijdig.core.problem import Sentence
from tijdig.messaging.channels.envelope import Outcome
from tijdig.tenants.failpoints import fp

_NOT_IN_A_FILE_NAME = re.compile(r"[^A-Za-z0-9._@-]+")
_LONGEST_NAME = 180

_STORED = Sentence("Het bestand staat klaar in de map.", "The file is ready in the folder.")
_STORED_BEFORE = Sentence(
    "Het bestand stond al klaar in de map, met dezelfde inhoud.",
    "The file was ready in the folder already, with the same content.",
)
_OTHER_CONTENT = Sentence(
    "Er staat al een ander bestand met dit nummer in de map. Haal dat eerst weg.",
    "Another file with this number is in the folder already. Take it away first.",
)
_NOT_STORED = Sentence(
    "Het bestand kan niet in de map worden gezet. Controleer de map, de rechten en de ruimte.",
    "The file cannot be put in the folder. Check the folder, the rights and the space.",
)


def name_file(message_id: str, suffix: str) -> str:
    """A file name from a Message-ID: plain characters only, so it stays inside its folder."""
    plain = _NOT_IN_A_FILE_NAME.sub("_", message_id.strip("<>")).lstrip(".")
    return f"{plain[:_LONGEST_NAME]}{suffix}"


def store_once(
    content: bytes, *, folder: Path, name: str, on_body: Callable[[], None] | None
) -> Outcome:
    """Puts the file in the folder: whole, on disk, and without replacing another.

    The same content under the same name counts as handed over; other content is refused.
    `on_body` is called right before the file gets its name.
    """
    target = folder / name
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if target.exists():
            is_same = target.read_bytes() == content
            return (
                Outcome("accepted", _STORED_BEFORE, receipt=name)
                if is_same
                else Outcome("failed", _OTHER_CONTENT, receipt=name)
            )
        part = _write_part(content, folder)
        fp("folder.part_written")
    except OSError as error:
        return Outcome("retry", _NOT_STORED, receipt=error.strerror or "")
    try:
        if on_body is not None:
            on_body()
    except BaseException:
        part.unlink()
        raise
    try:
        fp("folder.before_rename")
        part.rename(target)
        fp("folder.renamed")
        _sync(folder)
    except OSError as error:
        part.unlink(missing_ok=True)
        return Outcome("retry", _NOT_STORED, receipt=error.strerror or "")
    return Outcome("accepted", _STORED, receipt=name)


def _write_part(content: bytes, folder: Path) -> Path:
    handle, path = tempfile.mkstemp(dir=folder, prefix=".", suffix=".part")
    part = Path(path)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content[: len(content) // 2])
            fp("folder.half_written")
            file.write(content[len(content) // 2 :])
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        part.unlink(missing_ok=True)
        raise
    return part


def _sync(folder: Path) -> None:
    """The new name on disk too, not only the content."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
