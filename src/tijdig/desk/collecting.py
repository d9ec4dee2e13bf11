"""Incasso: what is collected on which day, the file for the bank, and what came back."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tijdig.banking.actions import debits
from tijdig.banking.actions.debit_again import collect_again, collect_batch_again
from tijdig.banking.direct_debits.lines.queries import (
    CAME_BACK_DAYS,
    find_batch,
    list_batches,
    list_came_back,
    list_lines_of,
    load_file,
)
from tijdig.banking.direct_debits.queries import find_collecting
from tijdig.core.direct_debits.deadlines import firm_from
from tijdig.core.direct_debits.scheme import Scheme
from tijdig.core.problem import Refusal, Sentence
from tijdig.dunning.actions import collections
from tijdig.dunning.actions.collection_files import (
    explain_stale_file,
    hand_over,
    make_file,
)
from tijdig.dunning.queries.announcements import explain_unannounced
from tijdig.web.downloads import make_download
from tijdig.web.labels import (
    BATCH_STATES,
    DEBIT_SCHEMES,
    DEBIT_STATES,
    label_of,
)
from tijdig.web.methods import page_with_form
from tijdig.web.rights import Desk, at_desk

CAN_BE_WITHDRAWN = ("proposed", "approved", "made", "handed_over")


@page_with_form
@at_desk
def collecting(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every batch, what is left out and why, what came back; a post proposes anew."""
    if request.method == "POST":
        planned = collections.plan_collections(today=desk.today, now=desk.now)
        told = ngettext(
            "%(n)s incasso is voorgesteld.", "%(n)s incasso's zijn voorgesteld.", planned
        )
        messages.success(request, told % {"n": planned})
        return redirect("collecting", slug=desk.slug)
    account = find_collecting()
    left_out = collections.list_left_out(today=desk.today, now=desk.now) if account else ()
    came_back = list_came_back(since=desk.today - timedelta(days=CAME_BACK_DAYS))
    context = {
        "section": "collecting",
        "account": account,
        "batches": [
            (row, label_of(BATCH_STATES, row.standing), label_of(DEBIT_SCHEMES, row.scheme))
            for row in list_batches()
            if row.count
        ],
        "left_out": left_out,
        "came_back": [
            (
                row,
                label_of(DEBIT_STATES, row.state),
                Sentence(row.because_nl, row.because_en),
            )
            for row in came_back
        ],
    }
    return render(request, "desk/collection/list.html", context)


@require_safe
@at_desk
def batch(request: HttpRequest, desk: Desk, batch_id: UUID) -> HttpResponse:
    """One batch: its lines, and the next step of it."""
    row = find_batch(batch_id)
    if row is None:
        raise Http404
    lines = list_lines_of(batch_id)
    unannounced = explain_unannounced(lines)
    scheme = cast("Scheme", row.scheme)
    stale = explain_stale_file(batch_id, today=desk.today) if row.standing == "made" else None
    may_still_return = row.standing in ("handed_over", "partly_back", "collected")
    context = {
        "section": "collecting",
        "row": row,
        "state": label_of(BATCH_STATES, row.standing),
        "scheme": label_of(DEBIT_SCHEMES, row.scheme),
        "lines": [
            (
                line,
                label_of(DEBIT_STATES, line.state),
                unannounced.get(line.id, Sentence(line.because_nl, line.because_en)),
            )
            for line in lines
        ],
        "missed": sum(line.was_missed for line in lines),
        "may_all_again": any(line.was_missed or line.is_to_correct for line in lines),
        "is_overdue": row.standing == "made" and row.collect_on <= desk.today,
        "is_proposed": row.state == "proposed",
        "is_approved": row.state == "approved",
        "is_made": row.standing == "made",
        "stale": stale,
        "came_back": row.came_back,
        "is_all_back": row.standing == "came_back",
        "may_leave_out": desk.may_change and row.state in ("proposed", "approved"),
        "may_withdraw": desk.may_change and row.standing in CAN_BE_WITHDRAWN,
        "has_file": load_file(batch_id) is not None,
        "unannounced": row.unannounced if row.state in ("proposed", "approved") else 0,
        "firm_on": firm_from(row.collect_on, scheme) if may_still_return else None,
        "firm_at_last_on": firm_from(row.collect_on, scheme, has_mandate=False),
    }
    return render(request, "desk/collection/page.html", context)


@require_POST
@at_desk
def batch_step(request: HttpRequest, desk: Desk, batch_id: UUID) -> HttpResponse:
    """The next step of a batch: approve, make the file, hand it over, withdraw, once more."""
    step = STEPS.get(request.POST.get("step", ""))
    if step is None or find_batch(batch_id) is None:
        raise Http404
    messages.success(request, step(batch_id, request, desk))
    return redirect("collecting-batch", slug=desk.slug, batch_id=batch_id)


@require_POST
@at_desk
def leave_out(request: HttpRequest, desk: Desk, line_id: UUID) -> HttpResponse:
    """Leave one collection out, for a reason."""
    batch_id = debits.leave_out(
        line_id,
        because=request.POST.get("because", ""),
        today=desk.today,
        now=desk.now,
        actor=desk.actor,
    )
    if batch_id is None:
        raise Http404
    messages.success(request, _("Deze incasso is weggelaten."))
    return redirect("collecting-batch", slug=desk.slug, batch_id=batch_id)


@require_POST
@at_desk
def again(request: HttpRequest, desk: Desk, line_id: UUID) -> HttpResponse:
    """Collect once more on the invoice of a line that came back or was left out, for a reason."""
    batch_id = collect_again(
        line_id,
        because=request.POST.get("because", ""),
        today=desk.today,
        now=desk.now,
        actor=desk.actor,
    )
    if batch_id is None:
        raise Http404
    messages.success(request, _("De volgende run stelt deze incasso opnieuw voor."))
    return redirect("collecting-batch", slug=desk.slug, batch_id=batch_id)


@require_safe
@at_desk
def batch_file(_request: HttpRequest, desk: Desk, batch_id: UUID) -> HttpResponse:
    """The file for the bank: the same bytes, however often it is fetched.

    Refuses one that is still to go there, and in which somebody may not be collected from any more.
    """
    row, file = find_batch(batch_id), load_file(batch_id)
    if row is None or file is None:
        raise Http404
    stale = explain_stale_file(batch_id, today=desk.today) if row.standing == "made" else None
    if stale is not None:
        raise Refusal(stale.nl, stale.en)
    return make_download(file[1], name=file[0], media_type="application/xml")


def _approve(batch_id: UUID, request: HttpRequest, desk: Desk) -> str:
    seen = request.POST.get("seen", "")
    debits.approve(batch_id, seen=seen, today=desk.today, now=desk.now, actor=desk.actor)
    return _("De batch is goedgekeurd. Maak nu het bestand.")


def _make(batch_id: UUID, _request: HttpRequest, desk: Desk) -> str:
    left_out = make_file(batch_id, today=desk.today, now=desk.now, actor=desk.actor)
    if not left_out:
        return _("Het bestand is gemaakt. Geef het aan uw bank.")
    told = ngettext(
        "Er is gekeken of alles nog klopt: %(n)s incasso is weggelaten.",
        "Er is gekeken of alles nog klopt: %(n)s incasso's zijn weggelaten.",
        left_out,
    )
    return told % {"n": left_out}


def _hand_over(batch_id: UUID, _request: HttpRequest, desk: Desk) -> str:
    hand_over(batch_id, today=desk.today, now=desk.now, actor=desk.actor)
    return _("Vastgelegd: de bank heeft dit bestand.")


def _withdraw(batch_id: UUID, request: HttpRequest, desk: Desk) -> str:
    debits.withdraw_batch(
        batch_id,
        because=request.POST.get("because", ""),
        today=desk.today,
        now=desk.now,
        actor=desk.actor,
    )
    return _("De batch is ingetrokken.")


def _again(batch_id: UUID, request: HttpRequest, desk: Desk) -> str:
    again = collect_batch_again(
        batch_id,
        because=request.POST.get("because", ""),
        today=desk.today,
        now=desk.now,
        actor=desk.actor,
    )
    told = ngettext(
        "De volgende run stelt %(n)s incasso opnieuw voor.",
        "De volgende run stelt %(n)s incasso's opnieuw voor.",
        again,
    )
    return told % {"n": again}


STEPS: Mapping[str, Callable[[UUID, HttpRequest, Desk], str]] = {
    "approve": _approve,
    "make": _make,
    "hand_over": _hand_over,
    "withdraw": _withdraw,
    "again": _again,
}
