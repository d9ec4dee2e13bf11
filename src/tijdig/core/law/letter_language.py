"""The words of a veertiendagenbrief: terms, starts, warnings, amounts, days and accounts in a text.

Dutch and English. What is not found here counts as not said: the check is careful.
"""

import re
from collections.abc import Iterator
from datetime import date

from tijdig.core.calendar import MONTHS_EN, MONTHS_NL

_NUMBERS = {
    "een": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8,
    "negen": 9, "tien": 10, "elf": 11, "twaalf": 12, "dertien": 13, "veertien": 14,
    "vijftien": 15, "zestien": 16, "zeventien": 17, "achttien": 18, "twintig": 20,
    "eenentwintig": 21, "dertig": 30, "five": 5, "seven": 7, "eight": 8, "ten": 10, "twelve": 12,
    "fourteen": 14, "fifteen": 15, "seventeen": 17, "twenty": 20, "thirty": 30,
}  # fmt: skip
# What a number, an amount, a day and an account look like, for the shapes of known sentences.
NUMBER_FORM = rf"(?:\d{{1,3}}|{'|'.join(word for word in _NUMBERS if word != 'een')})"
_TERM = re.compile(
    rf"\b(\d{{1,3}}|{'|'.join(_NUMBERS)})\s+(?:kalender)?(?:dagen|days)\b", re.IGNORECASE
)
_THIS = r"(?:deze|dit|the|this)\s+(?:brief|e-mail|mail|bericht|aanmaning|letter|message)"
_RIGHT_START = re.compile(
    rf"\b(?:vanaf|na)\s+de\s+dag\s+(?:nadat|waarop)\s+(?:u\s+)?{_THIS}\s+"
    r"(?:bij\s+u\s+is\s+bezorgd|(?:hebt?\s+)?ontvang(?:en|t)|is\s+bezorgd)"
    r"|\bvanaf\s+de\s+dag\s+na\s+(?:de\s+)?(?:ontvangst|bezorging)\b"
    rf"|\bfrom\s+the\s+day\s+after\s+(?:{_THIS}\s+(?:was|is|has\s+been)\s+delivered|"
    rf"(?:the\s+day\s+of\s+)?(?:receipt|delivery)\b|you\s+receive[d]?\s+{_THIS})",
    re.IGNORECASE,
)
_WRONG_START = re.compile(
    r"\b(?:na|vanaf)\s+(?:heden|vandaag|nu|(?:de\s+)?dagtekening|(?:de\s+)?verzend\w+|"
    r"(?:de\s+)?datum)\b|\bper\s+(?:omgaande|direct)\b|\bonmiddellijk\b|\bdirect\s+betalen\b|"
    r"\b(?:after|from)\s+(?:today|now|the\s+date)\b|\bimmediately\b",
    re.IGNORECASE,
)
_URGENT = re.compile(
    r"\b(?:binnen|uiterlijk|within|before|no\s+later\s+than)\s+(?:\S+\s+){0,2}"
    r"(?:\w*dag(?:en)?|we(?:ek|ken)|u(?:ur|ren)|maand(?:en)?|days?|weeks?|hours?|months?)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:als|indien|wanneer|mocht|anders|tenzij)\b|\bbetaalt\s+u\b[^.]*\bniet\b|"
    r"\bontvangen\s+(?:we|wij)\b[^.]*\bniet\b|\bdan\s+(?:nog\s+)?niet\b|\bdoet\s+u\s+dat\s+niet\b|"
    r"\b(?:if|unless|otherwise)\b",
    re.IGNORECASE,
)
_COSTS = re.compile(r"\b\w*kosten\b|\bcosts?\b", re.IGNORECASE)
_VAGUE = re.compile(
    r"\bmaxim(?:um|aal)\b|\bten\s+hoogste\b|\bhoog(?:uit|stens)\b|\bminimaal\b|\bten\s+minste\b|"
    r"\bminstens\b|\bcirca\b|\bongeveer\b|\bkunnen\s+oplopen\b|\bat\s+(?:most|least)\b|"
    r"\bup\s+to\s+(?:€|EUR)|\bapproximately\b",
    re.IGNORECASE,
)
_VAT = re.compile(r"\bbtw\b|\bVAT\b", re.IGNORECASE)
_VAT_EXPLAINED = re.compile(
    r"\b(?:niet|geen)\s+(?:\w+\s+){0,4}(?:verrekenen|aftrekken|terugvragen|terugkrijgen)\b|"
    r"\bcannot\s+(?:\w+\s+){0,3}(?:reclaim|deduct|set\s+off)\b",
    re.IGNORECASE,
)
_FIGURE = r"\d{1,3}(?:[.,\u00a0 ]\d{3})+(?:[.,]\d{2})?|\d+(?:[.,]\d{2})?"
# The year of a day is no amount, also where the sign of the next amount follows it.
_AMOUNT = re.compile(
    rf"(?:€|\bEUR)\s*({_FIGURE})(?!\d)|"
    rf"(?<![-/.,\d])({_FIGURE})\s*(?:(?:€|EUR\b)(?!\s*\d)|euro\b)",
    re.IGNORECASE,
)
AMOUNT_FORM = rf"-?(?:€|EUR) ?(?:{_FIGURE})"
IBAN_FORM = r"(?!RF)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?"
_IBAN = re.compile(rf"\b{IBAN_FORM}\b")
# In full and by their first three letters; `mrt` is how Dutch shortens March.
_MONTHS = {
    name.lower(): at % 12 + 1
    for at, full in enumerate((*MONTHS_NL, *MONTHS_EN))
    for name in (full, full[:3])
} | {"mrt": 3}
_MONTH_FORM = "|".join(sorted(_MONTHS, key=len, reverse=True))
DAY_FORM = rf"\d{{1,2}}[-/ ](?:\d{{1,2}}|(?i:{_MONTH_FORM}))[-/ ]\d{{4}}"
_DAY = re.compile(rf"\b(\d{{1,2}})[-/ ](\d{{1,2}}|{_MONTH_FORM})[-/ ](\d{{4}})\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z€])")


def list_sentences(text: str) -> list[str]:
    """The sentences of a text on one line."""
    return _SENTENCE_END.split(text)


def list_terms(text: str) -> list[int]:
    """Every number of days in the text, written in digits or in words."""
    return [_NUMBERS.get(found.lower()) or int(found) for found in _TERM.findall(text)]


def has_right_start(text: str) -> bool:
    """Whether the term is said to begin the day after receipt, and nowhere otherwise."""
    plain = " ".join(text.split())
    return bool(_RIGHT_START.search(plain)) and not _WRONG_START.search(plain)


def names_urgency(text: str) -> bool:
    """Whether a text that is no sentence asks to pay soon, or counts from another day."""
    return bool(_URGENT.search(text) or _WRONG_START.search(text))


def mentions_costs(text: str) -> bool:
    """Whether a sentence speaks of costs."""
    return bool(_COSTS.search(text))


def is_conditional(text: str) -> bool:
    """Whether a sentence says what happens when nobody pays."""
    return bool(_CONDITION.search(text))


def is_vague(text: str) -> bool:
    """Whether an amount is only a bound or a guess ("tot een maximum van")."""
    return bool(_VAGUE.search(text))


def mentions_vat(text: str) -> bool:
    """Whether a sentence speaks of VAT."""
    return bool(_VAT.search(text))


def explains_vat(text: str) -> bool:
    """Whether the text says that the creditor cannot set off the VAT."""
    return bool(_VAT_EXPLAINED.search(" ".join(text.split())))


def list_amounts(text: str) -> list[int]:
    """Every amount in euros, in cents."""
    if "€" not in text and "eur" not in text.lower():
        return []
    return [_parse_cents(before or after) for before, after in _AMOUNT.findall(text)]


def list_ibans(text: str) -> frozenset[str]:
    """Every account number, without spaces."""
    return frozenset(found.replace(" ", "") for found in _IBAN.findall(text))


def list_days(text: str) -> Iterator[date]:
    """Every day that the text names in full; a day that does not exist is left out."""
    for day, month, year in _DAY.findall(text):
        number = _MONTHS.get(month.lower()) or int(month)
        try:
            yield date(int(year), number, int(day))
        except ValueError:
            continue


def _parse_cents(figure: str) -> int:
    plain = figure.replace("\u00a0", "").replace(" ", "")
    if len(plain) > 3 and plain[-3] in ".,":
        whole, cents = plain[:-3], plain[-2:]
    else:
        whole, cents = plain, "00"
    return int(re.sub(r"\D", "", whole) + cents)
