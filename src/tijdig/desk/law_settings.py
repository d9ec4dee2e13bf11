"""Instellingen: what the creditor declares for the law, and what he claims of who is late."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tijdig.core.law.agreed_interest import describe_agreed_interest
from tijdig.core.problem import Refusal
from tijdig.desk.cost_agreements import (
    COSTS_FIELDS,
    make_ground_field,
    make_minimum_field,
    make_percent_field,
    read_agreed,
)
from tijdig.dunning.actions.creditor import declare
from tijdig.ledger.queries.interest_agreements import find_interest_agreement
from tijdig.tenants.actions import lock_administration
from tijdig.tenants.queries import load_administration
from tijdig.timeline.queries import find_last_actor, find_latest
from tijdig.web.edits import SEEN, EditForm
from tijdig.web.language import say
from tijdig.web.methods import page_with_form
from tijdig.web.rights import Desk, at_desk, owner_only


class LawForm(EditForm):
    """What only the creditor can know; what is not ticked is not so."""

    consumer_terms_agreed = forms.BooleanField(
        label=gettext_lazy("Met consumenten spreken wij de betaaltermijn vooraf af"),
        required=False,
    )
    business_terms_agreed = forms.BooleanField(
        label=gettext_lazy("Met bedrijven spreken wij de betaaltermijn vooraf af"),
        required=False,
    )
    can_reclaim_vat = forms.BooleanField(
        label=gettext_lazy("Wij kunnen btw terugvragen"), required=False
    )
    uses_collection_service = forms.BooleanField(
        label=gettext_lazy("Een bureau int voor ons, met btw"), required=False
    )
    business_costs = forms.ChoiceField(
        label=gettext_lazy("Incassokosten voor bedrijven"),
        choices=(
            ("none", gettext_lazy("geen")),
            ("minimum", gettext_lazy("alleen het minimum")),
            ("decree", gettext_lazy("volgens de staffel")),
            ("agreed", gettext_lazy("zoals in onze voorwaarden staat")),
        ),
    )
    agreed_costs_percent = make_percent_field(required=False)
    agreed_costs_minimum = make_minimum_field()
    agreed_costs_ground = make_ground_field(required=False)
    imputation = forms.ChoiceField(
        label=gettext_lazy("Een betaling gaat eerst naar"),
        choices=(
            ("legal", gettext_lazy("kosten, dan rente, dan de factuur (de wet)")),
            ("principal_first", gettext_lazy("de factuur")),
        ),
    )
    interest_from = forms.ChoiceField(
        label=gettext_lazy("Rente vragen wij aan"),
        choices=(
            ("nobody", gettext_lazy("niemand")),
            ("businesses", gettext_lazy("bedrijven en overheden")),
            ("everybody", gettext_lazy("iedereen")),
        ),
    )
    consumer_claims = forms.ChoiceField(
        label=gettext_lazy("Aan consumenten rekenen wij"),
        choices=(
            ("unknown", gettext_lazy("van alles (voor de verjaring telt de kortste termijn)")),
            ("goods", gettext_lazy("goederen, gas, stroom of warmte (verjaart na 2 jaar)")),
            ("services", gettext_lazy("alleen diensten (verjaart na 5 jaar)")),
            (
                "periodic",
                gettext_lazy("alleen huur of vaste termijnen (verjaart na 5 jaar)"),
            ),
        ),
        help_text=gettext_lazy(
            "Bij vaste termijnen vragen wij nooit meer kosten dan die van één termijn (Besluit BIK "
            "art. 2a). Laat die bedragen nakijken: de tekst van dit artikel is niet gelezen."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """With what the terms say about costs, where they say something or must."""
        told = super().clean()
        named = any(told.get(name) for name in COSTS_FIELDS)
        if not self.errors and (named or told["business_costs"] == "agreed"):
            try:
                if told["agreed_costs_percent"] is None:
                    raise Refusal(
                        "Vul het percentage in dat in uw voorwaarden staat.",
                        "Fill in the percentage that stands in your terms.",
                    )
                told["agreed"] = read_agreed(told)
            except Refusal as refusal:
                self.add_error(None, say(refusal.because))
        return told


@page_with_form
@at_desk
@owner_only
def law_settings(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Declare it; everybody is looked at again."""
    if request.method == "POST":
        lock_administration()
    form = LawForm(request.POST or None, now_is=_declared(), by=find_last_actor("law_declared"))
    if request.method == "POST" and form.is_valid():
        declare(_read(form), today=desk.today, now=desk.now, actor=desk.actor)
        messages.success(request, _("Vastgelegd. Iedereen wordt opnieuw bekeken."))
        return redirect("settings", slug=desk.slug)
    status = 422 if request.method == "POST" else 200
    standing = find_interest_agreement(None)
    context = {
        "section": "settings",
        "form": form,
        "latest": find_latest("law_declared"),
        "interest_row": standing,
        "interest_said": describe_agreed_interest(standing.agreed) if standing else None,
    }
    return render(request, "desk/settings/law.html", context, status=status)


def _declared() -> dict[str, object]:
    administration = load_administration()
    told = {
        name: getattr(administration, name, None) for name in LawForm.base_fields if name != SEEN
    }
    minimum = administration.agreed_costs_minimum_cents
    return told | {"agreed_costs_minimum": Decimal(minimum).scaleb(-2) if minimum else None}


def _read(form: LawForm) -> dict[str, object]:
    """The declarations as they are kept."""
    told = {name: value for name, value in form.cleaned_data.items() if name not in COSTS_FIELDS}
    agreed = told.pop("agreed", None)
    return told | {
        "agreed_costs_percent": agreed.rate_percent if agreed else None,
        "agreed_costs_minimum_cents": agreed.minimum_cents if agreed else 0,
        "agreed_costs_ground": agreed.ground if agreed else "",
    }
