"""UBL documents of our own making: what they yield, what warns, what refuses."""

from base64 import b64encode
from dataclasses import replace
from datetime import date

import pytest
from tests.plugs.ubl_samples import (
    G_ACCOUNT,
    IBAN,
    OIN,
    PEPPOL,
    SECOND_IBAN,
    VAT,
    make_attachment,
    make_customer,
    make_means,
    make_party,
    make_supplier,
    make_terms,
    make_ubl,
)

from tijdig.core.problem import Problem, Sentence
from tijdig.intake.formats import ubl
from tijdig.intake.records import Attachment, GAccount, InvoiceFile, InvoiceRecord, Party

DEBTOR = Party(
    name="Hotel Aan de Gracht",
    number="10023",
    kind="business",
    kvk_number="87654321",
    email="administratie@hotel.example",
    phone="0575 123456",
    contact_name="Noor Smit",
    street="Korenstraat 12",
    postal_code="7201 AB",
    city="Zutphen",
    country="NL",
)
INVOICE = InvoiceRecord(
    number="2026-0117",
    kind="invoice",
    issued_on=date(2026, 9, 1),
    due_on=date(2026, 10, 1),
    currency="EUR",
    total_cents=12_100,
    open_cents=12_100,
    debtor=DEBTOR,
    place="/Invoice, regel 2",
    creditor_name="Bakkerij De Korenbloem B.V.",
    creditor_iban=IBAN,
    creditor_kvk_number="12345678",
    creditor_vat_number=VAT,
    customer_reference="Afdeling inkoop",
    payment_reference="2026-0117",
    vat_cents=2_100,
)
TOTAL = "/Invoice/cac:LegalMonetaryTotal"
EMBEDDED = "cac:AdditionalDocumentReference/cac:Attachment/cbc:EmbeddedDocumentBinaryObject"
ADDRESS = "cac:AccountingSupplierParty/cac:Party/cac:PostalAddress"


def parse(**changes: str) -> InvoiceFile:
    return ubl.parse(make_ubl(**changes), name="factuur.xml")


def read(**changes: str) -> InvoiceRecord:
    """The record of a document that comes in without any problem."""
    file = parse(**changes)
    assert file.problems == ()
    return file.records[0]


def test_an_invoice_comes_in_whole() -> None:
    assert parse() == InvoiceFile("ubl", (INVOICE,), ())
    assert parse(customization=PEPPOL) == InvoiceFile("ubl", (INVOICE,), ())


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "iso-8859-1", "windows-1252"])
def test_other_character_sets_give_the_same(encoding: str) -> None:
    declared = encoding.removesuffix("-le")
    text = make_ubl(
        declaration=f'<?xml version="1.0" encoding="{declared}"?>',
        customer=make_customer("Café Éénhoorn"),
    ).decode()
    file = ubl.parse(text.encode(encoding), name="factuur.xml")
    assert file.records == (replace(INVOICE, debtor=replace(DEBTOR, name="Café Éénhoorn")),)
    assert ubl.recognise(text.encode(encoding)[:1000])


def test_a_credit_note_is_negative_and_names_what_it_credits() -> None:
    reference = (
        "<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>2026-0099</cbc:ID>"
        "</cac:InvoiceDocumentReference></cac:BillingReference>"
    )
    assert read(root="CreditNote", due_on="", references=reference) == replace(
        INVOICE,
        kind="credit_note",
        due_on=None,
        total_cents=-12_100,
        open_cents=-12_100,
        vat_cents=-2_100,
        credited_number="2026-0099",
        place="/CreditNote, regel 2",
    )


@pytest.mark.parametrize(
    ("changes", "kind", "total_cents", "open_cents"),
    [
        ({"net": "-100.00", "tax": "-21", "inclusive": "-121", "payable": "-121"},
         "credit_note", -12_100, -12_100),
        ({"type_code": "381"}, "credit_note", -12_100, -12_100),
        ({"root": "CreditNote", "inclusive": "-121", "payable": "-121"},
         "credit_note", -12_100, -12_100),
        ({"root": "CreditNote", "prepaid": "121.00", "payable": "0.00"},
         "credit_note", -12_100, 0),
        ({"prepaid": "121.00", "payable": "-0.00"}, "invoice", 12_100, 0),
        ({"prepaid": "21.00", "payable": "100"}, "invoice", 12_100, 10_000),
        ({"rounding": "-0.02", "payable": "120.98"}, "invoice", 12_100, 12_098),
        ({"inclusive": "", "prepaid": "21", "payable": "100"}, "invoice", 12_100, 10_000),
        ({"prepaid": "150", "payable": "-29"}, "invoice", 12_100, -2_900),
        ({"inclusive": "121.000", "payable": "+121."}, "invoice", 12_100, 12_100),
    ],
)  # fmt: skip
def test_amounts_and_their_sign(
    changes: dict[str, str], kind: str, total_cents: int, open_cents: int
) -> None:
    record = parse(**changes).records[0]
    assert (record.kind, record.total_cents, record.open_cents) == (kind, total_cents, open_cents)


@pytest.mark.parametrize(
    ("changes", "due_on", "note"),
    [
        ({"due_on": "2026-10-01+02:00"}, date(2026, 10, 1), ""),
        ({"due_on": "", "payment": make_means() + make_terms("Binnen 14 dagen")},
         None, "Binnen 14 dagen"),
        ({"due_on": "", "payment": make_means(extra="<cbc:PaymentDueDate>2026-11-05"
                                                    "</cbc:PaymentDueDate>")},
         date(2026, 11, 5), ""),
    ],
)  # fmt: skip
def test_the_due_date_or_what_stands_for_it(
    changes: dict[str, str], due_on: date | None, note: str
) -> None:
    record = read(**changes)
    assert (record.due_on, record.terms_note) == (due_on, note)


@pytest.mark.parametrize(
    ("party", "expected"),
    [
        (make_party("J. Jansen"), ("unknown", "", "", "")),
        (make_party("A", vat_number=VAT), ("business", "", VAT, "")),
        (make_party("A", vat_number="NL 0044.95.445.B.01"), ("business", "", VAT, "")),
        (make_party("A", legal_id=OIN, scheme="0190"), ("public_body", "", "", OIN)),
        (make_party("A", legal_id="87654321",
                    identifiers=f'<cbc:EndpointID schemeID="0190">{OIN}</cbc:EndpointID>'),
         ("public_body", "87654321", "", OIN)),
        (make_party("A", identifiers=f'<cbc:EndpointID schemeID="9944">{VAT}</cbc:EndpointID>'),
         ("business", "", VAT, "")),
        (make_party("A", legal_id="87654321", scheme="0088"), ("unknown", "", "", "")),
        (make_party("A", legal_id="SITEST00000"), ("unknown", "", "", "")),
        (make_party("A", vat_number="NL123456789B01"), ("unknown", "", "", "")),
        (make_party("A", legal_id="87654321", scheme="NL:KVK"), ("business", "87654321", "", "")),
    ],
)  # fmt: skip
def test_the_kind_of_debtor_needs_proof(party: str, expected: tuple[str, ...]) -> None:
    debtor = parse(customer=party).records[0].debtor
    assert (debtor.kind, debtor.kvk_number, debtor.vat_number, debtor.oin) == expected


@pytest.mark.parametrize(
    ("before", "identifiers", "number"),
    [
        ("<cbc:SupplierAssignedAccountID>D7</cbc:SupplierAssignedAccountID>", "10", "D7"),
        ("<cbc:CustomerAssignedAccountID>C9</cbc:CustomerAssignedAccountID>", "10", "10"),
        ("<cbc:CustomerAssignedAccountID>C9</cbc:CustomerAssignedAccountID>", "", "C9"),
        ("", "", ""),
    ],
)
def test_the_debtor_number(before: str, identifiers: str, number: str) -> None:
    gln = '<cac:PartyIdentification><cbc:ID schemeID="0088">871</cbc:ID></cac:PartyIdentification>'
    own = f"<cac:PartyIdentification><cbc:ID>{identifiers}</cbc:ID></cac:PartyIdentification>"
    party = make_party("A", identifiers=gln + (own if identifiers else ""))
    assert parse(customer=before + party).records[0].debtor.number == number


def test_a_consumer_is_named_as_a_person() -> None:
    party = (
        "<cac:Party><cac:Person><cbc:FirstName>Sanne</cbc:FirstName>"
        "<cbc:FamilyName>de Wit</cbc:FamilyName></cac:Person></cac:Party>"
    )
    assert parse(customer=party).records[0].debtor == Party(name="Sanne de Wit")


def test_a_g_account_splits_the_invoice() -> None:
    payment = (
        make_means(number="BENEFICIARY")
        + make_means(SECOND_IBAN, number="GACCOUNT", reference="G-117")
        + make_terms(means="BENEFICIARY", amount="85.00")
        + make_terms(means="GACCOUNT", amount="36.00")
    )
    assert read(customization=G_ACCOUNT, payment=payment) == replace(
        INVOICE, g_account=GAccount(SECOND_IBAN, 3_600, "G-117")
    )


def test_a_direct_debit_carries_its_mandate() -> None:
    mandate = (
        "<cac:PaymentMandate><cbc:ID>M-42</cbc:ID><cac:PayerFinancialAccount>"
        f"<cbc:ID>{SECOND_IBAN}</cbc:ID></cac:PayerFinancialAccount></cac:PaymentMandate>"
    )
    assert read(payment=make_means("", code="59", extra=mandate)) == replace(
        INVOICE,
        creditor_iban="",
        direct_debit_mandate="M-42",
        debtor=replace(DEBTOR, ibans=(SECOND_IBAN,)),
    )


def test_a_factored_invoice_is_paid_to_the_payee() -> None:
    name = "<cac:PartyName><cbc:Name>Factor</cbc:Name></cac:PartyName>"
    payee = f"<cac:PayeeParty>{name}</cac:PayeeParty>"
    assert read(payment=payee + make_means(SECOND_IBAN)) == replace(
        INVOICE, creditor_iban=SECOND_IBAN
    )


def test_order_reference_and_attachment_come_along() -> None:
    pdf = b"%PDF-1.7 " + bytes(range(256)) * 3
    text = b64encode(pdf).decode()
    references = "<cac:OrderReference><cbc:ID>PO 88</cbc:ID></cac:OrderReference>"
    broken_up = "\n ".join(text[at : at + 76] for at in range(0, len(text), 76))
    attachment = make_attachment(broken_up, name=r"..\map/fac:tuur.pdf")
    assert read(references=references + attachment) == replace(
        INVOICE,
        order_reference="PO 88",
        attachments=(Attachment("fac_tuur.pdf", "application/pdf", pdf),),
    )


@pytest.mark.parametrize(
    ("changes", "place", "words"),
    [
        ({"number": ""}, "/Invoice/cbc:ID, regel 2", "factuurnummer ontbreekt"),
        ({"number": "7" * 101}, "/Invoice/cbc:ID, regel 2", "langer dan 100"),
        ({"type_code": "325"}, "/Invoice/cbc:InvoiceTypeCode, regel 2", "pro-formafactuur"),
        ({"issued_on": ""}, "/Invoice/cbc:IssueDate, regel 2", "factuurdatum ontbreekt"),
        ({"issued_on": "01-09-2026"}, "/Invoice/cbc:IssueDate, regel 6", "'01-09-2026'"),
        ({"issued_on": "2026-02-31"}, "/Invoice/cbc:IssueDate, regel 6", "geldige datum"),
        ({"issued_on": "0001-01-01"}, "/Invoice/cbc:IssueDate, regel 6", "geldige datum"),
        ({"due_on": "2026-9-1"}, "/Invoice/cbc:DueDate, regel 7", "'2026-9-1'"),
        ({"currency": "", "amount_currency": "EUR"},
         "/Invoice/cbc:DocumentCurrencyCode, regel 2", "geen valuta"),
        ({"currency": "EUT"}, "/Invoice/cbc:DocumentCurrencyCode, regel 9", "'EUT'"),
        ({"currency": "XXX"}, "/Invoice/cbc:DocumentCurrencyCode, regel 9", "'XXX'"),
        ({"customer": make_party("")},
         "/Invoice/cac:AccountingCustomerParty/cac:Party, regel 2", "naam van de klant"),
        ({"supplier": make_party("")},
         "/Invoice/cac:AccountingSupplierParty/cac:Party, regel 2", "naam van de leverancier"),
        ({"payable": ""}, f"{TOTAL}/cbc:PayableAmount, regel 15", "te betalen bedrag ontbreekt"),
        ({"payable": "121,00"}, f"{TOTAL}/cbc:PayableAmount, regel 19", "'121,00'"),
        ({"payable": "1E2"}, f"{TOTAL}/cbc:PayableAmount, regel 19", "geen bedrag"),
        ({"payable": "NaN"}, f"{TOTAL}/cbc:PayableAmount, regel 19", "geen bedrag"),
        ({"payable": "121.005"}, f"{TOTAL}/cbc:PayableAmount, regel 19", "delen van centen"),
        ({"payable": "9" * 14}, f"{TOTAL}/cbc:PayableAmount, regel 19", "geen bedrag"),
        ({"payable": "131.00"}, f"{TOTAL}/cbc:PayableAmount, regel 19",
         "is 121,00, maar te betalen is 131,00"),
        ({"prepaid": "1.00"}, f"{TOTAL}/cbc:PayableAmount, regel 20",
         "is 120,00, maar te betalen is 121,00"),
    ],
)  # fmt: skip
def test_what_a_claim_needs_refuses_the_invoice(
    changes: dict[str, str], place: str, words: str
) -> None:
    file = parse(**changes)
    assert file.records == ()
    assert [(x.place, x.severity, x.file) for x in file.problems] == [
        (place, "refused", "factuur.xml")
    ]
    assert words in file.problems[0].because.nl
    assert file.problems[0].because.en


def test_amounts_in_another_currency_refuse_the_invoice() -> None:
    file = parse(amount_currency="USD")
    places = [f"{TOTAL}/cbc:TaxInclusiveAmount, regel 18", f"{TOTAL}/cbc:PayableAmount, regel 19"]
    because = Sentence(
        "Dit bedrag is in USD, maar de factuur is in EUR. Maak de valuta gelijk.",
        "This amount is in USD, but the invoice is in EUR. Make the currencies the same.",
    )
    problems = tuple(Problem(place, because, "refused", "factuur.xml") for place in places)
    assert file == InvoiceFile("ubl", (), problems)


def test_every_reason_to_refuse_is_named_at_once() -> None:
    file = parse(number="", issued_on="gisteren", currency="", customer="<cac:Party/>")
    assert len(file.problems) == 4


@pytest.mark.parametrize(
    ("changes", "places"),
    [
        ({"customization": ""}, ["/Invoice/cbc:CustomizationID, regel 2"]),
        ({"due_on": "2026-08-01"}, ["/Invoice/cbc:DueDate, regel 7"]),
        ({"due_on": ""}, ["/Invoice/cbc:DueDate, regel 2"]),
        ({"type_code": "wrong"}, ["/Invoice/cbc:InvoiceTypeCode, regel 8"]),
        ({"payment": make_means("NL91ABNA0417164301")},
         ["/Invoice/cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID, regel 13"]),
        ({"payment": make_means(code="1")},
         ["/Invoice/cac:PaymentMeans/cbc:PaymentMeansCode, regel 13"]),
        ({"references": make_attachment("R0lGOD!")},
         [f"/Invoice/{EMBEDDED}, regel 11"]),
        ({"net": "100.01"}, [f"{TOTAL}/cbc:TaxInclusiveAmount, regel 18"]),
        ({"lines": ""}, ["/Invoice/cac:InvoiceLine, regel 2"]),
        ({"supplier": make_supplier().replace("<cbc:CityName>Zutphen</cbc:CityName>", "")},
         [f"/Invoice/{ADDRESS}/cbc:CityName, regel 11"]),
        ({"customization": G_ACCOUNT,
          "payment": make_means() + make_means(SECOND_IBAN, number="GACCOUNT")},
         ["/Invoice/cac:PaymentMeans[2], regel 13"]),
    ],
)  # fmt: skip
def test_a_breach_of_the_profile_only_warns(changes: dict[str, str], places: list[str]) -> None:
    file = parse(**changes)
    assert len(file.records) == 1
    assert [(x.place, x.severity) for x in file.problems] == [(x, "warning") for x in places]
    assert all(x.because.nl and x.because.en for x in file.problems)


def test_many_breaches_are_not_all_named() -> None:
    file = parse(lines="<cac:InvoiceLine/>" * 50)
    assert len(file.records) == 1
    assert len(file.problems) == 26
    assert "nog meer gebreken" in file.problems[-1].because.nl


@pytest.mark.parametrize(
    ("content", "place", "words"),
    [
        (b"", "bestand", "leeg"),
        (b"factuur", "regel 1, teken 1", "geen XML"),
        (make_ubl()[:900], "regel 11, teken 176", "midden in de tekst"),
        (make_ubl(root="Order"), "/Order, regel 2", "<Order>"),
        (make_ubl(namespace="urn:niets"), "/Invoice, regel 2", "'urn:niets'"),
        (make_ubl(root="CrossIndustryInvoice"), "/CrossIndustryInvoice, regel 2", "CII"),
    ],
)
def test_a_file_that_is_no_invoice_is_refused(content: bytes, place: str, words: str) -> None:
    file = ubl.parse(content, name="x.xml")
    assert (file.records, [x.place for x in file.problems]) == ((), [place])
    assert words in file.problems[0].because.nl


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (make_ubl()[:300], True),
        (make_ubl(root="CreditNote")[:300], True),
        (b'\xef\xbb\xbf<!DOCTYPE Invoice [<!ENTITY a "b">]><Invoice/>', True),
        (b"<ns2:Invoice xmlns:ns2='urn:x'>", True),
        (b"<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.02'>", False),
        (b"factuurnummer;bedrag\n<Invoice>", False),
        (b"", False),
    ],
)
def test_recognising_looks_at_the_content(head: bytes, expected: bool) -> None:
    assert ubl.recognise(head) is expected
