"""What a UBL document adds up to: its currency, its total and what is still to be paid."""

from dataclasses import dataclass
from typing import Final

from tijdig.core.money import format_plain
from tijdig.core.problem import Problem
from tijdig.intake.formats.ubl_tree import (
    Element,
    find,
    find_all,
    find_text,
    place_of,
    read_cents,
    refused,
    text_of,
    warning,
)
from tijdig.intake.records import RecordKind

# ISO 4217, codes in use for payments (not XXX, XTS or precious metals)
_CODES: Final = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN
    BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
    GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW
    KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD
    NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD
    SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED
    VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
_CURRENCIES: Final = frozenset(_CODES.split())
# UNTDID 1001: document types that credit, whatever root element carries them
_CREDIT_TYPES: Final = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "532"})
_TOTAL: Final = "cac:LegalMonetaryTotal"
_PARTS: Final = ("TaxInclusiveAmount", "PrepaidAmount", "PayableRoundingAmount", "PayableAmount")


@dataclass(frozen=True, slots=True)
class Totals:
    """Signed whole cents: a claim is positive, a credit negative; `sign` turns the file's amounts.

    `warnings` are what is odd about the amounts without making them doubtful.
    """

    kind: RecordKind
    currency: str
    total_cents: int
    open_cents: int
    sign: int
    warnings: tuple[Problem, ...]


def read_totals(root: Element) -> Totals | tuple[Problem, ...]:
    """Currency and amounts of the document, or everything that makes them unusable."""
    currency = find_text(root, "cbc:DocumentCurrencyCode")
    problems = list(_check_currency(root, currency))
    amounts: dict[str, int] = {}
    for name in _PARTS:
        elements = find_all(root, f"{_TOTAL}/cbc:{name}")
        if len(elements) > 1:
            problems.append(_stands_twice(elements[1]))
        for element in filter(text_of, elements):
            cents = read_cents(element)
            if isinstance(cents, Problem):
                problems.append(cents)
            else:
                amounts[name] = cents
            problems.extend(_check_currency_of(element, currency))
    if find(root, f"{_TOTAL}/cbc:PayableAmount") is None or (
        not problems and "PayableAmount" not in amounts
    ):
        problems.append(_payable_missing(root))
    if problems:
        return tuple(problems)
    return _weigh(root, currency, amounts)


def _weigh(root: Element, currency: str, amounts: dict[str, int]) -> Totals | tuple[Problem, ...]:
    """Whether the amounts add up, and which way the money goes."""
    payable = amounts["PayableAmount"]
    prepaid = amounts.get("PrepaidAmount", 0)
    rounding = amounts.get("PayableRoundingAmount", 0)
    total = amounts.get("TaxInclusiveAmount", payable + prepaid - rounding)
    if total - prepaid + rounding != payable:
        return (_does_not_add_up(root, total - prepaid + rounding, payable),)
    crediting = is_credit(root)
    reads_negative = (total or payable) < 0
    kind: RecordKind = "credit_note" if crediting or reads_negative else "invoice"
    sign = -1 if crediting and not reads_negative else 1
    warnings = _odd_signs(root, reads_negative=reads_negative, total=total, payable=payable)
    return Totals(kind, currency, sign * total, sign * payable, sign, warnings)


def is_credit(root: Element) -> bool:
    """Whether the document says of itself that it credits: a CreditNote, or a crediting type."""
    return _name(root) == "CreditNote" or (find_text(root, "cbc:InvoiceTypeCode") in _CREDIT_TYPES)


def _odd_signs(
    root: Element, *, reads_negative: bool, total: int, payable: int
) -> tuple[Problem, ...]:
    element = find(root, f"{_TOTAL}/cbc:PayableAmount")
    place = place_of(root if element is None else element)
    if _name(root) == "CreditNote" and reads_negative:
        return (
            warning(
                place,
                "Deze creditnota heeft een negatief bedrag. Wij lezen het als tegoed van uw klant."
                " Klopt dat niet, pas de post dan aan.",
                "This credit note has a negative amount. We read it as credit of your customer."
                " If that is wrong, correct the item.",
            ),
        )
    if total * payable < 0:
        return (
            warning(
                place,
                "Er is meer vooruitbetaald dan het totaal van de factuur. Het verschil is tegoed.",
                "More was prepaid than the total of the invoice. The difference is credit.",
            ),
        )
    return ()


def _check_currency(root: Element, currency: str) -> list[Problem]:
    element = find(root, "cbc:DocumentCurrencyCode")
    if not currency or element is None:
        return [
            refused(
                place_of(root, "cbc:DocumentCurrencyCode"),
                "De factuur noemt geen valuta. Zet de valuta erin, bijvoorbeeld EUR.",
                "The invoice names no currency. Put the currency in, for example EUR.",
            )
        ]
    if currency in _CURRENCIES:
        return []
    return [
        refused(
            place_of(element),
            f"De valuta '{currency[:20]}' bestaat niet. Gebruik een code als EUR.",
            f"The currency '{currency[:20]}' does not exist. Use a code such as EUR.",
        )
    ]


def _check_currency_of(element: Element, currency: str) -> list[Problem]:
    stated = element.get("currencyID", "").strip()
    if not stated or not currency or stated == currency:
        return []
    return [
        refused(
            place_of(element),
            f"Dit bedrag is in {stated[:20]}, maar de factuur is in {currency[:20]}."
            " Maak de valuta gelijk.",
            f"This amount is in {stated[:20]}, but the invoice is in {currency[:20]}."
            " Make the currencies the same.",
        )
    ]


def _stands_twice(element: Element) -> Problem:
    return refused(
        place_of(element),
        "Dit bedrag staat twee keer in de factuur. Wij kunnen niet weten welk bedrag geldt.",
        "This amount stands in the invoice twice. We cannot know which one counts.",
    )


def _payable_missing(root: Element) -> Problem:
    total = find(root, _TOTAL)
    return refused(
        place_of(root, f"{_TOTAL}/cbc:PayableAmount")
        if total is None
        else place_of(total, "cbc:PayableAmount"),
        "Het te betalen bedrag ontbreekt. Zonder dat bedrag is er geen vordering.",
        "The amount to pay is missing. Without it there is no claim.",
    )


def _does_not_add_up(root: Element, computed: int, payable: int) -> Problem:
    element = find(root, f"{_TOTAL}/cbc:PayableAmount")
    nl, en = (_shown(x) for x in (computed, payable))
    return refused(
        place_of(root if element is None else element),
        f"De bedragen kloppen niet: totaal min vooruitbetaald plus afronding is {nl},"
        f" maar te betalen is {en}. Vraag een goede factuur op.",
        f"The amounts do not add up: total less prepaid plus rounding is {format_plain(computed)},"
        f" but the amount to pay is {format_plain(payable)}. Ask for a correct invoice.",
    )


def _shown(cents: int) -> str:
    return format_plain(cents).replace(".", ",")


def _name(root: Element) -> str:
    return root.tag.rpartition("}")[2]
