"""Remember what happened."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from tijdig.tenants.bulk import insert_rows
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import active_administration
from tijdig.timeline.models import Event

_COLUMNS = "id administration debtor_id subject_kind subject_id kind on at actor data".split()


@dataclass(frozen=True, slots=True)
class Happened:
    """One event before it is stored; `debtor_id` is None for the administration itself."""

    kind: str
    subject_kind: str
    subject_id: UUID
    debtor_id: UUID | None = None
    details: Mapping[str, object] = field(default_factory=dict)


def record(events: Iterable[Happened], *, today: date, now: datetime, actor: str) -> None:
    """Store events, all in one statement."""
    administration_id = active_administration()
    insert_rows(
        Event,
        _COLUMNS,
        [
            (
                new_id(),
                administration_id,
                one.debtor_id,
                one.subject_kind,
                one.subject_id,
                one.kind,
                today,
                now,
                actor,
                json.dumps(one.details, default=str),
            )
            for one in events
        ],
    )
