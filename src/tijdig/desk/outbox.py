"""Berichten: what waits, what went, what needs a person; and exactly what is in each."""

from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tijdig.desk.letters import describe_in_law
from tijdig.desk.listing import read_asked
from tijdig.desk.message_words import describe_message
from tijdig.desk.questions import list_buttons
from tijdig.ledger.queries.balances import list_invoice_numbers
from tijdig.messaging.queries import (
    OutboxTab,
    count_by_state,
    count_unposted,
    find_body,
    find_message,
    list_items_of,
    list_messages,
)
from tijdig.web.downloads import make_download
from tijdig.web.labels import LANGUAGES, MESSAGE_STATES, label_of
from tijdig.web.paging import PAGE_ROWS, make_page
from tijdig.web.rights import Desk, at_desk

TABS = (
    ("waiting", gettext_lazy("Staat klaar")),
    ("gone", gettext_lazy("Verstuurd")),
    ("attention", gettext_lazy("Aandacht")),
    ("stopped", gettext_lazy("Niet verstuurd")),
    ("all", gettext_lazy("Alles")),
)
# A message may style itself; it may run, load and send nothing, also when opened by itself.
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'; sandbox"
)


@require_safe
@at_desk
def outbox(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Messages by what became of them."""
    asked = read_asked(request, TABS)
    rows = list_messages(
        tab=cast("OutboxTab", asked.tab),
        search=asked.search,
        after=asked.after,
        limit=PAGE_ROWS + 1,
    )
    page = make_page(
        rows,
        place_of=lambda row: (row.planned_on.isoformat(), str(row.id)),
        is_first=asked.after is None,
    )
    context = {
        "section": "messages",
        "asked": asked,
        "page": page,
        "next_address": asked.address_of(page.next_place),
        "lines": [describe_message(row) for row in page.rows],
        "total_cents": sum(row.total_cents for row in page.rows),
        "counts": [
            (label_of(MESSAGE_STATES, state), count)
            for state, count in sorted(count_by_state().items())
        ],
        "today": desk.today,
        "unposted": count_unposted(),
    }
    partial = "desk/message/_list.html"
    whole = "desk/message/list.html"
    return render(request, partial if request.headers.get("HX-Request") else whole, context)


@require_safe
@at_desk
def message(request: HttpRequest, desk: Desk, message_id: UUID) -> HttpResponse:
    """One message: to whom, about what, and its exact words once they were frozen."""
    row = find_message(message_id)
    if row is None:
        raise Http404
    items = list_items_of(message_id)
    numbers = list_invoice_numbers(tuple(item.item_id for item in items))
    # A rehearsal asks for costs and interest that are not booked: they are in no list.
    foreseen_cents = row.total_cents - sum(item.cents for item in items)
    context = {
        "section": "messages",
        "foreseen_cents": max(foreseen_cents, 0),
        "words": describe_message(row),
        "language": label_of(LANGUAGES, row.language),
        "buttons": list_buttons(row, desk),
        "items": [(numbers.get(item.item_id, ""), item.cents, item.cents > 0) for item in items],
        "body": find_body(message_id),
        **describe_in_law(message_id, desk),
    }
    return render(request, "desk/message/page.html", context)


@require_safe
@at_desk
def message_html(_request: HttpRequest, _desk: Desk, message_id: UUID) -> HttpResponse:
    """The HTML part, for a sandboxed frame."""
    body = find_body(message_id)
    if body is None or not body.html:
        raise Http404
    response = HttpResponse(body.html)
    response["Content-Security-Policy"] = MAIL_POLICY
    return response


@require_safe
@at_desk
def message_pdf(_request: HttpRequest, _desk: Desk, message_id: UUID) -> HttpResponse:
    """The letter as it is printed."""
    body = find_body(message_id)
    if body is None or body.pdf is None:
        raise Http404
    return make_download(body.pdf, name=f"{body.subject}.pdf", media_type="application/pdf")
