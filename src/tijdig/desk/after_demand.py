"""Na de laatste aanmaning: who decides, by when, and the four ways on."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tijdig.core.problem import Refusal
from tijdig.desk.case_forms import OutcomeForm, OwnerForm
from tijdig.desk.case_kinds import moment_of
from tijdig.desk.case_words import describe_outcome
from tijdig.dunning.actions import outcomes
from tijdig.dunning.queries.outcomes import OutcomeRow, explain_outcome, find_outcome
from tijdig.tenants.queries import load_administration
from tijdig.web.language import say
from tijdig.web.methods import page_with_form
from tijdig.web.rights import Desk, at_desk


@page_with_form
@at_desk
def outcome(request: HttpRequest, desk: Desk, outcome_id: UUID) -> HttpResponse:
    """One debtor after his last demand."""
    row = find_outcome(outcome_id)
    if row is None:
        raise Http404
    asked = request.POST.get("do", "")
    form = OutcomeForm(
        request.POST if asked == "decide" else None,
        initial={"handed_to": load_administration().hand_over_to},
    )
    owner = OwnerForm(
        request.POST if asked == "assign" else None,
        initial={
            "owner": row.owner or desk.actor,
            "deadline_on": max(row.deadline_on, desk.today),
        },
    )
    try:
        if request.method == "POST" and _carry_out(asked, row, desk, form, owner):
            messages.success(request, _("Vastgelegd."))
            return redirect("debtor", slug=desk.slug, number=row.debtor_number)
    except Refusal as refusal:
        shown = owner if asked == "assign" else form
        if row.way or not shown.is_bound:
            # Somebody else was first: the page has no form any more to say so beside.
            raise
        shown.add_error(None, say(refusal.because))
    context = {
        "section": "cases",
        "row": row,
        "line": describe_outcome(row, slug=desk.slug, today=desk.today),
        "no_effect": explain_outcome(row, today=desk.today),
        "form": form,
        "owner": owner,
    }
    wrong = form.errors or owner.errors
    return render(request, "desk/case/outcome.html", context, status=422 if wrong else 200)


def _carry_out(
    asked: str, row: OutcomeRow, desk: Desk, form: OutcomeForm, owner: OwnerForm
) -> bool:
    """Do what the button says; False where its form is not filled in well."""
    if asked == "assign":
        if owner.is_valid():
            outcomes.assign(row.id, **owner.cleaned_data, **moment_of(desk))
        return owner.is_valid()
    if asked == "end":
        outcomes.end(row.id, **moment_of(desk))
        return True
    if form.is_valid():
        outcomes.decide(row.id, **form.cleaned_data, **moment_of(desk))
    return form.is_bound and form.is_valid()
