"""The audit trail on the page Instellingen: the latest check, and a new one."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tijdig.core.problem import Refusal, Sentence
from tijdig.timeline.actions import check
from tijdig.timeline.queries import EventRow, find_latest
from tijdig.web.language import say
from tijdig.web.rights import Desk, at_desk, owner_only


@dataclass(frozen=True, slots=True)
class CheckRow:
    """The latest check; `place` and `because` are empty where all is as it was written."""

    at: datetime
    events: int
    sealed_until: datetime | None
    place: str
    because: str

    @property
    def is_good(self) -> bool:
        """Whether nothing was found."""
        return not self.place


def find_renewal() -> EventRow | None:
    """When the keys of the trail were made anew for the last time; None where they never were."""
    return find_latest("audit_renewed")


def find_latest_check() -> CheckRow | None:
    """The latest check of the audit trail; None before the first."""
    found = find_latest("audit_checked")
    if found is None:
        return None
    details = found.details
    until = details.get("sealed_until")
    return CheckRow(
        at=found.at,
        events=int(str(details.get("events", 0))),
        sealed_until=datetime.fromisoformat(str(until)) if until else None,
        place=str(details.get("place", "")),
        because=say(Sentence(str(details.get("nl", "")), str(details.get("en", "")))),
    )


@require_POST
@at_desk
@owner_only
def audit_check(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Check the whole audit trail now."""
    try:
        report = check(today=desk.today, now=desk.now, actor=desk.actor)
    except Refusal as refusal:
        messages.error(request, say(refusal.because))
    else:
        if report.first_wrong is None:
            messages.success(request, _("Het controlespoor is in orde."))
        else:
            messages.error(request, say(report.first_wrong.because))
    return redirect("settings", slug=desk.slug)
