"""Who there is in the demo and what they buy: pure data, the same for the same seed and day."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Habit = Literal[
    "prompt",  # pays in good time
    "on_time",  # pays around the due date, after the notice
    "late",  # pays some days too late, whatever he gets
    "forgetful",  # pays once the reminder has come
    "slow",  # pays once somebody has called
    "by_reference",  # pays with the payment reference of the message
    "wordless",  # pays the exact amount and writes nothing
    "bundler",  # pays two invoices in one transfer
    "part_payer",  # pays half at the reminder, the rest at the last demand
    "doubler",  # pays on time, and the last time twice
    "returner",  # his last payment comes back
    "quiet",  # paid well for a year, and then no more
    "never",  # does not pay
]
Feed = Literal["ubl", "list", "both"]
ListStyle = Literal["plain", "signed", "term_days", "workbook"]
DebtorKind = Literal["business", "consumer"]


@dataclass(frozen=True, slots=True)
class Debtor:
    """Somebody who buys. `new_email` is what the books say from `moves_on` on."""

    number: str
    name: str
    kind: DebtorKind
    habit: Habit
    iban: str
    email: str
    phone: str
    contact_name: str
    street: str
    postal_code: str
    city: str
    country: str = "NL"
    kvk_number: str = ""
    new_email: str = ""
    moves_on: date | None = None

    def email_on(self, day: date) -> str:
        """The address that the books know on this day."""
        if self.moves_on and day >= self.moves_on:
            return self.new_email
        return self.email


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an invoice; `unit_cents` is without VAT."""

    description: str
    quantity: int
    unit_cents: int

    @property
    def net_cents(self) -> int:
        """Quantity times price."""
        return self.quantity * self.unit_cents


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice, or the credit note on the invoice that `credited_number` names."""

    number: str
    debtor: Debtor
    issued_on: date
    due_on: date
    lines: tuple[Line, ...]
    vat_percent: int
    order_reference: str = ""
    credited_number: str = ""

    @property
    def net_cents(self) -> int:
        """Without VAT; positive, also on a credit note."""
        return sum(line.net_cents for line in self.lines)

    @property
    def vat_cents(self) -> int:
        """VAT on the whole, rounded half up."""
        return (self.net_cents * self.vat_percent + 50) // 100

    @property
    def claim_cents(self) -> int:
        """What it adds to what is owed: a credit note takes off."""
        total = self.net_cents + self.vat_cents
        return -total if self.credited_number else total


@dataclass(frozen=True, slots=True)
class Creditor:
    """One set of books, with how its files come: `feed` tells invoices, `camt` the bank's version.

    Without `camt` there is no bank connection. `invoices` stand in order of issue. Who is
    `left_alone` brings no case: the visitor sees what his day's run does about these numbers.
    """

    slug: str
    name: str
    owner: str
    iban: str
    kvk_number: str
    vat_number: str
    email: str
    phone: str
    street: str
    postal_code: str
    city: str
    feed: Feed
    list_style: ListStyle
    camt: Literal["", "02", "08"]
    debtors: tuple[Debtor, ...]
    invoices: tuple[Invoice, ...]
    left_alone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class World:
    """Everything that was made up; `anchor_on` is the day on which a visitor first comes in."""

    seed: int
    begins_on: date
    anchor_on: date
    creditors: tuple[Creditor, ...]
