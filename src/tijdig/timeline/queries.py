"""What happened, newest first; and what the audit chain holds."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings

from tijdig.tenants.bulk import execute
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import active_administration
from tijdig.timeline.chain import Row
from tijdig.timeline.models import Event, Salt, Seal

# No transaction lasts longer: an event that comes later than this was not written when it says.
LATEST_AFTER = timedelta(days=1)


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


@dataclass(frozen=True, slots=True)
class SealRow:
    """One seal as it stands in the database."""

    id: UUID
    number: int
    at: datetime
    previous_hash: str
    event_ids: tuple[UUID, ...]
    marks: bytes
    total: int
    key_mark: str
    hash: str
    last_id: UUID


_FIELDS = ("id", "kind", "subject_kind", "subject_id", "on", "at", "actor", "data")
_SEAL_FIELDS = ("id number at previous_hash event_ids marks total key_mark hash last_id").split()
_ROW = 'event.id, debtor_id, subject_kind, subject_id, kind, "on", event.at, actor, data::text'

# A day of events at most: what comes later than that is not sealed, but found by the audit.
_UNSEALED = f"""
WITH sealed AS (
    SELECT unnest(event_ids) AS id FROM tijdig_seal
    WHERE administration_id = %s AND last_id >= %s
)
SELECT {_ROW}
FROM tijdig_event event
WHERE event.administration_id = %s AND event.id >= %s
  AND NOT EXISTS (SELECT FROM sealed WHERE sealed.id = event.id)
ORDER BY event.id LIMIT %s
"""

_NEVER_SEALED = f"""
WITH sealed AS (SELECT unnest(event_ids) AS id FROM tijdig_seal WHERE administration_id = %s)
SELECT {_ROW}
FROM tijdig_event event
WHERE event.administration_id = %s AND NOT EXISTS (SELECT FROM sealed WHERE sealed.id = event.id)
ORDER BY event.id
"""


def list_events_of(debtor_id: UUID, *, limit: int) -> tuple[EventRow, ...]:
    """The latest events of a debtor."""
    rows = Event.objects.filter(debtor_id=debtor_id).order_by("-at", "-id")[:limit]
    return tuple(EventRow(*row) for row in rows.values_list(*_FIELDS))


def find_latest(kind: str) -> EventRow | None:
    """The latest event of this kind about the administration itself."""
    rows = Event.objects.filter(debtor_id=None, kind=kind).order_by("-at", "-id")[:1]
    return next((EventRow(*row) for row in rows.values_list(*_FIELDS)), None)


def find_last_actor(kind: str) -> str:
    """Who made the latest event of this kind about the administration; empty for nobody."""
    found = find_latest(kind)
    return found.actor if found else ""


def find_last_editor(debtor_id: UUID) -> str:
    """Who changed the data of this debtor last; empty where only files did."""
    edits = Event.objects.filter(debtor_id=debtor_id, kind="debtor_changed")
    return edits.order_by("-at", "-id").values_list("actor", flat=True).first() or ""


def audit_folder() -> Path:
    """Where the keys of the audit trail and its anchors are: outside the database."""
    return Path(settings.HOME) / "audit"


def shift_back(moment_id: UUID, by: timedelta) -> UUID:
    """The smallest id of the moment that lies so long before that of another id."""
    milliseconds = (moment_id.int >> 80) - by // timedelta(milliseconds=1)
    return UUID(int=max(milliseconds, 0) << 80)


def load_last_seal() -> SealRow | None:
    """The head of the chain; None when nothing was sealed yet."""
    return next(_list_seals("-number", 1), None)


def find_last_key_mark() -> str:
    """The mark of the key that the last seal was made with; empty when nothing was sealed yet."""
    marks = Seal.objects.order_by("-number").values_list("key_mark", flat=True)[:1]
    return next(iter(marks), "")


def list_key_marks() -> frozenset[str]:
    """The marks of all keys that the chain was sealed with."""
    return frozenset(Seal.objects.order_by().values_list("key_mark", flat=True).distinct())


def iterate_seals() -> Iterator[SealRow]:
    """Every seal, in the order of the chain, few at a time in memory."""
    return _list_seals("number", None)


def list_seal_moments() -> list[tuple[int, UUID, datetime]]:
    """Number, id and moment of every seal, in order."""
    return list(Seal.objects.order_by("number", "id").values_list("number", "id", "at"))


def list_unsealed(*, limit: int) -> list[Row]:
    """Events that no seal holds yet, oldest first."""
    administration_id = active_administration()
    last = load_last_seal()
    # Whatever a clock that ran ahead once said, never later than now.
    since = shift_back(min(last.last_id, new_id()), LATEST_AFTER) if last else UUID(int=0)
    told = [administration_id, since, administration_id, since, limit]
    return _rows(_UNSEALED, told)


def list_never_sealed() -> list[Row]:
    """Every event that no seal holds, however old it says it is."""
    return _rows(_NEVER_SEALED, [active_administration(), active_administration()])


def load_rows(event_ids: Sequence[UUID]) -> dict[UUID, Row]:
    """These events, as far as they are there."""
    sql = f"SELECT {_ROW} FROM tijdig_event event WHERE administration_id = %s AND id = ANY(%s)"
    found = _rows(sql, [active_administration(), list(event_ids)])
    return {row.id: row for row in found}


def load_salts(owners: Iterable[UUID]) -> dict[UUID, bytes]:
    """The salts of these debtors, as far as they are there."""
    rows = Salt.objects.filter(owner_id__in=list(owners)).values_list("owner_id", "salt")
    return {owner_id: bytes(salt) for owner_id, salt in rows}


def list_erased() -> frozenset[UUID]:
    """Debtors whose personal content was erased, as the timeline itself says."""
    rows = Event.objects.filter(kind="personal_data_erased").values_list("debtor_id", flat=True)
    return frozenset(one for one in rows if one is not None)


def _rows(sql: str, parameters: Sequence[object]) -> list[Row]:
    return [Row(*row) for row in execute(sql, parameters).fetchall()]


def _list_seals(order: str, limit: int | None) -> Iterator[SealRow]:
    rows = Seal.objects.order_by(order, "id").values_list(*_SEAL_FIELDS)[:limit]
    for row in rows.iterator(chunk_size=20):
        told = dict(zip(_SEAL_FIELDS, row, strict=True))
        told["event_ids"] = tuple(told["event_ids"])
        told["marks"] = bytes(told["marks"])
        yield SealRow(**told)


def list_latest_of(
    subject_ids: Sequence[UUID], *, kinds: Sequence[str], debtor_ids: Sequence[UUID]
) -> dict[UUID, EventRow]:
    """The latest event of one of these kinds about each of these debtors' subjects, by subject."""
    of_debtors = Event.objects.filter(debtor_id__in=debtor_ids, kind__in=kinds)
    rows = of_debtors.filter(subject_id__in=subject_ids).order_by("at", "id")
    return {row[3]: EventRow(*row) for row in rows.values_list(*_FIELDS)}
