"""Who sends the invoice and who owes it, with the numbers that prove what kind of party it is."""

import re
from dataclasses import dataclass
from typing import Final

from stdnum import exceptions
from stdnum.eu import vat

from tijdig.core.email_addresses import is_email_address
from tijdig.core.problem import Problem
from tijdig.intake.formats.ubl_tree import (
    Element,
    find,
    find_all,
    find_text,
    place_of,
    refused,
    text_of,
    warning,
)
from tijdig.intake.records import DebtorKind, Party

# ISO 6523 codes, and the names that SI-UBL 1.x used for the same registers
_KVK_SCHEMES: Final = frozenset({"0106", "NL:KVK"})
_OIN_SCHEMES: Final = frozenset({"0190", "NL:OIN", "NL:OINO"})
_VAT_SCHEMES: Final = frozenset({"9944", "NL:VAT"})
# A four-digit scheme names a public register: such a number is nobody's debtor number.
_LONGEST_EMAIL: Final = 254
_REGISTER: Final = re.compile(r"[0-9]{4}|[A-Z]{2}:[A-Z]+")
_NUMBERED: Final = ("cac:PartyLegalEntity/cbc:CompanyID", "cbc:EndpointID")
_IDENTIFICATION: Final = "cac:PartyIdentification/cbc:ID"


@dataclass(frozen=True, slots=True)
class Creditor:
    """The supplier as the file names him."""

    name: str
    kvk_number: str
    vat_number: str


def read_creditor(root: Element) -> Creditor | Problem:
    """The supplier, or a refusal when he has no name."""
    party = find(root, "cac:AccountingSupplierParty/cac:Party")
    name = _read_name(party)
    if not name:
        return refused(
            place_of(root, "cac:AccountingSupplierParty/cac:Party"),
            "De naam van de leverancier ontbreekt. Zet de naam in de factuur.",
            "The name of the supplier is missing. Put the name in the invoice.",
        )
    quiet: list[Problem] = []
    return Creditor(name, _read_kvk(party, quiet), _read_vat(party, quiet))


def read_debtor(root: Element, ibans: tuple[str, ...], warnings: list[Problem]) -> Party | Problem:
    """The customer, or a refusal when he has no name; adds to `warnings` what it leaves out."""
    account = find(root, "cac:AccountingCustomerParty")
    party = find(account, "cac:Party")
    name = _read_name(party)
    if not name:
        return refused(
            place_of(root, "cac:AccountingCustomerParty/cac:Party"),
            "De naam van de klant ontbreekt. Zet de naam in de factuur.",
            "The name of the customer is missing. Put the name in the invoice.",
        )
    kvk_number, vat_number = _read_kvk(party, warnings), _read_vat(party, warnings)
    oin = _read_oin(party, warnings)
    country = find_text(party, "cac:PostalAddress/cac:Country/cbc:IdentificationCode").upper()
    return Party(
        name=name,
        number=_read_number(account, party),
        kind=_kind_of(oin, kvk_number or vat_number),
        kvk_number=kvk_number,
        vat_number=vat_number,
        oin=oin,
        email=_read_email(party, warnings),
        phone=find_text(party, "cac:Contact/cbc:Telephone"),
        contact_name=find_text(party, "cac:Contact/cbc:Name"),
        street=_read_street(find(party, "cac:PostalAddress")),
        postal_code=find_text(party, "cac:PostalAddress/cbc:PostalZone"),
        city=find_text(party, "cac:PostalAddress/cbc:CityName"),
        country=country if re.fullmatch(r"[A-Z]{2}", country) else "",
        ibans=ibans,
    )


def _kind_of(oin: str, business_number: str) -> DebtorKind:
    if oin:
        return "public_body"
    return "business" if business_number else "unknown"


def _read_name(party: Element | None) -> str:
    """The registered name, else the trade name, else the name of the person."""
    person = find(party, "cac:Person")
    names = (find_text(person, f"cbc:{x}") for x in ("FirstName", "MiddleName", "FamilyName"))
    return (
        find_text(party, "cac:PartyLegalEntity/cbc:RegistrationName")
        or find_text(party, "cac:PartyName/cbc:Name")
        or " ".join(name for name in names if name)
    )


def _read_number(account: Element | None, party: Element | None) -> str:
    """The debtor number: the supplier's own number for this account first."""
    identifications = (
        text_of(element)
        for element in find_all(party, _IDENTIFICATION)
        if not _REGISTER.fullmatch(element.get("schemeID", ""))
    )
    return (
        find_text(account, "cbc:SupplierAssignedAccountID")
        or next((number for number in identifications if number), "")
        or find_text(account, "cbc:CustomerAssignedAccountID")
    )


def _numbers_of(party: Element | None, schemes: frozenset[str]) -> list[Element]:
    """The elements that carry a number of one of these registers, the legal entity's first."""
    paths = (*_NUMBERED, _IDENTIFICATION)
    elements = [element for path in paths for element in find_all(party, path)]
    return [x for x in elements if x.get("schemeID", "") in schemes and text_of(x)]


def _read_kvk(party: Element | None, warnings: list[Problem]) -> str:
    for element in _numbers_of(party, _KVK_SCHEMES):
        digits = re.sub(r"[\s.]", "", text_of(element))
        if re.fullmatch(r"(?!0{8})[0-9]{8}", digits):
            return digits
        warnings.append(_left_out(element, "KvK-nummer", "KvK number", "8 cijfers", "8 digits"))
    return ""


def _read_oin(party: Element | None, warnings: list[Problem]) -> str:
    for element in _numbers_of(party, _OIN_SCHEMES):
        digits = re.sub(r"\s", "", text_of(element))
        if re.fullmatch(r"[0-9]{20}", digits):
            return digits
        warnings.append(_left_out(element, "OIN", "OIN", "20 cijfers", "20 digits"))
    return ""


def _read_vat(party: Element | None, warnings: list[Problem]) -> str:
    schemes = find_all(party, "cac:PartyTaxScheme")
    elements = [
        company
        for scheme in schemes
        if find_text(scheme, "cac:TaxScheme/cbc:ID") in {"VAT", ""}
        for company in find_all(scheme, "cbc:CompanyID")
        if text_of(company)
    ]
    for element in elements + _numbers_of(party, _VAT_SCHEMES):
        try:
            return str(vat.validate(text_of(element)))
        except exceptions.ValidationError:
            warnings.append(
                _left_out(
                    element,
                    "btw-nummer van een land in de EU",
                    "VAT number of a country in the EU",
                    "in Nederland NL en 12 tekens",
                    "in the Netherlands NL and 12 characters",
                )
            )
    return ""


def _left_out(element: Element, nl: str, en: str, form_nl: str, form_en: str) -> Problem:
    shown = text_of(element)[:40]
    return warning(
        place_of(element),
        f"'{shown}' is geen geldig {nl} ({form_nl}). Wij gebruiken het niet.",
        f"'{shown}' is not a valid {en} ({form_en}). We do not use it.",
    )


def _read_email(party: Element | None, warnings: list[Problem]) -> str:
    """The contact's address, else an e-mail address that serves as network address.

    Where none can be one, the first that was meant as an address: nothing goes there, and the
    invoice may not have arrived.
    """
    meant = ""
    endpoint = find(party, "cbc:EndpointID")
    elements = find_all(party, "cac:Contact/cbc:ElectronicMail")
    if endpoint is not None and endpoint.get("schemeID") == "EM":
        elements.append(endpoint)
    for element in elements:
        address = text_of(element)
        if is_email_address(address):
            return address
        if not meant and "@" in address and address.isprintable():
            meant = address[:_LONGEST_EMAIL]
        if address:
            warnings.append(
                warning(
                    place_of(element),
                    f"'{address[:40]}' is geen e-mailadres. Wij gebruiken het niet.",
                    f"'{address[:40]}' is not an e-mail address. We do not use it.",
                )
            )
    return meant


def _read_street(address: Element | None) -> str:
    """Street with number; what the file adds to it follows after a comma."""
    street = " ".join(
        part
        for part in (find_text(address, f"cbc:{x}") for x in ("StreetName", "BuildingNumber"))
        if part
    )
    extra = find_text(address, "cbc:AdditionalStreetName")
    lines = find_text(address, "cac:AddressLine/cbc:Line")
    return ", ".join(part for part in (street, extra) if part) or lines
