"""Lists of open items: what the packages write comes in, whole and the same."""

from dataclasses import replace
from datetime import date

import pytest
from tests.plugs import list_samples as samples
from tests.plugs.list_samples import ITEMS, dutch, simple_rows, write_csv, write_xlsx

from tijdig.intake.formats.columns import Mapping, MappingUnusable, normalise, source_key
from tijdig.intake.formats.open_items import parse, parse_headers, preview, recognise
from tijdig.intake.records import InvoiceFile, InvoiceRecord, Party

PACKAGES = (
    samples.exact_csv, samples.twinfield_csv, samples.snelstart_xlsx, samples.eboekhouden_csv,
    samples.afas_csv, samples.moneybird_csv,
)  # fmt: skip
EXPECTED = [
    (x.number, x.open_cents, x.total_cents, x.issued_on, x.due_on, x.debtor_number, x.debtor_name)
    for x in ITEMS
]


def make_list(
    *rows: str, head: str = "Klantnr;Naam;Factuurnr;Datum;Vervaldatum;Openstaand"
) -> bytes:
    return "\r\n".join((head, *rows, "")).encode()


def facts(file: InvoiceFile) -> list[tuple[object, ...]]:
    return [
        (x.number, x.open_cents, x.total_cents, x.issued_on, x.due_on, x.debtor.number,
         x.debtor.name)
        for x in file.records
    ]  # fmt: skip


def said(file: InvoiceFile) -> list[tuple[str, str]]:
    return [(x.place, x.severity) for x in file.problems]


def reasons(file: InvoiceFile) -> str:
    return "\n".join(x.because.nl for x in file.problems)


@pytest.mark.parametrize("write", PACKAGES, ids=lambda x: x.__name__)
def test_a_package_comes_in_whole(write):
    content = write()
    file = parse(content, name="lijst")
    assert facts(file) == EXPECTED
    assert [x.kind for x in file.records] == ["invoice", "invoice", "credit_note"]
    assert [x for x in file.problems if x.severity == "refused"] == []
    assert file.full_list is True
    assert recognise(content[:4096]) == file.format


@pytest.mark.parametrize("write", PACKAGES, ids=lambda x: x.__name__)
def test_the_same_file_gives_the_same_records_and_key_under_any_name(write):
    content = write()
    first, second = parse(content, name="a.csv"), parse(content, name="b.xlsx")
    assert (first.records, first.source_key) == (second.records, second.source_key)
    assert source_key(parse_headers(content)) == first.source_key


def test_a_record_holds_all_that_its_row_says():
    head = (
        "Debiteurnr;Bedrijfsnaam;E-mail;Telefoon;Contactpersoon;Adres;Huisnummer;Postcode;Plaats;"
        "Land;KvK-nummer;Btw-nummer;IBAN;Factuurnr.;Factuurdatum;Vervaldatum;Factuurbedrag;"
        "Openstaand saldo;Valuta;Uw referentie;Ordernummer;Betalingskenmerk"
    )
    row = (
        "10001;De Zon;a@zon.example;010-1234567;J. de Wit;Kade;7;3011 AA;Rotterdam;Nederland;"
        "12345678;NL004495445B01;NL91ABNA0417164300;0012;14-3-2026;28-3-2026;1.234,56;€ 200,00;"
        "EUR;PO 7;O-1;1234567890123456"
    )
    file = parse(make_list(row, head=head), name="x")
    debtor = Party(
        name="De Zon", number="10001", kind="business", kvk_number="12345678",
        vat_number="NL004495445B01", email="a@zon.example", phone="010-1234567",
        contact_name="J. de Wit", street="Kade 7", postal_code="3011 AA", city="Rotterdam",
        country="NL", ibans=("NL91ABNA0417164300",),
    )  # fmt: skip
    expected = InvoiceRecord(
        number="0012", kind="invoice", issued_on=date(2026, 3, 14), due_on=date(2026, 3, 28),
        currency="EUR", total_cents=123_456, open_cents=20_000, debtor=debtor, place="regel 2",
        order_reference="O-1", customer_reference="PO 7", payment_reference="1234567890123456",
    )  # fmt: skip
    assert file == InvoiceFile("csv", (expected,), (), True, file.source_key)


@pytest.mark.parametrize(
    ("head", "cells", "open_cents", "full_list"),
    [
        ("Openstaand", "100,00", 10_000, True),
        ("Saldo", "100,00-", -10_000, True),
        ("Bedrag;Voldaan", "100,00;25,50", 7_450, True),
        ("Bedrag;Voldaan", "100,00;", 10_000, True),
        ("Debet;Credit", "100,00;", 10_000, False),
        ("Debet;Credit", ";40,00", -4_000, False),
        ("Bedrag", "(100,00)", -10_000, False),
        ("Openstaand;D/C", "100,00;C", -10_000, True),
    ],
)
def test_open_comes_from_the_columns_there_are(head, cells, open_cents, full_list):
    file = parse(
        make_list(f"1;14-03-2026;Piet;{cells}", head=f"Factuur;Datum;Naam;{head}"), name="x"
    )
    assert [x.open_cents for x in file.records] == [open_cents]
    assert file.full_list is full_list


@pytest.mark.parametrize(
    ("stated", "kind"),
    [
        ("particulier", "consumer"),
        ("Zakelijk", "business"),
        ("overheid", "public_body"),
        ("", "unknown"),
    ],
)
def test_the_kind_of_debtor_is_what_the_file_says_and_else_unknown(stated, kind):
    content = make_list(
        f"1;14-03-2026;Piet;5,00;{stated}", head="Factuur;Datum;Naam;Openstaand;Soort"
    )
    assert parse(content, name="x").records[0].debtor == Party("Piet", kind=kind)


def test_a_number_that_is_not_valid_proves_nothing():
    head = "Factuur;Datum;Naam;Openstaand;KvK-nummer;Btw-nummer;IBAN;E-mail"
    content = make_list("1;14-03-2026;Piet;5,00;1234567;NL1;NL00X;geen", head=head)
    file = parse(content, name="x")
    assert file.records[0].debtor == Party("Piet")
    assert said(file) == [("regel 2", "warning")] * 4


def test_texts_longer_than_the_ledger_holds_are_cut_and_named():
    head = "Factuur;Datum;Naam;Openstaand;IBAN;Btw-nummer;Plaats;Uw ref;E-mail;Land"
    row = ["1", "14-03-2026", "Piet", "5,00", *["1" * 5_000] * 6]
    file = parse(make_list(";".join(row), head=head), name="x")
    assert file.records[0].debtor == Party("Piet", city="1" * 100)
    assert file.records[0].customer_reference == "1" * 200
    assert said(file) == [("regel 2", "warning")] * 6


def test_a_term_in_days_gives_the_due_date():
    head = "Factuur;Factuurdatum;Vervaldatum;Betaaltermijn;Naam;Openstaand"
    content = make_list(
        "1;14-03-2026;;30 dagen;Piet;5,00",
        "2;14-03-2026;20-03-2026;30;Piet;5,00",
        "3;14-03-2026;;;Piet;5,00",
        "4;14-03-2026;;per direct;Piet;5,00",
        head=head,
    )
    file = parse(content, name="x")
    due = [date(2026, 4, 13), date(2026, 3, 20), None, None]
    assert [x.due_on for x in file.records] == due
    assert said(file) == [("regel 5", "warning")]


def test_only_a_due_date_stands_for_the_invoice_date_and_says_so():
    content = make_list("1;14-03-2026;Piet;5,00", head="Factuur;Vervaldatum;Naam;Openstaand")
    file = parse(content, name="x")
    record = file.records[0]
    assert (record.issued_on, record.due_on) == (date(2026, 3, 14), date(2026, 3, 14))
    assert record.issue_day_is_stated is False
    assert said(file) == [("regel 1", "warning")]


def test_instalments_become_one_invoice_due_at_the_first_open_one():
    head = "Klantnr;Factuurnr;Datum;Vervaldatum;AmountDC;TransactionAmountDC"
    content = make_list(
        "1;77;01-03-2026;15-03-2026;0,00;90,00",
        "1;77;01-03-2026;15-04-2026;30,00;90,00",
        "1;77;01-03-2026;15-05-2026;30,00;90,00",
        head=head,
    )
    file = parse(content, name="x")
    assert facts(file) == [("77", 6_000, 9_000, date(2026, 3, 1), date(2026, 4, 15), "1", "")]
    assert said(file) == [("regel 2", "warning")]
    assert "regel 2, regel 3, regel 4" in reasons(file)


def test_one_number_for_two_debtors_refuses_both_with_both_lines():
    content = make_list(
        "1;Piet;77;14-03-2026;28-03-2026;5,00",
        "2;Klaas;77;14-03-2026;28-03-2026;6,00",
        "2;Klaas;78;14-03-2026;28-03-2026;7,00",
    )
    file = parse(content, name="x")
    assert [x.number for x in file.records] == ["78"]
    assert said(file) == [("regel 2", "refused"), ("regel 3", "refused"), ("regel 1", "warning")]
    assert reasons(file).count("(regel 2, regel 3)") == 2


def test_an_invoice_of_which_one_row_is_refused_does_not_come_in_half():
    content = make_list(
        "1;Piet;77;14-03-2026;28-03-2026;5,00", "1;Piet;77;14-03-2026;28-03-2026;vijf"
    )
    file = parse(content, name="x")
    assert file.records == ()
    assert said(file)[:2] == [("regel 2", "refused"), ("regel 3", "refused")]


def test_a_list_with_a_refused_row_is_no_full_list():
    good = "1;Piet;1;14-03-2026;28-03-2026;5,00"
    assert parse(make_list(good), name="x").full_list is True
    file = parse(make_list(good, "1;Piet;2;14-03-2026;28-03-2026;"), name="x")
    assert (len(file.records), file.full_list) == (1, False)
    assert "telt dit bestand niet als volledige lijst" in reasons(file)


def test_a_mapping_by_hand_wins_and_survives_json():
    content = make_list("A1;1-2-2026;Piet;1,50", head="Kenmerk;Dag;Wie;Hoeveel")
    assert parse(content, name="x").records == ()
    columns = {"number": "kenmerk", "issued_on": "Dag", "debtor_name": "Wie", "open": "HOEVEEL"}
    mapping = Mapping(tuple(columns.items()), "comma", "mdy")
    assert Mapping.from_dict(mapping.as_dict()) == mapping
    file = parse(content, name="x", mapping=mapping)
    assert facts(file) == [("A1", 150, 150, date(2026, 1, 2), None, "", "Piet")]


@pytest.mark.parametrize(
    "stored", [{}, {"columns": {"colour": "A"}}, {"columns": {}, "decimal_style": "roman"}]
)
def test_a_stored_mapping_that_is_not_one_is_refused(stored):
    with pytest.raises(MappingUnusable):
        Mapping.from_dict(stored)


def test_a_remembered_column_that_is_gone_refuses_the_file_by_name():
    mapping = Mapping((("number", "Factuurnr"), ("open", "Nog te betalen")))
    file = parse(make_list("1;Piet;1;14-03-2026;28-03-2026;5,00"), name="x", mapping=mapping)
    assert (file.records, said(file)) == ((), [("regel 1", "refused")])
    assert "‘Nog te betalen’" in reasons(file)


def test_the_source_key_knows_the_columns_in_any_order_and_writing():
    assert source_key(["Factuur-nr.", "Naam"]) == source_key(["NAAM", "factuurnr", ""])
    assert source_key(["Factuurnr", "Naam"]) != source_key(["Factuurnr", "Bedrag"])
    assert normalise("  Café-N° (EUR) ") == "cafeneur"


def test_of_two_columns_that_fit_the_most_specific_is_used_and_named():
    head = "Factuur;Datum;Factuurdatum;Naam;Openstaand"
    file = parse(make_list("1;01-01-2026;14-03-2026;Piet;5,00", head=head), name="x")
    assert file.records[0].issued_on == date(2026, 3, 14)
    assert said(file) == [("regel 1", "warning")]
    assert "‘Factuurdatum’, ‘Datum’" in reasons(file)


def test_preview_and_parse_say_the_same():
    content = make_list(
        "1;Piet;1;14-03-2026;28-03-2026;5,00", "1;Piet;0;14-03-2026;28-03-2026;5,00"
    )
    shown = preview(content, name="x")
    assert shown.file == parse(content, name="x")
    assert (shown.encoding, shown.delimiter, shown.header_place) == ("UTF-8", ";", "regel 1")
    assert (shown.row_count, shown.refused_count) == (2, 1)
    assert dict(shown.mapping.columns)["debtor_number"] == "Klantnr"
    assert shown.styles == (("Openstaand", "comma"), ("Datum", "dmy"), ("Vervaldatum", "dmy"))
    assert [x.record for x in shown.rows] == [shown.file.records[0], None]
    assert [[y.place for y in x.problems] for x in shown.rows] == [[], ["regel 3"]]


def test_a_workbook_gives_the_same_records_as_a_text():
    by_text = parse(write_csv(simple_rows()), name="x")
    by_sheet = parse(write_xlsx(simple_rows(amount=lambda x: x / 100, day=lambda x: x)), name="x")
    assert [replace(x, place="") for x in by_sheet.records] == [
        replace(x, place="") for x in by_text.records
    ]


def test_a_problem_in_a_workbook_names_its_cell():
    rows = simple_rows(amount=lambda x: x / 100, day=lambda x: x)
    rows[2][6] = "veel"
    file = parse(write_xlsx(rows, at=(3, 1)), name="x")
    assert said(file) == [("H6", "refused"), ("rij 4", "warning")]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"Factuurnr;Naam\r\n", "csv"),
        (b"\xff\xfe" + "a\tb".encode("utf-16-le"), "csv"),
        (b"<?xml version='1.0'?><a;b/>", ""),
        (b":20:940S;\r\n", ""),
        (b"%PDF-1.7;", ""),
        (b"", ""),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(32)) * 9, ""),
        (b"PK\x03\x04" + bytes(26) + b"factuur.xml", ""),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "xlsx"),
    ],
)
def test_a_list_is_recognised_by_its_bytes(head, expected):
    assert recognise(head) == expected


def test_a_total_that_the_rows_do_not_reach_is_said():
    rows = simple_rows()
    rows.append(["Totaal", "", "", "", "", "", dutch(999_999)])
    file = parse(write_csv(rows), name="x")
    assert len(file.records) == 3
    assert said(file) == [("regel 1", "warning"), ("regel 5", "warning")]
    assert "9.999,99, maar de regels tellen op tot 1.259,56" in reasons(file)


@pytest.mark.parametrize(
    ("email", "kept"),
    [("a@müller.example", "a@müller.example"), ("a@zon..example", "a@zon..example"), ("geen", "")],
)
def test_an_address_that_cannot_be_one_is_kept_and_said(email: str, kept: str) -> None:
    head = "Factuur;Datum;Naam;E-mail;Openstaand"
    file = parse(make_list(f"1;14-03-2026;Piet;{email};100,00", head=head), name="x")
    assert [one.debtor.email for one in file.records] == [kept]
    assert ("niet geldig (een e-mailadres)" in reasons(file)) is (email != "a@müller.example")
