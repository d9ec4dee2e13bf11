"""Letters after they were printed: when they were posted, and when one was received."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from tijdig.core.problem import Refusal
from tijdig.dunning.actions.notices import note_receipt, withdraw_receipt
from tijdig.dunning.actions.postings import (
    correct_posting,
    discard,
    note_posting,
    note_posting_of_all,
)
from tijdig.dunning.queries.notices import NoticeRow, list_notices_of
from tijdig.dunning.queries.tray import find_outdated
from tijdig.messaging.queries import (
    MessageRow,
    find_message,
    list_unposted,
    list_unposted_letters,
)
from tijdig.web.labels import (
    NOTICE_KINDS,
    PROOFS,
    TRAY_REASONS,
    VOID_CAUSES,
    VOID_REASONS,
    label_of,
)
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


class WithdrawnReceiptForm(forms.Form):
    """Why a proof of receipt is wrong."""

    because = forms.CharField(label=gettext_lazy("Waarom klopt dit bewijs niet?"), max_length=300)


class PostingForm(forms.Form):
    """On which day the letters of one day were posted; of every day where none is named.

    `shown` are the letters that the page named when it was opened: nothing is said of another.
    `after_all` are letters that should not have been posted any more, and were.
    """

    printed_on = forms.DateField(
        input_formats=["%Y-%m-%d"], widget=forms.HiddenInput, required=False
    )
    posted_on = forms.DateField(
        label=gettext_lazy("Gepost op"), input_formats=["%Y-%m-%d", "%d-%m-%Y"], widget=DAY
    )
    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    but_not = forms.TypedMultipleChoiceField(coerce=UUID, required=False)
    after_all = forms.TypedMultipleChoiceField(coerce=UUID, required=False)

    def __init__(self, *args: Any, letters: Sequence[MessageRow] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("but_not", "after_all"):
            self.fields[name].choices = [(one.id, one.debtor_name) for one in letters]  # type: ignore[attr-defined]

    def clean_shown(self) -> frozenset[UUID]:
        """The ids of what the page named."""
        try:
            return frozenset(UUID(one) for one in self.cleaned_data["shown"].split())
        except ValueError as error:
            raise forms.ValidationError(_("Open deze pagina opnieuw.")) from error


@page_with_form
@at_desk
def posting(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Printed letters per day, and the day on which they truly went into the post.

    What should not be posted any more stands apart, and is only taken where a person ticks it.
    """
    days = list_unposted()
    letters = list_unposted_letters(day for day, _ in days)
    every = _find_letters("", letters)
    outdated = find_outdated([one.id for one in every], today=desk.today)
    wrong: PostingForm | None = None
    if request.method == "POST":
        own = _find_letters(request.POST.get("printed_on", ""), letters)
        wrong = PostingForm(request.POST, letters=own)
        if wrong.is_valid():
            left = outdated.keys() - set(wrong.cleaned_data["after_all"])
            count = _note(wrong.cleaned_data, left, desk)
            words = ngettext(
                "Vastgelegd: %(n)s brief is gepost.",
                "Vastgelegd: %(n)s brieven zijn gepost.",
                count,
            )
            messages.success(request, words % {"n": count})
            return redirect("posting", slug=desk.slug)
    batches = [
        {
            "day": day,
            "count": len(own),
            **_sort(own, outdated),
            "form": _form(day.isoformat(), wrong, desk, own),
        }
        for day, own in letters.items()
    ]
    context = {
        "section": "messages",
        "batches": batches,
        "total": len(every),
        "later": sum(count for _, count in days) - len(every),
        "all": {"form": _form("", wrong, desk, every), **_sort(every, outdated)}
        if len(batches) > 1
        else None,
    }
    status = 422 if wrong else 200
    return render(request, "desk/message/posting.html", context, status=status)


def _note(told: Mapping[str, Any], left: Collection[UUID], desk: Desk) -> int:
    posted_on, printed_on = told["posted_on"], told["printed_on"]
    who: dict[str, Any] = {"today": desk.today, "now": desk.now, "actor": desk.actor}
    which: dict[str, Any] = {"only": told["shown"], "but_not": {*told["but_not"], *left}}
    if told["shown"] and told["shown"] <= which["but_not"]:
        raise Refusal(
            "Er is niets vastgelegd: van deze brieven is er geen gepost. Ging er toch een op de"
            " post? Kruis hem dan aan.",
            "Nothing was recorded: none of these letters was posted. Did one go into the post after"
            " all? Then tick it.",
        )
    if printed_on is None:
        return note_posting_of_all(posted_on=posted_on, **which, **who)
    return note_posting(printed_on=printed_on, posted_on=posted_on, **which, **who)


def _find_letters(day: str, letters: Mapping[date, Sequence[MessageRow]]) -> Sequence[MessageRow]:
    """The letters of a day; of every day where none is named."""
    return [one for on, own in letters.items() for one in own if day in ("", on.isoformat())]


def _sort(
    letters: Iterable[MessageRow], outdated: Mapping[UUID, str]
) -> dict[str, list[dict[str, object]]]:
    """What may be posted, and what should not any more, with why."""
    sorted_: dict[str, list[dict[str, object]]] = {"right": [], "outdated": []}
    for row in letters:
        reason = outdated.get(row.id)
        label = label_of(TRAY_REASONS, reason) if reason else None
        sorted_["outdated" if reason else "right"].append({"row": row, "why": label})
    return sorted_


@require_POST
@at_desk
def discarded(request: HttpRequest, desk: Desk, message_id: UUID) -> HttpResponse:
    """A printed letter was thrown away instead of posted."""
    if find_message(message_id) is None:
        raise Http404
    was_announced = discard(message_id, today=desk.today, now=desk.now, actor=desk.actor)
    messages.success(request, _("Vastgelegd: deze brief is niet gepost en telt niet."))
    if was_announced:
        messages.success(
            request,
            _("De klant kreeg al een e-mail dat deze brief komt. Laat weten dat dat niet zo is."),
        )
    return redirect("posting", slug=desk.slug)


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


@require_POST
@at_desk
def withdrawn_receipt(request: HttpRequest, desk: Desk, message_id: UUID) -> HttpResponse:
    """A proof of receipt was noted by mistake."""
    if find_message(message_id) is None:
        raise Http404
    withdraw_receipt(
        message_id,
        because=request.POST.get("because", "")[:300],
        today=desk.today,
        now=desk.now,
        actor=desk.actor,
    )
    messages.success(request, _("Vastgelegd. Dit bewijs telt niet meer."))
    return redirect("message", slug=desk.slug, message_id=message_id)


@require_POST
@at_desk
def corrected_posting(request: HttpRequest, desk: Desk, message_id: UUID) -> HttpResponse:
    """One letter was posted on another day, or not at all."""
    if find_message(message_id) is None:
        raise Http404
    form = PostingForm(request.POST)
    if not form.is_valid() and "not_posted" not in request.POST:
        raise Refusal(
            "Vul de dag in waarop de brief op de post ging.",
            "Fill in the day on which the letter was posted.",
        )
    correct_posting(
        message_id,
        posted_on=None if "not_posted" in request.POST else form.cleaned_data["posted_on"],
        today=desk.today,
        now=desk.now,
        actor=desk.actor,
    )
    messages.success(request, _("Vastgelegd. Deze dag telt vanaf nu."))
    return redirect("message", slug=desk.slug, message_id=message_id)


def describe_in_law(message_id: UUID, desk: Desk) -> dict[str, object]:
    """What a message means in law, and the form for a proof of receipt where that can matter.

    When it went and arrived stands once, where that is the same for all that it means.
    """
    rows = list_notices_of(message_id)
    can_be_proven = any(not one.void_because for one in rows)
    by_post = any(one.proof in ("printed", "post") and not one.void_because for one in rows)
    is_proven = any(one.proof == "person" for one in rows)
    ways = {(one.sent_on, one.received_on, one.proof, one.proof_note) for one in rows}
    return {
        "notices": [_describe(row) for row in rows],
        "arrival": _describe(rows[0]) if len(ways) == 1 else None,
        "posting_form": _correct(rows, desk) if by_post and desk.may_change else None,
        "receipt_form": ReceiptForm() if can_be_proven and desk.may_change else None,
        "withdrawn_form": WithdrawnReceiptForm() if is_proven and desk.may_change else None,
    }


def _form(
    printed_on: str, wrong: PostingForm | None, desk: Desk, letters: Sequence[MessageRow] = ()
) -> PostingForm:
    """The form of a batch: today is offered, which is never before the printing."""
    if wrong is not None and wrong.data.get("printed_on", "") == printed_on:
        return wrong
    shown = " ".join(str(one.id) for one in letters)
    offered = {"printed_on": printed_on, "posted_on": desk.today, "shown": shown}
    return PostingForm(initial=offered, auto_id=f"id_{printed_on or 'all'}_%s")


def _correct(rows: Sequence[NoticeRow], desk: Desk) -> PostingForm:
    """The form of one letter: the day that was told is offered, today where none was."""
    told = [row.sent_on for row in rows if row.proof == "post"]
    return PostingForm(initial={"posted_on": told[0] if told else desk.today})


def _describe(row: NoticeRow) -> dict[str, object]:
    void = label_of(VOID_REASONS, row.void_because) if row.void_because else None
    if row.void_cause:
        void = label_of(VOID_CAUSES, row.void_cause)
    return {
        "row": row,
        "is_printed": row.proof == "printed",
        "kind": label_of(NOTICE_KINDS, row.kind),
        "proof": label_of(PROOFS, row.proof),
        "void": void,
    }
