"""Wie int er: the creditor himself, or who acts for him, with his Wki registration."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tijdig.core.law.contact_hours import acts_for_another
from tijdig.dunning.actions.creditor import change_acting
from tijdig.tenants.queries import list_people, load_administration
from tijdig.web.methods import page_with_form
from tijdig.web.rights import Desk, at_desk, owner_only


class ActingForm(forms.Form):
    """Who collects, and who of the people here are the creditor's own."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Wie int er?"),
        choices=(
            ("business", gettext_lazy("de schuldeiser zelf")),
            ("accountant", gettext_lazy("een administratiekantoor, voor de schuldeiser")),
            ("agency", gettext_lazy("een incassobureau, voor de schuldeiser")),
        ),
    )
    name = forms.CharField(
        label=gettext_lazy("Naam van wie voor de schuldeiser int"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Zoals die in het register van Justis staat."),
    )
    wki_registration = forms.CharField(
        label=gettext_lazy("Wki-registratie"),
        max_length=40,
        required=False,
        help_text=gettext_lazy(
            "Het kenmerk komt in elk bericht. Zonder kenmerk geeft alleen eigen personeel van de"
            " schuldeiser berichten aan natuurlijke personen vrij, en belt alleen dat."
        ),
    )
    own = forms.MultipleChoiceField(
        label=gettext_lazy("Wie werkt bij de schuldeiser zelf?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def clean(self) -> dict[str, object]:
        """Who acts for another has a name."""
        told = super().clean() or {}
        acts = told.get("kind") and acts_for_another(str(told["kind"]))
        if acts and not told.get("name"):
            self.add_error("name", _("Vul in wie er voor de schuldeiser int."))
        return told


@page_with_form
@at_desk
@owner_only
def acting(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show and change it; everybody is looked at again."""
    administration, people = load_administration(), list_people()
    organisation = administration.organisation
    acts = acts_for_another(organisation.kind)
    # Who collects for another says himself who is the creditor's: nobody is so unasked.
    own = [str(one.user_id) for one in people if one.for_creditor and acts]
    initial = {
        "kind": organisation.kind,
        "name": organisation.name if acts else "",
        "wki_registration": organisation.wki_registration,
        "own": own,
    }
    form = ActingForm(request.POST or None, initial=initial)
    choice = form.fields["own"]
    if isinstance(choice, forms.MultipleChoiceField):
        choice.choices = [(str(one.user_id), str(one.user)) for one in people]
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        alone = not acts_for_another(told["kind"])
        change_acting(
            {
                "kind": told["kind"],
                "name": administration.name if alone else told["name"].strip(),
                "wki_registration": "" if alone else told["wki_registration"].strip(),
            },
            own={one.user_id for one in people if alone or str(one.user_id) in told["own"]},
            today=desk.today,
            now=desk.now,
            actor=desk.actor,
        )
        messages.success(request, _("Vastgelegd. Iedereen wordt opnieuw bekeken."))
        return redirect("settings", slug=desk.slug)
    status = 422 if request.method == "POST" else 200
    context = {"section": "settings", "form": form}
    return render(request, "desk/settings/acting.html", context, status=status)
