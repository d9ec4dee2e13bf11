"""Lists that are damaged, hostile or unclear: said in words with the place, never guessed."""

import time
from datetime import date, datetime

import pytest
from tests.plugs.list_samples import (
    ITEMS,
    dutch,
    english,
    simple_rows,
    write_csv,
    write_xlsx,
)
from tests.plugs.test_open_items import make_list, reasons, said
from tests.yardstick import count_million_turns

from tijdig.intake.formats.columns import Mapping
from tijdig.intake.formats.open_items import parse, preview
from tijdig.intake.records import InvoiceFile


def amounts(*values: str) -> bytes:
    """A list with these values in its only amount column."""
    rows = [[f"F{at}", "14-03-2026", "Piet", x] for at, x in enumerate(values)]
    return write_csv([["Factuurnr", "Datum", "Naam", "Openstaand"], *rows], encoding="utf-8")


def dates(*values: str) -> bytes:
    """A list with these values in its only date column."""
    rows = [[f"F{at}", x, "Piet", "5,00"] for at, x in enumerate(values)]
    return write_csv([["Factuurnr", "Factuurdatum", "Naam", "Openstaand"], *rows], encoding="utf-8")


def opens(file: InvoiceFile) -> list[int]:
    return [x.open_cents for x in file.records]


def days(file: InvoiceFile) -> list[date]:
    return [x.issued_on for x in file.records]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_encoding_and_delimiter_are_recognised(encoding, delimiter):
    content = write_csv(simple_rows(), delimiter=delimiter, encoding=encoding)
    shown = preview(content, name="x")
    assert shown.delimiter == delimiter
    assert [x.debtor.name for x in shown.file.records] == [x.debtor_name for x in ITEMS]
    assert shown.file.problems == ()


def test_the_separator_line_of_excel_is_obeyed():
    content = b"sep=|\r\n" + write_csv(simple_rows(), delimiter="|")
    assert len(parse(content, name="x").records) == 3


def test_a_line_end_inside_a_cell_keeps_the_line_numbers_right():
    content = make_list(
        '1;"Piet\r\nen Co";1;14-03-2026;28-03-2026;5,00', "1;Piet;0;14-03-2026;28-03-2026;5,00"
    )
    file = parse(content, name="x")
    assert [(x.place, x.debtor.name) for x in file.records] == [("regel 2", "Piet en Co")]
    assert said(file)[0] == ("regel 4", "refused")


def test_a_nul_refuses_the_file_with_its_line():
    content = make_list("1;Piet;1;14-03-2026;28-03-2026;5,00", "1;P\0;2;14-03-2026;;5,00")
    file = parse(content, name="lijst.csv")
    assert (file.records, said(file)) == ((), [("regel 3", "refused")])
    assert file.problems[0].file == "lijst.csv"


def test_a_line_of_100_mb_is_refused_at_once():
    content = make_list("1;" + "x" * 100_000_000)
    start = time.process_time()
    file = parse(content, name="x")
    assert (file.records, said(file)) == ((), [("regel 2", "refused")])
    assert count_million_turns(time.process_time() - start) < 60


def test_a_line_in_another_encoding_is_read_and_named():
    lines = [b"Factuurnr;Datum;Naam;Openstaand"]
    lines += [f"{x};14-03-2026;Café;5,00".encode() for x in range(1, 4)]
    lines += ["4;14-03-2026;Zürich;5,00".encode("cp1252")]
    file = parse(b"\n".join(lines), name="x")
    assert [x.debtor.name for x in file.records] == ["Café", "Café", "Café", "Zürich"]
    assert said(file) == [("regel 5", "warning")]


def test_bytes_that_no_encoding_knows_are_named():
    file = parse(b"Factuurnr;Datum;Naam;Openstaand\n1;14-03-2026;a\x81b;5,00", name="x")
    assert said(file) == [("regel 2", "warning")]


@pytest.mark.parametrize("end", ["", '"'])
def test_an_open_quotation_mark_loses_no_row_silently(end):
    good = "1;Piet;1;14-03-2026;28-03-2026;5,00"
    content = make_list(good, '1;"Jan;2;14-03-2026;;5,00', f"1;Kees;3;14-03-2026;;5,00{end}")
    file = parse(content, name="x")
    assert [x.number for x in file.records] == ["1"]
    assert said(file) == [("regel 3", "refused"), ("regel 1", "warning")]
    assert "Regel 3 tot en met 4" in reasons(file)
    assert file.full_list is False


def test_a_row_with_a_cell_too_many_is_refused():
    file = parse(make_list("1;Piet; Jan;1;14-03-2026;28-03-2026;5,00"), name="x")
    assert (file.records, said(file)[0]) == ((), ("regel 2", "refused"))
    assert "7 cellen" in reasons(file)


def test_a_mixed_amount_column_refuses_what_contradicts_the_majority():
    file = parse(amounts("1.234,56", "12,50", "1,234.56", "7", "1.500"), name="x")
    assert opens(file) == [123_456, 1_250, 700]
    assert said(file)[:3] == [
        ("regel 1", "warning"),
        ("regel 4", "refused"),
        ("regel 6", "refused"),
    ]


def test_an_evenly_mixed_amount_column_refuses_both():
    file = parse(amounts("12,50", "12.50", "7"), name="x")
    assert opens(file) == [700]
    assert [x.severity for x in file.problems].count("refused") == 2


def test_an_amount_that_can_mean_two_is_asked_and_then_read():
    content = amounts("1.234", "12")
    file = parse(content, name="x")
    assert opens(file) == [1_200]
    assert said(file)[:2] == [("regel 1", "warning"), ("regel 2", "refused")]
    proposed = preview(content, name="x").mapping
    confirmed = Mapping(proposed.columns, "comma")
    assert opens(parse(content, name="x", mapping=confirmed)) == [123_400, 1_200]


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1.234,56", 123_456),
        ("1234,56", 123_456),
        ("€ 1.234,56", 123_456),
        ("12,5", 1_250),
        ("12,50-", -1_250),
        ("-/- 12,50", -1_250),
        ("(12,50)", -1_250),
        ("12,50 CR", -1_250),
        ("−12,50", -1_250),
        ("€ 12,-", 1_200),
        (",50", 50),
        ("1 234,56", 123_456),
        ("12,5000", 1_250),
        ("EUR 12,50", 1_250),
        ("0,00", 0),
        ("+12,50", 1_250),
    ],
)
def test_an_amount_is_read_as_it_is_written(text, cents):
    assert opens(parse(amounts(text, "3,33"), name="x")) == [cents, 333]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "veel",
        "1,23,45",
        "12,505",
        "--5",
        "(-5,00)",
        "5,00-CR",
        "1e5",
        "12%",
        "٣,٠٠",
        "1.23.456,00",
        "9" * 20,
        "9" * 5000,
        "USD 5,00",
        "NaN",
        "#N/B",
    ],
)
def test_what_is_no_amount_is_refused(text):
    file = parse(amounts("3,33", text), name="x")
    assert opens(file) == [333]
    assert said(file)[0] == ("regel 3", "refused")


@pytest.mark.parametrize(
    "text",
    [
        "14-03-2026",
        "14-3-26",
        "14/03/2026",
        "14.03.2026",
        "2026-03-14",
        "20260314",
        "46095",
        "14 mrt 2026",
        "14 maart 2026",
        "14-mrt-26",
        "zaterdag 14 maart 2026",
        "March 14, 2026",
        "14-03-2026 00:00:00",
        "2026-03-14T00:00:00Z",
        "2026-03-14T16:05:00.123",
    ],
)
def test_a_date_is_read_as_it_is_written(text):
    assert days(parse(dates(text), name="x")) == [date(2026, 3, 14)]


@pytest.mark.parametrize(
    "text",
    [
        "31-02-2026",
        "14-03-0026",
        "13-13-2026",
        "2026-03-13T23:00:00Z",
        "morgen",
        "1234",
        "00000000",
        "14-03-20266",
        "٣١-٠٣-٢٠٢٦",
        "14 foo 2026",
        "99999",
    ],
)
def test_what_is_no_date_is_refused(text):
    file = parse(dates("14-03-2026", text), name="x")
    assert days(file) == [date(2026, 3, 14)]
    assert said(file)[0] == ("regel 3", "refused")


def test_month_first_is_read_only_when_a_day_proves_it():
    assert days(parse(dates("03/04/2026", "03/14/2026"), name="x")) == [
        date(2026, 3, 4), date(2026, 3, 14),
    ]  # fmt: skip
    unproven = parse(dates("03/04/2026"), name="x")
    assert days(unproven) == [date(2026, 4, 3)]
    assert said(unproven) == [("regel 1", "warning")]
    assert parse(dates("03-04-2026"), name="x").problems == ()


def test_a_mixed_date_column_refuses_what_is_not_certain():
    file = parse(
        dates("14/03/2026", "15/03/2026", "03/14/2026", "03/04/2026", "05/05/2026"), name="x"
    )
    assert days(file) == [date(2026, 3, 14), date(2026, 3, 15), date(2026, 5, 5)]
    assert said(file)[:3] == [
        ("regel 1", "warning"),
        ("regel 4", "refused"),
        ("regel 5", "refused"),
    ]


def test_days_and_months_that_excel_swapped_are_refused():
    rows = [["Factuurnr", "Factuurdatum", "Naam", "Openstaand"]]
    cells = [datetime(2026, 4, 3), datetime(2026, 5, 3), "14-03-2026", "15-03-2026"]
    rows += [[f"F{at}", x, "Piet", 5] for at, x in enumerate(cells)]
    file = parse(write_xlsx(rows), name="x")
    assert days(file) == [date(2026, 3, 14), date(2026, 3, 15)]
    assert said(file)[:2] == [("B2", "refused"), ("B3", "refused")]


def test_a_header_that_stands_twice_refuses_the_file():
    content = make_list("1;2;14-03-2026;Piet;5,00", head="Factuurnr;Factuurnr.;Datum;Naam;Saldo")
    file = parse(content, name="x")
    assert (file.records, said(file)[-1]) == ((), ("regel 1", "refused"))
    assert "meer dan één keer" in reasons(file)


def test_missing_columns_are_named_with_those_found():
    file = parse(make_list("1;Piet", head="Factuurnr;Naam"), name="x")
    assert (file.records, said(file)) == ((), [("regel 1", "refused")])
    assert "factuurdatum of vervaldatum; openstaand bedrag of factuurbedrag" in reasons(file)
    assert "‘Factuurnr’, ‘Naam’" in reasons(file)


def test_a_trailing_total_is_left_out_with_a_note():
    rows = simple_rows()
    whole = sum(x.open_cents for x in ITEMS)
    for last in (["Totaal", *[""] * 5, dutch(whole)], [*[""] * 6, dutch(whole)]):
        file = parse(write_csv([*rows, last]), name="x")
        assert (len(file.records), said(file), file.full_list) == (
            3,
            [("regel 5", "warning")],
            True,
        )


@pytest.mark.parametrize("number", ["", "0", "000", "x" * 101])
def test_a_row_without_a_usable_number_is_refused_with_its_line(number):
    file = parse(make_list(f"1;Piet;{number};14-03-2026;28-03-2026;5,00"), name="x")
    assert (file.records, said(file)[0]) == ((), ("regel 2", "refused"))


def test_numbers_keep_their_zeros_and_codes_lose_their_padding():
    content = make_list("   0042;Piet;00017;14-03-2026;;5,00", '0042;Piet;="0018";14-03-2026;;5,00')
    file = parse(content, name="x")
    assert [(x.number, x.debtor.number) for x in file.records] == [
        ("00017", "0042"), ("0018", "0042"),
    ]  # fmt: skip


def test_an_unknown_currency_and_a_missing_debtor_are_refused():
    head = "Factuurnr;Datum;Naam;Openstaand;Valuta"
    rows = ("1;14-03-2026;Piet;5,00;€", "2;14-03-2026;Piet;5,00;QQQ", "3;14-03-2026;;5,00;EUR")
    file = parse(make_list(*rows, head=head), name="x")
    assert [(x.number, x.currency) for x in file.records] == [("1", "EUR")]
    assert said(file)[:2] == [("regel 3", "refused"), ("regel 4", "refused")]


def test_a_credit_note_with_a_positive_amount_is_not_taken_for_a_claim():
    content = make_list("1;14-03-2026;Piet;5,00;Creditnota", head="Factuur;Datum;Naam;Saldo;Soort")
    file = parse(content, name="x")
    assert (file.records, said(file)[0]) == ((), ("regel 2", "refused"))


def test_an_english_column_beside_a_dutch_one_is_read_by_its_own_style():
    head = "Factuur;Datum;Naam;Factuurbedrag;Openstaand"
    content = make_list(f"1;14-03-2026;Piet;{english(123_456)};{dutch(100_000)}", head=head)
    assert opens(parse(content, name="x")) == [100_000]
