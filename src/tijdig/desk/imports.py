"""Import: bring files in, see a list before it counts, and read what became of each file."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.core.files.base import File
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from tijdig.banking.formats.table import find_format
from tijdig.core.problem import Refusal, Sentence
from tijdig.desk.columns import make_preview_page, read_mapping
from tijdig.intake.formats import open_items
from tijdig.intake.queries import find_import, list_imports, list_problems_of
from tijdig.web.accepted_files import say_accepted
from tijdig.web.labels import FILE_FORMATS, label_of
from tijdig.web.language import say
from tijdig.web.methods import page_with_form
from tijdig.web.offered_files import (
    Offer,
    bring_back,
    keep_decisions,
    offer,
    put_aside,
    throw_away,
)
from tijdig.web.paging import PAGE_ROWS, make_page, read_place
from tijdig.web.receiving import HEAD_BYTES, Received, receive
from tijdig.web.rights import Desk, at_desk

MOST_BYTES = 50 * 1024 * 1024
MOST_PROBLEMS = 500


@page_with_form
@at_desk
def imports(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The drop zone and the history; where there are lists, their previews come first."""
    if request.method == "POST":
        files = [read_upload(one) for one in request.FILES.getlist("files")]
        if not files:
            raise Refusal("Kies eerst een bestand.", "Choose a file first.")
        offered = offer(files)
        if not offered.lists:
            return _take_in(request, desk, offered)
        put_aside(offered, administration_id=desk.administration_id)
        return make_preview_page(request, offered, offered.lists[0])
    place = read_place(request.GET.get("na", ""), sorts_by=datetime.fromisoformat)
    rows = list_imports(after=place, limit=PAGE_ROWS + 1)
    page = make_page(
        rows, place_of=lambda row: (row.at.isoformat(), str(row.id)), is_first=place is None
    )
    context = {
        "section": "imports",
        "page": page,
        "accepted": say(say_accepted()),
        "lines": [(row, label_of(FILE_FORMATS, row.format)) for row in page.rows],
    }
    return render(request, "desk/import/list.html", context)


@require_POST
@at_desk
def list_preview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The same list with other columns, in, or left out: what the buttons of the preview ask.

    After the last list all files of the call come in together.
    """
    ticket, told = request.POST.get("ticket", ""), request.POST.get("at", "")
    offered = bring_back(ticket, administration_id=desk.administration_id)
    at = int(told) if told.isascii() and told.isdecimal() else -1
    if at not in offered.lists:
        raise Http404
    headers = open_items.parse_headers(offered.waiting[at].file.content)
    mapping = read_mapping(request.POST, headers)
    if "again" in request.POST:
        return make_preview_page(request, offered, at, mapping=mapping)
    offered = offered.decide(at, None if "leave_out" in request.POST else mapping)
    keep_decisions(offered, administration_id=desk.administration_id)
    if offered.next_list is not None:
        return make_preview_page(request, offered, offered.next_list)
    answer = _take_in(request, desk, offered)
    throw_away(ticket, administration_id=desk.administration_id)
    return answer


@require_safe
@at_desk
def import_(request: HttpRequest, _desk: Desk, import_id: UUID) -> HttpResponse:
    """What became of one file, with a reason for every row that did not come in."""
    row = find_import(import_id)
    if row is None:
        raise Http404
    problems = list_problems_of(import_id, limit=MOST_PROBLEMS)
    context = {
        "section": "imports",
        "row": row,
        "format": label_of(FILE_FORMATS, row.format),
        "refused": [
            (one.place, Sentence(one.because_nl, one.because_en))
            for one in problems
            if one.severity == "refused"
        ],
        "warnings": [
            (one.place, Sentence(one.because_nl, one.because_en))
            for one in problems
            if one.severity != "refused"
        ],
    }
    return render(request, "desk/import/page.html", context)


def read_upload(file: "File[bytes]") -> Received:
    """An uploaded file as it came to the door. Refuses: one that is too large."""
    if (file.size or 0) > MOST_BYTES:
        raise Refusal(
            f"{file.name} is groter dan 50 MB. Splits het bestand.",
            f"{file.name} is larger than 50 MB. Split the file.",
        )
    name = (file.name or "")[:255]
    # What is large stands on disk already; a statement is read from there piece by piece.
    if isinstance(file, TemporaryUploadedFile) and find_format(file.read(HEAD_BYTES)):
        return Received(name, b"", path=Path(file.temporary_file_path()))
    file.seek(0)
    return Received(name, file.read())


def _take_in(request: HttpRequest, desk: Desk, offered: Offer) -> HttpResponse:
    receipt = receive(offered.taken, today=desk.today, now=desk.now, actor=desk.actor)
    context = {
        "section": "imports",
        "receipt": receipt,
        "files": [(one, label_of(FILE_FORMATS, one.format)) for one in receipt.files],
        "left_out": [one.file.name for one in offered.waiting if one.is_left_out],
    }
    return render(request, "desk/import/receipt.html", context)
