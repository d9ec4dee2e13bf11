"""The VAT in each row's total, where a list has a column for it."""

from collections.abc import Sequence

from tijdig.intake.formats.styles import DecimalStyle, read_amounts

# Percentages that a column of VAT may hold instead of amounts.
_RATES = (0, 6, 9, 19, 21)
_CLOSE_CENTS = 5
# The highest rate is 21% of the net amount.
_HIGHEST = (21, 121)

_Cents = Sequence[int | None]


def read_vat(
    amounts: Sequence[object], totals: _Cents, *, style: DecimalStyle | None
) -> list[int | None]:
    """The VAT per row, signed as its total; None where it is not stated or cannot be right.

    A column of percentages tells no amounts. What is more than 21% of the net amount, and more than
    a few cents, is no VAT of that invoice.
    """
    cents = read_amounts({"vat_amount": amounts}, style=style)["vat_amount"].cents
    if _are_rates(cents, totals):
        return [None] * len(totals)
    return [_fit(vat, total) for vat, total in zip(cents, totals, strict=True)]


def _are_rates(cents: _Cents, totals: _Cents) -> bool:
    """Whether all of them are rates, and none is the amount that its own rate gives."""
    rates = {rate * 100: rate for rate in _RATES}
    pairs = [(abs(x), abs(y or 0)) for x, y in zip(cents, totals, strict=True) if x is not None]
    if any(vat not in rates for vat, _ in pairs):
        return False
    return not any(
        abs(vat * (100 + rate) - total * rate) <= _CLOSE_CENTS * (100 + rate)
        for vat, total in pairs
        for rate in _RATES
        if rate
    )


def _fit(vat: int | None, total: int | None) -> int | None:
    if vat is None or total is None:
        return None
    part, of = _HIGHEST
    if abs(vat) * of > abs(total) * part + _CLOSE_CENTS * of:
        return None
    return -abs(vat) if total < 0 else abs(vat)
