"""Zip files with statements in them: judged before anything is unpacked, and bounded after."""

import io
import stat
import struct
import zipfile
import zlib
from typing import Final

from tijdig.core.problem import Problem, Sentence

MOST_UNPACKED: Final = 256 * 1024 * 1024
_MOST_FILES: Final = 1_000
_MOST_DIRECTORY: Final = 1_000_000
_HIGHEST_RATIO: Final = 200
_RATIO_FROM: Final = 1_000_000
_LOCAL_HEADER: Final = 30
_END: Final = b"PK\x05\x06"
_END_SIZE: Final = 22
_MOST_COMMENT: Final = 65_535
_MOST_NAME: Final = 120
# The place of a problem that no file in the zip has for itself.
_WHOLE: Final = "bestand"
_NESTED: Final = (".zip", ".7z", ".gz", ".rar", ".tar", ".xlsx", ".xlsm", ".docx", ".jar")


def recognise(head: bytes) -> bool:
    """Whether a file that starts like this is a zip; also a workbook is one."""
    return head.startswith((b"PK\x03\x04", _END))


def is_workbook(content: bytes) -> bool:
    """Whether this zip is a document of an office program, to be read as that."""
    return b"[Content_Types].xml" in content[: 1 << 16] or b"xl/workbook.xml" in content


def unpack(content: bytes) -> list[tuple[str, bytes]] | Problem:
    """The files in the zip with their names, or why none of it is read, and by which file in it.

    Nothing is unpacked before the directory has been judged. Refuses: encrypted or damaged, more
    than 1,000 files or 256 MB, two hundredfold growth, zip in zip, links, paths that lead out of
    the folder, files that overlap or share a name. Hidden files and what macOS adds
    are judged, and left out, as in a folder.
    """
    try:
        if not _directory_is_small(content):
            return Problem(_WHOLE, _SUSPECT)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir()]
            refusal = _judge(entries)
            if refusal:
                return refusal
            found = []
            for one in entries:
                if _is_hidden(one.filename):
                    continue
                with archive.open(one) as file:
                    inner = file.read(one.file_size + 1)
                if len(inner) != one.file_size:
                    return Problem(_show(one.filename), _SUSPECT)
                found.append((one.filename, inner))
            return found or Problem(_WHOLE, _EMPTY)
    except (
        zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError,
        ValueError, OverflowError,
    ):  # fmt: skip
        return Problem(_WHOLE, _DAMAGED)


def _directory_is_small(content: bytes) -> bool:
    """Whether the directory may be read at all: zipfile reads all of it, however long."""
    at = content.rfind(_END, max(0, len(content) - _END_SIZE - _MOST_COMMENT))
    if at < 0:
        raise zipfile.BadZipFile
    count, size = struct.unpack("<HL", content[at + 10 : at + 16])
    large = content[max(0, at - 20) : at].startswith(b"PK\x06\x07")
    return count <= _MOST_FILES and size <= _MOST_DIRECTORY and not large


def _judge(entries: list[zipfile.ZipInfo]) -> Problem | None:
    names = [one.filename.replace("\\", "/") for one in entries]
    locked = next((one.filename for one in entries if one.flag_bits & 0x1), None)
    if locked is not None:
        return Problem(_show(locked), _ENCRYPTED)
    packed = next((name for name in names if name.casefold().endswith(_NESTED)), None)
    if packed is not None:
        return Problem(_show(packed), _say_zip_in_zip(packed))
    if sum(one.file_size for one in entries) > MOST_UNPACKED:
        return Problem(_WHOLE, _TOO_LARGE)
    odd = next((one.filename for one in entries if _is_suspect(one)), None)
    odd = odd or _find_overlap(entries) or _find_odd_name(names)
    return Problem(_show(odd), _SUSPECT) if odd is not None else None


def _find_odd_name(names: list[str]) -> str | None:
    """The first name that leads out of the folder, or that a file before it has too."""
    seen = set()
    for name in names:
        if name.startswith("/") or ":" in name or ".." in name.split("/"):
            return name
        if name.casefold() in seen:
            return name
        seen.add(name.casefold())
    return None


def _is_hidden(name: str) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def _is_suspect(one: zipfile.ZipInfo) -> bool:
    mode = one.external_attr >> 16
    grows = one.file_size > _RATIO_FROM and one.file_size > _HIGHEST_RATIO * one.compress_size
    plain = one.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    return grows or not plain or (mode != 0 and stat.S_ISLNK(mode))


def _find_overlap(entries: list[zipfile.ZipInfo]) -> str | None:
    """The first file that shares bytes: a bomb of a few kB unpacks the same bytes a thousand times.

    None where each has its own.
    """
    until = 0
    for one in sorted(entries, key=lambda one: one.header_offset):
        if one.header_offset < until:
            return one.filename
        until = one.header_offset + _LOCAL_HEADER + len(one.orig_filename) + one.compress_size
    return None


def _show(name: str) -> str:
    """The name is the sender's: what can be seen of it, and not too long."""
    shown = "".join(sign for sign in name if sign.isprintable())[-_MOST_NAME:]
    return shown or _WHOLE


def _say_zip_in_zip(name: str) -> Sentence:
    shown = _show(name)
    return Sentence(
        f"In dit zipbestand zit nog een ingepakt bestand: {shown}. Pak het zelf uit en lever de"
        " bestanden aan.",
        f"This zip file holds another packed file: {shown}. Unpack it yourself and deliver the"
        " files.",
    )


_EMPTY: Final = Sentence(
    "Dit zipbestand is leeg. Maak het opnieuw.", "This zip file is empty. Make it again."
)
_DAMAGED: Final = Sentence(
    "Dit bestand is beschadigd: het laat zich niet uitpakken. Download of bewaar het opnieuw.",
    "This file is damaged: it cannot be unpacked. Download or save it again.",
)
_ENCRYPTED: Final = Sentence(
    "Dit zipbestand heeft een wachtwoord. Pak het zelf uit en lever de bestanden aan.",
    "This zip file has a password. Unpack it yourself and deliver the files.",
)
_TOO_LARGE: Final = Sentence(
    "Dit zipbestand is uitgepakt groter dan 256 MB. Lever kleinere bestanden.",
    "This zip file is larger than 256 MB once unpacked. Deliver smaller files.",
)
_SUSPECT: Final = Sentence(
    "Dit zipbestand is niet op de gewone manier gemaakt en kan schade doen. Wij pakken het niet"
    " uit. Lever de bestanden zelf aan.",
    "This zip file was not made in the usual way and can do harm. We do not unpack it. Deliver the"
    " files themselves.",
)
