"""Small UBL documents of our own making, written from keyword arguments."""

from typing import Final

NLCIUS: Final = "urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0"
PEPPOL: Final = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
G_ACCOUNT: Final = f"{NLCIUS}#conformant#urn:fdc:nen.nl:gaccount:v1.0"
PROCESS: Final = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
UBL: Final = "urn:oasis:names:specification:ubl:schema:xsd:"
SPACES: Final = (
    f'xmlns:cac="{UBL}CommonAggregateComponents-2" xmlns:cbc="{UBL}CommonBasicComponents-2"'
)
SUMS: Final = (
    "LineExtensionAmount",
    "TaxExclusiveAmount",
    "TaxInclusiveAmount",
    "PrepaidAmount",
    "PayableRoundingAmount",
    "PayableAmount",
)

IBAN: Final = "NL91ABNA0417164300"
SECOND_IBAN: Final = "NL86INGB0002445588"
VAT: Final = "NL004495445B01"
OIN: Final = "00000001823288444000"


def make_ubl(
    *,
    root: str = "Invoice",
    namespace: str = "",
    declaration: str = '<?xml version="1.0" encoding="UTF-8"?>',
    customization: str = NLCIUS,
    number: str = "2026-0117",
    issued_on: str = "2026-09-01",
    due_on: str = "2026-10-01",
    type_code: str = "",
    currency: str = "EUR",
    amount_currency: str = "",
    references: str = "",
    supplier: str | None = None,
    customer: str | None = None,
    payment: str | None = None,
    net: str = "100.00",
    tax: str = "21.00",
    inclusive: str = "121.00",
    prepaid: str = "",
    rounding: str = "",
    payable: str = "121.00",
    lines: str | None = None,
) -> bytes:
    """A UBL document in UTF-8; an empty argument leaves its element out.

    `supplier`, `customer`, `payment` and `lines` take XML (see below); None is a faultless one.
    """
    money = f'currencyID="{amount_currency or currency}"'
    sums = (net, net, inclusive, prepaid, rounding, payable)
    parts = (
        make_tag("cbc:CustomizationID", customization),
        make_tag("cbc:ProfileID", PROCESS),
        make_tag("cbc:ID", number),
        make_tag("cbc:IssueDate", issued_on),
        make_tag("cbc:DueDate", due_on),
        make_tag(f"cbc:{root}TypeCode", type_code or ("380" if root == "Invoice" else "381")),
        make_tag("cbc:DocumentCurrencyCode", currency),
        make_tag("cbc:BuyerReference", "Afdeling inkoop"),
        references,
        make_tag("cac:AccountingSupplierParty", _or(supplier, make_supplier())),
        make_tag("cac:AccountingCustomerParty", _or(customer, make_customer())),
        _or(payment, make_means()),
        f"<cac:TaxTotal>{make_tag('cbc:TaxAmount', tax, money)}</cac:TaxTotal>",
        make_tag("cac:LegalMonetaryTotal", make_sums(sums, money)),
        _or(lines, make_line(root, net, money)),
    )
    body = "\n".join(part for part in parts if part)
    space = namespace or f"{UBL}{root}-2"
    return f'{declaration}\n<{root} xmlns="{space}" {SPACES}>\n{body}\n</{root}>\n'.encode()


def make_sums(sums: tuple[str, ...], money: str) -> str:
    """The content of cac:LegalMonetaryTotal, an element per line."""
    pairs = zip(SUMS, sums, strict=True)
    return "\n" + "".join(make_tag(f"cbc:{name}", x, money) + "\n" for name, x in pairs if x)


def make_line(root: str, net: str, money: str) -> str:
    """The one line that every sample has."""
    quantity = "InvoicedQuantity" if root == "Invoice" else "CreditedQuantity"
    return (
        f"<cac:{root}Line><cbc:ID>1</cbc:ID>"
        f'<cbc:{quantity} unitCode="C62">1</cbc:{quantity}>'
        f"{make_tag('cbc:LineExtensionAmount', net, money)}"
        "<cac:Item><cbc:Name>Broodjes</cbc:Name></cac:Item>"
        f"</cac:{root}Line>"
    )


def make_party(
    name: str,
    *,
    identifiers: str = "",
    vat_number: str = "",
    legal_id: str = "",
    scheme: str = "0106",
    contact: str = "",
    country: str = "NL",
) -> str:
    """A cac:Party with a Dutch address; `identifiers` goes in front as it is."""
    return (
        f"<cac:Party>{identifiers}<cac:PostalAddress>"
        "<cbc:StreetName>Korenstraat 12</cbc:StreetName><cbc:CityName>Zutphen</cbc:CityName>"
        "<cbc:PostalZone>7201 AB</cbc:PostalZone><cac:Country>"
        f"<cbc:IdentificationCode>{country}</cbc:IdentificationCode></cac:Country>"
        "</cac:PostalAddress>"
        + (
            f"<cac:PartyTaxScheme>{make_tag('cbc:CompanyID', vat_number)}"
            "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
            if vat_number
            else ""
        )
        + f"<cac:PartyLegalEntity>{make_tag('cbc:RegistrationName', name)}"
        + make_tag("cbc:CompanyID", legal_id, f'schemeID="{scheme}"')
        + f"</cac:PartyLegalEntity>{contact}</cac:Party>"
    )


def make_supplier(name: str = "Bakkerij De Korenbloem B.V.") -> str:
    """The supplier that every sample has."""
    return make_party(name, vat_number=VAT, legal_id="12345678")


def make_customer(name: str = "Hotel Aan de Gracht") -> str:
    """A customer with a debtor number, a KvK number and an e-mail address."""
    return make_party(
        name,
        identifiers="<cac:PartyIdentification><cbc:ID>10023</cbc:ID></cac:PartyIdentification>",
        legal_id="87654321",
        contact="<cac:Contact><cbc:Name>Noor Smit</cbc:Name>"
        "<cbc:Telephone>0575 123456</cbc:Telephone>"
        "<cbc:ElectronicMail>administratie@hotel.example</cbc:ElectronicMail></cac:Contact>",
    )


def make_means(
    iban: str = IBAN,
    *,
    code: str = "30",
    reference: str = "2026-0117",
    number: str = "",
    extra: str = "",
) -> str:
    """A cac:PaymentMeans; `number` is its own ID, which the g-account profile uses."""
    account = make_tag("cbc:ID", iban)
    return (
        f"<cac:PaymentMeans>{make_tag('cbc:ID', number)}"
        f"<cbc:PaymentMeansCode>{code}</cbc:PaymentMeansCode>"
        f"{make_tag('cbc:PaymentID', reference)}"
        + (f"<cac:PayeeFinancialAccount>{account}</cac:PayeeFinancialAccount>" if account else "")
        + f"{extra}</cac:PaymentMeans>"
    )


def make_terms(note: str = "", *, means: str = "", amount: str = "") -> str:
    """A cac:PaymentTerms."""
    return (
        f"<cac:PaymentTerms>{make_tag('cbc:PaymentMeansID', means)}{make_tag('cbc:Note', note)}"
        + make_tag("cbc:Amount", amount, 'currencyID="EUR"')
        + "</cac:PaymentTerms>"
    )


def make_attachment(base64: str, *, name: str = "factuur.pdf") -> str:
    """A cac:AdditionalDocumentReference with an embedded PDF."""
    return (
        "<cac:AdditionalDocumentReference><cbc:ID>2026-0117</cbc:ID><cac:Attachment>"
        f'<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="{name}">'
        f"{base64}</cbc:EmbeddedDocumentBinaryObject></cac:Attachment>"
        "</cac:AdditionalDocumentReference>"
    )


def make_tag(name: str, value: str, attributes: str = "") -> str:
    """An element, or nothing where the value is empty."""
    return f"<{name}{' ' if attributes else ''}{attributes}>{value}</{name}>" if value else ""


def _or(given: str | None, default: str) -> str:
    return default if given is None else given
