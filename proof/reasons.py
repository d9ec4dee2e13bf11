"""What debtors told the office and what it answered, as the simulator knows it.

A judgement of its own, by what the office wrote down and what the mail server got: which message
each reason and each answer asks for, once, and from when.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal
from uuid import UUID

from proof.agreements import Rest, add_working_days
from proof.words import PLAN_KINDS, MailKind

ReasonKind = Literal["forgot", "not_received", "cannot_pay", "says_paid"]
# What each reason asks for in place of the next step, and the working days that it gives.
MESSAGES: Mapping[ReasonKind, MailKind] = {
    "forgot": "again",
    "not_received": "copy",
    "cannot_pay": "offer",
    "says_paid": "missing",
}
REST_WORKING_DAYS: Mapping[ReasonKind, int] = {"forgot": 3, "cannot_pay": 10, "says_paid": 3}
# These ask for money once more: not before the days of rest are over.
ASKS: frozenset[MailKind] = frozenset(("again", "missing"))
ANSWERS: frozenset[MailKind] = frozenset(("accepted", "declined"))
CASE_KINDS: frozenset[MailKind] = frozenset(MESSAGES.values()) | ANSWERS
FIRM: frozenset[MailKind] = frozenset(("letter", "last_demand"))
STEPS: frozenset[MailKind] = FIRM | {"reminder"}
COPY_DAYS = (14, 30)
# Said of one invoice these stand until our own part is done.
UNTIL_DONE: frozenset[ReasonKind] = frozenset(("not_received", "cannot_pay"))


@dataclass(slots=True)
class KnownReason:
    """Why he did not pay, as he said on a day; `number` is the invoice that he spoke of, empty for
    all. `heard` are the invoices that he had been asked for; `address` is where a copy may go.
    `replaced_by` is what he said later in its place; `is_mistake`: he never said it.
    """

    kind: ReasonKind
    told_on: date
    heard: frozenset[str]
    key: UUID
    number: str = ""
    address: str = ""
    confirmed_on: date = date.max
    sent_on: date | None = None
    over_on: date = date.max
    rests: list[Rest] = field(default_factory=list)
    replaced_by: "KnownReason | None" = None
    is_mistake: bool = False

    @property
    def message(self) -> MailKind:
        """The mail that it asks for."""
        return MESSAGES[self.kind]

    def stands(self, today: date) -> bool:
        """Whether the run of this day knows of it, and nobody has dealt with it."""
        return self.told_on < today < self.over_on

    def is_about(self, number: str, *, issued_on: date, due_on: date) -> bool:
        """Whether he can have meant this invoice: it was there, or was to be paid, by then."""
        day = due_on if self.message in ASKS else issued_on
        return number == self.number if self.number else day <= self.told_on

    def judge(self, recipient: str, *, today: date) -> list[str]:
        """What is wrong with its mail; from now on it was sent."""
        wrong = []
        if self.sent_on is not None:
            wrong.append(f"{self.message} twice for one reason")
        if self.message in ASKS and today <= self.last_day_of_rest:
            wrong.append(f"{self.message}, and he has until {self.last_day_of_rest}")
        if self.message == "copy" and recipient != self.address:
            wrong.append("a copy to an address that he did not confirm")
        self.sent_on = today
        return wrong

    @property
    def last_day_of_rest(self) -> date:
        """The last day that the reason itself gives."""
        return add_working_days(self.told_on, REST_WORKING_DAYS.get(self.kind, 0))

    def is_owed_before(self, kind: MailKind, numbers: frozenset[str], today: date) -> bool:
        """Whether the friendly question should have come before this step."""
        return (
            self.message in ASKS
            and kind in STEPS
            and self.sent_on is None
            and self.stands(today)
            and bool(numbers & ({self.number} if self.number else self.heard))
        )

    def replaces(self, earlier: "KnownReason") -> bool:
        """Whether it takes the place of what he said before: of the same invoice, or, said of all,
        of any; but not of what waits for our own part of one, unless it asks for the same.
        """
        if self.number:
            return earlier.number == self.number
        is_done = earlier.kind == "not_received" and earlier.sent_on is not None
        waits = bool(earlier.number) and earlier.kind in UNTIL_DONE and not is_done
        return earlier.kind == self.kind or not waits

    def make_rests(self) -> list[Rest]:
        """From the next run on: who may be sent what, until when."""
        numbers = frozenset([self.number]) if self.number else frozenset[str]()
        what, tomorrow = f"the reason {self.kind}", self.told_on + timedelta(days=1)
        told = {"numbers": numbers, "key": self.key, "gives_time": False}
        until_on = date.max if self.kind == "not_received" else self.last_day_of_rest
        found = [Rest(what, tomorrow, until_on, allows=CASE_KINDS, **told)]  # type: ignore[arg-type]
        if self.kind == "cannot_pay":
            softer: frozenset[MailKind] = CASE_KINDS | PLAN_KINDS | {"before_due", "reminder"}
            firm = {**told, "numbers": frozenset[str]()}
            found.append(Rest(what, tomorrow, date.max, allows=softer, **firm))  # type: ignore[arg-type]
        return found

    def end(self, today: date) -> None:
        """It was followed up or withdrawn this morning."""
        self.over_on = min(self.over_on, today)
        for rest in self.rests:
            rest.end(today)

    def come_back(self, today: date) -> list[Rest]:
        """What replaced it was a mistake: from the next run on it stands again; its rests."""
        self.over_on = date.max
        is_copied = self.kind == "not_received" and self.sent_on is not None
        self.rests = [] if is_copied else self.make_rests()
        for rest in self.rests:
            rest.from_on = today + timedelta(days=1)
        return self.rests


def replace_earlier(made: KnownReason, reasons: Sequence[KnownReason]) -> None:
    """What he said before and what this one replaces is over: the last word counts."""
    for one in reasons:
        if one is not made and one.over_on == date.max and made.replaces(one):
            one.replaced_by = made
            one.end(made.told_on)


def list_said_since(reason: KnownReason, reasons: Sequence[KnownReason]) -> frozenset[str]:
    """The invoices of which he said something of their own after it."""
    later = reasons[next(n for n, one in enumerate(reasons) if one is reason) + 1 :]
    return frozenset(one.number for one in later if one.number and not one.is_mistake)


def bring_back(mistaken: KnownReason, reasons: Sequence[KnownReason], today: date) -> list[Rest]:
    """What this one replaced stands again, unless a word since replaces it; the rests of those."""
    mistaken.is_mistake = True
    rests = []
    for place, one in enumerate(reasons):
        if one.replaced_by is mistaken:
            later = (two for two in reasons[place + 1 :] if not two.is_mistake)
            one.replaced_by = next((two for two in later if two.replaces(one)), None)
            rests += [] if one.replaced_by else one.come_back(today)
    return rests


@dataclass(slots=True)
class KnownAnswer:
    """What the office answered to an objection about so much of an invoice."""

    number: str
    kind: MailKind
    on: date
    cents: int
    sent_on: date | None = None
