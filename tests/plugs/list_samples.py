"""Lists of open items in the shapes that Dutch packages export, written here for the tests."""

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import xlsxwriter

DAY = date(2026, 3, 14)
DUE = date(2026, 3, 28)


@dataclass(frozen=True, slots=True)
class Item:
    """What a sample says, before it is written in some package's way."""

    number: str
    open_cents: int
    total_cents: int
    debtor_number: str = "10001"
    debtor_name: str = "Bakkerij De Zon"
    issued_on: date = DAY
    due_on: date = DUE


ITEMS = (
    Item("20260001", 123_456, 123_456),
    Item("20260002", 5_000, 10_000, "10002", "Café Zürich; B.V."),
    Item(
        "20260003", -2_500, -2_500, "10002", "Café Zürich; B.V.", date(2026, 4, 1), date(2026, 5, 1)
    ),
)


def dutch(cents: int) -> str:
    """-1.234,56"""
    return english(cents).translate(str.maketrans(",.", ".,"))


def english(cents: int) -> str:
    """-1,234.56"""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def plain(cents: int) -> str:
    """-1234.56"""
    return english(cents).replace(",", "")


def plain_comma(cents: int) -> str:
    """-1234,56"""
    return plain(cents).replace(".", ",")


def trailing_minus(cents: int) -> str:
    """1.234,56-"""
    return dutch(abs(cents)) + ("-" if cents < 0 else "")


def dmy(day: date) -> str:
    """14-03-2026"""
    return f"{day:%d-%m-%Y}"


def write_csv(
    rows: Sequence[Sequence[object]], *, delimiter: str = ";", encoding: str = "cp1252"
) -> bytes:
    """The rows as a CSV file with CRLF line ends, quoted where needed."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding)


def write_xlsx(
    rows: Sequence[Sequence[object]], *, sheet: str = "Blad1", at: tuple[int, int] = (0, 0)
) -> bytes:
    """The rows as the only sheet of a workbook, from the cell `at`; dates as dates."""
    return write_sheets({sheet: rows}, at=at)


def write_sheets(
    sheets: dict[str, Sequence[Sequence[object]]], *, at: tuple[int, int] = (0, 0)
) -> bytes:
    """A workbook with these sheets."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    day = book.add_format({"num_format": "dd-mm-yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for down, row in enumerate(rows):
            for along, cell in enumerate(row):
                place = (at[0] + down, at[1] + along)
                if isinstance(cell, (date, datetime)):
                    sheet.write_datetime(*place, cell, day)
                else:
                    sheet.write(*place, cell)
    book.close()
    return target.getvalue()


def replace_part(workbook: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """The same workbook with something else in one of its parts."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as before, zipfile.ZipFile(target, "w") as after:
        for entry in before.infolist():
            content = before.read(entry)
            if entry.filename == name:
                assert old in content
                content = content.replace(old, new)
            after.writestr(entry.filename, content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def simple_rows(
    items: Sequence[Item] = ITEMS, *, amount: object = dutch, day: object = dmy
) -> list[list[object]]:
    """A list with the seven columns that most packages have."""
    assert callable(amount)
    assert callable(day)
    head: list[object] = [
        "Debiteurnr", "Debiteurnaam", "Factuurnr", "Factuurdatum", "Vervaldatum", "Factuurbedrag",
        "Openstaand",
    ]  # fmt: skip
    return [head] + [
        [x.debtor_number, x.debtor_name, x.number, day(x.issued_on), day(x.due_on),
         amount(x.total_cents), amount(x.open_cents)]
        for x in items
    ]  # fmt: skip


def exact_csv() -> bytes:
    """Exact Online, Receivables: codes padded on the left, one row per instalment, points."""
    rows: list[list[object]] = [[
        "AccountCode", "AccountName", "InvoiceNumber", "EntryNumber", "InvoiceDate", "DueDate",
        "AmountDC", "TransactionAmountDC", "CurrencyCode", "YourRef", "Description",
    ]]  # fmt: skip
    rows += [
        [f"{x.debtor_number:>18}", x.debtor_name, x.number, "26700001",
         f"{x.issued_on:%Y-%m-%dT00:00:00}", f"{x.due_on:%Y-%m-%dT00:00:00}",
         plain(x.open_cents), plain(x.total_cents), "EUR", "PO 7", "Levering"]
        for x in ITEMS
    ]  # fmt: skip
    return write_csv(rows, delimiter=",", encoding="utf-8")


def twinfield_csv() -> bytes:
    """Twinfield, a browse of open sales lines: signed values, dates as yyyymmdd."""
    rows: list[list[object]] = [[
        "fin.trs.head.number", "fin.trs.head.date", "fin.trs.head.curcode",
        "fin.trs.line.invnumber",
        "fin.trs.line.dim2", "fin.trs.line.dim2name", "fin.trs.line.datedue",
        "fin.trs.line.valuesigned", "fin.trs.line.openvaluesigned",
    ]]  # fmt: skip
    rows += [
        ["700", f"{x.issued_on:%Y%m%d}", "EUR", x.number, x.debtor_number, x.debtor_name,
         f"{x.due_on:%Y%m%d}", plain(x.total_cents), plain(x.open_cents)]
        for x in ITEMS
    ]  # fmt: skip
    return write_csv(rows, delimiter="\t", encoding="utf-8-sig")


def snelstart_xlsx() -> bytes:
    """SnelStart: title rows above the header, dates and numbers as a spreadsheet knows them."""
    rows: list[list[object]] = [
        ["Openstaande verkoopfacturen"],
        ["Per", date(2026, 11, 22)],
        [],
        ["Relatiecode", "Naam", "Factuurnummer", "FactuurDatum", "VervalDatum", "FactuurBedrag",
         "OpenstaandSaldo", "KvkNummer", "Email"],
    ]  # fmt: skip
    rows += [
        [int(x.debtor_number), x.debtor_name, x.number, x.issued_on, x.due_on, x.total_cents / 100,
         x.open_cents / 100, "12345678", "post@example.nl"]
        for x in ITEMS
    ]  # fmt: skip
    return write_xlsx(rows)


def eboekhouden_csv() -> bytes:
    """e-Boekhouden, open items: no due date but a term in days; paid beside the amount."""
    rows: list[list[object]] = [[
        "Datum", "Factuurnummer", "Code", "Relatie", "Betalingstermijn", "Bedrag", "Voldaan",
        "Openstaand",
    ]]  # fmt: skip
    rows += [
        [dmy(x.issued_on), x.number, x.debtor_number, x.debtor_name,
         (x.due_on - x.issued_on).days, dutch(x.total_cents),
         dutch(x.total_cents - x.open_cents), dutch(x.open_cents)]
        for x in ITEMS
    ]  # fmt: skip
    return write_csv(rows)


def afas_csv() -> bytes:
    """AFAS, a connector of open items: trailing minus, euro signs, a total below."""
    rows: list[list[object]] = [[
        "Debiteur", "Naam debiteur", "Factuurnummer", "Boekstuknummer", "Factuurdatum",
        "Vervaldatum", "Valuta", "Factuurbedrag", "Openstaand bedrag",
    ]]  # fmt: skip
    rows += [
        [x.debtor_number, x.debtor_name, x.number, "4711", f"{x.issued_on:%-d-%-m-%Y}",
         f"{x.due_on:%-d-%-m-%Y}", "EUR", "€ " + trailing_minus(x.total_cents),
         "€ " + trailing_minus(x.open_cents)]
        for x in ITEMS
    ]  # fmt: skip
    total = sum(x.open_cents for x in ITEMS)
    rows.append(["Totaal", "", "", "", "", "", "", "", "€ " + trailing_minus(total)])
    return write_csv(rows, encoding="utf-8-sig")


def moneybird_csv() -> bytes:
    """Moneybird: field names of its interface, ISO dates, amounts with a point."""
    rows: list[list[object]] = [[
        "invoice_id", "customer_id", "company_name", "invoice_date", "due_date", "state",
        "currency",
        "total_price_incl_tax", "total_paid", "total_unpaid", "reference", "payment_reference",
    ]]  # fmt: skip
    rows += [
        [x.number, x.debtor_number, x.debtor_name, x.issued_on.isoformat(), x.due_on.isoformat(),
         "late", "EUR", plain(x.total_cents), plain(x.total_cents - x.open_cents),
         plain(x.open_cents), "PO 7", "1234567890123456"]
        for x in ITEMS
    ]  # fmt: skip
    return write_csv(rows, delimiter=",", encoding="utf-8")
