"""What a book of invoices and payments is made of, and the share of each habit in it."""

from dataclasses import dataclass, field
from datetime import date
from random import Random

from tijdig.core.references import make_rf_reference

TEXT_SHARES = (
    ("full", 47), ("split", 10), ("bare", 8), ("no_zeros", 4), ("cut", 5), ("swapped", 2),
    ("field", 4), ("order", 3), ("with_debtor", 5), ("debtor_only", 2), ("reminder", 4),
    ("chatter", 6),
)  # fmt: skip
"""What the payer writes, in percent of payments."""
AMOUNT_SHARES = (
    ("exact", 930), ("discount", 25), ("cents", 10), ("short", 15), ("twice", 7), ("over", 8),
    ("round", 5),
)  # fmt: skip
"""What is paid, in thousandths; a discount only where the invoice offers one."""
PAYER_SHARES = (
    ("own", 880), ("second", 45), ("relative", 30), ("in_law", 12), ("company", 13), ("keeper", 20),
)  # fmt: skip
"""Whose account it comes from, in thousandths; keepers pay for several debtors."""
GROUP_SHARES = (("one", 80), ("some", 8), ("all", 8), ("parts", 4))
"""How many invoices at once, in percent; parts are two to twelve for one invoice."""
STRANGE_SHARE = 0.03
"""Money that pays nothing in the book, as a share of all payments."""


@dataclass(slots=True)
class BookDebtor:
    """A debtor with the accounts and habits that he has."""

    number: str
    name: str
    is_person: bool
    iban: str
    second_iban: str
    weekly: float
    fixed_cents: int
    habit: str
    keeper: int


@dataclass(slots=True)
class BookInvoice:
    """An invoice or credit note, and what is truly left of it."""

    number: str
    debtor: int
    issued_on: date
    due_on: date
    cents: int
    order: str = ""
    discount_cents: int = 0
    discount_until: date | None = None
    left_cents: int = 0


@dataclass(slots=True)
class BookPayment:
    """A line of the bank with the truth: cents by invoice, nothing where it pays none.

    `findable` says whether a careful person could know; `habits` what made it so.
    """

    on: date
    cents: int
    text: str
    reference: str
    iban: str
    name: str
    truth: dict[str, int]
    findable: bool
    habits: tuple[str, ...]
    conceded: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Book:
    """All of it; `asked` gives for each of our references the invoices and cents it listed."""

    debtors: list[BookDebtor]
    invoices: list[BookInvoice]
    payments: list[BookPayment]
    asked: dict[str, tuple[date, dict[str, int]]]


def pick(chance: Random, shares: tuple[tuple[str, int], ...]) -> str:
    """One name, by its share."""
    return chance.choices([name for name, _ in shares], [share for _, share in shares])[0]


def make_iban(chance: Random) -> str:
    """A Dutch account of an invented bank, with right check digits."""
    account = f"{chance.choice(('TEST', 'PROE', 'VOOR'))}{chance.randrange(10**10):010d}"
    moved = f"{account}NL00"
    check = 98 - int("".join(str(int(c, 36)) for c in moved)) % 97
    return f"NL{check:02d}{account}"


def make_reference(serial: int) -> str:
    """The reference of one of our own messages."""
    return make_rf_reference(serial)
