"""The outcome of a call."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from tijdig.core.case_messages import BY_LETTER
from tijdig.core.problem import Refusal
from tijdig.core.unpaid import UNPAID_REASONS
from tijdig.dunning.actions import calls
from tijdig.dunning.queries.pages import is_call
from tijdig.web.labels import CALL_OUTCOMES
from tijdig.web.language import say
from tijdig.web.rights import Desk, at_desk

NOT_RECEIVED = "not_received"


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
    reason = forms.ChoiceField(label=gettext_lazy("Waarom niet betaald"), required=False)
    address = forms.EmailField(
        label=gettext_lazy("E-mailadres voor een kopie"),
        required=False,
        help_text=gettext_lazy("Alleen als hij de factuur niet kreeg: het adres dat hij u noemde."),
    )
    by_letter = forms.BooleanField(label=gettext_lazy("Stuur de kopie per brief"), required=False)
    amount = forms.DecimalField(
        label=gettext_lazy("Zegt toe, in euro"),
        required=False,
        min_value=0,
        max_value=10_000_000,
        decimal_places=2,
        localize=True,
    )
    promised_on = forms.DateField(
        label=gettext_lazy("Betaalt op"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["reason"].choices = [  # type: ignore[attr-defined]
            ("", "-"),
            *((code, say(rule.name)) for code, rule in UNPAID_REASONS.items()),
        ]

    def clean(self) -> dict[str, Any]:
        """An amount and a day belong together; a copy is for who did not get the invoice."""
        told = super().clean() or {}
        if (told.get("address") or told.get("by_letter")) and told.get("reason") != NOT_RECEIVED:
            raise forms.ValidationError(
                _("Een kopie gaat alleen uit als hij de factuur niet kreeg. Kies die reden erbij.")
            )
        if (told.get("amount") is None) != (told.get("promised_on") is None):
            raise forms.ValidationError(
                _("Vul bij een toezegging het bedrag en de dag in, of geen van beide.")
            )
        return told

    def address_of_copy(self) -> str:
        """Where a copy of the invoice may go; empty where he did not say."""
        told = self.cleaned_data
        return BY_LETTER if told["by_letter"] else str(told["address"])

    def promise(self) -> tuple[int, date] | None:
        """What was promised: cents and the day; None where nothing was."""
        told = self.cleaned_data
        if told["amount"] is None:
            return None
        return int(told["amount"] * 100), told["promised_on"]


@require_POST
@at_desk
def call_outcome(request: HttpRequest, desk: Desk, call_id: UUID) -> HttpResponse:
    """Record a call; the cadence goes on from it."""
    if not is_call(call_id):
        raise Http404
    form = CallForm(request.POST)
    if not form.is_valid():
        words = " ".join(str(one) for errors in form.errors.values() for one in errors)
        raise Refusal(
            f"Het telefoontje is niet vastgelegd. {words}", f"The call was not recorded. {words}"
        )
    calls.record(
        call_id,
        outcome=form.cleaned_data["outcome"],
        note=form.cleaned_data["note"],
        promised=form.promise(),
        reason=form.cleaned_data["reason"],
        address=form.address_of_copy(),
        today=desk.today,
        now=desk.now,
        actor=desk.actor,
        for_creditor=desk.for_creditor,
    )
    messages.success(request, _("Het telefoontje is vastgelegd."))
    return redirect("today", slug=desk.slug)
