"""How fast invoice files are read: bytes in, records out, every check on, on one core."""

from base64 import b64encode
from datetime import date, timedelta
from random import Random

from bench.figure import Figure, judge
from bench.timing import best_of
from tijdig.intake.formats import open_items, ubl
from tijdig.intake.records import InvoiceFile

UBL_AIM_PER_SECOND = 200
CSV_AIM_PER_SECOND = 20_000
_UBL_FILES = 300
_UBL_LINES = 8
_PDF_BYTES = 60_000
_CSV_ROWS = 40_000
_ROUNDS = 3
_FIRST_DAY = date(2026, 1, 5)

_UBL = """<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
 <cbc:CustomizationID>urn:cen.eu:en16931:2017#compliant#urn:fdc:nen.nl:nlcius:v1.0\
</cbc:CustomizationID>
 <cbc:ProfileID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</cbc:ProfileID>
 <cbc:ID>{number}</cbc:ID>
 <cbc:IssueDate>{issued_on}</cbc:IssueDate>
 <cbc:DueDate>{due_on}</cbc:DueDate>
 <cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
 <cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
 <cbc:BuyerReference>Order {number}</cbc:BuyerReference>
 {attachment}
 <cac:AccountingSupplierParty>{supplier}</cac:AccountingSupplierParty>
 <cac:AccountingCustomerParty>{customer}</cac:AccountingCustomerParty>
 <cac:PaymentMeans><cbc:PaymentMeansCode>30</cbc:PaymentMeansCode>
  <cbc:PaymentID>{number}</cbc:PaymentID><cac:PayeeFinancialAccount>
  <cbc:ID>NL91ABNA0417164300</cbc:ID></cac:PayeeFinancialAccount></cac:PaymentMeans>
 <cac:PaymentTerms><cbc:Note>Betalen binnen 30 dagen</cbc:Note></cac:PaymentTerms>
 <cac:TaxTotal><cbc:TaxAmount currencyID="EUR">{tax}</cbc:TaxAmount><cac:TaxSubtotal>
  <cbc:TaxableAmount currencyID="EUR">{net}</cbc:TaxableAmount>
  <cbc:TaxAmount currencyID="EUR">{tax}</cbc:TaxAmount>{category}</cac:TaxSubtotal></cac:TaxTotal>
 <cac:LegalMonetaryTotal>
  <cbc:LineExtensionAmount currencyID="EUR">{net}</cbc:LineExtensionAmount>
  <cbc:TaxExclusiveAmount currencyID="EUR">{net}</cbc:TaxExclusiveAmount>
  <cbc:TaxInclusiveAmount currencyID="EUR">{total}</cbc:TaxInclusiveAmount>
  <cbc:PayableAmount currencyID="EUR">{total}</cbc:PayableAmount>
 </cac:LegalMonetaryTotal>
 {lines}
</Invoice>
"""
_PARTY = """<cac:Party>
 <cbc:EndpointID schemeID="0106">{kvk}</cbc:EndpointID>
 <cac:PartyIdentification><cbc:ID>{debtor}</cbc:ID></cac:PartyIdentification>
 <cac:PostalAddress><cbc:StreetName>Kerkstraat 12</cbc:StreetName>
  <cbc:CityName>Utrecht</cbc:CityName><cbc:PostalZone>3511 AB</cbc:PostalZone>
  <cac:Country><cbc:IdentificationCode>NL</cbc:IdentificationCode></cac:Country>
 </cac:PostalAddress>
 <cac:PartyTaxScheme><cbc:CompanyID>NL004495445B01</cbc:CompanyID>
  <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>
 <cac:PartyLegalEntity><cbc:RegistrationName>{name}</cbc:RegistrationName>
  <cbc:CompanyID schemeID="0106">{kvk}</cbc:CompanyID></cac:PartyLegalEntity>
 <cac:Contact><cbc:Name>Administratie</cbc:Name>
  <cbc:ElectronicMail>administratie@voorbeeld.example</cbc:ElectronicMail></cac:Contact>
</cac:Party>"""
_CATEGORY = """<cac:{tag}><cbc:ID>S</cbc:ID><cbc:Percent>21</cbc:Percent>
 <cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:{tag}>"""
_LINE = """<cac:InvoiceLine><cbc:ID>{place}</cbc:ID>
 <cbc:InvoicedQuantity unitCode="C62">2</cbc:InvoicedQuantity>
 <cbc:LineExtensionAmount currencyID="EUR">{net}</cbc:LineExtensionAmount>
 <cac:Item><cbc:Name>Artikel {place}</cbc:Name>{category}</cac:Item>
 <cac:Price><cbc:PriceAmount currencyID="EUR">{price}</cbc:PriceAmount></cac:Price>
</cac:InvoiceLine>"""
_ATTACHMENT = """<cac:AdditionalDocumentReference><cbc:ID>{number}</cbc:ID><cac:Attachment>
 <cbc:EmbeddedDocumentBinaryObject mimeCode="application/pdf" filename="{number}.pdf">\
{content}</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"""
_CSV_HEADER = (
    "Debiteurnummer;Debiteurnaam;E-mailadres;Adres;Postcode;Plaats;Factuurnummer;Factuurdatum;"
    "Vervaldatum;Factuurbedrag;Openstaand bedrag;Valuta"
)


def measure_ubl() -> list[Figure]:
    """Files per second, without a document inside and with a PDF as large as most are."""
    pdf = b"%PDF-1.7\n" + Random(1).randbytes(_PDF_BYTES)
    plain = [make_ubl(n) for n in range(_UBL_FILES)]
    heavy = [make_ubl(n, pdf=pdf) for n in range(_UBL_FILES)]
    return [
        _judge_ubl(f"{_UBL_LINES} lines", plain),
        _judge_ubl(f"{_UBL_LINES} lines, PDF of {_PDF_BYTES // 1000} kB", heavy),
    ]


def measure_csv() -> list[Figure]:
    """Rows per second of one list of open items."""
    content = make_csv(_CSV_ROWS)
    _expect(open_items.parse(content, name="open.csv"), _CSV_ROWS)
    seconds = best_of(_ROUNDS, lambda _: open_items.parse(content, name="open.csv"))
    what = f"{_CSV_ROWS:,} rows, {len(_CSV_HEADER.split(';'))} columns"
    rate = _CSV_ROWS / seconds
    return [judge("csv_import", what, ours=rate, aim=CSV_AIM_PER_SECOND, unit="rows/s")]


def make_ubl(serial: int, *, pdf: bytes = b"") -> bytes:
    """A faultless Dutch invoice; with `pdf` inside where given."""
    number = f"2026-{serial:06d}"
    net_cents = [1000 + (serial * 7 + place * 130) % 5000 * 2 for place in range(_UBL_LINES)]
    tax_cents = (sum(net_cents) * 21 + 50) // 100
    issued_on = _FIRST_DAY + timedelta(days=serial % 250)
    category = _CATEGORY.format(tag="ClassifiedTaxCategory")
    lines = (
        _LINE.format(place=place, net=_euros(cents), price=_euros(cents // 2), category=category)
        for place, cents in enumerate(net_cents, start=1)
    )
    content = b64encode(pdf).decode()
    return _UBL.format(
        number=number,
        issued_on=issued_on,
        due_on=issued_on + timedelta(days=30),
        attachment=_ATTACHMENT.format(number=number, content=content) if pdf else "",
        supplier=_PARTY.format(debtor="L1", kvk="12345678", name="Bakkerij De Korenbloem B.V."),
        customer=_PARTY.format(debtor=10_000 + serial % 60, kvk="87654321", name="Hotel Gracht"),
        tax=_euros(tax_cents),
        net=_euros(sum(net_cents)),
        total=_euros(sum(net_cents) + tax_cents),
        category=_CATEGORY.format(tag="TaxCategory"),
        lines="\n".join(lines),
    ).encode()


def make_csv(rows: int) -> bytes:
    """A list of open items in the Dutch style, five invoices to a debtor."""
    lines = [_CSV_HEADER]
    for row in range(rows):
        debtor = row // 5
        issued_on = _FIRST_DAY + timedelta(days=row % 250)
        due_on = issued_on + timedelta(days=30)
        amount = f"{1 + row % 4},{100 + row % 900}.{row % 100:02d}".translate(_DUTCH)
        lines.append(
            f"{10_000 + debtor};Debiteur {debtor} B.V.;debiteur{debtor}@voorbeeld.example;"
            f"Kerkstraat {debtor % 200 + 1};{1000 + debtor % 9000} AB;Utrecht;F{row:07d};"
            f"{issued_on:%d-%m-%Y};{due_on:%d-%m-%Y};{amount};{amount};EUR"
        )
    return "\r\n".join(lines).encode("cp1252")


_DUTCH = str.maketrans(",.", ".,")


def _judge_ubl(what: str, files: list[bytes]) -> Figure:
    for number, content in enumerate(files):
        _expect(ubl.parse(content, name=f"{number}.xml"), 1)

    def read_all(_: int) -> None:
        for number, content in enumerate(files):
            ubl.parse(content, name=f"{number}.xml")

    rate = len(files) / best_of(_ROUNDS, read_all)
    return judge("ubl_import", what, ours=rate, aim=UBL_AIM_PER_SECOND, unit="files/s")


def _expect(file: InvoiceFile, records: int) -> None:
    """Stop where the input is not read whole: its speed would mean nothing."""
    if file.problems or len(file.records) != records:
        raise RuntimeError(f"{len(file.records)} of {records} records: {file.problems[:3]}")


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
