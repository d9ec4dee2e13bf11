"""Discount for early payment, as the payment terms of a UBL invoice give it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from tijdig.core.money import round_half_up
from tijdig.core.problem import Problem
from tijdig.intake.formats.ubl_tree import Element, find, find_all, find_text, read_cents, read_date

_WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Discount:
    """What may be kept by who pays on `until` or before; whole cents, more than nil."""

    cents: int
    until: date


def read_discount(root: Element, payable_cents: int) -> Discount | None:
    """The largest discount with a last day, an amount or a percentage of what is to be paid.

    None where the terms give no last day or no figure, or a discount of everything.
    """
    found = [
        discount
        for terms in find_all(root, "cac:PaymentTerms")
        if (discount := _read_terms(terms, payable_cents))
    ]
    return max(found, key=lambda one: one.cents, default=None)


def _read_terms(terms: Element, payable_cents: int) -> Discount | None:
    end = find(terms, "cac:SettlementPeriod/cbc:EndDate")
    until = read_date(end) if end is not None else None
    if until is None or isinstance(until, Problem):
        return None
    amount = find(terms, "cbc:SettlementDiscountAmount")
    stated = read_cents(amount) if amount is not None else None
    cents = stated if isinstance(stated, int) else _take_percent(terms, payable_cents)
    return Discount(cents, until) if 0 < cents < payable_cents else None


def _take_percent(terms: Element, payable_cents: int) -> int:
    try:
        percent = Decimal(find_text(terms, "cbc:SettlementDiscountPercent") or "0")
    except InvalidOperation:
        return 0
    if not percent.is_finite() or not 0 < percent < _WHOLE:
        return 0
    return round_half_up(Decimal(payable_cents) * percent / _WHOLE / _WHOLE)
