"""Invoices: the list, one invoice, and the documents that came with it."""

from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tijdig.banking.direct_debits.lines.queries import list_lines_of_item
from tijdig.banking.queries import describe_lines
from tijdig.cases.queries.lists import list_cases
from tijdig.core.problem import Sentence
from tijdig.desk.case_words import describe_case
from tijdig.desk.lateness import label_lateness
from tijdig.desk.listing import read_asked
from tijdig.dunning.queries.default import explain_default
from tijdig.dunning.queries.limitation import LimitationRow, explain_limitation
from tijdig.ledger.queries.balances import EntryRow, list_entries_of_item
from tijdig.ledger.queries.cards import find_document, find_invoice, list_documents_of
from tijdig.ledger.queries.lists import InvoiceRow, InvoiceTab, count_invoices, list_invoices
from tijdig.ledger.queries.words import find_invoices
from tijdig.web.downloads import make_download
from tijdig.web.labels import (
    DEBIT_STATES,
    ENTRY_KINDS,
    ITEM_KINDS,
    LIMITATION_WARNINGS,
    TERMS,
    Label,
    label_of,
)
from tijdig.web.paging import COUNT_UP_TO, PAGE_ROWS, make_count, make_page
from tijdig.web.rights import Desk, at_desk

TABS = (
    ("open", gettext_lazy("Open")),
    ("overdue", gettext_lazy("Te laat")),
    ("attention", gettext_lazy("Aandacht")),
    ("all", gettext_lazy("Alles")),
)
EURO = "EUR"
ENTRY_SOURCES = {
    "bank_line": gettext_lazy("bank"),
    "import": gettext_lazy("import"),
    "correction": gettext_lazy("correctie"),
}


@require_safe
@at_desk
def invoices(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The list, latest due date first."""
    asked = read_asked(request, TABS)
    tab = cast("InvoiceTab", asked.tab)
    found = find_invoices(asked.search)
    rows = list_invoices(
        tab=tab, found=found, after=asked.after, today=desk.today, limit=PAGE_ROWS + 1
    )
    count = count_invoices(tab=tab, found=found, today=desk.today, up_to=COUNT_UP_TO + 1)
    page = make_page(
        rows,
        place_of=lambda row: (row.due_on.isoformat(), str(row.id)),
        is_first=asked.after is None,
    )
    context = {
        "section": "invoices",
        "asked": asked,
        "page": page,
        "next_address": asked.address_of(page.next_place),
        "count": make_count(count),
        "lines": [(row, _kind(row), _state(row, desk)) for row in page.rows],
        "open_cents": sum(row.open_cents for row in page.rows if row.currency == EURO),
        "invoiced_cents": sum(row.invoiced_cents for row in page.rows if row.currency == EURO),
    }
    partial = "desk/invoice/_list.html"
    whole = "desk/invoice/list.html"
    return render(request, partial if request.headers.get("HX-Request") else whole, context)


@require_safe
@at_desk
def invoice(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """One invoice: what the paper says, what happened to it, and what is left.

    A collection that the bank refused before booking it changes no amount: it stands apart.
    """
    card = find_invoice(number)
    if card is None:
        raise Http404
    entries = list_entries_of_item(card.item_id)
    lines = describe_lines(
        tuple(entry.source_id for entry in entries if entry.source_kind == "bank_line")
    )
    history = []
    balance = 0
    for entry in entries:
        balance += entry.cents
        line = None if entry.is_confirmation else lines.get(entry.source_id)
        because = Sentence(line.because_nl, line.because_en) if line else None
        kind = label_of(ENTRY_KINDS, "confirmed" if entry.is_confirmation else entry.kind)
        history.append((entry, kind, _source(entry), because, balance))
    late = label_lateness(card.due_on, issued_on=card.issued_on, today=desk.today)
    context = {
        "section": "invoices",
        "card": card,
        "kind": label_of(ITEM_KINDS, card.kind),
        "term": label_of(TERMS, card.term),
        "limitation": _describe_limitation(card.item_id, desk),
        "in_law": explain_default(card.debtor_id, card.item_id, today=desk.today),
        "late": late if card.kind == "invoice" and card.closed_on is None else None,
        "history": history,
        "documents": list_documents_of(card.id),
        "collections": [
            (line, label_of(DEBIT_STATES, line.state), Sentence(line.because_nl, line.because_en))
            for line in reversed(list_lines_of_item(card.item_id))
        ],
        "lines": [
            describe_case(row, slug=desk.slug, today=desk.today)
            for row in list_cases(today=desk.today, debtor_id=card.debtor_id)
            if row.invoice_number == card.number
        ],
    }
    return render(request, "desk/invoice/page.html", context)


@require_safe
@at_desk
def document(_request: HttpRequest, _desk: Desk, document_id: UUID) -> HttpResponse:
    """A document as the file brought it: always a download, never run in our own pages."""
    found = find_document(document_id)
    if found is None:
        raise Http404
    return make_download(found.content, name=found.name, media_type=found.media_type)


def _describe_limitation(item_id: UUID, desk: Desk) -> tuple[LimitationRow, Label | None] | None:
    """Until when an open invoice can be enforced, and its warning; None of any other."""
    row = explain_limitation(item_id, today=desk.today)
    if row is None:
        return None
    return row, None if row.warning_days is None else LIMITATION_WARNINGS[row.warning_days]


def _source(entry: EntryRow) -> Label:
    return Label(ENTRY_SOURCES.get(entry.source_kind, entry.source_kind))


def _kind(row: InvoiceRow) -> Label | None:
    """What it is where it is no invoice."""
    return None if row.kind == "invoice" else label_of(ITEM_KINDS, row.kind)


def _state(row: InvoiceRow, desk: Desk) -> Label:
    if row.closed_on is not None:
        return Label(_("voldaan"), "good")
    late = label_lateness(row.due_on, issued_on=row.issued_on, today=desk.today)
    return (late if row.kind == "invoice" else None) or Label(_("open"), "calm")
