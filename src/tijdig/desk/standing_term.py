"""The lasting payment term of a debtor: how many days, and how that was agreed."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tijdig.core.standing_terms import (
    HOW_AGREED,
    LONGEST_STANDING_TERM_DAYS,
    HowAgreed,
    StandingTerm,
    check_standing_term,
    describe_standing_term,
)
from tijdig.ledger.actions.posting import lock_debtors
from tijdig.ledger.actions.standing_terms import set_standing_term
from tijdig.ledger.queries.cards import DebtorCard, find_debtor
from tijdig.ledger.queries.kinds import load_kinds
from tijdig.ledger.queries.terms import find_standing_term
from tijdig.tenants.queries import load_administration
from tijdig.web.edits import EditForm
from tijdig.web.language import say
from tijdig.web.methods import page_with_form
from tijdig.web.rights import Desk, at_desk


class StandingTermForm(EditForm):
    """The term, or that there is none of his own."""

    how = forms.ChoiceField(
        label=gettext_lazy("Hoe is de betaaltermijn afgesproken?"), required=False
    )
    days = forms.IntegerField(
        label=gettext_lazy("Dagen vanaf de factuurdatum"),
        required=False,
        min_value=0,
        max_value=LONGEST_STANDING_TERM_DAYS,
        help_text=gettext_lazy("Een heel getal, zoals 30."),
        error_messages={"invalid": gettext_lazy("Vul een heel getal in, zoals 30.")},
    )
    is_large_to_small = forms.BooleanField(
        label=gettext_lazy("De klant is een groot bedrijf en u bent mkb"),
        required=False,
        help_text=gettext_lazy("Dan mag hij hoogstens 30 dagen nemen (BW 6:119a lid 6)."),
    )

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.fields["how"].choices = [  # type: ignore[attr-defined]
            ("", _("er is niets vast afgesproken: uw gewone termijn geldt")),
            *((code, say(words)) for code, words in HOW_AGREED.items()),
        ]

    def clean(self) -> dict[str, Any]:
        """What was agreed comes with a number of days."""
        told = super().clean()
        if told.get("how") and told.get("days") is None and "days" not in self.errors:
            self.add_error("days", _("Vul in hoeveel dagen zijn afgesproken."))
        return told

    def term(self) -> StandingTerm | None:
        """What was filled in; None where there is no term of his own."""
        told = self.cleaned_data
        if not told["how"]:
            return None
        how = cast("HowAgreed", told["how"])
        return StandingTerm(told["days"], how, told["is_large_to_small"])


@page_with_form
@at_desk
def standing_term(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Show and change it; invoices that are known already stay as they are."""
    card = find_debtor(number)
    if card is None:
        raise Http404
    if request.method == "POST":
        lock_debtors([card.id])
    found = find_standing_term(card.id)
    now_is = {
        "how": found.term.how if found else "",
        "days": found.term.days if found else None,
        "is_large_to_small": found.term.is_large_to_small if found else False,
    }
    by = found.set_by if found else ""
    form = StandingTermForm(request.POST or None, now_is=now_is, by=by)
    if request.method == "POST" and form.is_valid():
        set_standing_term(card.id, form.term(), today=desk.today, now=desk.now, actor=desk.actor)
        messages.success(request, _("Vastgelegd. Het geldt voor nieuwe facturen."))
        return redirect("debtor", slug=desk.slug, number=card.number)
    context = {
        "section": "debtors",
        "card": card,
        "form": form,
        "usual_days": load_administration().default_term_days,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "desk/debtor/standing_term.html", context, status=status)


def describe_term_of(card: DebtorCard, desk: Desk) -> dict[str, object]:
    """The lasting term for the page of the debtor, and why it is too long where it is."""
    found = find_standing_term(card.id)
    if found is None:
        return {"usual_days": load_administration().default_term_days}
    kind = load_kinds([card.id])[card.id]
    return {
        "standing": found,
        "standing_words": describe_standing_term(found.term),
        "standing_too_long": check_standing_term(found.term, kind=kind, today=desk.today),
    }
