"""What a channel gets, what it gives back, and what every channel can do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from tijdig.core.problem import Sentence

Verdict = Literal["accepted", "retry", "failed", "in_doubt"]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes along; `media_type` as in "application/pdf"."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message to one recipient, ready to go; frozen, so that every attempt is the same.

    `message_id` with its angle brackets. For a letter `recipient` is for people only, and the
    letter is the attachment of type application/pdf.
    """

    message_id: str
    sender: str
    sender_name: str
    recipient: str
    reply_to: str
    subject: str
    text: str
    html: str
    written_at: datetime
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt.

    `retry`: nothing was handed over, try later. `failed`: nothing was handed over and a next try
    is no use. `in_doubt`: it may have been handed over; nobody can know from here.
    `code` is the server's reply code; `suppress_address` says that the address itself was refused,
    `is_about_us` that the server does not want us, whatever the message.
    """

    verdict: Verdict
    because: Sentence
    code: int | None = None
    receipt: str = ""
    suppress_address: bool = False
    is_about_us: bool = False


class Channel(Protocol):
    """A way to deliver. `send` never raises for what the outside does: that is in the outcome.

    `on_body` is called once, right before the first byte that the outside could keep; when it
    raises, nothing is sent and the error goes on to the caller.
    """

    def prepare(self, envelope: Envelope) -> bytes:
        """The bytes that go out; the same for every attempt. Refuses: what cannot be sent."""

    def send(self, envelope: Envelope, *, on_body: Callable[[], None] | None = None) -> Outcome:
        """Hands the envelope over, or says why not."""

    def close(self) -> None:
        """Ends what is still open; may be called twice."""
