"""Afgesproken incassokosten: what a business agreed in place of the scale, set by a person."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tijdig.core.law.agreed_costs import AgreedCosts, refuse_bad_agreement, refuse_unfit_party
from tijdig.core.problem import Refusal
from tijdig.ledger.actions.cost_agreements import agree_costs, end_agreement
from tijdig.ledger.actions.posting import lock_debtors
from tijdig.ledger.queries.cards import DebtorCard, find_debtor
from tijdig.ledger.queries.cost_agreements import AgreementRow, find_agreement
from tijdig.ledger.queries.kinds import load_kinds
from tijdig.web.edits import EditForm
from tijdig.web.language import say
from tijdig.web.methods import page_with_form
from tijdig.web.rights import Desk, at_desk

COSTS_FIELDS = ("agreed_costs_percent", "agreed_costs_minimum", "agreed_costs_ground")


def make_percent_field(*, required: bool) -> forms.DecimalField:
    """The percentage; whether it can be is the rule's to say, in plain words."""
    return forms.DecimalField(
        label=gettext_lazy("Afgesproken kosten, in procenten van de hoofdsom"),
        required=required,
        localize=True,
    )


def make_minimum_field() -> forms.DecimalField:
    """The floor, in euros."""
    return forms.DecimalField(
        label=gettext_lazy("Afgesproken minimum, in euro"),
        required=False,
        localize=True,
        help_text=gettext_lazy("Het wettelijke minimum geldt altijd. De rechter kan verlagen."),
    )


def make_ground_field(*, required: bool) -> forms.CharField:
    """Where it was agreed."""
    return forms.CharField(
        label=gettext_lazy("Waar is dit afgesproken?"),
        max_length=100,
        required=required,
        help_text=gettext_lazy("Dit staat op de specificatie. Bijvoorbeeld: artikel 9."),
    )


def read_agreed(told: Mapping[str, Any]) -> AgreedCosts:
    """What a form holds about costs. Refuses: what cannot be agreed."""
    minimum = told.get("agreed_costs_minimum") or Decimal(0)
    cents = minimum * 100
    if cents != int(cents):
        raise Refusal(
            "Schrijf het minimum in euro met hoogstens twee cijfers na de komma.",
            "Write the minimum in euros with at most two decimals.",
        )
    agreed = AgreedCosts(
        rate_percent=told.get("agreed_costs_percent") or Decimal(0),
        minimum_cents=int(cents),
        ground=(told.get("agreed_costs_ground") or "").strip(),
    )
    refuse_bad_agreement(agreed)
    return agreed


class AgreementForm(EditForm):
    """What was agreed with one debtor."""

    agreed_costs_percent = make_percent_field(required=True)
    agreed_costs_minimum = make_minimum_field()
    agreed_costs_ground = make_ground_field(required=True)

    def clean(self) -> dict[str, Any]:
        """With what is wrong about it in the words of the rule."""
        told = super().clean()
        if not self.errors:
            try:
                told["agreed"] = read_agreed(told)
            except Refusal as refusal:
                self.add_error(None, say(refusal.because))
        return told


@page_with_form
@at_desk
def cost_agreement(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Record what was agreed with this debtor, or that it is over."""
    card = _find(number)
    if request.method == "POST":
        lock_debtors([card.id])
    standing = find_agreement(card.id)
    if request.method == "POST" and "end" in request.POST:
        if end_agreement(card.id, today=desk.today, now=desk.now, actor=desk.actor):
            messages.success(request, _("De afspraak over incassokosten is beëindigd."))
        return redirect("debtor", slug=desk.slug, number=card.number)
    form = AgreementForm(
        request.POST or None,
        now_is=_show(standing),
        by=standing.set_by if standing else "",
    )
    if request.method == "POST" and form.is_valid():
        agreed = form.cleaned_data["agreed"]
        agree_costs(card.id, agreed, today=desk.today, now=desk.now, actor=desk.actor)
        messages.success(request, _("De afspraak over incassokosten is vastgelegd."))
        return redirect("debtor", slug=desk.slug, number=card.number)
    context = {
        "section": "debtors",
        "card": card,
        "form": form,
        "standing": standing,
        "unfit": explain_unfit(card),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/debtor/cost_agreement.html", context, status=status)


def explain_unfit(card: DebtorCard) -> str:
    """Why nothing can be agreed with this debtor; empty where it can."""
    try:
        refuse_unfit_party(load_kinds([card.id])[card.id])
    except Refusal as refusal:
        return say(refusal.because)
    return ""


def _show(standing: AgreementRow | None) -> dict[str, object]:
    if standing is None:
        return dict.fromkeys(COSTS_FIELDS)
    agreed = standing.agreed
    minimum = Decimal(agreed.minimum_cents).scaleb(-2)
    return dict(zip(COSTS_FIELDS, (agreed.rate_percent, minimum, agreed.ground), strict=True))


def _find(number: str) -> DebtorCard:
    card = find_debtor(number)
    if card is None:
        raise Http404
    return card
