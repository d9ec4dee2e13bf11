"""The fields of MT940 and MT942 that every bank writes: lines, balances, accounts."""

import calendar
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from tijdig.core.problem import Sentence

_LINE: Final = re.compile(
    r"(?P<value>\d{6})(?P<entry>\d{4}|\s{4})?(?P<sign>R?[CD])(?P<fund>[A-Z])?\s?"
    r"(?P<amount>\d[\d.,]*|,\d+)\s?(?P<kind>[A-Z].{3})(?P<rest>.*)"
)
_BALANCE: Final = re.compile(
    r"(?P<sign>[CD])(?P<on>\d{6})(?P<currency>[A-Z]{3})(?P<amount>\d[\d.,]*|,\d+)"
)
_CURRENCY: Final = re.compile(r"(?<=\d)\s*([A-Z]{3})$")
_NO_REFERENCE: Final = frozenset({"NONREF", "EREF", "PREF", "MARF", "KREF", "KREF+", ""})
_LATEST_OF_THIS_CENTURY: Final = 79
_DAYS_APART: Final = 180


@dataclass(frozen=True, slots=True)
class LineField:
    """What `:61:` says: the signed amount, its days, and the references behind it."""

    booked_on: date
    value_on: date
    cents: int
    is_reversal: bool
    kind: str
    reference: str
    bank_reference: str
    further: str


@dataclass(frozen=True, slots=True)
class BalanceField:
    """What `:60F:` or `:62F:` says."""

    cents: int
    on: date
    currency: str


def read_line(value: str) -> LineField | Sentence:
    """The movement of a `:61:` field (its lines joined by "\\n"), or why it is none.

    The sign of a reversal (RC, RD) is that of the money: a reversed credit goes out. Dates that no
    month has (30 February, as banks that count 30 days write it) become the last day of the month.
    """
    first, _, further = value.partition("\n")
    found = _LINE.match(first)
    if not found:
        return _NOT_A_LINE
    value_on = _read_day(found["value"])
    cents = read_amount(found["amount"])
    if value_on is None or cents is None:
        return _NOT_A_LINE
    sign = found["sign"]
    reference, _, bank_reference = found["rest"].partition("//")
    return LineField(
        booked_on=_read_entry_day(found["entry"], value_on),
        value_on=value_on,
        cents=cents if sign in {"C", "RD"} else -cents,
        is_reversal=sign.startswith("R"),
        kind=found["kind"],
        reference=reference,
        bank_reference=bank_reference.strip(),
        further=further,
    )


def is_reference(text: str) -> bool:
    """Whether a reference says anything."""
    return text.strip().upper() not in _NO_REFERENCE


def read_balance(value: str) -> BalanceField | None:
    """The balance, or None where the field cannot be read."""
    found = _BALANCE.match(value.strip())
    on = _read_day(found["on"]) if found else None
    cents = read_amount(found["amount"]) if found else None
    if not found or on is None or cents is None:
        return None
    return BalanceField(cents if found["sign"] == "C" else -cents, on, found["currency"])


def read_account(value: str) -> tuple[str, str]:
    """The account number and, where it stands behind it, its currency."""
    text = value.split("\n", maxsplit=1)[0].strip().upper()
    before, _, last = text.rpartition("/")
    if before and len(last) == 3 and last.isalpha():
        text = before + last
    elif before:
        text = last
    found = _CURRENCY.search(text)
    if found:
        text = text[: found.start()]
    return re.sub(r"[^A-Z0-9]", "", text), found.group(1) if found else ""


def read_amount(text: str) -> int | None:
    """Whole cents of `1234,5`, `107,`, `,01` or (Rabobank in 2003) `1234.50`; else None."""
    whole, _, decimals = text.replace(".", ",").rpartition(",")
    if "," not in text and "." not in text:
        whole, decimals = text, ""
    digits = whole + decimals
    if not digits.isdigit() or not digits.isascii() or len(whole) > 16:
        return None
    if decimals[2:].strip("0"):
        return None
    return int((whole or "0") + (decimals + "00")[:2])


def _read_day(text: str) -> date | None:
    year, month, day = int(text[:2]), int(text[2:4]), int(text[4:6])
    year += 2000 if year <= _LATEST_OF_THIS_CENTURY else 1900
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _read_entry_day(text: str | None, value_on: date) -> date:
    """The booking day, which has no year: that of the value day, or the next or last one."""
    if not text or text.isspace():
        return value_on
    for year in (value_on.year, value_on.year + 1, value_on.year - 1):
        found = _read_day(f"{year % 100:02d}{text}")
        if found is not None and abs((found - value_on).days) <= _DAYS_APART:
            return found
    return value_on


_NOT_A_LINE: Final = Sentence(
    "Deze regel (:61:) heeft geen leesbare datum, richting of bedrag. Vraag het afschrift opnieuw"
    " op bij uw bank.",
    "This line (:61:) has no readable date, direction or amount. Ask your bank for the statement"
    " again.",
)
