"""An envelope as the bytes of an e-mail: text and HTML alike, nothing that could be injected."""

import re
from collections.abc import Iterator, Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.quoprimime import body_encode
from email.utils import format_datetime
from functools import lru_cache

from tijdig.core.email_addresses import is_mailbox, make_ascii_domain, needs_utf8
from tijdig.core.problem import Refusal
from tijdig.messaging.channels.envelope import Attachment, Envelope
from tijdig.messaging.labels import clean_line

_LONGEST_NAME = 75
# Mail filters take these in a sender's name for an attempt to look like another address.
_NOT_IN_A_NAME = re.compile(r'[@:,;"<>()\[\]\\]')
_MESSAGE_ID = re.compile(r"<[!-;=?A-~]+@[A-Za-z0-9.-]+>")
_NOT_IN_A_FILE_NAME = re.compile(r"[^\w. -]+")
_LONGEST_LINE = 78
# Words that no header encodes, quotes or folds: they stand in it as they are.
_PLAIN = re.compile(r"[0-9A-Za-z.,:/+-]+(?: [0-9A-Za-z.,:/+-]+)*")
_PLAIN_ADDRESS = re.compile(
    r"[0-9A-Za-z]+(?:[._+-][0-9A-Za-z]+)*@[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*"
)
_PLAIN_ID = re.compile(r"<[0-9A-Za-z]+(?:[._-][0-9A-Za-z]+)*@[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*>")
_TEXT = b'Content-Type: text/%s; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n'
_VERSION = b"MIME-Version: 1.0\r\n"


def write_mime(envelope: Envelope) -> bytes:
    """The whole message with CRLF line ends; the same envelope gives the same bytes.

    They are those of `EmailMessage`, which takes several times as long: it reads each header that
    it writes. Refuses: an address or Message-ID that is not valid.
    """
    named = (envelope.sender, envelope.recipient, envelope.reply_to)
    utf8 = any(map(needs_utf8, named))
    head = b"".join(_list_headers(envelope, utf8=utf8))
    text = _TEXT % b"plain", _write_text(envelope.text)
    if not envelope.html and not envelope.attachments:
        return head + text[0] + _VERSION + b"\r\n" + text[1]
    own_id = envelope.message_id.strip("<>").partition("@")[0][:40]
    parts = [b"\r\n".join(text)]
    for kind in _list_kinds(envelope):
        at = int(kind == "alternative" and bool(envelope.attachments))
        if kind == "alternative":
            parts.append(_TEXT % b"html" + _VERSION + b"\r\n" + _write_text(envelope.html))
        else:
            parts += [_write_attachment(one, utf8=utf8) for one in envelope.attachments]
        parts = [_join(kind, parts, boundary=f"=_{at}_{own_id}")]
    return head + _VERSION + parts[0]


def _list_kinds(envelope: Envelope) -> Iterator[str]:
    """What holds what, the innermost first."""
    if envelope.html:
        yield "alternative"
    if envelope.attachments:
        yield "mixed"


def _list_headers(envelope: Envelope, *, utf8: bool) -> Iterator[bytes]:
    sender = _address(envelope.sender, clean_sender_name(envelope.sender_name))
    recipient = _address(envelope.recipient)
    yield _write_header("From", f"{sender}", utf8=utf8)
    yield _write_header("To", f"{recipient}", utf8=utf8, plain=_PLAIN_ADDRESS)
    if envelope.reply_to:
        yield _write_header("Reply-To", f"{_address(envelope.reply_to)}", utf8=utf8)
    yield _write_header("Subject", clean_line(envelope.subject), utf8=utf8, plain=_PLAIN)
    yield _write_header("Date", format_datetime(envelope.written_at), utf8=utf8)
    message_id = _check_message_id(envelope.message_id)
    yield _write_header("Message-ID", message_id, utf8=utf8, plain=_PLAIN_ID)
    yield b"Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n"


def _write_header(
    name: str, value: str, *, utf8: bool, plain: re.Pattern[str] | None = None
) -> bytes:
    """The header, folded; what is `plain` and fits on its line goes in as it is."""
    line = f"{name}: {value}"
    if plain is not None and len(line) <= _LONGEST_LINE and plain.fullmatch(value):
        return f"{line}\r\n".encode("ascii")
    return _fold(name, value, utf8)


@lru_cache(maxsize=256)
def _fold(name: str, value: str, utf8: bool) -> bytes:
    """As the standard library writes it; a sender and a moment come back for many messages."""
    policy = SMTPUTF8 if utf8 else SMTP
    return policy.fold_binary(*policy.header_store_parse(name, value))


def _write_text(text: str) -> bytes:
    lines = text.encode("utf-8").splitlines()
    body = body_encode((b"\n".join(lines) + b"\n").decode("latin-1"), _LONGEST_LINE)
    return body.replace("\n", "\r\n").encode("ascii")


def _join(kind: str, parts: Sequence[bytes], *, boundary: str) -> bytes:
    """A part that holds these, with its own first lines."""
    value = f'multipart/{kind}; boundary="{boundary}"'
    line = f"Content-Type: {value}"
    if len(line) > _LONGEST_LINE:
        line = line.replace("; ", ";\r\n ")
    between = f"\r\n--{boundary}\r\n".encode("ascii")
    ends = f"\r\n--{boundary}--\r\n".encode("ascii")
    return line.encode("ascii") + b"\r\n" + between + between.join(parts) + ends


def clean_sender_name(name: str) -> str:
    """The name without what mail programs take for an address; at most 75 characters."""
    return clean_line(_NOT_IN_A_NAME.sub(" ", name), limit=_LONGEST_NAME)


def _address(address: str, name: str = "") -> Address:
    if not is_mailbox(address):
        raise Refusal(
            f"Het e-mailadres '{clean_line(address)}' klopt niet. Verbeter het adres.",
            f"The e-mail address '{clean_line(address)}' is not valid. Mend the address.",
        )
    username, _, domain = make_ascii_domain(address).rpartition("@")
    return Address(display_name=name, username=username, domain=domain)


def _check_message_id(message_id: str) -> str:
    if not _MESSAGE_ID.fullmatch(message_id):
        raise Refusal(
            f"Het berichtnummer '{clean_line(message_id)}' klopt niet. Maak het bericht opnieuw.",
            f"The Message-ID '{clean_line(message_id)}' is not valid. Make the message again.",
        )
    return message_id


def _write_attachment(attachment: Attachment, *, utf8: bool) -> bytes:
    main_type, _, subtype = attachment.media_type.partition("/")
    name = _NOT_IN_A_FILE_NAME.sub("_", clean_line(attachment.name, limit=100))
    part = EmailMessage(policy=SMTPUTF8 if utf8 else SMTP)
    part.set_content(attachment.content, maintype=main_type, subtype=subtype, filename=name)
    return part.as_bytes()
