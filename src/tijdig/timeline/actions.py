"""Remember what happened, and seal it: link it to a chain in which a later change shows."""

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from tijdig.tenants.arrays import Uuids
from tijdig.tenants.bulk import Column, execute, insert_columns, insert_rows
from tijdig.tenants.ids import new_id, new_ids
from tijdig.tenants.scope import active_administration, administration_scope
from tijdig.timeline import anchors
from tijdig.timeline.audit import AuditReport, verify
from tijdig.timeline.chain import Row, commit_content, link, mark_row
from tijdig.timeline.keys import load_content_key, load_signer, mark_of
from tijdig.timeline.models import Event, Salt, Seal
from tijdig.timeline.queries import audit_folder, list_unsealed, load_last_seal, load_salts

SEAL_BATCH = 5_000
SALT_BYTES = 16
_write_details = json.JSONEncoder(default=str).encode
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
    events = list(events)
    insert_rows(
        Event,
        _COLUMNS,
        [
            (
                event_id,
                administration_id,
                one.debtor_id,
                one.subject_kind,
                one.subject_id,
                one.kind,
                today,
                now,
                actor,
                _write_details(one.details),
            )
            for event_id, one in zip(new_ids(len(events)), events, strict=True)
        ],
    )


def record_columns(
    kind: str,
    subject_kind: str,
    *,
    subject_ids: Uuids,
    debtor_ids: Uuids,
    details: Sequence[str],
    today: date,
    now: datetime,
    actor: str,
) -> None:
    """Store events of one kind, given in columns, each about one debtor; details are JSON."""
    columns: dict[str, Column] = {
        "id": new_ids(len(details)),
        "debtor_id": debtor_ids,
        "subject_id": subject_ids,
        "data": details,
    }
    same = {"administration": active_administration(), "subject_kind": subject_kind, "kind": kind}
    same |= {"on": today, "at": now, "actor": actor}
    insert_columns(Event, columns, len(details), same=same)


def seal(*, now: datetime) -> int:
    """Link every event that has no seal yet to the chain of the administration; how many.

    Who writes events never waits for this, and this never waits for them: an event that is not
    committed yet is in a later seal. One sealer per administration at a time.
    Refuses: a data folder without the key that the last seal was made with.
    """
    lock_chain()
    sealed = 0
    while rows := list_unsealed(limit=SEAL_BATCH):
        _add_seal(rows, now=now)
        sealed += len(rows)
    return sealed


def lock_chain() -> None:
    """Be the only one who adds to the chain of the active administration, in this transaction."""
    name = f"seal {active_administration()}"
    execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def anchor(*, today: date) -> bool:
    """Sign the head of the chain, once a day, in a file outside the database; whether it did.

    Refuses: a data folder without the key that signed before, or with another.
    """
    last = load_last_seal()
    path = anchors.path_of(audit_folder(), active_administration())
    last_on = anchors.find_last_day(path)
    if last is None or (last_on is not None and last_on >= today):
        return False
    signed = anchors.Anchor(today, last.number, last.hash, last.total)
    anchors.add_anchor(path, signed, signer=load_signer(audit_folder(), path))
    return True


def check(*, today: date, now: datetime, actor: str) -> AuditReport:
    """Check the whole trail, and remember what came out. Refuses as `verify` does."""
    report = verify()
    wrong = report.first_wrong
    details = {
        "sealed_until": report.sealed_until,
        "events": report.events,
        "place": wrong.place if wrong else "",
        "nl": wrong.because.nl if wrong else "",
        "en": wrong.because.en if wrong else "",
    }
    administration_id = active_administration()
    happened = Happened("audit_checked", "administration", administration_id, None, details)
    record([happened], today=today, now=now, actor=actor)
    return report


def keep_sealed(administration_id: UUID, *, today: date, now: datetime) -> int:
    """Seal what happened, and once a day sign and check all of it; how many events were sealed.

    Call outside every scope: an anchor may stand only for seals that are committed.
    """
    with administration_scope(administration_id):
        sealed = seal(now=now)
    with administration_scope(administration_id):
        if anchor(today=today):
            check(today=today, now=now, actor="tijdig")
    return sealed


def _add_seal(rows: Sequence[Row], *, now: datetime) -> None:
    administration_id = active_administration()
    last = load_last_seal()
    lost = anchors.list_lost_marks(anchors.path_of(audit_folder(), administration_id))
    key = load_content_key(audit_folder(), mark=last.key_mark if last else "", lost=lost)
    owners = {row.debtor_id or administration_id for row in rows}
    _make_salts(owners)
    salts = load_salts(owners)
    marks = bytearray()
    for row in rows:
        salt = salts[row.debtor_id or administration_id]
        commitment = commit_content(row, key=key, salt=salt)
        marks += commitment + mark_row(row, commitment, administration_id=administration_id)
    ids = [row.id for row in rows]
    number = last.number + 1 if last else 1
    total = (last.total if last else 0) + len(rows)
    previous_hash = last.hash if last else ""
    Seal.objects.create(
        id=new_id(),
        administration_id=administration_id,
        number=number,
        at=now,
        previous_hash=previous_hash,
        event_ids=ids,
        marks=bytes(marks),
        last_id=max([*ids, *([last.last_id] if last else [])]),
        total=total,
        key_mark=mark_of(key),
        hash=link(
            previous_hash,
            number=number,
            at=now,
            total=total,
            key_mark=mark_of(key),
            event_ids=ids,
            marks=bytes(marks),
        ),
    )


def _make_salts(owners: Iterable[UUID]) -> None:
    """A salt for everybody who has none yet."""
    insert_rows(
        Salt,
        ["id", "administration", "owner_id", "salt"],
        [
            (new_id(), active_administration(), owner_id, secrets.token_bytes(SALT_BYTES))
            for owner_id in owners
        ],
        unless_there=True,
    )
