"""What payers and banks write in every format: references in a text, and account numbers."""

import re
from typing import Final

_BETALINGSKENMERK: Final = re.compile(
    r"(?i)BETALINGSKENM(?:ERK)?\b[.:\s]*(\d(?:[ .]?\d){15})(?!\d)"
)
_IBAN: Final = re.compile(r"\b[A-Z]{2}\d{2}[A-Z]{4}\d{10}\b")
_NOT_PROVIDED: Final = frozenset({"NOTPROVIDED", "NOT PROVIDED", "NONREF"})


def find_betalingskenmerk(text: str) -> str:
    """The 16 digits of a Dutch payment reference that the text announces as such, or ""."""
    if "kenm" not in text.lower():
        return ""
    found = _BETALINGSKENMERK.search(text)
    return re.sub(r"\D", "", found.group(1)) if found else ""


def clean_end_to_end_id(told: str) -> str:
    """The payer's own id, or "" where a bank fills in that there is none."""
    stripped = told.strip()
    return "" if stripped.upper() in _NOT_PROVIDED else stripped


def find_iban(text: str) -> str:
    """The first account number in a text whose check digits are right, or ""."""
    for found in _IBAN.finditer(text):
        number = found.group()
        moved = number[4:] + number[:4]
        if int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1:
            return number
    return ""


def is_iban_shaped(number: str) -> bool:
    """Whether a number looks like an IBAN: two letters, two digits and 10 to 30 more characters."""
    return (
        14 <= len(number) <= 34
        and number.isascii()
        and number.isalnum()
        and number[:2].isalpha()
        and number[2:4].isdigit()
    )
