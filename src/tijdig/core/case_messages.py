"""What a case still has to tell its debtor, as a fact of his decision."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

CaseText = Literal[
    "dispute_accepted",
    "dispute_declined",
    "invoice_again",
    "reminder_again",
    "plan_offer",
    "payment_missing",
]
CASE_STEP_PREFIX = "case-"
# The invoice once more, with a new term: who did not get it was not late before.
COPY_TEXT: CaseText = "invoice_again"
# The address of a copy that goes by post, to where the debtor lives.
BY_LETTER = "letter"
_ID_DIGITS = 12
_NAMES: dict[CaseText, str] = {
    "dispute_accepted": "accepted",
    "dispute_declined": "declined",
    "invoice_again": "invoice",
    "reminder_again": "reminder",
    "plan_offer": "plan",
    "payment_missing": "missing",
}


@dataclass(frozen=True, slots=True)
class Meant:
    """What somebody can have meant by what he said: one item, or all that he had then.

    `item_id` None is every invoice that was there on `told_on`, but for those of which he said
    something else since (`but_not`).
    """

    told_on: date
    item_id: UUID | None = None
    but_not: tuple[UUID, ...] = ()


def is_meant(meant: Meant, item_id: UUID, issued_on: date) -> bool:
    """Whether he can have meant this invoice."""
    if meant.item_id is not None:
        return meant.item_id == item_id
    return issued_on <= meant.told_on and item_id not in meant.but_not


@dataclass(frozen=True, slots=True)
class LetterAfterAnswer:
    """What a fourteen-day letter of `sent_on` does once the debtor has read an answer.

    After the day that the answer gives, `costs_cents` follow (with `vat_cents` in it), over more
    invoices than one where it `lists_more`. With 0 none do: the answer gives a later day than the
    letter, so a new letter comes first.
    """

    sent_on: date
    costs_cents: int
    vat_cents: int = 0
    lists_more: bool = False


@dataclass(frozen=True, slots=True)
class CaseMessage:
    """One message that a case asks for: an answer, or what follows on a reason for not paying.

    `key` is its step key, so that it goes out once; `from_on` the first day on which it can go,
    `told_on` the day of what it answers. `item_id` None is all that the debtor owes. `address` is
    where the debtor wants it: an e-mail address, "letter", or empty for wherever he is reached.
    `cents` and `answer` are those of a dispute. `but_not` are items of which he said something
    else. `leaves_rest`: a part of its invoice is neither credited nor asked by this message.
    `letter` is what the letter about it does then, where costs were to follow.
    """

    key: str
    text: CaseText
    from_on: date
    told_on: date
    item_id: UUID | None = None
    address: str = ""
    cents: int = 0
    answer: str = ""
    but_not: tuple[UUID, ...] = ()
    leaves_rest: bool = False
    letter: LetterAfterAnswer | None = None

    @property
    def meant(self) -> Meant:
        """The invoices that the debtor can have spoken of."""
        return Meant(self.told_on, self.item_id, self.but_not)


def make_case_key(case_id: UUID, text: CaseText, *, again: int = 0) -> str:
    """The step key of what a case tells: each text of a case goes out once.

    `again` counts how often it was asked for anew, at another address: each of those is its own.
    """
    turn = f"-{again + 1}" if again else ""
    return f"{CASE_STEP_PREFIX}{case_id.hex[-_ID_DIGITS:]}-{_NAMES[text]}{turn}"
