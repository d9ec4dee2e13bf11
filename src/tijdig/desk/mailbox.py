"""Postvak: in the demo, the mail that debtors would have received."""

from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tijdig.core.problem import Refusal
from tijdig.desk.listing import read_asked
from tijdig.desk.outbox import MAIL_POLICY
from tijdig.messaging.channels.mailbox import StoredMail, read_mail
from tijdig.messaging.queries import find_stored_name, list_stored_mail
from tijdig.web.paging import PAGE_ROWS, make_page
from tijdig.web.rights import Desk, at_desk

TABS = (("all", gettext_lazy("Alles")),)


@require_safe
@at_desk
def mailbox(request: HttpRequest, _desk: Desk) -> HttpResponse:
    """The latest e-mails of this administration."""
    _folder()
    asked = read_asked(request, TABS)
    rows = list_stored_mail(search=asked.search, after=asked.after, limit=PAGE_ROWS + 1)
    page = make_page(
        rows,
        place_of=lambda row: (row.planned_on.isoformat(), str(row.id)),
        is_first=asked.after is None,
    )
    context = {
        "section": "mailbox",
        "asked": asked,
        "page": page,
        "next_address": asked.address_of(page.next_place),
    }
    return render(request, "desk/mailbox/list.html", context)


@require_safe
@at_desk
def mail(request: HttpRequest, _desk: Desk, message_id: UUID) -> HttpResponse:
    """One e-mail."""
    context = {"section": "mailbox", "mail": _find(message_id), "message_id": message_id}
    return render(request, "desk/mailbox/page.html", context)


@require_safe
@at_desk
def mail_html(_request: HttpRequest, _desk: Desk, message_id: UUID) -> HttpResponse:
    """The HTML part, for a sandboxed frame."""
    found = _find(message_id)
    if not found.html:
        raise Http404
    response = HttpResponse(found.html)
    response["Content-Security-Policy"] = MAIL_POLICY
    return response


def _folder() -> Path:
    """Where the demo's mail lands; outside the demo there is no such page."""
    if not settings.DEMO:
        raise Http404
    return Path(settings.DEMO_FOLDER) / "mailbox"


def _find(message_id: UUID) -> StoredMail:
    """The mail of a message of this administration: the folder holds those of all."""
    folder = _folder()
    name = find_stored_name(message_id)
    if name is None:
        raise Http404
    try:
        return read_mail(folder, name)
    except Refusal as refusal:
        raise Http404 from refusal
