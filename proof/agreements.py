"""What the office agreed with a debtor, as the simulator knows it: pauses, plans, and their ends.

A judgement of its own: it counts from what people said and from what the mail server got.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from proof.words import MailKind

# Two working days after the last day to pay, and a week after the one question about it.
GRACE_WORKING_DAYS, NUDGE_DAYS = 2, 7
# Nobody is asked for less than this of a term of which a part was paid: it goes to the next.
LEAST_CENTS = 500
# New Year, Easter, the King, Liberation, Ascension, Whitsun and Christmas of the year lived.
_DAYS_OFF = frozenset(
    date(2026, month, day)
    for month, day in (
        (1, 1), (4, 3), (4, 6), (4, 27), (5, 5), (5, 14), (5, 25), (12, 25), (12, 26)
    )
)  # fmt: skip


@dataclass(slots=True)
class Rest:
    """Nobody asks for this from the first day up to and including the last.

    `numbers`: these invoices, else everything of this debtor. `allows`: kinds of mail that go on.
    `mail_only`: nothing is sent, but a plan lapses all the same. `gives_time`: who had a term gets
    another one after it.
    """

    what: str
    from_on: date
    until_on: date
    numbers: frozenset[str] = frozenset()
    allows: frozenset[MailKind] = frozenset()
    key: UUID | None = None
    mail_only: bool = False
    gives_time: bool = True

    def forbids(self, kind: MailKind, numbers: frozenset[str], today: date) -> bool:
        """Whether a mail of this kind about these invoices should not have gone out."""
        if not self.from_on <= today <= self.until_on or kind in self.allows:
            return False
        return not self.numbers or bool(self.numbers & numbers)

    def end(self, today: date) -> None:
        """It was taken back today."""
        self.until_on = min(self.until_on, today - timedelta(days=1))


@dataclass(slots=True)
class Term:
    """One term: its last day, its cents, and when it was asked for once more."""

    due_on: date
    cents: int
    nudged_on: date | None = None
    noticed: bool = False


@dataclass(slots=True)
class KnownPlan:
    """A plan over what was open on these invoices on the day it was agreed.

    `may_be_over`: from the morning on which nobody could blame the office for ending it; `is_over`
    from the first of these on which people work: it goes on where the money comes in before that.
    """

    open_then: Mapping[str, int]
    terms: list[Term]
    key: UUID
    agreed_on: date
    may_be_over: bool = False
    is_over: bool = False
    confirmed: bool = False
    held_on: date = field(default=date.min)

    @property
    def numbers(self) -> frozenset[str]:
        """Its invoices."""
        return frozenset(self.open_then)

    def list_owed(self, open_now: Mapping[str, int]) -> frozenset[str]:
        """Its invoices of which anything is open: what is said of the others holds nothing back."""
        return frozenset(number for number in self.open_then if open_now[number] > 0)

    def find_due(self, open_now: Mapping[str, int]) -> tuple[Term | None, int]:
        """The first term that is not paid in full, and what is asked of it.

        A few cents that are left of a term are asked with the next; of the last, not at all.
        """
        covered = sum(self.open_then.values()) - sum(open_now.values())
        asked = carried = 0
        for one in self.terms:
            asked += one.cents
            left = min(asked - covered, one.cents + carried)
            if left >= min(LEAST_CENTS, one.cents):
                return one, left
            carried = max(left, 0)
        return None, 0

    def look(self, open_now: Mapping[str, int], *, today: date) -> None:
        """Each morning, once the files are in: a term asked for in vain ends the plan."""
        due, _ = self.find_due(open_now)
        if due is not None and due.nudged_on is not None:
            waited = max(due.nudged_on, due.due_on, self.held_on) + timedelta(days=NUDGE_DAYS)
            self.may_be_over = self.may_be_over or today > waited
            self.is_over = self.is_over or (today > waited and _is_working_day(today))

    def judge(
        self, kind: MailKind, cents: int, open_now: Mapping[str, int], *, today: date
    ) -> list[str]:
        """What is wrong with a mail of this plan."""
        due, left = self.find_due(open_now)
        if due is None:
            return ["a plan that was paid"]
        wrong = ["a plan that was over"] if self.is_over and kind == "nudge" else []
        if kind == "confirmed":
            wrong += ["confirmed twice"] if self.confirmed else []
            self.confirmed = True
            total = sum(open_now.values())
            return wrong + ([f"confirms {cents}, open are {total}"] if cents != total else [])
        if cents != left:
            wrong.append(f"asks {cents} of a term of which {left} is left")
        if kind == "notice":
            wrong += ["announces a term twice"] if due.noticed else []
            wrong += ["announces a term that is past"] if today > due.due_on else []
            due.noticed = True
            return wrong
        if today <= add_working_days(due.due_on, GRACE_WORKING_DAYS):
            wrong.append(f"misses a term that is due on {due.due_on}")
        wrong += ["misses a term twice"] if due.nudged_on is not None else []
        due.nudged_on = today
        return wrong


def split_terms(plan: KnownPlan) -> list[list[tuple[str, int]]]:
    """Each term laid on the invoices that it pays, in the order in which they stand."""
    left, parts = dict(plan.open_then), []
    for term in plan.terms:
        cents, own = term.cents, []
        for number, open_cents in left.items():
            part = min(cents, open_cents)
            if part:
                own.append((number, part))
                left[number] -= part
                cents -= part
        parts.append(own)
    return parts


def _is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in _DAYS_OFF


def add_working_days(day: date, count: int) -> date:
    """So many days on which people work later; holidays make it later still."""
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day
