"""Nieuw standaardbeleid: what it does otherwise, and adopting it with one click."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tijdig.dunning.actions.policies import adopt_newest
from tijdig.dunning.queries.policies import list_policy_changes, load_policy
from tijdig.web.methods import page_with_form
from tijdig.web.rights import Desk, at_desk, owner_only


@page_with_form
@at_desk
@owner_only
def policy_update(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show the differences; take them over as a new version."""
    if request.method == "POST":
        if adopt_newest(today=desk.today, now=desk.now, actor=desk.actor):
            messages.success(request, _("Het nieuwe beleid geldt. Iedereen wordt opnieuw bekeken."))
        return redirect("settings", slug=desk.slug)
    context = {
        "section": "settings",
        "changes": list_policy_changes(),
        "version": load_policy().version,
    }
    return render(request, "desk/settings/policy_update.html", context)
