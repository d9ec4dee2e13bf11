"""Invoices and credit notes in UBL 2.1: SI-UBL 1.x and 2.0 (NLCIUS), Peppol BIS 3 and plain UBL."""

import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Final

from lxml import etree

from tijdig.core.problem import Problem
from tijdig.core.safe_xml import parse_xml
from tijdig.intake.formats.ubl_discount import read_discount
from tijdig.intake.formats.ubl_money import Totals, read_totals
from tijdig.intake.formats.ubl_party import read_creditor, read_debtor
from tijdig.intake.formats.ubl_payment import read_due_on, read_payment
from tijdig.intake.formats.ubl_profile import check_profile
from tijdig.intake.formats.ubl_sums import read_vat_cents
from tijdig.intake.formats.ubl_tree import (
    ROOT_NAMESPACES,
    Element,
    find,
    find_all,
    find_text,
    place_of,
    read_date,
    refused,
    text_of,
    warning,
)
from tijdig.intake.records import Attachment, InvoiceFile, InvoiceRecord

_FORMAT: Final = "ubl"
_ROOTS: Final = re.compile(
    rb"<(?:[A-Za-z_][\w.-]*:)?(?:Invoice|CreditNote|CrossIndustryInvoice)[\s>/]"
)
_MAX_NUMBER: Final = 100
_MAX_WARNINGS: Final = 25
_PRO_FORMA: Final = "325"
_EMBEDDED: Final = "cac:Attachment/cbc:EmbeddedDocumentBinaryObject"
_UNSAFE_IN_NAME: Final = re.compile(r"[\x00-\x1f\x7f\"*:<>?|]")


def recognise(head: bytes) -> bool:
    """Whether a file that starts like this is an electronic invoice for this parser to judge."""
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff")) or head[:4] in {b"<\0?\0", b"\0<\0?"}
    # dropping the NUL bytes turns UTF-16 into readable ASCII, which is all a recogniser needs
    plain = (head.replace(b"\0", b"") if wide else head).lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return plain.startswith(b"<") and _ROOTS.search(plain) is not None


def parse(content: bytes, *, name: str) -> InvoiceFile:
    """The invoice in this file, or why it does not come in; never raises on any content.

    One record at most. Only what a claim needs refuses it: number, dates, parties, totals,
    currency. At most 25 warnings are named.
    """
    root = parse_xml(content)
    problem = root if isinstance(root, Problem) else _check_root(root)
    if problem or isinstance(root, Problem):
        return InvoiceFile(_FORMAT, (), _named([problem] if problem else [], name))
    warnings: list[Problem] = []
    record = _read_record(root, warnings)
    if not isinstance(record, InvoiceRecord):
        return InvoiceFile(_FORMAT, (), _named(record, name))
    warnings.extend(islice(check_profile(root), _MAX_WARNINGS + 1))
    return InvoiceFile(_FORMAT, (record,), _named(_shorten(root, warnings), name))


def _check_root(root: Element) -> Problem | None:
    """Why this XML is no UBL invoice, or None when it is."""
    tag = etree.QName(root)
    if tag.namespace == ROOT_NAMESPACES.get(tag.localname, ""):
        return None
    if tag.localname == "CrossIndustryInvoice":
        return refused(
            place_of(root),
            "Deze factuur is in het formaat CII (UN/CEFACT), niet in UBL. Wij lezen alleen UBL."
            " Vraag de factuur als UBL op.",
            "This invoice is in the format CII (UN/CEFACT), not UBL. We read UBL only."
            " Ask for the invoice as UBL.",
        )
    if tag.localname in ROOT_NAMESPACES:
        return refused(
            place_of(root),
            f"Het bestand noemt zich {tag.localname}, maar niet volgens UBL 2: de naamruimte is"
            f" '{(tag.namespace or '')[:80]}'. Vraag de factuur als UBL 2.1 op.",
            f"The file calls itself {tag.localname}, but not of UBL 2: its namespace is"
            f" '{(tag.namespace or '')[:80]}'. Ask for the invoice as UBL 2.1.",
        )
    return refused(
        place_of(root),
        f"Het bestand begint met <{tag.localname[:40]}>. Een UBL-factuur begint met Invoice of"
        " CreditNote. Kies het bestand van de factuur.",
        f"The file starts with <{tag.localname[:40]}>. A UBL invoice starts with Invoice or"
        " CreditNote. Choose the file of the invoice.",
    )


def _read_record(root: Element, warnings: list[Problem]) -> InvoiceRecord | list[Problem]:
    """The invoice, adding to `warnings` what is odd; or everything that keeps it out."""
    number = _read_number(root)
    issued_on, due_on = _read_issued_on(root), read_due_on(root)
    totals = read_totals(root)
    creditor = read_creditor(root)
    payment = read_payment(root, totals.sign if isinstance(totals, Totals) else 1, warnings)
    debtor = read_debtor(root, payment.debtor_ibans, warnings)
    if (
        isinstance(number, Problem)
        or isinstance(issued_on, Problem)
        or isinstance(due_on, Problem)
        or isinstance(creditor, Problem)
        or isinstance(debtor, Problem)
        or not isinstance(totals, Totals)
    ):
        parts = (number, issued_on, due_on, creditor, debtor)
        whole = [part for part in parts if isinstance(part, Problem)]
        return whole + (list(totals) if isinstance(totals, tuple) else [])
    warnings.extend(totals.warnings)
    discount = read_discount(root, totals.open_cents)
    warnings.extend(_check_order_of_dates(root, issued_on, due_on))
    return InvoiceRecord(
        number=number,
        kind=totals.kind,
        issued_on=issued_on,
        due_on=due_on,
        currency=totals.currency,
        total_cents=totals.total_cents,
        open_cents=totals.open_cents,
        debtor=debtor,
        place=place_of(root),
        creditor_name=creditor.name,
        creditor_iban=payment.creditor_iban,
        creditor_kvk_number=creditor.kvk_number,
        creditor_vat_number=creditor.vat_number,
        order_reference=_read_order_reference(root),
        customer_reference=find_text(root, "cbc:BuyerReference"),
        payment_reference=payment.payment_reference,
        credited_number=_read_credited_number(root, warnings),
        terms_note=payment.terms_note,
        discount_cents=discount.cents if discount else 0,
        vat_cents=read_vat_cents(root, totals.total_cents),
        discount_until=discount.until if discount else None,
        g_account=payment.g_account,
        direct_debit_mandate=payment.direct_debit_mandate,
        attachments=tuple(_read_attachments(root, warnings)),
    )


def _read_number(root: Element) -> str | Problem:
    number = find_text(root, "cbc:ID")
    if find_text(root, "cbc:InvoiceTypeCode") == _PRO_FORMA:
        return refused(
            place_of(root, "cbc:InvoiceTypeCode"),
            "Dit is een pro-formafactuur. Daarvoor hoeft niemand te betalen.",
            "This is a pro forma invoice. Nobody owes money for it.",
        )
    if not number:
        return refused(
            place_of(root, "cbc:ID"),
            "Het factuurnummer ontbreekt. Zet het nummer in de factuur.",
            "The invoice number is missing. Put the number in the invoice.",
        )
    if len(number) > _MAX_NUMBER:
        return refused(
            place_of(root, "cbc:ID"),
            "Het factuurnummer is langer dan 100 tekens. Gebruik een korter nummer.",
            "The invoice number is longer than 100 characters. Use a shorter number.",
        )
    return number


def _read_issued_on(root: Element) -> date | Problem:
    element = find(root, "cbc:IssueDate")
    if element is not None and text_of(element):
        return read_date(element)
    return refused(
        place_of(root, "cbc:IssueDate"),
        "De factuurdatum ontbreekt. Zet de datum in de factuur.",
        "The invoice date is missing. Put the date in the invoice.",
    )


def _check_order_of_dates(root: Element, issued_on: date, due_on: date | None) -> list[Problem]:
    if due_on is None or due_on >= issued_on:
        return []
    element = find(root, "cbc:DueDate")
    return [
        warning(
            place_of(root if element is None else element),
            f"De vervaldatum {due_on:%d-%m-%Y} ligt voor de factuurdatum {issued_on:%d-%m-%Y}."
            " Controleer de vervaldatum.",
            f"The due date {due_on:%d-%m-%Y} is before the invoice date {issued_on:%d-%m-%Y}."
            " Check the due date.",
        )
    ]


def _read_order_reference(root: Element) -> str:
    """The customer's order; "NA" is what Peppol writes where there is only a sales order."""
    number = find_text(root, "cac:OrderReference/cbc:ID")
    return "" if number == "NA" else number


def _read_credited_number(root: Element, warnings: list[Problem]) -> str:
    """The invoice that this document corrects; only the first where it names several."""
    elements = find_all(root, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID")
    numbers = list(dict.fromkeys(filter(None, map(text_of, elements))))
    if len(numbers) > 1:
        warnings.append(
            warning(
                place_of(elements[1]),
                f"Dit document hoort bij {len(numbers)} facturen. Wij koppelen het aan"
                f" {numbers[0][:40]}; verdeel het bedrag zelf als dat nodig is.",
                f"This document belongs to {len(numbers)} invoices. We tie it to"
                f" {numbers[0][:40]}; divide the amount yourself where needed.",
            )
        )
    return numbers[0] if numbers else ""


def _read_attachments(root: Element, warnings: list[Problem]) -> Iterator[Attachment]:
    """The documents inside the file; one that cannot be decoded is left out with a warning."""
    for reference in find_all(root, "cac:AdditionalDocumentReference"):
        for element in find_all(reference, _EMBEDDED):
            content = _decode(element.text or "")
            if content:
                yield Attachment(
                    name=_name_attachment(element, find_text(reference, "cbc:ID")),
                    media_type=element.get("mimeCode", "").strip()[:100]
                    or "application/octet-stream",
                    content=content,
                )
            else:
                warnings.append(
                    warning(
                        place_of(element),
                        "Deze bijlage is leeg of beschadigd. De factuur komt binnen zonder haar.",
                        "This attachment is empty or damaged. The invoice comes in without it.",
                    )
                )


def _decode(text: str) -> bytes:
    """The bytes of a base64 text with line breaks, empty when it is broken."""
    try:
        return b64decode("".join(text.split()), validate=True)
    except ValueError:
        return b""


def _name_attachment(element: Element, number: str) -> str:
    """A file name without folders or signs that a file system refuses."""
    stated = re.split(r"[/\\]", element.get("filename", "").strip())[-1] or number
    name = _UNSAFE_IN_NAME.sub("_", re.split(r"[/\\]", stated)[-1]).strip(". ")
    return name[-120:] or "bijlage"


def _shorten(root: Element, warnings: list[Problem]) -> list[Problem]:
    if len(warnings) <= _MAX_WARNINGS:
        return warnings
    last = warning(
        place_of(root),
        f"Deze factuur heeft nog meer gebreken dan deze {_MAX_WARNINGS}. Zij is wel ingelezen.",
        f"This invoice has more defects than these {_MAX_WARNINGS}. It has come in all the same.",
    )
    return [*warnings[:_MAX_WARNINGS], last]


def _named(problems: list[Problem], name: str) -> tuple[Problem, ...]:
    return tuple(replace(problem, file=name) for problem in problems)
