"""Afgesproken rente: what was agreed with one debtor, or stands in the creditor's terms."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tijdig.core.creditor_rules import is_consumer
from tijdig.core.law.agreed_interest import (
    AgreedInterest,
    describe_agreed_interest,
    refuse_bad_interest,
    refuse_unreviewed,
)
from tijdig.core.problem import Refusal
from tijdig.ledger.actions.interest_agreements import agree_interest, end_interest_agreement
from tijdig.ledger.actions.posting import lock_debtors
from tijdig.ledger.queries.cards import DebtorCard, find_debtor
from tijdig.ledger.queries.interest_agreements import (
    InterestAgreementRow,
    find_interest_agreement,
)
from tijdig.ledger.queries.kinds import load_kinds
from tijdig.tenants.actions import lock_administration
from tijdig.web.edits import SEEN, EditForm
from tijdig.web.language import say
from tijdig.web.methods import page_with_form
from tijdig.web.rights import Desk, at_desk, owner_only

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class InterestForm(EditForm):
    """What was agreed; `kind` is who the debtor is in law, a business for the terms."""

    rate_percent = forms.DecimalField(
        label=gettext_lazy("Afgesproken rente, in procenten"), localize=True
    )
    per = forms.ChoiceField(
        label=gettext_lazy("Dit percentage is"),
        choices=(("year", gettext_lazy("per jaar")), ("month", gettext_lazy("per maand"))),
        help_text=gettext_lazy("Een percentage per maand telt twaalf keer voor een jaar."),
    )
    is_simple = forms.TypedChoiceField(
        label=gettext_lazy("Rente over rente"),
        coerce=lambda told: told == "yes",
        choices=(
            ("no", gettext_lazy("ja, na elk jaar")),
            ("yes", gettext_lazy("nee, dat staat in de afspraak")),
        ),
    )
    day_count = forms.ChoiceField(
        label=gettext_lazy("Een jaar telt"),
        choices=(
            ("act/365", gettext_lazy("365 dagen")),
            ("act/act", gettext_lazy("in een schrikkeljaar 366 dagen")),
        ),
    )
    ground = forms.CharField(
        label=gettext_lazy("Waar is de rente afgesproken?"),
        max_length=100,
        help_text=gettext_lazy("Dit staat op de specificatie. Bijvoorbeeld: artikel 8."),
    )
    from_on = forms.DateField(
        label=gettext_lazy("Geldt voor facturen van deze dag en later"),
        input_formats=["%Y-%m-%d", "%d-%m-%Y"],
        widget=DAY,
    )
    is_reviewed = forms.BooleanField(
        label=gettext_lazy(
            "De klant kreeg deze voorwaarden, en iemand keek na of de rente voor een consument"
            " eerlijk is"
        ),
        required=False,
    )

    def __init__(self, *args: Any, desk: Desk, kind: str, is_own: bool, **named: Any) -> None:
        super().__init__(*args, **named)
        self._desk, self._kind, self._is_own = desk, kind, is_own
        if not is_consumer(kind):
            del self.fields["is_reviewed"]

    def clean(self) -> dict[str, Any]:
        """With what is wrong about it in the words of the rule."""
        told = super().clean()
        if self.errors:
            return told
        agreed = AgreedInterest(
            **{name: value for name, value in told.items() if name != SEEN},
            is_own=self._is_own,
        )
        try:
            refuse_bad_interest(agreed, today=self._desk.today)
            refuse_unreviewed(agreed, kind=self._kind)
        except Refusal as refusal:
            self.add_error(None, say(refusal.because))
        return told | {"agreed": agreed}


@dataclass(frozen=True, slots=True)
class _Party:
    """With whom it was agreed: a debtor, or nobody in particular for the terms."""

    card: DebtorCard | None
    kind: str

    @property
    def debtor_id(self) -> UUID | None:
        return self.card.id if self.card else None


@page_with_form
@at_desk
def interest_agreement(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """What was agreed with this debtor: record it, or that it is over."""
    card = find_debtor(number)
    if card is None:
        raise Http404
    if request.method == "POST":
        lock_debtors([card.id])
    return _answer(request, desk, _Party(card, load_kinds([card.id])[card.id]))


@page_with_form
@at_desk
@owner_only
def interest_terms(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What the creditor's terms say, for businesses and public bodies."""
    if request.method == "POST":
        lock_administration()
    return _answer(request, desk, _Party(None, "business"))


def describe_interest_of(debtor_id: UUID) -> dict[str, object]:
    """What stands with a debtor about interest, and whether it holds."""
    row = find_interest_agreement(debtor_id)
    if row is None:
        return {}
    return {
        "interest_row": row,
        "interest_said": describe_agreed_interest(row.agreed),
        "interest_unfit": _explain_unfit(row, load_kinds([debtor_id])[debtor_id]),
    }


def _answer(request: HttpRequest, desk: Desk, party: _Party) -> HttpResponse:
    card, is_sent = party.card, request.method == "POST"
    told = {"today": desk.today, "now": desk.now, "actor": desk.actor}
    standing = find_interest_agreement(party.debtor_id)
    if is_sent and "end" in request.POST:
        was_mistake = request.POST["end"] == "mistake"
        if end_interest_agreement(party.debtor_id, was_mistake=was_mistake, **told):  # type: ignore[arg-type]
            messages.success(request, _("De afspraak over rente is beëindigd."))
        return _go_back(desk, card)
    form = InterestForm(
        request.POST or None,
        now_is=_show(standing, desk, party.kind),
        by=standing.set_by if standing else "",
        desk=desk,
        kind=party.kind,
        is_own=card is not None,
    )
    if is_sent and form.is_valid():
        agree_interest(party.debtor_id, form.cleaned_data["agreed"], **told)  # type: ignore[arg-type]
        messages.success(request, _("De afspraak over rente is vastgelegd."))
        return _go_back(desk, card)
    context = {
        "section": "debtors" if card else "settings",
        "card": card,
        "form": form,
        "standing": standing,
        "said": describe_agreed_interest(standing.agreed) if standing else None,
        "is_consumer": is_consumer(party.kind),
        "unfit": _explain_unfit(standing, party.kind) if standing else "",
    }
    status = 422 if is_sent else 200
    return render(request, "desk/debtor/interest_agreement.html", context, status=status)


def _go_back(desk: Desk, card: DebtorCard | None) -> HttpResponse:
    if card is None:
        return redirect("law-settings", slug=desk.slug)
    return redirect("debtor", slug=desk.slug, number=card.number)


def _show(standing: InterestAgreementRow | None, desk: Desk, kind: str) -> dict[str, object]:
    shown: dict[str, object] = {
        "rate_percent": None,
        "per": "year",
        "is_simple": "no",
        "day_count": "act/365",
        "ground": None,
        "from_on": desk.today,
        "is_reviewed": False,
    }
    if standing is not None:
        shown = {name: getattr(standing.agreed, name) for name in shown}
        shown["is_simple"] = "yes" if standing.agreed.is_simple else "no"
    if not is_consumer(kind):
        del shown["is_reviewed"]
    return shown


def _explain_unfit(standing: InterestAgreementRow, kind: str) -> str:
    """Why what stands does not hold for such a debtor; empty where it does."""
    try:
        refuse_unreviewed(standing.agreed, kind=kind)
    except Refusal as refusal:
        return say(refusal.because)
    return ""
