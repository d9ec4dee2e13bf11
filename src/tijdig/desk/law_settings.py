"""Instellingen: what the creditor declares for the law, and what he claims of who is late."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tijdig.ledger.actions.looks import look_at_everybody
from tijdig.tenants.actions import change_declarations, lock_administration
from tijdig.tenants.queries import load_administration
from tijdig.web.edits import SEEN, EditForm
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
        ),
    )
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
    )


@require_http_methods(["GET", "POST"])
@at_desk
@owner_only
def law_settings(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Declare it; everybody is looked at again."""
    if request.method == "POST":
        lock_administration()
    form = LawForm(request.POST or None, now_is=_declared())
    if request.method == "POST" and form.is_valid():
        change_declarations(form.cleaned_data)
        look_at_everybody()
        messages.success(request, _("Vastgelegd. Iedereen wordt opnieuw bekeken."))
        return redirect("settings", slug=desk.slug)
    status = 422 if request.method == "POST" else 200
    context = {"section": "settings", "form": form}
    return render(request, "desk/settings/law.html", context, status=status)


def _declared() -> dict[str, object]:
    administration = load_administration()
    return {name: getattr(administration, name) for name in LawForm.base_fields if name != SEEN}
