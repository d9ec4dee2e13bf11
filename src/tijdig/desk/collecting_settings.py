"""Instellingen, Incasso: on which own account, under which identifier, and how long before."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tijdig.banking.actions.collecting import MOST_LEAD_DAYS, VERSIONS, set_collecting
from tijdig.banking.direct_debits.queries import list_collecting
from tijdig.banking.queries import AccountRow, list_accounts
from tijdig.core.direct_debits.banks import DEFAULT_BANK, list_known_banks
from tijdig.core.problem import Refusal
from tijdig.web.language import say
from tijdig.web.methods import page_with_form
from tijdig.web.rights import Desk, at_desk, owner_only

EURO = "EUR"


class CollectingForm(forms.Form):
    """How one own account collects."""

    account = forms.ChoiceField(label=gettext_lazy("Op deze rekening komt het geld"))
    creditor_id = forms.CharField(
        label=gettext_lazy("Incassant-ID"),
        max_length=42,
        help_text=gettext_lazy("Staat in uw incassocontract, en begint met NL."),
    )
    notice_days = forms.IntegerField(
        label=gettext_lazy("Dagen vooraf aankondigen"),
        min_value=1,
        max_value=90,
        help_text=gettext_lazy("14, tenzij u iets anders heeft afgesproken."),
    )
    version = forms.ChoiceField(
        label=gettext_lazy("Soort bestand"),
        required=False,
        choices=(
            ("", gettext_lazy("wat uw bank het liefst heeft")),
            *((one, f"pain.008.{one}") for one in VERSIONS if one),
        ),
    )
    invoices_announce = forms.BooleanField(
        label=gettext_lazy("Onze facturen kondigen de incasso zelf aan"),
        required=False,
        help_text=gettext_lazy("Alleen als bedrag, dag, incassant-ID en machtiging erop staan."),
    )
    cut_off = forms.TimeField(
        label=gettext_lazy("Uiterste uur van uw bank"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    lead_days = forms.IntegerField(
        label=gettext_lazy("Bankwerkdagen vooraf aanleveren"),
        min_value=1,
        max_value=MOST_LEAD_DAYS,
        required=False,
        help_text=gettext_lazy("Leeg: 1 bij de banken die wij kennen, 2 bij andere."),
    )
    is_on = forms.BooleanField(label=gettext_lazy("Incasseren staat aan"), required=False)

    def __init__(self, data: object, *, accounts: tuple[AccountRow, ...], initial: object) -> None:
        super().__init__(data, initial=initial)  # type: ignore[arg-type]
        choices = [(str(one.id), one.iban) for one in accounts if one.currency == EURO]
        self.fields["account"].choices = choices  # type: ignore[attr-defined]
        known = ", ".join(f"{one.name} {one.cut_off:%H:%M}" for one in list_known_banks())
        self.fields["cut_off"].help_text = _(
            "Staat in uw incassocontract. Leeg: %(known)s; van een andere bank %(other)s."
        ) % {"known": known, "other": f"{DEFAULT_BANK.cut_off:%H:%M}"}


@page_with_form
@at_desk
@owner_only
def collecting_settings(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show and change how is collected; who changed what stays in the audit trail."""
    accounts = list_accounts()
    form = CollectingForm(request.POST or None, accounts=accounts, initial=_read())
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        account_id = UUID(told.pop("account"))
        try:
            set_collecting(account_id, **told, today=desk.today, now=desk.now, actor=desk.actor)
            messages.success(request, _("Zo wordt er voortaan geïncasseerd."))
            return redirect("collecting-settings", slug=desk.slug)
        except Refusal as refusal:
            form.add_error(None, say(refusal.because))
    context = {"section": "settings", "form": form, "has_accounts": bool(accounts)}
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/collection/settings.html", context, status=status)


def _read() -> dict[str, object]:
    found = list_collecting()
    if not found:
        return {"notice_days": 14}
    one = found[0]
    return {
        "account": str(one.account_id),
        "creditor_id": one.creditor_id,
        "notice_days": one.notice_days,
        "version": one.version,
        "invoices_announce": one.invoices_announce,
        "cut_off": one.cut_off,
        "lead_days": one.lead_days,
        "is_on": one.is_on,
    }
