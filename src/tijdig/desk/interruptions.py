"""Stuiting: record an act that interrupts limitation with its proof, look at it, withdraw it."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tijdig.core.interruptions import INTERRUPTION_RULES, get_interruption_rule
from tijdig.core.problem import Refusal
from tijdig.dunning.actions.interruptions import (
    MOST_FILE_BYTES,
    ProofFile,
    ToldAct,
    record_interruption,
    withdraw_interruption,
)
from tijdig.dunning.queries.interruptions import find_act, find_act_file
from tijdig.ledger.queries.cards import find_debtor
from tijdig.ledger.queries.lists import InvoiceRow, list_invoices_of, list_paid_with_claims
from tijdig.web.downloads import make_download
from tijdig.web.language import say
from tijdig.web.methods import page_with_form
from tijdig.web.rights import Desk, at_desk

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class InterruptionForm(forms.Form):
    """What happened, on which day, about which invoices, and the proof."""

    kind = forms.ChoiceField(label=gettext_lazy("Wat is er gebeurd?"))
    on = forms.DateField(
        label=gettext_lazy("Op welke dag?"),
        input_formats=["%Y-%m-%d", "%d-%m-%Y"],
        widget=DAY,
        help_text=gettext_lazy(
            "Van een aanmaning of brief: de dag waarop de klant hem kreeg (BW 3:37 lid 3)."
        ),
    )
    proof_note = forms.CharField(
        label=gettext_lazy("Waar ligt het bewijs?"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Bijvoorbeeld: aangetekend 3S0000000000, bewijs in map 2026-04."),
    )
    proof_file = forms.FileField(
        label=gettext_lazy("Of: het bewijs als bestand"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy("Bijvoorbeeld de brief met het ontvangstbewijs. Hoogstens 10 MB."),
    )
    invoices = forms.MultipleChoiceField(
        label=gettext_lazy("Over welke facturen gaat het?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Kies de facturen waar het over gaat.")},
    )

    def __init__(self, *args: object, rows: list[InvoiceRow], **named: object) -> None:
        super().__init__(*args, **named)  # type: ignore[arg-type]
        kinds = [
            (code, f"{say(rule.name)} ({rule.article})")
            for code, rule in INTERRUPTION_RULES.items()
        ]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]
        self.fields["invoices"].choices = [  # type: ignore[attr-defined]
            (row.number, row.number) for row in rows
        ]


@page_with_form
@at_desk
def new_interruption(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Record an act; the invoice that the address names is chosen already."""
    card = find_debtor(number)
    if card is None:
        raise Http404
    rows = [
        row
        for row in list_invoices_of(card.id, closed_limit=0)
        if row.closed_on is None and row.kind == "invoice"
    ]
    rows += list_paid_with_claims(card.id)
    named = [row.number for row in rows if row.number == request.GET.get("factuur")]
    form = InterruptionForm(
        request.POST or None,
        request.FILES or None,
        rows=rows,
        initial={"invoices": named or [row.number for row in rows]},
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            act_id = record_interruption(
                card.id,
                ToldAct(told["kind"], told["on"], told["proof_note"], _read(told["proof_file"])),
                invoice_ids=[row.id for row in rows if row.number in told["invoices"]],
                today=desk.today,
                now=desk.now,
                actor=desk.actor,
            )
        except Refusal as refusal:
            form.add_error(None, say(refusal.because))
        else:
            messages.success(request, _("De stuiting is vastgelegd."))
            return redirect("interruption", slug=desk.slug, act_id=act_id)
    context = {"section": "debtors", "card": card, "form": form, "rows": rows}
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/interruption/new.html", context, status=status)


@page_with_form
@at_desk
def interruption(request: HttpRequest, desk: Desk, act_id: UUID) -> HttpResponse:
    """One act with its claims and proof; a post withdraws it with the reason."""
    card = find_act(act_id)
    if card is None:
        raise Http404
    if request.method == "POST":
        withdraw_interruption(
            act_id,
            because=request.POST.get("because", ""),
            today=desk.today,
            now=desk.now,
            actor=desk.actor,
        )
        messages.success(request, _("De handeling is ingetrokken en telt niet meer."))
        return redirect("interruption", slug=desk.slug, act_id=act_id)
    context = {"section": "debtors", "card": card, "rule": get_interruption_rule(card.kind)}
    return render(request, "desk/interruption/page.html", context)


@require_safe
@at_desk
def interruption_file(_request: HttpRequest, _desk: Desk, act_id: UUID) -> HttpResponse:
    """The proof as it was handed over: always a download."""
    found = find_act_file(act_id)
    if found is None:
        raise Http404
    return make_download(found.content, name=found.name, media_type=found.media_type)


def _read(upload: "UploadedFile[bytes] | None") -> ProofFile | None:
    """The file; of one that is too large no more than shows that it is."""
    if upload is None:
        return None
    content = upload.read(MOST_FILE_BYTES + 1)
    return ProofFile(upload.name or "bewijs", upload.content_type or "", content)
