"""How and when a UBL document wants to be paid: date, account, reference, g-account, mandate."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from stdnum import exceptions, iban

from tijdig.core.problem import Problem
from tijdig.intake.formats.ubl_tree import (
    Element,
    find,
    find_all,
    find_text,
    place_of,
    read_cents,
    read_date,
    text_of,
    warning,
)
from tijdig.intake.records import GAccount

_MEANS: Final = "cac:PaymentMeans"
_DIRECT_DEBITS: Final = frozenset({"49", "59"})
_DUE_PATHS: Final = (
    "cbc:DueDate",
    "cac:PaymentMeans/cbc:PaymentDueDate",
    "cac:PaymentTerms/cbc:PaymentDueDate",
)
_G_PROFILE: Final = "gaccount"
_G_MEANS: Final = "GACCOUNT"


@dataclass(frozen=True, slots=True)
class Payment:
    """Empty strings where the file says nothing; `debtor_ibans` is what a mandate debits."""

    creditor_iban: str
    payment_reference: str
    terms_note: str
    direct_debit_mandate: str
    debtor_ibans: tuple[str, ...]
    g_account: GAccount | None


def read_due_on(root: Element) -> date | Problem | None:
    """The last day to pay, None where the file gives none, a problem where it is no date."""
    for path in _DUE_PATHS:
        for element in find_all(root, path):
            if text_of(element):
                return read_date(element)
    return None


def read_payment(root: Element, sign: int, warnings: list[Problem]) -> Payment:
    """How to pay; adds to `warnings` what it cannot use. `sign` turns a credit's amounts."""
    means = find_all(root, _MEANS)
    blocked = _find_blocked(root, means)
    free = [each for each in means if each is not blocked]
    ibans = (_read_iban(find(x, "cac:PayeeFinancialAccount/cbc:ID"), warnings) for x in free)
    notes = (text_of(note) for note in find_all(root, "cac:PaymentTerms/cbc:Note"))
    return Payment(
        creditor_iban=next((number for number in ibans if number), ""),
        payment_reference=next(filter(None, (find_text(x, "cbc:PaymentID") for x in free)), ""),
        terms_note="; ".join(dict.fromkeys(note for note in notes if note)),
        direct_debit_mandate=_read_mandate(free),
        debtor_ibans=_read_debtor_ibans(free, warnings),
        g_account=_read_g_account(root, blocked, sign, warnings),
    )


def _find_blocked(root: Element, means: list[Element]) -> Element | None:
    """The payment means of the blocked account, where the document follows that extension."""
    if _G_PROFILE not in find_text(root, "cbc:CustomizationID"):
        return None
    return next((x for x in means if find_text(x, "cbc:ID").upper() == _G_MEANS), None)


def _read_g_account(
    root: Element, blocked: Element | None, sign: int, warnings: list[Problem]
) -> GAccount | None:
    """The blocked account with the amount that its own payment terms name."""
    if blocked is None:
        return None
    terms = (
        find(each, "cbc:Amount")
        for each in find_all(root, "cac:PaymentTerms")
        if find_text(each, "cbc:PaymentMeansID").upper() == _G_MEANS
    )
    amount = next((element for element in terms if element is not None), None)
    cents = None if amount is None else read_cents(amount)
    account = find(blocked, "cac:PayeeFinancialAccount/cbc:ID")
    number = _read_iban(account, warnings)
    if not isinstance(cents, int) or not number:
        warnings.append(
            warning(
                place_of(blocked),
                "Het bedrag of het rekeningnummer voor de g-rekening ontbreekt of klopt niet."
                " Wij lezen de factuur zonder g-rekening. Controleer dit voor u verstuurt.",
                "The amount or the number of the blocked account (g-rekening) is missing or wrong."
                " We read the invoice without it. Check this before you send anything.",
            )
        )
        return None
    return GAccount(number, sign * cents, find_text(blocked, "cbc:PaymentID"))


def _read_mandate(means: list[Element]) -> str:
    mandates = (
        find_text(each, "cac:PaymentMandate/cbc:ID")
        for each in means
        if find_text(each, "cbc:PaymentMeansCode") in _DIRECT_DEBITS
    )
    return next(filter(None, mandates), "")


def _read_debtor_ibans(means: list[Element], warnings: list[Problem]) -> tuple[str, ...]:
    accounts = (
        account
        for each in means
        for account in find_all(each, "cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID")
    )
    numbers = (_read_iban(account, warnings) for account in accounts)
    return tuple(dict.fromkeys(number for number in numbers if number))


def _read_iban(element: Element | None, warnings: list[Problem]) -> str:
    shown = text_of(element)
    if element is None or not shown:
        return ""
    try:
        # the national checks know no foreign and no brand-new banks: the check digits suffice
        return str(iban.validate(shown, check_country=False))
    except exceptions.ValidationError:
        warnings.append(
            warning(
                place_of(element),
                f"'{shown[:40]}' is geen geldig IBAN. Wij gebruiken het niet.",
                f"'{shown[:40]}' is not a valid IBAN. We do not use it.",
            )
        )
        return ""
