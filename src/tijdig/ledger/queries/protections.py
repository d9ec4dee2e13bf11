"""The special situations of debtors with their days, and when one was recorded."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from tijdig.core.protection import REPRESENTED, RESTING, Protection
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration
from tijdig.timeline.models import Event

# The day on which it was recorded is in the timeline; what was ended on that same day was a
# mistake. One that somebody ended, or told anew, held until that day; before its first day it
# never began.
_PROTECTIONS = """
SELECT flag.debtor_id, flag.kind, flag.from_on, least(flag.until_on, flag.lifted_on),
       coalesce(marked.on, flag.from_on)
FROM tijdig_debtorflag flag
LEFT JOIN LATERAL (
    SELECT min(event.on) AS on FROM tijdig_event event
    WHERE event.administration_id = flag.administration_id AND event.debtor_id = flag.debtor_id
      AND event.kind = 'flag_marked' AND event.subject_id = flag.id) marked ON true
WHERE flag.administration_id = %s AND flag.debtor_id = ANY((SELECT %s)::uuid[])
  AND flag.kind = ANY(%s) AND flag.lifted_on IS DISTINCT FROM marked.on
  AND coalesce(least(flag.until_on, flag.lifted_on), flag.from_on) >= flag.from_on
ORDER BY flag.debtor_id, flag.from_on, flag.id
"""
_KINDS = sorted(RESTING | REPRESENTED)


def load_protections(debtor_ids: Sequence[UUID]) -> dict[UUID, tuple[Protection, ...]]:
    """Per debtor his special situations, also those that are over; who has none is not there."""
    found: defaultdict[UUID, list[Protection]] = defaultdict(list)
    asked = [active_administration(), debtor_ids, _KINDS]
    for debtor_id, *row in execute(_PROTECTIONS, asked).fetchall():
        found[debtor_id].append(Protection(*row))
    return {debtor_id: tuple(own) for debtor_id, own in found.items()}


def was_recorded_on(flag_id: UUID, day: date) -> bool:
    """Whether a special situation was recorded on this day, by the timeline."""
    return Event.objects.filter(kind="flag_marked", subject_id=flag_id, on=day).exists()
