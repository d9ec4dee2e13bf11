"""Import: bring files in, see a list before it counts, and read what became of each file."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.core.files.base import File
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from tijdig.banking.direct_debits.queries import find_collecting
from tijdig.banking.formats.table import find_format
from tijdig.banking.queries import (
    LineCounts,
    count_lines_of_imports,
    count_returned_of_imports,
)
from tijdig.core.problem import Refusal, Sentence
from tijdig.desk.columns import make_preview_page, read_mapping
from tijdig.desk.list_sources import describe_sources
from tijdig.intake.formats import open_items
from tijdig.intake.queries import (
    TogetherRow,
    find_import,
    list_came_together,
    list_imports,
    list_problems_of,
)
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
PROBLEMS_PER_FILE = 20
# What the button says by which a list that came before is that of today.
CURRENT = "current"
# A bank's answer to collections: its lines are answers.
ANSWER_FORMAT = "pain002"


@page_with_form
@at_desk
def imports(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The drop zone and the history; where there are lists, their previews come first.

    What is sent ends on a page of its own, which can be loaded again without sending anything.
    """
    if request.method == "POST":
        files = [read_upload(one) for one in request.FILES.getlist("files")]
        if not files:
            raise Refusal("Kies eerst een bestand.", "Choose a file first.")
        offered = offer(files)
        if not offered.lists:
            return _take_in(request, desk, offered)
        put_aside(offered, administration_id=desk.administration_id)
        return _go_to_preview(desk, offered, offered.lists[0])
    place = read_place(request.GET.get("na", ""), sorts_by=datetime.fromisoformat)
    rows = list_imports(after=place, limit=PAGE_ROWS + 1)
    page = make_page(
        rows, place_of=lambda row: (row.at.isoformat(), str(row.id)), is_first=place is None
    )
    context = {
        "section": "imports",
        "page": page,
        "accepted": say(say_accepted()),
        "sources": describe_sources(desk),
        "lines": [(row, label_of(FILE_FORMATS, row.format)) for row in page.rows],
    }
    return render(request, "desk/import/list.html", context)


@page_with_form
@at_desk
def list_preview(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A list before it counts; with other columns, in, or left out: what its buttons ask.

    After the last list all files of the call come in together.
    """
    asked = request.POST if request.method == "POST" else request.GET
    ticket, told = asked.get("ticket", ""), asked.get("at", "")
    if not ticket:
        raise Http404
    try:
        offered = bring_back(ticket, administration_id=desk.administration_id)
    except Refusal as refusal:
        messages.error(request, say(refusal.because))
        return redirect("imports", slug=desk.slug)
    at = int(told) if told.isascii() and told.isdecimal() else -1
    if at not in offered.lists:
        raise Http404
    if request.method != "POST":
        return make_preview_page(request, offered, at)
    headers = open_items.parse_headers(offered.waiting[at].file.content)
    mapping = read_mapping(request.POST, headers)
    if "again" in request.POST:
        offered = offered.try_columns(at, mapping)
        keep_decisions(offered, administration_id=desk.administration_id)
        return _go_to_preview(desk, offered, at)
    is_current = request.POST.get("in") == CURRENT
    offered = offered.decide(
        at, None if "leave_out" in request.POST else mapping, is_current=is_current
    )
    keep_decisions(offered, administration_id=desk.administration_id)
    if offered.next_list is not None:
        return _go_to_preview(desk, offered, offered.next_list)
    answer = _take_in(request, desk, offered)
    throw_away(ticket, administration_id=desk.administration_id)
    return answer


@require_safe
@at_desk
def receipt(request: HttpRequest, _desk: Desk, import_id: UUID) -> HttpResponse:
    """What became of the files that came in together with this one."""
    rows = list_came_together(import_id, problems=PROBLEMS_PER_FILE)
    if not rows:
        raise Http404
    ids = [one.row.id for one in rows]
    counts, returned = count_lines_of_imports(ids), count_returned_of_imports(ids)
    context = {
        "section": "imports",
        "collects": find_collecting() is not None,
        "files": [
            _describe(one, counts.get(one.row.id), returned.get(one.row.id, 0)) for one in rows
        ],
    }
    return render(request, "desk/import/receipt.html", context)


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
    """Take the files in, and go to the page that says what became of them."""
    taken = receive(offered.taken, today=desk.today, now=desk.now, actor=desk.actor)
    for one in offered.waiting:
        if one.is_left_out:
            messages.info(request, _("%(name)s is weggelaten.") % {"name": one.file.name})
    if not taken.files:
        messages.info(request, _("Er is niets binnengekomen."))
        return redirect("imports", slug=desk.slug)
    if taken.matched:
        said = ngettext(
            "%(n)s betaling gekoppeld, %(waiting)s nog niet herkend.",
            "%(n)s betalingen gekoppeld, %(waiting)s nog niet herkend.",
            taken.matched,
        )
        messages.success(request, said % {"n": taken.matched, "waiting": taken.unmatched})
    return redirect("import-receipt", slug=desk.slug, import_id=taken.files[0].import_id)


def _describe(one: TogetherRow, counts: LineCounts | None, returned: int) -> dict[str, object]:
    is_answer = one.row.format == ANSWER_FORMAT
    return {
        "row": one.row,
        "format": label_of(FILE_FORMATS, one.row.format),
        "already_on": one.already_on,
        "answers": one.row.line_count if is_answer else 0,
        "counts": counts,
        "returned": returned,
        "problem_count": one.problem_count,
        "problems": [
            (problem.place, Sentence(problem.because_nl, problem.because_en))
            for problem in one.problems
        ],
    }


def _go_to_preview(desk: Desk, offered: Offer, at: int) -> HttpResponse:
    address = reverse("list-preview", kwargs={"slug": desk.slug})
    return redirect(f"{address}?{urlencode({'ticket': offered.ticket, 'at': f'{at}'})}")
