"""Tegoed: money kept for a debtor, how it ends, and how that is undone."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tijdig.banking.queries import list_refunds
from tijdig.core.problem import Refusal
from tijdig.desk.case_kinds import moment_of
from tijdig.desk.case_words import describe_kept_money
from tijdig.ledger.actions import kept_money as actions
from tijdig.ledger.queries.kept_money import KeptMoney, find_kept_money, list_ends
from tijdig.tenants.ids import new_id
from tijdig.tenants.queries import find_responsible
from tijdig.web.labels import KEPT_MONEY_ENDS, label_of
from tijdig.web.language import say
from tijdig.web.methods import page_with_form
from tijdig.web.rights import Desk, at_desk


class EndForm(forms.Form):
    """How much of it went, and when."""

    amount = forms.DecimalField(
        label=gettext_lazy("Bedrag, in euro"),
        min_value=0,
        max_value=10_000_000,
        decimal_places=2,
        localize=True,
    )
    on = forms.DateField(
        label=gettext_lazy("Op"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


@page_with_form
@at_desk
def kept_money(request: HttpRequest, desk: Desk, item_id: UUID) -> HttpResponse:
    """One sum of it: what is left, the two ways in which it ends, and what was done with it."""
    kept = find_kept_money(item_id)
    if kept is None:
        raise Http404
    asked = request.POST.get("do", "")
    left = max(kept.left_cents, 0)
    initial = {"amount": f"{left // 100},{left % 100:02d}", "on": desk.today}
    form = EndForm(request.POST if asked in KEPT_MONEY_ENDS else None, initial=initial)
    try:
        if request.method == "POST" and _carry_out(asked, request, kept, desk, form):
            messages.success(request, _("Vastgelegd."))
            return redirect("debtor", slug=desk.slug, number=kept.debtor_number)
    except Refusal as refusal:
        if not form.is_bound:
            raise
        form.add_error(None, say(refusal.because))
    context: dict[str, Any] = {
        "section": "cases",
        "kept": kept,
        "line": describe_kept_money(kept, slug=desk.slug, who=find_responsible(), today=desk.today),
        "form": form if left else None,
        "end_id": new_id(),
        "refunds": list_refunds(kept.debtor_id, cents=left, since=kept.received_on) if left else (),
        "ends": [(one, label_of(KEPT_MONEY_ENDS, one.kind)) for one in list_ends(item_id)],
        "ways": list(KEPT_MONEY_ENDS.items()),
    }
    return render(
        request, "desk/payment/kept_money.html", context, status=422 if form.errors else 200
    )


def _carry_out(
    asked: str, request: HttpRequest, kept: KeptMoney, desk: Desk, form: EndForm
) -> bool:
    """Do what the button says; False where the form is not filled in well."""
    if asked == "undo":
        actions.undo(kept.item_id, _read_id(request, "end"), **moment_of(desk))
        return True
    if not form.is_bound or not form.is_valid():
        return False
    actions.end(
        kept.item_id,
        way=asked,  # type: ignore[arg-type]
        cents=int(form.cleaned_data["amount"] * 100),
        on=form.cleaned_data["on"],
        end_id=_read_id(request, "end_id"),
        **moment_of(desk),
    )
    return True


def _read_id(request: HttpRequest, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError as error:
        raise Http404 from error
