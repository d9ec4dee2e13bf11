"""Instellingen: sending on or off, the policy's limits, and who sends."""

import re
from decimal import Decimal

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tijdig.core.identifiers import (
    is_valid_iban,
    is_valid_kvk_number,
    is_valid_vat_number,
)
from tijdig.desk.audit import find_latest_check, find_renewal
from tijdig.desk.lateness import describe_offset
from tijdig.dunning.actions import creditor as creditors
from tijdig.dunning.actions import policies, sending
from tijdig.dunning.queries.policies import list_policy_changes, load_policy
from tijdig.messaging.queries import count_waiting
from tijdig.tenants.actions import lock_administration
from tijdig.tenants.queries import load_administration
from tijdig.timeline.audit import find_lost_key
from tijdig.timeline.queries import find_last_actor
from tijdig.web.edits import EditForm
from tijdig.web.labels import CHANNELS, PHASES, label_of
from tijdig.web.methods import page_with_form
from tijdig.web.rights import Desk, at_desk, owner_only

CREDITOR_FIELDS = (
    "name iban account_name email phone website street postal_code city kvk_number vat_number "
    "hand_over_to"
).split()


_WEBSITE = re.compile(r"(https?://)?[\w-]+(\.[\w-]+)+(/\S*)?", re.IGNORECASE)


class PolicyForm(EditForm):
    """The limits that hold for every step."""

    min_gap_days = forms.IntegerField(
        label=gettext_lazy("Dagen tussen twee contacten"), min_value=1, max_value=60
    )
    min_amount = forms.DecimalField(
        label=gettext_lazy("Kleinste bedrag voor een bericht, in euro"),
        min_value=0,
        max_value=10_000,
        decimal_places=2,
        localize=True,
    )
    call_lapse_working_days = forms.IntegerField(
        label=gettext_lazy("Werkdagen dat een telefoontje open blijft"), min_value=1, max_value=60
    )


class RunForm(EditForm):
    """When the daily run begins."""

    run_at = forms.TimeField(
        label=gettext_lazy("De run van elke dag begint om"),
        input_formats=["%H:%M", "%H.%M", "%H"],
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
        help_text=gettext_lazy("Staat de computer dan uit, dan begint hij zodra dat kan."),
        error_messages={"invalid": gettext_lazy("Vul een tijd in, zoals 08:00.")},
    )


class CreditorForm(EditForm):
    """What stands on every message as the sender."""

    name = forms.CharField(label=gettext_lazy("Naam"), max_length=200)
    iban = forms.CharField(label="IBAN", max_length=42, required=False)
    account_name = forms.CharField(
        label=gettext_lazy("Rekening op naam van"), max_length=70, required=False
    )
    email = forms.EmailField(label=gettext_lazy("E-mailadres"), required=False)
    phone = forms.CharField(label=gettext_lazy("Telefoon"), max_length=30, required=False)
    website = forms.CharField(label=gettext_lazy("Website"), max_length=200, required=False)
    street = forms.CharField(
        label=gettext_lazy("Straat en huisnummer"), max_length=200, required=False
    )
    postal_code = forms.CharField(label=gettext_lazy("Postcode"), max_length=12, required=False)
    city = forms.CharField(label=gettext_lazy("Plaats"), max_length=100, required=False)
    kvk_number = forms.CharField(label=gettext_lazy("KvK-nummer"), max_length=12, required=False)
    vat_number = forms.CharField(label=gettext_lazy("Btw-nummer"), max_length=30, required=False)
    hand_over_to = forms.CharField(
        label=gettext_lazy("Incassobureau"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "Alleen als hier een bureau staat, noemt de laatste aanmaning een overdracht."
        ),
    )

    def clean_iban(self) -> str:
        """Without the spaces that people write; customers pay to it, so it has to be right."""
        iban = "".join(self.cleaned_data["iban"].split()).upper()
        if iban and not is_valid_iban(iban):
            raise forms.ValidationError(
                _("Dit IBAN klopt niet. Neem het over van uw bank, zoals NL91ABNA0417164300.")
            )
        return iban

    def clean_kvk_number(self) -> str:
        """Eight digits, which people write in groups."""
        number = re.sub(r"[\s.]", "", self.cleaned_data["kvk_number"])
        if number and not is_valid_kvk_number(number):
            raise forms.ValidationError(_("Een KvK-nummer heeft acht cijfers."))
        return number

    def clean_vat_number(self) -> str:
        """As the tax office writes it, without spaces and points."""
        number = re.sub(r"[\s.]", "", self.cleaned_data["vat_number"]).upper()
        if number and not is_valid_vat_number(number):
            raise forms.ValidationError(
                _("Dit btw-nummer klopt niet. Het lijkt op NL004495445B01.")
            )
        return number

    def clean_website(self) -> str:
        """An address as people write it, with or without http; nothing else that looks like one."""
        website = str(self.cleaned_data["website"]).strip()
        if website and not _WEBSITE.fullmatch(website):
            raise forms.ValidationError(_("Vul een adres in, zoals www.voorbeeld.nl."))
        return website


@require_safe
@at_desk
def settings_page(request: HttpRequest, _desk: Desk) -> HttpResponse:
    """All settings on one page."""
    return _show(request)


@page_with_form
@at_desk
@owner_only
def sending_switch(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Say first how many messages would go; then turn sending on or off."""
    if request.method == "POST":
        if request.POST.get("to") == "on":
            sending.turn_on(today=desk.today, now=desk.now, actor=desk.actor)
            messages.success(request, _("Versturen staat aan."))
        else:
            sending.turn_off(today=desk.today, now=desk.now, actor=desk.actor)
            messages.success(request, _("Versturen staat uit. Er gaat niets meer de deur uit."))
        return redirect("settings", slug=desk.slug)
    context = {"section": "settings", "waiting": count_waiting()}
    return render(request, "desk/settings/sending.html", context)


@page_with_form
@at_desk
@owner_only
def policy(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Other limits: a new version of the policy."""
    if request.method != "POST":
        return redirect("settings", slug=desk.slug)
    lock_administration()
    form = _policy_form(request.POST)
    if not form.is_valid():
        return _show(request, policy_form=form)
    told = form.cleaned_data
    policies.change(
        {
            "min_gap_days": told["min_gap_days"],
            "min_amount_cents": int(told["min_amount"] * 100),
            "call_lapse_working_days": told["call_lapse_working_days"],
        },
        today=desk.today,
        now=desk.now,
        actor=desk.actor,
    )
    messages.success(request, _("Het beleid is gewijzigd. Iedereen wordt opnieuw bekeken."))
    return redirect("settings", slug=desk.slug)


@page_with_form
@at_desk
@owner_only
def creditor(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Other data of the sender."""
    if request.method != "POST":
        return redirect("settings", slug=desk.slug)
    lock_administration()
    form = _creditor_form(request.POST)
    if not form.is_valid():
        return _show(request, creditor_form=form)
    creditors.change(form.cleaned_data, today=desk.today, now=desk.now, actor=desk.actor)
    messages.success(request, _("De gegevens zijn gewijzigd."))
    return redirect("settings", slug=desk.slug)


@page_with_form
@at_desk
@owner_only
def run_hour(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Another hour for the daily run."""
    if request.method != "POST":
        return redirect("settings", slug=desk.slug)
    lock_administration()
    form = _run_form(request.POST)
    if not form.is_valid():
        return _show(request, run_form=form)
    run_at = form.cleaned_data["run_at"]
    if creditors.change_run_hour(run_at, today=desk.today, now=desk.now, actor=desk.actor):
        messages.success(request, _("De dagelijkse run begint voortaan om %s.") % f"{run_at:%H:%M}")
    return redirect("settings", slug=desk.slug)


def _show(
    request: HttpRequest,
    *,
    policy_form: PolicyForm | None = None,
    creditor_form: CreditorForm | None = None,
    run_form: RunForm | None = None,
) -> HttpResponse:
    """All settings; the form that was filled in wrong as it was filled in."""
    in_force = load_policy()
    context = {
        "section": "settings",
        "policy": in_force,
        "steps": [
            (
                label_of(PHASES, step.phase),
                step,
                [label_of(CHANNELS, channel).text for channel in step.channels],
                describe_offset(step.offset_days),
            )
            for step in in_force.steps
        ],
        "policy_form": policy_form or _policy_form(),
        "creditor_form": creditor_form or _creditor_form(),
        "run_form": run_form or _run_form(),
        "policy_changes": list_policy_changes(),
        "waiting": count_waiting(),
        "audit": find_latest_check(),
        "lost_key": find_lost_key(),
        "renewal": find_renewal(),
    }
    wrong = policy_form or creditor_form or run_form
    return render(request, "desk/settings/page.html", context, status=422 if wrong else 200)


def _policy_form(data: QueryDict | None = None) -> PolicyForm:
    in_force = load_policy()
    now_is = {
        "min_gap_days": in_force.min_gap_days,
        "min_amount": Decimal(in_force.min_amount_cents).scaleb(-2),
        "call_lapse_working_days": in_force.call_lapse_working_days,
    }
    return PolicyForm(data, now_is=now_is, by=find_last_actor("policy_changed"))


def _run_form(data: QueryDict | None = None) -> RunForm:
    now_is = {"run_at": load_administration().run_at}
    return RunForm(data, now_is=now_is, by=find_last_actor("creditor_changed"))


def _creditor_form(data: QueryDict | None = None) -> CreditorForm:
    administration = load_administration()
    now_is = {name: getattr(administration, name) for name in CREDITOR_FIELDS}
    return CreditorForm(data, now_is=now_is, by=find_last_actor("creditor_changed"))
