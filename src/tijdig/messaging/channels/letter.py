"""Letters as PDF in a folder, from which someone or something prints them."""

from collections.abc import Callable
from pathlib import Path

from tijdig.core.problem import Refusal
from tijdig.messaging.channels.envelope import Envelope, Outcome
from tijdig.messaging.channels.folder import name_file, store_once

_PDF = "application/pdf"


class PrintFolderChannel:
    """A folder for letters; the name of a file comes from the id of its message."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def prepare(self, envelope: Envelope) -> bytes:
        """The PDF of the envelope. Refuses: an envelope without exactly one."""
        letters = [part.content for part in envelope.attachments if part.media_type == _PDF]
        if len(letters) != 1:
            raise Refusal(
                "Bij een brief hoort precies één PDF. Maak het bericht opnieuw.",
                "A letter comes with exactly one PDF. Make the message again.",
            )
        return letters[0]

    def send(self, envelope: Envelope, *, on_body: Callable[[], None] | None = None) -> Outcome:
        """Puts the letter in the folder."""
        try:
            pdf = self.prepare(envelope)
        except Refusal as refusal:
            return Outcome("failed", refusal.because)
        name = name_file(envelope.message_id, ".pdf")
        return store_once(pdf, folder=self._folder, name=name, on_body=on_body)

    def close(self) -> None:
        """Nothing stays open."""
