"""Numbers that name an account, a company or a payment: of what kind, and whether they hold."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from stdnum import iban
from stdnum.eu import vat
from stdnum.exceptions import ValidationError
from stdnum.nl import bsn

from tijdig.core.problem import Refusal
from tijdig.core.references import is_valid_betalingskenmerk, is_valid_rf, normalise_reference

IdentifierKind = Literal[
    "iso11649", "iban", "vat_number", "kvk_number", "oin", "epc_qr", "betalingskenmerk", "unknown"
]

_BETWEEN = re.compile(r"[\s.\-]+")
_RF = re.compile(r"RF[0-9]{2}.*")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}")
_DUTCH_VAT = re.compile(r"NL[0-9A-Z+*]{9}B[0-9]{2}")
_VAT = re.compile(rf"(?i:EL|{'|'.join(vat.MEMBER_STATES)})[0-9A-Z+*]{{2,13}}")
_KVK = re.compile(r"[0-9]{8}")
_OIN = re.compile(r"[0-9]{20}")
_DIGITS = re.compile(r"[0-9]+")
_OIN_BY_RSIN, _OIN_BY_KVK = "00000001", "00000003"
_OIN_PREFIX = re.compile(r"000000(0[1-9]|[1-9][0-9])")
_EPC_FIRST_LINE = "BCD"
_EPC_VERSIONS = frozenset({"001", "002"})
_EPC_CHARACTER_SETS = frozenset("12345678")
_EPC_AMOUNT = re.compile(r"EUR[0-9]{1,9}(?:\.[0-9]{1,2})?")
_EPC_BIC = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
# Name, purpose, structured reference, text, information: at most so many characters.
_EPC_LONGEST = {5: 70, 8: 4, 9: 35, 10: 140, 11: 70}
_EPC_FEWEST_LINES, _EPC_MOST_LINES = 7, 12


@dataclass(frozen=True, slots=True)
class Identifier:
    """What a number is by its form, and whether its check digits and lengths are right."""

    kind: IdentifierKind
    is_valid: bool


def identify(text: str) -> Identifier:
    """The kind of a number by its form, and whether it is right. Refuses an empty text.

    Digits alone are an OIN (20), a KvK number (8, which carries no check) or a betalingskenmerk.
    A form that nobody uses is `unknown` and not valid.
    """
    if not text.strip():
        raise Refusal("Noem een nummer of een kenmerk.", "Name a number or a reference.")
    if text.lstrip().startswith(_EPC_FIRST_LINE) and "\n" in text:
        return Identifier("epc_qr", is_valid_epc(text))
    plain = _BETWEEN.sub("", text).upper()
    checks: tuple[tuple[IdentifierKind, re.Pattern[str], Callable[[str], bool]], ...] = (
        ("iso11649", _RF, _is_valid_plain_rf),
        ("vat_number", _DUTCH_VAT, is_valid_vat_number),
        ("iban", _IBAN, is_valid_iban),
        ("vat_number", _VAT, is_valid_vat_number),
        ("oin", _OIN, is_valid_oin),
        ("kvk_number", _KVK, is_valid_kvk_number),
        ("betalingskenmerk", _DIGITS, is_valid_betalingskenmerk),
    )
    for kind, form, is_valid in checks:
        if form.fullmatch(plain):
            return Identifier(kind, is_valid(plain))
    return Identifier("unknown", is_valid=False)


def _is_valid_plain_rf(text: str) -> bool:
    """Whether these signs themselves are a reference: nothing else stands between them."""
    return normalise_reference(text) == text and is_valid_rf(text)


def is_valid_iban(text: str) -> bool:
    """Whether country, length, structure and check digits of an account number are right."""
    return bool(iban.is_valid(text))


def is_valid_kvk_number(text: str) -> bool:
    """Whether this has the form of a KvK number: eight digits, not all zero. It has no check."""
    return bool(_KVK.fullmatch(text)) and text.strip("0") != ""


def is_valid_vat_number(text: str) -> bool:
    """Whether a European VAT number holds by the rules of its country."""
    try:
        return bool(vat.validate(text))
    except ValidationError:
        return False


def is_valid_oin(text: str) -> bool:
    """Whether this is an OIN: a register, its number, and zeros, 20 digits together.

    The number of the trade register (00000003) has 8 digits, an RSIN (00000001) 9 and a check.
    Source: Logius, OIN-stelsel, samenstelling.
    """
    if not _OIN.fullmatch(text) or not _OIN_PREFIX.fullmatch(text[:8]):
        return False
    if text[:8] == _OIN_BY_KVK:
        return text.endswith("0000") and is_valid_kvk_number(text[8:16])
    if text[:8] == _OIN_BY_RSIN:
        # An RSIN has the same check as a citizen's number.
        return text.endswith("000") and bool(bsn.is_valid(text[8:17]))
    return text.endswith("000")


def is_valid_epc(text: str) -> bool:
    """Whether these lines are what a payment QR code says (EPC069-12, "SEPA credit transfer").

    Twelve lines at most, none empty at the end: BCD, version, character set, SCT, BIC, name, IBAN,
    amount, purpose, then a structured reference or a text, information.
    """
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    if not _EPC_FEWEST_LINES <= len(lines) <= _EPC_MOST_LINES or not lines[-1]:
        return False
    lines += [""] * (_EPC_MOST_LINES - len(lines))
    first, version, characters, transfer, bic, name, account, amount = lines[:8]
    return (
        first == _EPC_FIRST_LINE
        and version in _EPC_VERSIONS
        and characters in _EPC_CHARACTER_SETS
        and transfer == "SCT"
        and (bool(_EPC_BIC.fullmatch(bic)) or (not bic and version == "002"))
        and bool(name)
        and bool(_IBAN.fullmatch(account))
        and is_valid_iban(account)
        and (not amount or _is_epc_amount(amount))
        and all(len(lines[at]) <= most for at, most in _EPC_LONGEST.items())
        and not (lines[9] and lines[10])
        and (not lines[9].startswith("RF") or is_valid_rf(lines[9]))
    )


def _is_epc_amount(text: str) -> bool:
    if not _EPC_AMOUNT.fullmatch(text):
        return False
    try:
        return Decimal(text.removeprefix("EUR")) >= Decimal("0.01")
    except InvalidOperation:
        return False
