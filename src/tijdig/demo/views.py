"""The bar of the demo: live on by a day, a week, or up to the next run."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tijdig.core.problem import Refusal
from tijdig.demo.future import advance, advance_to_next_run
from tijdig.tenants.queries import find_administration, find_membership
from tijdig.tenants.scope import administration_scope
from tijdig.web.language import say
from tijdig.web.rights import ROLES_THAT_CHANGE, signed_in, user_id_of

DAYS = {"day": 1, "week": 7}


@require_POST
@signed_in
def time_machine(request: HttpRequest, slug: str) -> HttpResponse:
    """Live one day, seven, or until something is planned in this administration.

    The days are lived outside every administration: each has transactions of its own.
    """
    administration_id = find_administration(slug)
    if administration_id is None:
        raise Http404
    with administration_scope(administration_id):
        place = find_membership(user_id_of(request))
    if place is None:
        raise Http404
    if place.role not in ROLES_THAT_CHANGE:
        raise PermissionDenied
    days = DAYS.get(request.POST.get("to", ""))
    try:
        today = advance(days) if days else advance_to_next_run(slug)
    except Refusal as refusal:
        messages.error(request, say(refusal.because))
    else:
        messages.info(request, _("Het is nu %(day)s.") % {"day": date_format(today, "l j F Y")})
    return redirect("today", slug=slug)
