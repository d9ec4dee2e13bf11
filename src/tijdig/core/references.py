"""Payment references: the ISO 11649 creditor reference and the Dutch betalingskenmerk."""

import re

_NOT_IN_A_REFERENCE = re.compile(r"[^0-9A-Z]")
_RF = re.compile(r"RF[0-9]{2}[0-9A-Z]{1,21}")
_DIGITS = re.compile(r"[0-9]+")
# Twelve digits behind "RF" and the check make four groups of four: easy to read and to type.
_RF_DIGITS = 12
_RF_DIGITS_AT_MOST = 21
_BETALINGSKENMERK_LENGTHS = frozenset({7, *range(9, 15), 16})
_WITHOUT_CHECK = 7
_WITHOUT_LENGTH_CODE = 16
_BETALINGSKENMERK_WEIGHTS = (2, 4, 8, 5, 10, 9, 7, 3, 6, 1)


def make_rf_reference(number: int) -> str:
    """The ISO 11649 reference of a number: `RF`, two check digits, the number with zeros before it.

    Refuses: ValueError for a negative number or one of more than 21 digits.
    """
    digits = f"{number:0{_RF_DIGITS}d}"
    if number < 0 or len(digits) > _RF_DIGITS_AT_MOST:
        raise ValueError(f"no RF reference can hold {number}")
    # As _remainder_97 has it: R counts as 27, F as 15, and the check digits as 00.
    check = 98 - (number * 1_000_000 + 271_500) % 97
    return f"RF{check:02d}{digits}"


def is_valid_rf(text: str) -> bool:
    """Whether this is an ISO 11649 reference with right check digits; spaces are no matter."""
    reference = normalise_reference(text)
    if not _RF.fullmatch(reference) or not 2 <= int(reference[2:4]) <= 98:
        return False
    return _remainder_97(reference[4:] + reference[:4]) == 1


def is_valid_betalingskenmerk(text: str) -> bool:
    """Whether this is a betalingskenmerk: 7, 9 to 14 or 16 digits.

    The first digit is the check over the others (weighted modulo 11); with 9 to 14 digits the
    second one tells how many follow, in its last digit. Seven digits carry no check at all.
    Source: betaalvereniging.nl, specificaties betalingskenmerk. Vectors: tests/law/references.toml
    """
    reference = normalise_reference(text)
    length = len(reference)
    if not _DIGITS.fullmatch(reference) or length not in _BETALINGSKENMERK_LENGTHS:
        return False
    if length == _WITHOUT_CHECK:
        return True
    if length < _WITHOUT_LENGTH_CODE and int(reference[1]) != (length - 2) % 10:
        return False
    return int(reference[0]) == _check_digit(reference[1:])


def make_betalingskenmerk(number: int) -> str:
    """The betalingskenmerk of 16 digits of a number: the check digit, then 15 digits.

    Refuses: ValueError for a negative number or one of more than 15 digits.
    """
    digits = f"{number:0{_WITHOUT_LENGTH_CODE - 1}d}"
    if number < 0 or len(digits) >= _WITHOUT_LENGTH_CODE:
        raise ValueError(f"no betalingskenmerk can hold {number}")
    return f"{_check_digit(digits)}{digits}"


def normalise_reference(text: str) -> str:
    """The reference as it is compared: upper case, letters and digits only."""
    if not text:
        return ""
    plain = text.upper()
    if plain.isalnum() and plain.isascii():
        return plain
    return _NOT_IN_A_REFERENCE.sub("", plain)


def format_reference(reference: str) -> str:
    """The reference as people read it: in groups of four."""
    plain = normalise_reference(reference)
    return " ".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def _remainder_97(text: str) -> int:
    """Modulo 97 of digits and letters, a letter counting as 10 (A) to 35 (Z)."""
    return int("".join(str(int(character, 36)) for character in text)) % 97


def _check_digit(digits: str) -> int:
    """The check digit of a betalingskenmerk: weights from the right, modulo 11."""
    total = sum(
        int(digit) * _BETALINGSKENMERK_WEIGHTS[place % len(_BETALINGSKENMERK_WEIGHTS)]
        for place, digit in enumerate(reversed(digits))
    )
    check = 11 - total % 11
    return {10: 1, 11: 0}.get(check, check)
