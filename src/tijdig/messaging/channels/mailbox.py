"""The mailbox of the demo: mail lands in a folder, so that a page can show it and none leaves."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

from tijdig.core.problem import Refusal
from tijdig.messaging.channels.envelope import Envelope, Outcome
from tijdig.messaging.channels.folder import name_file, store_once
from tijdig.messaging.channels.mime import write_mime

_SUFFIX = ".eml"


@dataclass(frozen=True, slots=True)
class StoredMail:
    """One mail as the debtor would see it; `name` finds it again."""

    name: str
    message_id: str
    sender: str
    recipient: str
    subject: str
    written_at: datetime
    text: str
    html: str


class MailboxChannel:
    """Stores each mail as a file; nothing leaves the machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def prepare(self, envelope: Envelope) -> bytes:
        """The message as it would go out. Refuses: what the e-mail channel refuses."""
        return write_mime(envelope)

    def send(self, envelope: Envelope, *, on_body: Callable[[], None] | None = None) -> Outcome:
        """Puts the mail in the folder."""
        try:
            content = self.prepare(envelope)
        except Refusal as refusal:
            return Outcome("failed", refusal.because)
        name = name_file(envelope.message_id, _SUFFIX)
        return store_once(content, folder=self._folder, name=name, on_body=on_body)

    def close(self) -> None:
        """Nothing stays open."""


def list_mail(folder: Path, *, limit: int = 100) -> tuple[StoredMail, ...]:
    """The mail in the folder, newest first; a folder that is not there yet is empty."""
    # Names begin with an id that grows with time, so only the newest files need reading.
    names = sorted((path.name for path in folder.glob(f"*{_SUFFIX}")), reverse=True)[:limit]
    mails = [read_mail(folder, name) for name in names]
    return tuple(sorted(mails, key=lambda mail: (mail.written_at, mail.name), reverse=True))


def read_mail(folder: Path, name: str) -> StoredMail:
    """One mail of the folder. Refuses: a name that is not in it."""
    path = folder / name
    if path.parent != folder or path.suffix != _SUFFIX or not path.is_file():
        raise Refusal("Dit bericht bestaat niet meer.", "This message no longer exists.")
    message = message_from_bytes(path.read_bytes(), policy=default)
    return StoredMail(
        name=name,
        message_id=str(message["Message-ID"]),
        sender=str(message["From"]),
        recipient=str(message["To"]),
        subject=str(message["Subject"]),
        written_at=parsedate_to_datetime(str(message["Date"])).astimezone(UTC),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    return str(body.get_content()).replace("\r\n", "\n") if body is not None else ""
