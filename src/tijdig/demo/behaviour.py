"""How debtors behave: what each does about an invoice, a mail that he reads, and a call.

Pure: what is known goes in, what will be paid comes out. A debtor knows his invoices and what
Tijdig sent him, nothing else.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Literal

from tijdig.demo.world import Debtor, Invoice

MailKind = Literal["notice", "reminder", "last_demand"]
# The last three are what the bank does with a collection of ours.
Way = Literal[
    "number",
    "wordless",
    "reference",
    "half",
    "twice",
    "comes_back",
    "collected",
    "no_money",
    "refused",
]

_SATURDAY = 5
_QUIET_SINCE_DAYS = 75
_LAST_TIME_DAYS = 28
_REFERENCE = re.compile(r"RF[0-9]{2}(?: ?[0-9]{4}){3}")
# The amount that a mail asks stands in the last rows before the account number.
_AMOUNT = re.compile(r"€\s?(-?[0-9.,]+)")
_IBAN = re.compile(r"\bNL[0-9]{2} ?TEST\b")
_KINDS: tuple[tuple[str, MailKind], ...] = (
    ("Laatste herinnering", "last_demand"),
    ("Final reminder", "last_demand"),
    ("Herinnering", "reminder"),
    ("Reminder", "reminder"),
    ("Binnenkort betalen", "notice"),
    ("Due soon", "notice"),
)


@dataclass(frozen=True, slots=True)
class Intent:
    """A payment that somebody has in mind.

    `numbers` are the invoices meant; what is paid is what then is open on them, except that a
    payment by `reference` pays the `cents` that the message asked.
    """

    on: date
    debtor_number: str
    numbers: tuple[str, ...]
    way: Way = "number"
    reference: str = ""
    cents: int = 0


@dataclass(frozen=True, slots=True)
class ReadMail:
    """What a debtor takes from a mail: what it wants, about which of his invoices."""

    kind: MailKind
    numbers: tuple[str, ...]
    reference: str
    cents: int


def read_mail(subject: str, text: str, *, own_numbers: Iterable[str]) -> ReadMail | None:
    """What the mail says to somebody who has these invoices; None for a mail about nothing."""
    kind = next((kind for words, kind in _KINDS if subject.startswith(words)), None)
    numbers = tuple(number for number in own_numbers if number in text)
    if kind is None or not numbers:
        return None
    reference = _REFERENCE.search(text)
    account = _IBAN.search(text)
    amounts = _AMOUNT.findall(text[: account.start()]) if account else []
    return ReadMail(
        kind,
        numbers,
        reference.group().replace(" ", "") if reference else "",
        _to_cents(amounts[-1]) if amounts else 0,
    )


def decide_on_invoice(
    invoice: Invoice, chance: Random, *, anchor_on: date, has_paid_before: bool
) -> Intent | None:
    """The payment that follows from the invoice alone; None for who waits, or never pays."""
    debtor = invoice.debtor
    delay = _choose_delay(invoice, chance, anchor_on=anchor_on)
    if invoice.credited_number or delay is None:
        return None
    on = max(invoice.due_on + timedelta(days=delay), invoice.issued_on + timedelta(days=1))
    is_last = 0 <= (anchor_on - on).days <= _LAST_TIME_DAYS
    way: Way = "number"
    if debtor.habit == "wordless" and has_paid_before:
        way = "wordless"
    elif is_last and debtor.habit in ("doubler", "returner"):
        way = "twice" if debtor.habit == "doubler" else "comes_back"
    return _intend(debtor, (invoice.number,), on, way)


def decide_on_mail(debtor: Debtor, mail: ReadMail, chance: Random, *, today: date) -> Intent | None:
    """The payment that a mail moves this debtor to; None where it leaves him cold."""
    habit, kind = debtor.habit, mail.kind
    on = today + timedelta(days=chance.randint(1, 5))
    if habit == "by_reference" and mail.reference and mail.cents:
        intent = _intend(debtor, mail.numbers, on, "reference")
        return Intent(
            intent.on, debtor.number, mail.numbers, "reference", mail.reference, mail.cents
        )
    if habit == "forgetful" and kind != "notice":
        return _intend(debtor, mail.numbers, on, "number")
    if habit == "slow" and kind == "last_demand":
        return _intend(debtor, mail.numbers, on, "number")
    if habit == "part_payer" and kind != "notice":
        return _intend(debtor, mail.numbers, on, "half" if kind == "reminder" else "number")
    return None


def decide_on_call(
    debtor: Debtor, numbers: tuple[str, ...], chance: Random, *, today: date
) -> Intent | None:
    """The payment after somebody rang; some promise it and do nothing."""
    if debtor.habit not in ("slow", "forgetful", "late", "on_time", "part_payer"):
        return None
    return _intend(debtor, numbers, today + timedelta(days=chance.randint(2, 8)), "number")


def say_on_call(debtor: Debtor, intent: Intent | None) -> str:
    """What the debtor says on the telephone, as the person who rang writes it down."""
    if not debtor.phone:
        return "Geen telefoonnummer. Opgezocht en gebeld via het algemene nummer."
    if intent is None:
        return "Kreeg de voicemail. Boodschap achtergelaten."
    return f"Gesproken. Betaalt rond {intent.on:%d-%m-%Y}."


def compute_payment(
    intent: Intent, open_cents: Mapping[str, int], credits_on: Mapping[str, tuple[str, ...]]
) -> tuple[tuple[str, int], ...]:
    """What the payment settles: (number, cents) per invoice and credit note; empty for nothing.

    Who pays by reference pays what was asked, unless he has paid something of it since.
    """
    named = [number for number in intent.numbers if open_cents.get(number, 0) > 0]
    if intent.way == "half":
        return tuple((number, open_cents[number] // 2) for number in named[:1])
    numbers = dict.fromkeys(
        one for number in named for one in (number, *credits_on.get(number, ()))
    )
    parts = tuple((one, open_cents[one]) for one in numbers if open_cents.get(one, 0))
    total = sum(cents for _, cents in parts)
    if total <= 0 or (intent.way == "reference" and total != intent.cents):
        return ()
    return parts


def to_banking_day(day: date) -> date:
    """The day itself, or the Monday after its weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= _SATURDAY else day


def _choose_delay(invoice: Invoice, chance: Random, *, anchor_on: date) -> int | None:
    """Days after the due date; negative before it."""
    early = chance.randint(-9, -4)
    match invoice.debtor.habit:
        case "prompt" | "doubler" | "returner" | "wordless":
            return early
        case "on_time":
            return chance.randint(-1, 2)
        case "late":
            return chance.randint(6, 12)
        case "bundler":
            return chance.randint(0, 2)
        case "quiet":
            went_quiet_on = anchor_on - timedelta(days=_QUIET_SINCE_DAYS)
            return early if invoice.issued_on < went_quiet_on else None
        case _:
            return None


def _intend(debtor: Debtor, numbers: tuple[str, ...], on: date, way: Way) -> Intent:
    return Intent(to_banking_day(on), debtor.number, numbers, way)


def _to_cents(amount: str) -> int:
    """`1.234,56` and `1,234.56` as cents: the last two digits are cents."""
    return int(re.sub(r"[^0-9-]", "", amount))
