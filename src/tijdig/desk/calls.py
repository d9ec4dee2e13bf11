"""The outcome of a call."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tijdig.core.problem import Refusal
from tijdig.dunning.actions import calls
from tijdig.dunning.queries.pages import is_call
from tijdig.web.labels import CALL_OUTCOMES
from tijdig.web.rights import Desk, at_desk


class CallForm(forms.Form):
    """What came of a call."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Uitkomst"),
        choices=[(code, label.text) for code, label in CALL_OUTCOMES.items()],
    )
    note = forms.CharField(
        label=gettext_lazy("Notitie"),
        required=False,
        max_length=2000,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@require_POST
@at_desk
def call_outcome(request: HttpRequest, desk: Desk, call_id: UUID) -> HttpResponse:
    """Record a call; the cadence goes on from it."""
    if not is_call(call_id):
        raise Http404
    form = CallForm(request.POST)
    if not form.is_valid():
        raise Refusal("Kies een uitkomst.", "Choose an outcome.")
    calls.record(
        call_id,
        outcome=form.cleaned_data["outcome"],
        note=form.cleaned_data["note"],
        today=desk.today,
        now=desk.now,
        actor=desk.actor,
    )
    messages.success(request, _("Het telefoontje is vastgelegd."))
    return redirect("today", slug=desk.slug)
