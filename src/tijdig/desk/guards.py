"""Bewaking: how fresh bank and books must be, when a run asks, and when mail goes out."""

from datetime import date
from decimal import Decimal

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tijdig.core.law.contact_hours import find_legal_hours, find_sender, is_bound_to_hours
from tijdig.dunning.actions.guards import change_guards
from tijdig.tenants.actions import lock_administration
from tijdig.tenants.queries import load_administration
from tijdig.timeline.queries import find_last_actor
from tijdig.web.edits import EditForm
from tijdig.web.methods import page_with_form
from tijdig.web.rights import Desk, at_desk, owner_only

FIELDS = ("bank_fresh_days", "books_fresh_days", "undo_minutes", "contact_from", "contact_until")


class GuardForm(EditForm):
    """What holds a run or a message up; `today` is the day whose law binds the hours."""

    today: date
    bank_fresh_days = forms.IntegerField(
        label=gettext_lazy("Bankdagen dat het afschrift oud mag zijn"),
        min_value=1,
        max_value=30,
        required=False,
        help_text=gettext_lazy("1: tot en met gisteren. Leeg: de run wacht niet op de bank."),
    )
    books_fresh_days = forms.IntegerField(
        label=gettext_lazy("Werkdagen dat de boekhouding oud mag zijn"),
        min_value=1,
        max_value=90,
        required=False,
        help_text=gettext_lazy("5: een week. Leeg: de run wacht niet op de boekhouding."),
    )
    amount_limit = forms.DecimalField(
        label=gettext_lazy("Bedrag waarboven de run eerst vraagt, in euro"),
        min_value=0,
        max_value=100_000_000,
        decimal_places=2,
        required=False,
        localize=True,
        help_text=gettext_lazy("Leeg: geen grens."),
    )
    undo_minutes = forms.IntegerField(
        label=gettext_lazy("Minuten dat u mail nog kunt tegenhouden"), min_value=0, max_value=120
    )
    contact_from = forms.TimeField(
        label=gettext_lazy("Mail gaat uit vanaf"), widget=forms.TimeInput(format="%H:%M")
    )
    contact_until = forms.TimeField(
        label=gettext_lazy("en tot"),
        widget=forms.TimeInput(format="%H:%M"),
        help_text=gettext_lazy("Nooit op zondag of een feestdag."),
    )

    def clean(self) -> dict[str, object]:
        """Mail has some hours of the day left."""
        told = super().clean() or {}
        begins, ends = told.get("contact_from"), told.get("contact_until")
        if begins is None or ends is None:
            return told
        if begins > ends:
            self.add_error("contact_until", _("Kies een tijd na de tijd hierboven."))
        elif _is_bound() and not (legal := find_legal_hours(self.today)).holds(begins, ends):
            said = _(
                "Wie voor een ander int, stuurt alleen tussen %(first)s en %(last)s (Bki art. 4.2)."
            )
            hours = {"first": f"{legal.from_at:%H:%M}", "last": f"{legal.until_at:%H:%M}"}
            self.add_error("contact_until", said % hours)
        return told


def _is_bound() -> bool:
    sender = find_sender(load_administration().organisation.kind)
    return is_bound_to_hours(sender, is_natural_person=True)


@page_with_form
@at_desk
@owner_only
def guards(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show and change the limits; who changed what stays in the audit trail."""
    if request.method == "POST":
        lock_administration()
    by = find_last_actor("guards_changed")
    form = GuardForm(request.POST or None, now_is=_read(), by=by)
    form.today = desk.today
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        limit = told.pop("amount_limit")
        told["amount_limit_cents"] = None if limit is None else int(limit * 100)
        change_guards(told, today=desk.today, now=desk.now, actor=desk.actor)
        messages.success(request, _("De bewaking is gewijzigd."))
        return redirect("settings", slug=desk.slug)
    context = {"section": "settings", "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/settings/guards.html", context, status=status)


def _read() -> dict[str, object]:
    administration = load_administration()
    cents = administration.amount_limit_cents
    return {
        **{name: getattr(administration, name) for name in FIELDS},
        "amount_limit": None if cents is None else Decimal(cents).scaleb(-2),
    }
