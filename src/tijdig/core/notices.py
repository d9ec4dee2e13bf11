"""What a message means in law for the claims that it lists, read from its own words."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from tijdig.core.problem import Sentence

NoticeKind = Literal["ingebrekestelling", "veertiendagenbrief", "interruption"]

# A text that does not say it has no such effect, whatever it is called.
PUTS_IN_DEFAULT = Sentence("Dat heet verzuim.", "This is called default.")
RESERVES_RIGHT = Sentence("het recht op nakoming voor", "our right to payment")


@dataclass(frozen=True, slots=True)
class PastNotice:
    """A legal notice about one open item that was sent.

    `received_on` is None as long as nothing proves receipt; `last_day` is the last day that it
    gave. `costs_cents` is what it says will be added to all that it lists. A void one has no
    effect, but a later one replaces it. `is_bank_read`: what was paid on its last day is known.
    """

    kind: NoticeKind
    item_id: UUID
    message_id: UUID
    amount_cents: int
    sent_on: date
    received_on: date | None = None
    last_day: date | None = None
    costs_cents: int = 0
    vat_cents: int = 0
    is_void: bool = False
    is_bank_read: bool = True


def find_legal_effects(phase: str, text: str, *, pay_by_on: date | None) -> tuple[NoticeKind, ...]:
    """What a message of this phase with these words is, beside a request to pay.

    It puts in default only where it says so and gives a last day, and interrupts limitation only
    where it reserves the right to payment. Law: BW 6:82 lid 1, 6:96 lid 6, 3:317 lid 1.
    """
    words = " ".join(text.split())
    effects: list[NoticeKind] = []
    if pay_by_on is not None and _says(PUTS_IN_DEFAULT, words):
        effects.append("ingebrekestelling")
    if phase == "veertiendagenbrief":
        effects.append("veertiendagenbrief")
    if _says(RESERVES_RIGHT, words):
        effects.append("interruption")
    return tuple(effects)


def _says(sentence: Sentence, words: str) -> bool:
    return sentence.nl in words or sentence.en in words
