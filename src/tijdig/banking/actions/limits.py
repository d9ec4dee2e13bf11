"""Say from which certainty payments are booked by themselves."""

from datetime import date, datetime

from tijdig.banking.models import MatchLimit
from tijdig.banking.proposals.queries import load_limit
from tijdig.core.matching.records import CERTAINTY_WHOLE
from tijdig.core.problem import Refusal
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

LIMITS = (CERTAINTY_WHOLE + 1, 999_000, 995_000, 992_000, 985_000, 970_000)
"""What can be chosen: nothing by itself, then ever more."""


def set_limit(limit: int, *, today: date, now: datetime, actor: str) -> None:
    """From now on payments of this certainty, in millionths, are booked by themselves."""
    if limit not in LIMITS:
        raise Refusal(
            "Kies een van de grenzen op de pagina.", "Choose one of the limits on the page."
        )
    before = load_limit()
    row, _ = MatchLimit.objects.update_or_create(
        administration_id=active_administration(),
        defaults={"limit": limit, "set_by": actor, "set_at": now},
    )
    details = {"before": before, "after": limit}
    happened = Happened("match_limit_set", "match_limit", row.id, None, details)
    record([happened], today=today, now=now, actor=actor)
