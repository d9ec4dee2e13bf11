"""Reading XML that may be broken or meant to harm: a tree, or one sentence on what is wrong.

A DOCTYPE is refused before any parser sees it: without one there are no entities to expand, no
external files to fetch and no text that silently disappears.
"""

import re
from typing import Final

from lxml import etree

from tijdig.core.problem import Problem, Sentence

MAX_STREAM_BYTES: Final = 256 * 1024 * 1024
MAX_TREE_BYTES: Final = 20 * 1024 * 1024

# A node costs some 120 bytes whatever its text; a file of empty elements would else fill memory.
_MAX_MARKS: Final = 1_000_000
_MAX_PROLOG_ITEMS: Final = 1_000
_CODES: Final = etree.ErrorTypes
_BLANK: Final = re.compile(rb"[ \t\r\n]*")
_DECLARED: Final = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)[\"']")
# Only encodings in which "<" is always the byte "<": in UTF-7 and its like a DOCTYPE can hide.
_PLAIN_ENCODINGS: Final = frozenset(
    {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "latin1"}
    | {"windows-1250", "windows-1252", "cp1252"}
)
_WIDE_ENCODINGS: Final = frozenset({"utf-16", "utf-16le", "utf-16be"})
_WIDE_STARTS: Final = (
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)
_FOREIGN_STARTS: Final = (b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"<\0\0\0", b"\0\0\0<", b"\x4c\x6f\xa7")

_TRUNCATED: Final = Sentence(
    "Het bestand houdt midden in de tekst op. Vraag het bestand opnieuw op.",
    "The file stops half-way. Ask for the file again.",
)
_TOO_COMPLEX: Final = Sentence(
    "Het bestand bevat een veld van meer dan 10 MB, of is te diep genest. Wij lezen dit niet.",
    "The file holds a field of more than 10 MB, or is nested too deeply. We do not read this.",
)
_WRONG_CHARACTER: Final = Sentence(
    "Hier staat een teken dat niet in een XML-bestand mag, of niet past bij de tekenset"
    " van het bestand. Maak het bestand opnieuw aan.",
    "Here stands a character that XML does not allow, or that does not fit the character set"
    " of the file. Make the file again.",
)
_NOT_XML: Final = Sentence(
    "Dit is geen XML-bestand. Kies het XML-bestand van de factuur of het afschrift.",
    "This is not an XML file. Choose the XML file of the invoice or statement.",
)
_BROKEN: Final = Sentence(
    "De XML is hier niet goed opgebouwd. Maak het bestand opnieuw aan of vraag het opnieuw op.",
    "The XML is malformed here. Make the file again or ask for it again.",
)


def parse_xml(content: bytes, *, max_bytes: int = MAX_TREE_BYTES) -> etree._Element | Problem:
    """The root element, without comments and processing instructions; or why there is none.

    Bounds: `max_bytes`, 1,000,000 marks, 10 MB per text or attribute, 256 levels.
    """
    hostile = refuse_hostile(content, max_bytes=max_bytes)
    if hostile:
        return hostile
    if content.count(b"<") + content.count(b"=") > _MAX_MARKS:
        return _refused(
            "bestand",
            "Het bestand bevat meer dan 1.000.000 velden. Splits het in kleinere bestanden.",
            "The file holds more than 1,000,000 fields. Split it into smaller files.",
        )
    try:
        root = etree.fromstring(content, _make_parser())
    except etree.XMLSyntaxError as error:
        return _explain(error, content)
    if root.getroottree().docinfo.internalDTD is not None:
        return _refuse_doctype("bestand")
    return root


def refuse_hostile(content: bytes, *, max_bytes: int = MAX_STREAM_BYTES) -> Problem | None:
    """Why these bytes must not reach an XML parser, or None when they may.

    Refuses: an empty or too large file, NUL bytes, a character set in which markup can hide,
    a DOCTYPE anywhere before the root element (also in UTF-16). Says nothing on well-formedness.
    """
    if not content or content.isspace():
        return _refused("bestand", "Het bestand is leeg.", "The file is empty.")
    if len(content) > max_bytes:
        return _refuse_size(len(content), max_bytes)
    if content.startswith(_FOREIGN_STARTS):
        return _refuse_encoding("UTF-32, EBCDIC")
    wide = next((name for start, name in _WIDE_STARTS if content.startswith(start)), "")
    if wide:
        narrow = content.decode(wide, "replace").encode("utf-8", "replace")
        return _refuse_nul(narrow) or _refuse_prolog(narrow, _WIDE_ENCODINGS | {"utf-8"})
    return _refuse_nul(content) or _refuse_prolog(content, _PLAIN_ENCODINGS)


def _refuse_prolog(text: bytes, encodings: frozenset[str]) -> Problem | None:
    """Walks over declaration, comments and processing instructions up to the root element."""
    at = 3 if text.startswith(b"\xef\xbb\xbf") else 0
    for _ in range(_MAX_PROLOG_ITEMS):
        blank = _BLANK.match(text, at)
        at = blank.end() if blank else at
        if text.startswith(b"<?", at):
            end = text.find(b"?>", at + 2)
            declaration = text[at:end] if text.startswith(b"<?xml", at) else b""
            for name in _DECLARED.findall(declaration):
                if name.decode("latin-1").lower() not in encodings:
                    return _refuse_encoding(name.decode("latin-1")[:40])
        elif text.startswith(b"<!--", at):
            end = text.find(b"-->", at + 4)
        elif text.startswith(b"<!", at):
            return _refuse_doctype(_line(text, at))
        else:
            return None
        if end < 0:
            return Problem(_line(text, at), _TRUNCATED)
        at = end + 2 + text.startswith(b"-->", end)
    return _refused(
        _line(text, at),
        "Voor het begin van het bestand staan meer dan 1.000 opmerkingen. Wij lezen dit niet.",
        "More than 1,000 comments stand before the start of the file. We do not read this.",
    )


def _refuse_nul(content: bytes) -> Problem | None:
    at = content.find(b"\0")
    if at < 0:
        return None
    return Problem(_line(content, at), _WRONG_CHARACTER)


def _line(text: bytes, at: int) -> str:
    return "regel " + str(text.count(b"\n", 0, at) + 1)


def _refuse_size(size: int, max_bytes: int) -> Problem:
    has, may = size / 1024**2, max_bytes // 1024**2
    return _refused(
        "bestand",
        f"Het bestand is {has:.1f} MB; wij lezen XML-bestanden tot {may} MB."
        " Haal grote bijlagen eruit of splits het bestand.",
        f"The file is {has:.1f} MB; we read XML files up to {may} MB."
        " Take out large attachments or split the file.",
    )


def _refuse_encoding(name: str) -> Problem:
    return _refused(
        "regel 1",
        f"Het bestand gebruikt de tekenset {name}. Wij lezen UTF-8, UTF-16, ISO-8859-1 en"
        " Windows-1252. Sla het bestand op als UTF-8.",
        f"The file uses the character set {name}. We read UTF-8, UTF-16, ISO-8859-1 and"
        " Windows-1252. Save the file as UTF-8.",
    )


def _refuse_doctype(place: str) -> Problem:
    return _refused(
        place,
        "Het bestand begint met een DOCTYPE. Daarmee kan een bestand schade doen; facturen en"
        " afschriften hebben er geen. Wij lezen dit bestand niet.",
        "The file starts with a DOCTYPE. That can make a file do harm; invoices and statements"
        " have none. We do not read this file.",
    )


def _explain(error: etree.XMLSyntaxError, content: bytes) -> Problem:
    """The parser's error in words for people, with line and column."""
    line, column = error.lineno or 1, (error.offset or 0) + 1
    code = error.code  # type: ignore[attr-defined]  # the stubs lack it
    lines, last = content.count(b"\n") + 1, len(content) - content.rfind(b"\n")
    if code == _CODES.ERR_DOCUMENT_EMPTY:
        because = _NOT_XML
    elif code in {_CODES.ERR_RESOURCE_LIMIT, _CODES.ERR_NAME_TOO_LONG}:
        because = _TOO_COMPLEX
    elif code in {_CODES.ERR_INVALID_CHAR, _CODES.ERR_INVALID_ENCODING}:
        because = _WRONG_CHARACTER
    elif code != _CODES.ERR_TAG_NAME_MISMATCH and (line, column) >= (lines, last):
        because = _TRUNCATED
    else:
        because = _BROKEN
    return Problem(f"regel {line}, teken {column}", because)


def _make_parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )


def _refused(place: str, nl: str, en: str) -> Problem:
    return Problem(place, Sentence(nl, en))
