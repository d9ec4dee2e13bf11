"""What an invoice lacks under the rules of EN 16931, NLCIUS and Peppol: warnings, never refusals.

The rules named here are those a reader of the invoice can act on; a full validator has hundreds.
"""

import re
from collections.abc import Iterator
from typing import Final

from tijdig.core.problem import Problem
from tijdig.intake.formats.ubl_sums import check_sums
from tijdig.intake.formats.ubl_tree import (
    Element,
    find,
    find_all,
    find_lines,
    find_text,
    iterate,
    place_of,
    text_of,
    warning,
)

_SELLER: Final = "cac:AccountingSupplierParty/cac:Party"
_BUYER: Final = "cac:AccountingCustomerParty/cac:Party"
_FISCAL: Final = "cac:TaxRepresentativeParty"
_COUNTRY: Final = "cac:PostalAddress/cac:Country/cbc:IdentificationCode"
_LEGAL_ID: Final = "cac:PartyLegalEntity/cbc:CompanyID"
_KNOWN_PROFILE: Final = re.compile(r"urn:cen\.eu:en16931:2017.*|.*si-ubl:ver1\.[0-2](?:\.[0-9]+)?")
_KNOWN_PROCESS: Final = re.compile(r"urn:fdc:peppol\.eu:.*|urn:www\.cenbii\.eu:profile:.*")
_DUTCH_MEANS: Final = frozenset({"30", "48", "49", "57", "58", "59"})
_DUTCH_TYPES: Final = {
    "Invoice": ("cbc:InvoiceTypeCode", frozenset({"380", "384", "389"})),
    "CreditNote": ("cbc:CreditNoteTypeCode", frozenset({"381"})),
}
_TRANSFERS: Final = frozenset({"30", "58"})

# path, rule, Dutch, English: what every invoice has
_EXPECTED: Final = (
    ("cbc:CustomizationID", "BR-01", "Het kenmerk van het profiel", "The profile identifier"),
    (
        f"{_SELLER}/cac:PostalAddress",
        "BR-08",
        "Het adres van de leverancier",
        "The supplier's address",
    ),
    (f"{_SELLER}/{_COUNTRY}", "BR-09", "Het land van de leverancier", "The supplier's country"),
    (f"{_BUYER}/cac:PostalAddress", "BR-10", "Het adres van de klant", "The customer's address"),
    (f"{_BUYER}/{_COUNTRY}", "BR-11", "Het land van de klant", "The customer's country"),
)
_EXPECTED_FISCAL: Final = (
    (
        "cac:PartyName/cbc:Name",
        "BR-18",
        "De naam van de fiscaal vertegenwoordiger",
        "The name of the tax representative",
    ),
    (
        _COUNTRY,
        "BR-20",
        "Het land van de fiscaal vertegenwoordiger",
        "The country of the tax representative",
    ),
)
_EXPECTED_ADDRESS: Final = (
    ("cac:PostalAddress/cbc:StreetName", "De straat", "The street"),
    ("cac:PostalAddress/cbc:CityName", "De plaats", "The city"),
    ("cac:PostalAddress/cbc:PostalZone", "De postcode", "The postal code"),
)
_EXPECTED_LINE: Final = (
    ("cbc:ID", "BR-21", "Het nummer van de factuurregel", "The number of the invoice line"),
    ("cac:Item/cbc:Name", "BR-25", "De omschrijving van het artikel", "The name of the item"),
)
# what may stand there once: path, rule
_SINGLE: Final = (
    (f"{_SELLER}/cac:PartyLegalEntity/cbc:RegistrationName", "UBL-SR-09"),
    (f"{_SELLER}/{_LEGAL_ID}", "UBL-SR-11"),
    (f"{_BUYER}/cac:PartyLegalEntity/cbc:RegistrationName", "UBL-SR-15"),
    (f"{_BUYER}/{_LEGAL_ID}", "UBL-SR-17"),
    ("cbc:ID", "UBL"),
    ("cbc:IssueDate", "UBL"),
    ("cbc:DueDate", "UBL"),
)


def check_profile(root: Element) -> Iterator[Problem]:
    """A warning for each rule of the profile that the document breaks, the head's first."""
    yield from _check_head(root)
    yield from _check_single(root)
    yield from _check_fiscal(root)
    yield from _check_payment(root)
    if find_text(root, f"{_SELLER}/{_COUNTRY}") == "NL":
        yield from _check_dutch(root)
    yield from check_sums(root)
    yield from _check_lines(root, find_lines(root))
    yield from _check_documents(root)
    yield from _check_empty(root)


def _check_head(root: Element) -> Iterator[Problem]:
    for path, rule, nl, en in _EXPECTED:
        yield from _expect(root, path, rule, nl, en)
    profile, process = (find_text(root, f"cbc:{x}") for x in ("CustomizationID", "ProfileID"))
    for text, known, name in (
        (profile, _KNOWN_PROFILE, "CustomizationID"),
        (process, _KNOWN_PROCESS, "ProfileID"),
    ):
        if text and not known.fullmatch(text):
            yield warning(
                _place(root, f"cbc:{name}"),
                f"Wij kennen het profiel '{text[-80:]}' niet. Wij lezen de factuur als gewone UBL.",
                f"We do not know the profile '{text[-80:]}'. We read the invoice as plain UBL.",
            )
    path, _ = _DUTCH_TYPES[_name(root)]
    yield from _expect(root, path, "BR-04", "De soort factuur", "The invoice type")
    code = find_text(root, path)
    dutch = find_text(root, f"{_SELLER}/{_COUNTRY}") == "NL"  # has a narrower list of its own
    if code and not dutch and not re.fullmatch(r"[0-9]{2,3}", code):
        yield _unusual(root, path, "BR-CL-01", code)


def _check_single(root: Element) -> Iterator[Problem]:
    for path, rule in _SINGLE:
        elements = find_all(root, path)
        if len(elements) > 1:
            yield warning(
                place_of(elements[1]),
                f"Dit gegeven staat er meer dan één keer (regel {rule}). Wij gebruiken het eerste.",
                f"This stands here more than once (rule {rule}). We use the first.",
            )


def _check_fiscal(root: Element) -> Iterator[Problem]:
    party = find(root, _FISCAL)
    if party is not None:
        for path, rule, nl, en in _EXPECTED_FISCAL:
            yield from _expect(party, path, rule, nl, en)


def _check_payment(root: Element) -> Iterator[Problem]:
    for means in find_all(root, "cac:PaymentMeans"):
        if find_text(means, "cbc:PaymentMeansCode") in _TRANSFERS:
            path = "cac:PayeeFinancialAccount/cbc:ID"
            yield from _expect(means, path, "BR-50", "Het rekeningnummer", "The account number")
        card = find(means, "cac:CardAccount/cbc:PrimaryAccountNumberID")
        if card is not None and len(text_of(card)) > 10:
            yield warning(
                place_of(card),
                "Hier staat een heel kaartnummer (regel BR-51). Alleen het eind hoort erin.",
                "A whole card number stands here (rule BR-51). Only its end belongs here.",
            )
    if not (
        find_text(root, "cbc:DueDate")
        or find_text(root, "cac:PaymentMeans/cbc:PaymentDueDate")
        or find_text(root, "cac:PaymentTerms/cbc:Note")
        or _name(root) == "CreditNote"
    ):
        yield warning(
            place_of(root, "cbc:DueDate"),
            "De factuur noemt geen vervaldatum en geen betaaltermijn (regel BR-CO-25).",
            "The invoice names no due date and no payment term (rule BR-CO-25).",
        )


def _check_dutch(root: Element) -> Iterator[Problem]:
    """What NLCIUS and Peppol ask of a supplier in the Netherlands."""
    path, types = _DUTCH_TYPES[_name(root)]
    code = find_text(root, path)
    if code and code not in types:
        yield _unusual(root, path, "BR-NL-7, BR-NL-8", code)
    if not find_text(root, "cbc:BuyerReference"):
        en = "The order number or the customer's reference"
        nl = "Het ordernummer of het kenmerk van de klant"
        yield from _expect(root, "cac:OrderReference/cbc:ID", "BR-NL-2", nl, en)
    if code == "384" or _name(root) == "CreditNote":
        reference = "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID"
        nl, en = "Het nummer van de eerdere factuur", "The number of the earlier invoice"
        yield from _expect(root, reference, "BR-NL-9, NL-R-001", nl, en)
    yield from _check_dutch_parties(root)
    yield from _check_dutch_payment(root)
    if not find_text(root, "cac:OrderReference/cbc:ID") and any(
        find_text(root, f"cac:{line}/cac:OrderLineReference/cbc:LineID")
        for line in ("InvoiceLine", "CreditNoteLine")
    ):
        nl, en = "Het ordernummer bij de orderregels", "The order number for the order lines"
        yield from _expect(root, "cac:OrderReference/cbc:ID", "NL-R-009", nl, en)


def _check_dutch_parties(root: Element) -> Iterator[Problem]:
    for at, rule in ((_SELLER, "BR-NL-3"), (_BUYER, "BR-NL-4"), (_FISCAL, "BR-NL-5")):
        party = find(root, at)
        if party is not None and find_text(party, _COUNTRY) == "NL":
            for path, nl, en in _EXPECTED_ADDRESS:
                yield from _expect(party, path, rule, nl, en)
    if "en16931" not in find_text(root, "cbc:CustomizationID"):
        return
    for at, rule, needed in ((_SELLER, "BR-NL-1", True), (_BUYER, "NL-R-005", False)):
        party = find(root, at)
        if party is None or find_text(party, _COUNTRY) != "NL":
            continue
        schemes = [x.get("schemeID", "") for x in find_all(party, _LEGAL_ID) if text_of(x)]
        if (schemes or needed) and not {"0106", "0190"} & set(schemes):
            yield warning(
                _place(party, _LEGAL_ID),
                f"Het KvK-nummer of OIN ontbreekt of heeft een ander kenmerk (regel {rule}).",
                f"The KvK number or OIN is missing or marked otherwise (rule {rule}).",
            )


def _check_dutch_payment(root: Element) -> Iterator[Problem]:
    payable = find_text(root, "cac:LegalMonetaryTotal/cbc:PayableAmount")
    means = find_all(root, "cac:PaymentMeans")
    if (
        not means
        and _name(root) == "Invoice"
        and not payable.startswith("-")
        and (payable.strip("0."))
    ):
        nl, en = "De manier van betalen", "The means of payment"
        yield from _expect(root, "cac:PaymentMeans", "NL-R-007", nl, en)
    for each in means:
        code = find_text(each, "cbc:PaymentMeansCode")
        if code not in _DUTCH_MEANS:
            yield _unusual(each, "cbc:PaymentMeansCode", "NL-R-008", code)


def _check_lines(root: Element, lines: list[Element]) -> Iterator[Problem]:
    if not lines:
        yield from _expect(root, f"cac:{_name(root)}Line", "BR-16", "De factuurregel", "A line")
    for line in lines:
        for path, rule, nl, en in _EXPECTED_LINE:
            yield from _expect(line, path, rule, nl, en)
        tax = find(line, "cac:TaxTotal")
        if tax is not None:
            yield warning(
                place_of(tax),
                "Een factuurregel hoort geen eigen btw-totaal te hebben (regel UBL-CR-561).",
                "An invoice line should not have a VAT total of its own (rule UBL-CR-561).",
            )


def _check_documents(root: Element) -> Iterator[Problem]:
    for reference in find_all(root, "cac:AdditionalDocumentReference"):
        nl, en = "Het nummer van de bijlage", "The number of the attachment"
        yield from _expect(reference, "cbc:ID", "BR-52", nl, en)


def _check_empty(root: Element) -> Iterator[Problem]:
    """One warning for all empty elements, at the first of them."""
    empty = [x for x in iterate(root) if not len(x) and not (x.text and x.text.strip())]
    if empty:
        yield warning(
            place_of(empty[0]),
            f"De factuur heeft {len(empty)} lege velden; het eerste staat hier.",
            f"The invoice has {len(empty)} empty fields; the first stands here.",
        )


def _expect(parent: Element, path: str, rule: str, nl: str, en: str) -> Iterator[Problem]:
    """A warning when nothing, or only blanks, stands at `path`."""
    element = find(parent, path)
    if element is None or not (len(element) or text_of(element)):
        yield warning(
            _place(parent, path),
            f"{nl} ontbreekt (regel {rule}). De factuur is wel ingelezen.",
            f"{en} is missing (rule {rule}). The invoice has come in all the same.",
        )


def _unusual(parent: Element, path: str, rule: str, code: str) -> Problem:
    return warning(
        _place(parent, path),
        f"De code '{code[:20]}' is hier niet gebruikelijk (regel {rule}).",
        f"The code '{code[:20]}' is not usual here (rule {rule}).",
    )


def _place(parent: Element, path: str) -> str:
    element = find(parent, path)
    return place_of(parent, path) if element is None else place_of(element)


def _name(root: Element) -> str:
    return root.tag.rpartition("}")[2]
