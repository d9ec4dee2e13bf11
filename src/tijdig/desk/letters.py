"""Letters after they were printed: when they were posted, and when one was received."""

from datetime import date
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from tijdig.core.problem import Refusal
from tijdig.dunning.actions.notices import PROVABLE, note_receipt
from tijdig.dunning.actions.postings import note_posting
from tijdig.dunning.queries.notices import NoticeRow, list_notices_of
from tijdig.messaging.queries import find_message, list_unposted
from tijdig.web.labels import NOTICE_KINDS, PROOFS, VOID_REASONS, label_of
from tijdig.web.methods import page_with_form
from tijdig.web.rights import Desk, at_desk

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ReceiptForm(forms.Form):
    """On which day a letter was received, and what shows it."""

    received_on = forms.DateField(
        label=gettext_lazy("Ontvangen op"), input_formats=["%Y-%m-%d", "%d-%m-%Y"], widget=DAY
    )
    note = forms.CharField(
        label=gettext_lazy("Waaruit blijkt dat?"),
        max_length=300,
        help_text=gettext_lazy("Bijvoorbeeld: aangetekend 3S0000000000, bewijs in map 2026-04."),
    )


class PostingForm(forms.Form):
    """On which day the letters of one day were posted."""

    printed_on = forms.DateField(input_formats=["%Y-%m-%d"], widget=forms.HiddenInput)
    posted_on = forms.DateField(
        label=gettext_lazy("Gepost op"), input_formats=["%Y-%m-%d", "%d-%m-%Y"], widget=DAY
    )


@page_with_form
@at_desk
def posting(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Printed letters per day, and the day on which they truly went into the post."""
    wrong: PostingForm | None = None
    if request.method == "POST":
        wrong = PostingForm(request.POST)
        if wrong.is_valid():
            count = note_posting(
                printed_on=wrong.cleaned_data["printed_on"],
                posted_on=wrong.cleaned_data["posted_on"],
                today=desk.today,
                now=desk.now,
                actor=desk.actor,
            )
            words = ngettext(
                "Vastgelegd: %(n)s brief is gepost.",
                "Vastgelegd: %(n)s brieven zijn gepost.",
                count,
            )
            messages.success(request, words % {"n": count})
            return redirect("posting", slug=desk.slug)
    context = {
        "section": "messages",
        "batches": [(day, count, _form(day, wrong)) for day, count in list_unposted()],
    }
    status = 422 if wrong else 200
    return render(request, "desk/message/posting.html", context, status=status)


@require_POST
@at_desk
def receipt(request: HttpRequest, desk: Desk, message_id: UUID) -> HttpResponse:
    """A person has proof of the day on which a letter was received."""
    if find_message(message_id) is None:
        raise Http404
    form = ReceiptForm(request.POST)
    if not form.is_valid():
        raise Refusal(
            "Vul de dag van ontvangst in, en waaruit die blijkt.",
            "Fill in the day of receipt, and what shows it.",
        )
    note_receipt(
        message_id,
        received_on=form.cleaned_data["received_on"],
        note=form.cleaned_data["note"],
        today=desk.today,
        now=desk.now,
        actor=desk.actor,
    )
    messages.success(request, _("Vastgelegd. Deze dag telt vanaf nu."))
    return redirect("message", slug=desk.slug, message_id=message_id)


def describe_in_law(message_id: UUID, desk: Desk) -> dict[str, object]:
    """What a message means in law, and the form for a proof of receipt where that can matter."""
    rows = list_notices_of(message_id)
    can_be_proven = any(one.kind in PROVABLE and not one.void_because for one in rows)
    return {
        "notices": [_describe(row) for row in rows],
        "receipt_form": ReceiptForm() if can_be_proven and desk.may_change else None,
    }


def _form(day: date, wrong: PostingForm | None) -> PostingForm:
    if wrong is not None and wrong.data.get("printed_on") == day.isoformat():
        return wrong
    return PostingForm(
        initial={"printed_on": day.isoformat(), "posted_on": day}, auto_id=f"id_{day}_%s"
    )


def _describe(row: NoticeRow) -> dict[str, object]:
    return {
        "row": row,
        "kind": label_of(NOTICE_KINDS, row.kind),
        "proof": label_of(PROOFS, row.proof),
        "void": label_of(VOID_REASONS, row.void_because) if row.void_because else None,
    }
