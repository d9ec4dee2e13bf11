"""The lines of a text file that comes in pieces, whatever its line ends and character set."""

import codecs
from collections.abc import Iterable, Iterator
from typing import Final

from tijdig.banking.formats.xml_stream import MOST_BYTES, UnreadableFile
from tijdig.core.problem import Problem, Sentence

_MOST_LINE: Final = 100_000


def read_text_lines(pieces: Iterable[bytes], *, other_end: bytes = b"") -> Iterator[str]:
    """Each line without its end: UTF-8 where it is that, else the Western character set.

    `other_end` is what some banks write for a line end in a file without any.
    Refuses: UnreadableFile, above 256 MB or a line of 100,000 characters.
    """
    rest, taken, end = b"", 0, b""
    number = 0
    for piece in pieces:
        taken += len(piece)
        if taken > MOST_BYTES:
            raise UnreadableFile(Problem("bestand", _TOO_LARGE))
        rest += piece
        if not end and len(rest) < len(codecs.BOM_UTF8):
            continue
        if not end:
            rest = rest.removeprefix(codecs.BOM_UTF8)
            end = b"\n"
        if other_end and b"\n" not in rest and other_end in rest:
            end = other_end
        *lines, rest = rest.split(end)
        number += len(lines)
        yield from map(_decode, lines)
        if len(rest) > _MOST_LINE:
            raise UnreadableFile(Problem(f"regel {number + 1}", _TOO_LONG))
    if rest:
        yield from map(_decode, rest.split(end or b"\n"))


def _decode(line: bytes) -> str:
    # A NUL says nothing, and no text in a database can hold it.
    bare = line.rstrip(b"\r").lstrip(b"\x1a").replace(b"\0", b"")
    try:
        return bare.decode()
    except UnicodeDecodeError:
        return bare.decode("cp1252", "replace")


_TOO_LARGE: Final = Sentence(
    "Het bestand is groter dan 256 MB. Vraag uw bank om een kortere periode.",
    "The file is larger than 256 MB. Ask your bank for a shorter period.",
)
_TOO_LONG: Final = Sentence(
    "Hier is een regel langer dan 100.000 tekens. Wij lezen dit bestand niet.",
    "A line is longer than 100,000 characters here. We do not read this file.",
)
