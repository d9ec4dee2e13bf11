"""Lists of open items as bookkeeping packages export them: four shapes, CSV and XLSX."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date

from tijdig.core.money import format_euros, format_plain
from tijdig.demo.workbook import Cell, write_workbook
from tijdig.demo.world import Invoice, ListStyle

_KINDS = {"consumer": "particulier", "business": "zakelijk"}


def write_open_list(
    invoices: Sequence[Invoice], open_cents: Mapping[str, int], *, style: ListStyle, on: date
) -> tuple[str, bytes]:
    """The file's name and content; `invoices` are all items that are open on this day."""
    if style == "workbook":
        return "openstaand.xlsx", write_workbook("Openstaand", _workbook(invoices, open_cents, on))
    if style == "signed":
        return "open-posten.csv", _write_csv(_signed(invoices, open_cents, on), "\t", "utf-8-sig")
    shape = _term_days if style == "term_days" else _plain
    return "openstaande-posten.csv", _write_csv(shape(invoices, open_cents, on), ";", "cp1252")


def _plain(
    invoices: Sequence[Invoice], open_cents: Mapping[str, int], on: date
) -> list[list[object]]:
    """The columns that most packages have."""
    head = (
        "Debiteurnr;Debiteurnaam;Soort debiteur;KvK-nummer;Contactpersoon;E-mailadres;Telefoon;"
        "Adres;Postcode;Plaats;Land;Factuurnr;Factuurdatum;Vervaldatum;Factuurbedrag;Openstaand;"
        "Ordernummer;Gecrediteerde factuur;Dagen te laat"
    )
    rows: list[list[object]] = [list(head.split(";"))]
    for one in invoices:
        who = one.debtor
        rows.append(
            [
                who.number, who.name, _KINDS[who.kind], who.kvk_number, who.contact_name,
                who.email_on(on), who.phone, who.street, who.postal_code, who.city, who.country,
                one.number, f"{one.issued_on:%d-%m-%Y}", f"{one.due_on:%d-%m-%Y}",
                _dutch(one.claim_cents), _dutch(open_cents[one.number]), one.order_reference,
                one.credited_number, (on - one.due_on).days,
            ]
        )  # fmt: skip
    return rows


def _signed(
    invoices: Sequence[Invoice], open_cents: Mapping[str, int], on: date
) -> list[list[object]]:
    """A browse of open lines: technical column names, signed values, dates as yyyymmdd."""
    head = (
        "fin.trs.head.date fin.trs.head.curcode fin.trs.line.invnumber fin.trs.line.dim2 "
        "fin.trs.line.dim2name fin.trs.line.datedue fin.trs.line.valuesigned "
        "fin.trs.line.openvaluesigned email phone address zipcode city cocnumber age"
    )
    rows: list[list[object]] = [list(head.split())]
    for one in invoices:
        who = one.debtor
        rows.append(
            [
                f"{one.issued_on:%Y%m%d}", "EUR", one.number, who.number, who.name,
                f"{one.due_on:%Y%m%d}", format_plain(one.claim_cents),
                format_plain(open_cents[one.number]), who.email_on(on), who.phone, who.street,
                who.postal_code, who.city, who.kvk_number, (on - one.due_on).days,
            ]
        )  # fmt: skip
    return rows


def _term_days(
    invoices: Sequence[Invoice], open_cents: Mapping[str, int], on: date
) -> list[list[object]]:
    """No due date but a term in days, and what was paid beside the amount."""
    head = (
        "Datum;Factuurnummer;Code;Relatie;E-mail;Telefoon;Adres;Postcode;Plaats;KvK;"
        "Betalingstermijn;Bedrag;Voldaan;Openstaand;Dagen open"
    )
    rows: list[list[object]] = [list(head.split(";"))]
    for one in invoices:
        who, still_cents = one.debtor, open_cents[one.number]
        rows.append(
            [
                f"{one.issued_on:%d-%m-%Y}", one.number, who.number, who.name, who.email_on(on),
                who.phone, who.street, who.postal_code, who.city, who.kvk_number,
                (one.due_on - one.issued_on).days, _dutch(one.claim_cents),
                _dutch(one.claim_cents - still_cents), _dutch(still_cents),
                (on - one.issued_on).days,
            ]
        )  # fmt: skip
    return rows


def _workbook(
    invoices: Sequence[Invoice], open_cents: Mapping[str, int], on: date
) -> list[list[Cell]]:
    """Title rows above the header."""
    head = (
        "Relatiecode;Naam;Factuurnummer;FactuurDatum;VervalDatum;FactuurBedrag;OpenstaandSaldo;"
        "KvkNummer;Email;Telefoon;Adres;Postcode;Plaats"
    )
    rows: list[list[Cell]] = [["Openstaande verkoopfacturen"], ["Per", on], [], [*head.split(";")]]
    for one in invoices:
        who = one.debtor
        rows.append(
            [
                who.number, who.name, one.number, one.issued_on, one.due_on,
                one.claim_cents / 100, open_cents[one.number] / 100, who.kvk_number,
                who.email_on(on), who.phone, who.street, who.postal_code, who.city,
            ]
        )  # fmt: skip
    return rows


def _write_csv(rows: Sequence[Sequence[object]], delimiter: str, encoding: str) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding, "replace")


def _dutch(cents: int) -> str:
    """`-1.234,56`"""
    return format_euros(cents).replace("€ ", "")
