"""Whole cents: how amounts are read, rounded and written."""

from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")


def round_half_up(amount: Decimal) -> int:
    """Whole cents of an amount in euros, half a cent away from zero."""
    return int(amount.quantize(_CENT, rounding=ROUND_HALF_UP).scaleb(2))


def format_euros(cents: int) -> str:
    """`€ 1.234,56`; a negative amount as `-€ 12,00`."""
    whole, rest = divmod(abs(cents), 100)
    digits = f"{whole:,}".replace(",", ".")
    return f"{'-' if cents < 0 else ''}€ {digits},{rest:02d}"


def format_plain(cents: int) -> str:
    """`1234.56`: for machines (JSON, QR codes)."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"
