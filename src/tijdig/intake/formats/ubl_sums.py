"""Whether lines, allowances and VAT of a UBL document add up to its totals: warnings only."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from tijdig.core.money import round_half_up
from tijdig.core.problem import Problem
from tijdig.intake.formats.ubl_tree import (
    Element,
    find,
    find_all,
    find_lines,
    find_text,
    iterate,
    place_of,
    read_amount,
    text_of,
    warning,
)

_TOTAL: Final = "cac:LegalMonetaryTotal"
_ZERO: Final = Decimal(0)
_CENT: Final = Decimal("0.01")
# The norm itself allows a whole unit per rate, since every line may have been rounded.
_RATE_TOLERANCE: Final = Decimal(1)


def check_sums(root: Element) -> Iterator[Problem]:
    """A warning for each total that its parts do not make, and for a stray currency."""
    lines = find_lines(root)
    currency = find_text(root, "cbc:DocumentCurrencyCode")
    taxes = [x for x in find_all(root, "cac:TaxTotal") if _in_currency(x, currency)]
    net = _sum(find(line, "cbc:LineExtensionAmount") for line in lines)
    allowed, charged = _sum_allowances(root)
    tax = _sum(find(each, "cbc:TaxAmount") for each in taxes)
    line_total = _amount_at(root, "LineExtensionAmount")
    exclusive = _amount_at(root, "TaxExclusiveAmount")
    if lines:
        yield from _compare(root, "LineExtensionAmount", net, "BR-CO-10")
    if line_total is not None:
        yield from _compare(root, "TaxExclusiveAmount", line_total - allowed + charged, "BR-CO-13")
    if exclusive is not None:
        yield from _compare(root, "TaxInclusiveAmount", exclusive + tax, "BR-CO-15")
    for each in taxes:
        yield from _check_tax(each)
        yield from _check_rates(root, each, lines)
    yield from _check_currencies(root, currency)


def read_vat_cents(root: Element, total_cents: int) -> int | None:
    """The VAT of the document, signed as its total; None where it says none that can be right."""
    currency = find_text(root, "cbc:DocumentCurrencyCode")
    amounts = [
        find(each, "cbc:TaxAmount")
        for each in find_all(root, "cac:TaxTotal")
        if _in_currency(each, currency)
    ]
    stated = [read_amount(amount) for amount in amounts if amount is not None]
    if not stated or None in stated:
        return None
    cents = round_half_up(sum((abs(x) for x in stated if x is not None), _ZERO))
    if cents >= abs(total_cents):
        return None
    return -cents if total_cents < 0 else cents


def _compare(root: Element, name: str, computed: Decimal, rule: str) -> Iterator[Problem]:
    element = find(root, f"{_TOTAL}/cbc:{name}")
    stated = None if element is None else read_amount(element)
    if element is not None and stated is not None and abs(stated - computed) >= _CENT:
        yield _differs(element, stated, computed, rule)


def _check_tax(tax: Element) -> Iterator[Problem]:
    """The VAT against the sum of its rates (BR-CO-14)."""
    element, parts = find(tax, "cbc:TaxAmount"), find_all(tax, "cac:TaxSubtotal/cbc:TaxAmount")
    stated = None if element is None else read_amount(element)
    if element is None or stated is None or not parts:
        return
    computed = _sum(parts)
    if abs(stated - computed) >= _CENT:
        yield _differs(element, stated, computed, "BR-CO-14")


def _check_rates(root: Element, tax: Element, lines: list[Element]) -> Iterator[Problem]:
    """The taxable amount of each rate against its lines, allowances and charges (BR-S-08)."""
    computed: dict[tuple[str, Decimal], Decimal] = defaultdict(lambda: _ZERO)
    for line in lines:
        rate = _rate_of(find(line, "cac:Item/cac:ClassifiedTaxCategory"))
        computed[rate] += _sum([find(line, "cbc:LineExtensionAmount")])
    for allowance in find_all(root, "cac:AllowanceCharge"):
        rate = _rate_of(find(allowance, "cac:TaxCategory"))
        computed[rate] += _signed(allowance)
    for part in find_all(tax, "cac:TaxSubtotal"):
        element, category = find(part, "cbc:TaxableAmount"), find(part, "cac:TaxCategory")
        stated = None if element is None else read_amount(element)
        if element is None or stated is None or category is None:
            continue
        expected = computed[_rate_of(category)]
        if abs(stated - expected) >= _RATE_TOLERANCE:
            yield _differs(element, stated, expected, "BR-S-08")


def _check_currencies(root: Element, currency: str) -> Iterator[Problem]:
    """One warning for all amounts in another currency than the invoice's, at the first."""
    stray = [
        element
        for element in iterate(root)
        if element.get("currencyID", currency).strip() != currency and not _in_tax_total(element)
    ]
    if stray:
        stated = stray[0].get("currencyID", "")[:20]
        yield warning(
            place_of(stray[0]),
            f"Dit bedrag is in '{stated}', maar de factuur is in {currency}.",
            f"This amount is in '{stated}', but the invoice is in {currency}.",
        )


def _in_tax_total(element: Element) -> bool:
    """VAT may be stated a second time in the currency of the tax office."""
    return any(x.tag.endswith("}TaxTotal") for x in element.iterancestors())


def _in_currency(tax: Element, currency: str) -> bool:
    amount = find(tax, "cbc:TaxAmount")
    return amount is not None and amount.get("currencyID", currency).strip() == currency


def _rate_of(category: Element | None) -> tuple[str, Decimal]:
    percent = find(category, "cbc:Percent")
    rate = None if percent is None else read_amount(percent)
    return find_text(category, "cbc:ID"), rate or _ZERO


def _sum_allowances(root: Element) -> tuple[Decimal, Decimal]:
    amounts = [_signed(each) for each in find_all(root, "cac:AllowanceCharge")]
    return -sum((x for x in amounts if x < 0), _ZERO), sum((x for x in amounts if x > 0), _ZERO)


def _signed(allowance: Element) -> Decimal:
    """A charge as it is, an allowance with its sign turned."""
    amount = _sum([find(allowance, "cbc:Amount")])
    return amount if find_text(allowance, "cbc:ChargeIndicator") in {"true", "1"} else -amount


def _sum(elements: Iterable[Element | None]) -> Decimal:
    amounts = (read_amount(element) for element in elements if element is not None)
    return sum((amount for amount in amounts if amount is not None), _ZERO)


def _amount_at(root: Element, name: str) -> Decimal | None:
    element = find(root, f"{_TOTAL}/cbc:{name}")
    return None if element is None else read_amount(element)


def _differs(element: Element, stated: Decimal, computed: Decimal, rule: str) -> Problem:
    shown = text_of(element)[:20] or str(stated)
    return warning(
        place_of(element),
        f"Hier staat {shown}, maar de onderdelen tellen op tot {computed:.2f} (regel {rule})."
        " Het te betalen bedrag blijft zoals het op de factuur staat.",
        f"This says {shown}, but the parts add up to {computed:.2f} (rule {rule})."
        " The amount to pay stays as the invoice states it.",
    )
