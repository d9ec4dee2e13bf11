"""Invoices and credit notes as UBL 2.1 after NLCIUS, with the invoice as PDF in some of them."""

from base64 import b64encode
from xml.sax.saxutils import escape, quoteattr

from tijdig.core.money import format_plain
from tijdig.demo.pdf import write_pdf
from tijdig.demo.world import Creditor, Debtor, Invoice, Line

_URN = "urn:oasis:names:specification:ubl:schema:xsd:"
_NLCIUS = "urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0"
_PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
_EURO = 'currencyID="EUR"'
_EVERY_WITH_PDF = 3


def write_ubl(invoice: Invoice, creditor: Creditor) -> bytes:
    """The document in UTF-8; the same invoice gives the same bytes."""
    root = "CreditNote" if invoice.credited_number else "Invoice"
    total_cents = abs(invoice.claim_cents)
    head = (
        ("CustomizationID", _NLCIUS),
        ("ProfileID", _PROCESS),
        ("ID", invoice.number),
        ("IssueDate", f"{invoice.issued_on}"),
        ("DueDate", "" if invoice.credited_number else f"{invoice.due_on}"),
        (f"{root}TypeCode", "381" if invoice.credited_number else "380"),
        ("DocumentCurrencyCode", "EUR"),
        ("BuyerReference", invoice.debtor.number),
    )
    totals = (
        ("LineExtensionAmount", invoice.net_cents),
        ("TaxExclusiveAmount", invoice.net_cents),
        ("TaxInclusiveAmount", total_cents),
        ("PayableAmount", total_cents),
    )
    sums = "".join(_amount(*pair) for pair in totals)
    parts = (
        *(_tag(name, text) for name, text in head),
        _references(invoice, creditor),
        f"<cac:AccountingSupplierParty>{_supplier(creditor)}</cac:AccountingSupplierParty>",
        f"<cac:AccountingCustomerParty>{_customer(invoice)}</cac:AccountingCustomerParty>",
        _payment(invoice, creditor),
        _tax(invoice),
        f"<cac:LegalMonetaryTotal>{sums}</cac:LegalMonetaryTotal>",
        *(_line(root, place, line, invoice) for place, line in enumerate(invoice.lines, start=1)),
    )
    body = "\n".join(part for part in parts if part)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_URN}{root}-2"'
        f' xmlns:cac="{_URN}CommonAggregateComponents-2"'
        f' xmlns:cbc="{_URN}CommonBasicComponents-2">\n{body}\n</{root}>\n'
    ).encode()


def _references(invoice: Invoice, creditor: Creditor) -> str:
    order = _tag("ID", invoice.order_reference)
    parts = f"<cac:OrderReference>{order}</cac:OrderReference>" if order else ""
    if invoice.credited_number:
        parts += (
            "<cac:BillingReference><cac:InvoiceDocumentReference>"
            f"{_tag('ID', invoice.credited_number)}"
            "</cac:InvoiceDocumentReference></cac:BillingReference>"
        )
    if int(invoice.number[-4:]) % _EVERY_WITH_PDF == 0:
        content = b64encode(write_pdf(invoice, creditor)).decode()
        parts += (
            f"<cac:AdditionalDocumentReference>{_tag('ID', invoice.number)}<cac:Attachment>"
            '<cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" '
            f'filename="factuur-{invoice.number}.pdf">{content}'
            "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment>"
            "</cac:AdditionalDocumentReference>"
        )
    return parts


def _supplier(creditor: Creditor) -> str:
    vat = (
        f"<cac:PartyTaxScheme>{_tag('CompanyID', creditor.vat_number)}"
        "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
    )
    return _party(
        creditor.name,
        kvk_number=creditor.kvk_number,
        before="",
        address=_address(creditor, "NL"),
        vat=vat,
        contact=_contact(creditor.owner, creditor.phone, creditor.email),
    )


def _customer(invoice: Invoice) -> str:
    debtor = invoice.debtor
    identifier = _tag("ID", debtor.number)
    return _party(
        debtor.name,
        kvk_number=debtor.kvk_number,
        before=f"<cac:PartyIdentification>{identifier}</cac:PartyIdentification>",
        address=_address(debtor, debtor.country),
        vat="",
        contact=_contact(debtor.contact_name, debtor.phone, debtor.email_on(invoice.issued_on)),
    )


def _party(name: str, *, kvk_number: str, before: str, address: str, vat: str, contact: str) -> str:
    endpoint = _tag("EndpointID", kvk_number, 'schemeID="0106"')
    legal_id = _tag("CompanyID", kvk_number, 'schemeID="0106"')
    return (
        f"<cac:Party>{endpoint}{before}{address}{vat}<cac:PartyLegalEntity>"
        f"{_tag('RegistrationName', name)}{legal_id}</cac:PartyLegalEntity>{contact}</cac:Party>"
    )


def _address(who: Creditor | Debtor, country: str) -> str:
    return (
        f"<cac:PostalAddress>{_tag('StreetName', who.street)}{_tag('CityName', who.city)}"
        f"{_tag('PostalZone', who.postal_code)}"
        f"<cac:Country>{_tag('IdentificationCode', country)}</cac:Country></cac:PostalAddress>"
    )


def _contact(name: str, phone: str, email: str) -> str:
    parts = _tag("Name", name) + _tag("Telephone", phone) + _tag("ElectronicMail", email)
    return f"<cac:Contact>{parts}</cac:Contact>" if parts else ""


def _payment(invoice: Invoice, creditor: Creditor) -> str:
    if invoice.credited_number:
        return ""
    return (
        f"<cac:PaymentMeans>{_tag('PaymentMeansCode', '30')}{_tag('PaymentID', invoice.number)}"
        f"<cac:PayeeFinancialAccount>{_tag('ID', creditor.iban)}"
        f"{_tag('Name', creditor.name)}</cac:PayeeFinancialAccount></cac:PaymentMeans>"
    )


def _tax(invoice: Invoice) -> str:
    return (
        f"<cac:TaxTotal>{_amount('TaxAmount', invoice.vat_cents)}<cac:TaxSubtotal>"
        f"{_amount('TaxableAmount', invoice.net_cents)}{_amount('TaxAmount', invoice.vat_cents)}"
        f"<cac:TaxCategory>{_category(invoice)}</cac:TaxCategory>"
        "</cac:TaxSubtotal></cac:TaxTotal>"
    )


def _category(invoice: Invoice) -> str:
    code = "S" if invoice.vat_percent else "Z"
    return (
        f"{_tag('ID', code)}{_tag('Percent', str(invoice.vat_percent))}"
        "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme>"
    )


def _line(root: str, place: int, line: Line, invoice: Invoice) -> str:
    quantity = "InvoicedQuantity" if root == "Invoice" else "CreditedQuantity"
    return (
        f"<cac:{root}Line>{_tag('ID', str(place))}"
        f"{_tag(quantity, str(line.quantity), 'unitCode=' + quoteattr('C62'))}"
        f"{_amount('LineExtensionAmount', line.net_cents)}"
        f"<cac:Item>{_tag('Name', line.description)}"
        f"<cac:ClassifiedTaxCategory>{_category(invoice)}</cac:ClassifiedTaxCategory></cac:Item>"
        f"<cac:Price>{_amount('PriceAmount', line.unit_cents)}</cac:Price></cac:{root}Line>"
    )


def _amount(name: str, cents: int) -> str:
    return _tag(name, format_plain(cents), _EURO)


def _tag(name: str, text: str, attributes: str = "") -> str:
    """An element, or nothing where there is no text."""
    if not text:
        return ""
    return f"<cbc:{name}{' ' if attributes else ''}{attributes}>{escape(text)}</cbc:{name}>"
