"""A mail as a debtor reads it: what kind it is, which invoices it names, and what it asks."""

import quopri
import re
from collections.abc import Mapping
from email.header import decode_header, make_header
from typing import Literal

MailKind = Literal[
    "before_due", "reminder", "letter", "last_demand", "confirmed", "notice", "nudge",
    "accepted", "declined", "copy", "again", "offer", "missing", "other",
]  # fmt: skip
PLAN_KINDS: frozenset[MailKind] = frozenset(("confirmed", "notice", "nudge"))
_NUMBER = re.compile(r"\bF\d{6}\b")
_BOUNDARY = re.compile(r'boundary="([^"]+)"')
_ASKED = re.compile(r"^Bedrag:\s+€\s([\d.,]+)", re.MULTILINE)
_BEGINS: tuple[tuple[str, MailKind], ...] = (
    ("Binnenkort betalen", "before_due"),
    ("Binnenkort: ", "notice"),
    ("Herinnering", "reminder"),
    ("Laatste herinnering", "last_demand"),
    ("Betalen zonder kosten", "letter"),
    ("Uw betalingsregeling", "confirmed"),
    ("Wij missen", "nudge"),
    ("U heeft gelijk over", "accepted"),
    ("Ons antwoord over", "declined"),
    ("Kopie: ", "copy"),
    ("Nog niet ontvangen: ", "again"),
    ("Betalen in delen: ", "offer"),
    ("Uw betaling van ", "missing"),
)


def read_words(content: bytes) -> tuple[MailKind, tuple[str, ...], int]:
    """Its kind, the numbers of invoices in it, and the cents that it asks."""
    headers, body = _split(content)
    text = _find_plain(headers, body).replace("\N{NO-BREAK SPACE}", " ")
    asked = _ASKED.search(text)
    cents = int(asked.group(1).replace(".", "").replace(",", "")) if asked else 0
    # A long subject is folded.
    subject = " ".join(str(make_header(decode_header(headers["subject"]))).split())
    kind = next((kind for begin, kind in _BEGINS if subject.startswith(begin)), "other")
    return kind, tuple(dict.fromkeys(_NUMBER.findall(text))), cents


def _split(content: bytes) -> tuple[dict[str, str], bytes]:
    """The headers of a message or of a part, unfolded, and what stands below them.

    By hand: the classes of the standard library look into every part, line by line, which took a
    twentieth of the simulated year.
    """
    head, _, body = content.partition(b"\r\n\r\n")
    lines = head.decode("utf-8").replace("\r\n ", " ").split("\r\n")
    named = (line.partition(": ") for line in lines)
    return {name.lower(): value for name, _, value in named}, body


def _find_plain(headers: Mapping[str, str], body: bytes) -> str:
    """The words of the first part that is plain text; nothing where there is none."""
    kind = headers["content-type"]
    boundary = _BOUNDARY.search(kind)
    if boundary is None:
        return quopri.decodestring(body).decode("utf-8") if kind.startswith("text/plain") else ""
    parts = body.split(b"--" + boundary.group(1).encode("ascii"))[1:-1]
    found = (_find_plain(*_split(part.removeprefix(b"\r\n"))) for part in parts)
    return next((text for text in found if text), "")
