"""Mandates of a debtor: signed on paper, another account, looked at, withdrawn."""

from typing import cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tijdig.banking.actions import mandates as actions
from tijdig.banking.actions.mandates import StatedMandate
from tijdig.banking.direct_debits.lines.queries import list_lines_of_debtor
from tijdig.banking.direct_debits.queries import find_mandate, list_mandates_of
from tijdig.core.direct_debits.scheme import Scheme
from tijdig.core.problem import Refusal, Sentence
from tijdig.desk.case_kinds import moment_of
from tijdig.ledger.queries.cards import DebtorCard, find_debtor
from tijdig.web.labels import DEBIT_SCHEMES, DEBIT_STATES, SIGNED_HOW, label_of
from tijdig.web.language import say
from tijdig.web.methods import page_with_form
from tijdig.web.rights import Desk, at_desk


class MandateForm(forms.Form):
    """What stands on a signed mandate."""

    reference = forms.CharField(
        label=gettext_lazy("Kenmerk van de machtiging"),
        max_length=35,
        help_text=gettext_lazy("Zoals het op het papier staat. Elk kenmerk is er één keer."),
    )
    scheme = forms.ChoiceField(
        label=gettext_lazy("Soort incasso"),
        choices=(
            ("core", gettext_lazy("gewone incasso (terugboeken kan)")),
            ("b2b", gettext_lazy("zakelijke incasso (alleen bedrijven)")),
        ),
    )
    iban = forms.CharField(label=gettext_lazy("IBAN van de klant"), max_length=42)
    holder = forms.CharField(label=gettext_lazy("Rekening op naam van"), max_length=70)
    signed_on = forms.DateField(
        label=gettext_lazy("Getekend op"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    is_one_off = forms.BooleanField(
        label=gettext_lazy("Eenmalig: voor één factuur"), required=False
    )
    notice_days = forms.IntegerField(
        label=gettext_lazy("Afgesproken dagen vooraf aankondigen"),
        min_value=1,
        max_value=90,
        required=False,
        help_text=gettext_lazy("Leeg: zoals bij de instellingen staat."),
    )


@page_with_form
@at_desk
def mandates(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """The mandates of a debtor and what was collected on them; a post records one on paper."""
    card = _find(number)
    form = MandateForm(request.POST or None, initial={"holder": card.name})
    if request.method == "POST" and form.is_valid():
        told = {**form.cleaned_data, "scheme": cast("Scheme", form.cleaned_data["scheme"])}
        try:
            actions.sign(
                card.id,
                StatedMandate(**told),
                today=desk.today,
                now=desk.now,
                actor=desk.actor,
            )
            messages.success(request, _("De machtiging is vastgelegd."))
            return redirect("mandates", slug=desk.slug, number=card.number)
        except Refusal as refusal:
            form.add_error(None, say(refusal.because))
    lines = list_lines_of_debtor(card.id)
    context = {
        "section": "debtors",
        "card": card,
        "form": form,
        "rows": [
            (
                row,
                label_of(DEBIT_SCHEMES, row.scheme),
                label_of(SIGNED_HOW, row.signed_how),
                [one for one in lines if one.mandate_id == row.id],
            )
            for row in list_mandates_of(card.id)
        ],
        "lines": [
            (line, label_of(DEBIT_STATES, line.state), Sentence(line.because_nl, line.because_en))
            for line in reversed(lines)
        ],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/mandate/list.html", context, status=status)


@require_POST
@at_desk
def mandate_step(request: HttpRequest, desk: Desk, number: str, mandate_id: UUID) -> HttpResponse:
    """Withdraw a mandate, change its account, or let it be used again."""
    card, row = _find(number), find_mandate(mandate_id)
    if row is None or row.debtor_id != card.id:
        raise Http404
    told = moment_of(desk)
    step = request.POST.get("step", "")
    if step == "withdraw":
        actions.withdraw(mandate_id, because=request.POST.get("because", ""), **told)
        messages.success(request, _("De machtiging is ingetrokken."))
    elif step == "amend":
        changed = actions.amend(
            mandate_id,
            iban=request.POST.get("iban", ""),
            holder=request.POST.get("holder", "") or row.holder,
            **told,
        )
        if changed:
            messages.success(request, _("De machtiging is gewijzigd."))
    elif step == "release":
        actions.release(mandate_id, **told)
        messages.success(request, _("De machtiging mag weer worden gebruikt."))
    else:
        raise Http404
    return redirect("mandates", slug=desk.slug, number=card.number)


def _find(number: str) -> DebtorCard:
    card = find_debtor(number)
    if card is None:
        raise Http404
    return card
