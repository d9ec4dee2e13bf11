"""A mail as a debtor reads it: what kind it is, which invoices it names, and what it asks."""

import re
from email import message_from_bytes
from email.header import decode_header, make_header
from typing import Literal

MailKind = Literal[
    "before_due", "reminder", "letter", "last_demand", "confirmed", "notice", "nudge",
    "accepted", "declined", "copy", "again", "offer", "missing", "other",
]  # fmt: skip
PLAN_KINDS: frozenset[MailKind] = frozenset(("confirmed", "notice", "nudge"))
_NUMBER = re.compile(r"\bF\d{6}\b")
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
    # The plain old classes: those that know every rule of a header take ten times as long.
    message = message_from_bytes(content)
    plain = next((one for one in message.walk() if one.get_content_type() == "text/plain"), None)
    body = plain.get_payload(decode=True) if plain is not None else b""
    text = body.decode("utf-8") if isinstance(body, bytes) else ""
    text = text.replace("\N{NO-BREAK SPACE}", " ")
    asked = _ASKED.search(text)
    cents = int(asked.group(1).replace(".", "").replace(",", "")) if asked else 0
    # A long subject is folded.
    subject = " ".join(str(make_header(decode_header(message["Subject"]))).split())
    kind = next((kind for begin, kind in _BEGINS if subject.startswith(begin)), "other")
    return kind, tuple(dict.fromkeys(_NUMBER.findall(text))), cents  # type: ignore[return-value]
