"""Whole cents: how amounts are read, rounded and written."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

_CENT = Decimal("0.01")
_THOUSAND = 1000


def round_half_up(amount: Decimal) -> int:
    """Whole cents of an amount in euros, half a cent away from zero."""
    return int(amount.quantize(_CENT, rounding=ROUND_HALF_UP).scaleb(2))


def round_cents(cents: Fraction) -> int:
    """Whole cents of an exact amount in cents, half a cent away from zero."""
    above, below = abs(cents.numerator), cents.denominator
    rounded = (2 * above + below) // (2 * below)
    return -rounded if cents.numerator < 0 else rounded


def format_euros(cents: int) -> str:
    """`€ 1.234,56`; a negative amount as `-€ 12,00`."""
    whole, rest = divmod(abs(cents), 100)
    digits = f"{whole:,}".replace(",", ".") if whole >= _THOUSAND else str(whole)
    return f"{'-' if cents < 0 else ''}€ {digits},{rest:02d}"


def format_plain(cents: int) -> str:
    """`1234.56`: for machines (JSON, QR codes)."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def format_percent(percent: Decimal) -> str:
    """`10,4%` and `4%`: a rate for people, in Dutch digits and without needless zeros."""
    return f"{percent.normalize():f}%".replace(".", ",")


def format_count(count: int, one: str, several: str) -> str:
    """`1 bestand`, `0 bestanden`, `2 bestanden`: how many of something, with the word that fits."""
    return f"{count} {one if count == 1 else several}"
