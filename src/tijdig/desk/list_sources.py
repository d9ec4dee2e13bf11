"""Where lists of open items come from: one that stopped is brought in, or said to have ended."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tijdig.core.problem import Refusal
from tijdig.dunning.queries.freshness import list_silent_sources
from tijdig.intake.actions import sources
from tijdig.intake.queries import SourceRow, list_sources
from tijdig.tenants.actions import lock_administration
from tijdig.web.language import say
from tijdig.web.rights import Desk, at_desk


def describe_sources(desk: Desk) -> list[tuple[SourceRow, bool]]:
    """Every source that has a say, and whether the run waits for it."""
    silent = {one.id for one in list_silent_sources(today=desk.today)}
    return [(one, one.id in silent) for one in list_sources()]


@require_POST
@at_desk
def list_source(request: HttpRequest, desk: Desk, source_id: UUID) -> HttpResponse:
    """No more lists of this source come, or they do after all: what its buttons say."""
    lock_administration()
    act = sources.go_on if request.POST.get("answer") == "on" else sources.end
    try:
        act(source_id, today=desk.today, now=desk.now, actor=desk.actor)
    except Refusal as refusal:
        messages.error(request, say(refusal.because))
    else:
        messages.success(request, _("Vastgelegd."))
    return redirect("imports", slug=desk.slug)
