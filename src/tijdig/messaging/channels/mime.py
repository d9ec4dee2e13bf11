"""An envelope as the bytes of an e-mail: text and HTML alike, nothing that could be injected."""

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from tijdig.core.email_addresses import is_mailbox, make_ascii_domain, needs_utf8
from tijdig.core.problem import Refusal
from tijdig.messaging.channels.envelope import Attachment, Envelope
from tijdig.messaging.labels import clean_line

_LONGEST_NAME = 75
# Mail filters take these in a sender's name for an attempt to look like another address.
_NOT_IN_A_NAME = re.compile(r'[@:,;"<>()\[\]\\]')
_MESSAGE_ID = re.compile(r"<[!-;=?A-~]+@[A-Za-z0-9.-]+>")
_NOT_IN_A_FILE_NAME = re.compile(r"[^\w. -]+")


def write_mime(envelope: Envelope) -> bytes:
    """The whole message with CRLF line ends; the same envelope gives the same bytes.

    Refuses: an address or Message-ID that is not valid.
    """
    named = (envelope.sender, envelope.recipient, envelope.reply_to)
    message = EmailMessage(policy=SMTPUTF8 if any(map(needs_utf8, named)) else SMTP)
    message["From"] = _address(envelope.sender, clean_sender_name(envelope.sender_name))
    message["To"] = _address(envelope.recipient)
    if envelope.reply_to:
        message["Reply-To"] = _address(envelope.reply_to)
    message["Subject"] = clean_line(envelope.subject)
    message["Date"] = format_datetime(envelope.written_at)
    message["Message-ID"] = _check_message_id(envelope.message_id)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(envelope.text, cte="quoted-printable")
    if envelope.html:
        message.add_alternative(envelope.html, subtype="html", cte="quoted-printable")
    for attachment in envelope.attachments:
        _attach(message, attachment)
    for at, part in enumerate(p for p in message.walk() if p.is_multipart()):
        part.set_boundary(f"=_{at}_{envelope.message_id.strip('<>').partition('@')[0][:40]}")
    return message.as_bytes()


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


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    main_type, _, subtype = attachment.media_type.partition("/")
    name = _NOT_IN_A_FILE_NAME.sub("_", clean_line(attachment.name, limit=100))
    message.add_attachment(attachment.content, maintype=main_type, subtype=subtype, filename=name)
