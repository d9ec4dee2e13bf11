"""What happened, newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tijdig.timeline.models import Event


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event as a timeline shows it; `details` are its own words and figures."""

    id: UUID
    kind: str
    subject_kind: str
    subject_id: UUID
    on: date
    at: datetime
    actor: str
    details: Mapping[str, object]


_FIELDS = ("id", "kind", "subject_kind", "subject_id", "on", "at", "actor", "data")


def list_events_of(debtor_id: UUID, *, limit: int) -> tuple[EventRow, ...]:
    """The latest events of a debtor."""
    rows = Event.objects.filter(debtor_id=debtor_id).order_by("-at", "-id")[:limit]
    return tuple(EventRow(*row) for row in rows.values_list(*_FIELDS))
