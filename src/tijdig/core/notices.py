"""What a message means in law for the claims that it lists, read from its own words."""

from collections.abc import Iterable
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
class PaperItem:
    """What the paper of an invoice says of its term, also once it has been paid."""

    issued_on: date
    due_on: date
    term: str = "stated"
    by_direct_debit: bool = False


@dataclass(frozen=True, slots=True)
class PastNotice:
    """A legal notice about one open item that was sent.

    `received_on` is None as long as nothing proves receipt; `last_day` is the last day that it
    gave. `costs_cents` is what it says will be added to all that it lists. A void one has no
    effect, but a later one replaces it. `is_bank_read`: what was paid on its last day is known.
    `is_unposted`: a letter that was printed, and nobody said yet that it was posted. `sent_on` is
    the day of its posting where one was told, `printed_on` the day of its words. `claimed_cents`
    were claimed of costs after the whole message and not taken back; until then `rest_cents` is
    what was open at the end of `last_day`, None where no part has been paid. `paper` is the
    invoice of a letter, paid or not; None of another notice. `void_cause` is why one that was right
    is void by what happened around it: `moved`, `given_time`, `rest_` or `himself_` with a
    situation.
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
    is_unposted: bool = False
    printed_on: date | None = None
    claimed_cents: int = 0
    paper: PaperItem | None = None
    void_cause: str = ""
    rest_cents: int | None = None


@dataclass(frozen=True, slots=True)
class MoreTime:
    """A later day to pay that was given for one invoice, or a plan that was agreed about it.

    `withdrawn_on` is the day on which a later day was taken back; None where it was not. A plan
    that was broken was agreed all the same, and who was told of a collection had nothing to do.
    `until_on` is the day that a copy or an answer named, or on which he promised to pay: it is more
    time only where the letter names an earlier one.
    """

    given_on: date
    withdrawn_on: date | None = None
    until_on: date | None = None


def is_overtaken(
    letter: PastNotice, more_time: Iterable[MoreTime], *, named_on: date | None = None
) -> bool:
    """Whether more time was given from a letter's printing up to and including its last day.

    `named_on` is the day that the letter names, where its last day is not meant.
    Who was given more time within the term did not let that term pass: no costs follow from this
    letter, also where the time was taken back, or the plan broken, later on. Time that was given
    while the letter lay in the tray made its words untrue before it went. What was taken back on
    the day that it was given changes nothing, and a notice of default keeps its effect.
    Law: BW 6:96 lid 6.
    """
    if letter.kind != "veertiendagenbrief" or letter.last_day is None:
        return False
    written_on = letter.printed_on or letter.sent_on
    return any(
        written_on <= one.given_on <= letter.last_day
        and (one.withdrawn_on is None or one.withdrawn_on > one.given_on)
        and (one.until_on is None or one.until_on > (named_on or letter.last_day))
        for one in more_time
    )


def missed_him(notice: PastNotice, moved_on: Iterable[date]) -> bool:
    """Whether his address became another one between the writing of a letter and its delivery.

    `moved_on` are the days on which another address was recorded. A letter is presumed to reach
    whoever lives where it is delivered: by then that was somewhere else. Law: BW 3:37 lid 3.
    """
    if notice.received_on is None:
        return False
    written_on = notice.printed_on or notice.sent_on
    return any(written_on <= day <= notice.received_on for day in moved_on)


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
