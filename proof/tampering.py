"""Row K1: what somebody who owns the database may do to the audit trail, behind Tijdig's back.

Each works on an administration whose trail has three seals of four events, each anchored.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import sleep
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connections

from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import administration_scope
from tijdig.timeline import anchors
from tijdig.timeline.actions import Happened, keep_sealed, record, seal
from tijdig.timeline.audit import AuditReport, verify

FIRST_ON = date(2026, 3, 2)
SEALS, EVENTS = 3, 4
APART = timedelta(days=4)
TABLES = ("tijdig_event", "tijdig_seal")


@dataclass(frozen=True, slots=True)
class Tampering:
    """What is done, and where the check must say that something is wrong ("" for nowhere)."""

    name: str
    do: Callable[[UUID], None]
    place: str
    says: str = ""


def moment(day: date) -> datetime:
    return datetime.combine(day, time(8), UTC)


def make_trail(administration_id: UUID) -> None:
    """Three seals of four events, four days apart, each signed; nothing else happened."""
    for number in range(SEALS):
        write_events(administration_id, FIRST_ON + number * APART)
        day = FIRST_ON + number * APART
        keep_sealed(administration_id, today=day, now=moment(day))


def write_events(administration_id: UUID, day: date, *, count: int = EVENTS) -> None:
    """So many events about as many debtors; the check of the day before is one of them."""
    with administration_scope(administration_id):
        record(
            [
                Happened("message_released", "message", new_id(), new_id(), {"step": f"stap {n}"})
                for n in range(count)
            ],
            today=day,
            now=moment(day),
            actor="sanne@bakkerij.example.nl",
        )


def check(administration_id: UUID) -> AuditReport:
    with administration_scope(administration_id):
        return verify()


@contextmanager
def as_owner() -> Iterator[Callable[..., list[tuple[Any, ...]]]]:
    """Ask and change anything, with what keeps rows as they are switched off."""

    def ask(sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with connections["owner"].cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall() if cursor.description else []

    for table in TABLES:
        ask(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
    try:
        yield ask
    finally:
        for table in TABLES:
            ask(f"ALTER TABLE {table} ENABLE TRIGGER append_only")
        connections["owner"].close()


def sealed(administration_id: UUID, number: int) -> list[UUID]:
    """The events of a seal, in its order."""
    with as_owner() as ask:
        told = [administration_id, number]
        sql = "SELECT event_ids FROM tijdig_seal WHERE administration_id = %s AND number = %s"
        return list(ask(sql, told)[0][0])


def _update(assignment: str, *, seal_number: int = 2, at: int = 1) -> Callable[[UUID], None]:
    def do(administration_id: UUID) -> None:
        event_id = sealed(administration_id, seal_number)[at - 1]
        with as_owner() as ask:
            ask(f"UPDATE tijdig_event SET {assignment} WHERE id = %s", [event_id])

    return do


def _delete(administration_id: UUID) -> None:
    event_id = sealed(administration_id, 1)[2]
    with as_owner() as ask:
        ask("DELETE FROM tijdig_event WHERE id = %s", [event_id])


def _put_in(administration_id: UUID, event_id: UUID, at: datetime) -> None:
    with as_owner() as ask:
        ask(
            "INSERT INTO tijdig_event (id, administration_id, subject_kind, subject_id, kind, "
            '"on", at, actor, data) VALUES '
            "(%s, %s, 'message', %s, 'message_accepted', %s, %s, 'tijdig', '{}')",
            [event_id, administration_id, new_id(), at.date(), at],
        )


def _insert_with_an_old_moment(administration_id: UUID) -> None:
    # Ids of one millisecond have no order, and this one has to stand after all the others.
    sleep(0.002)
    _put_in(administration_id, new_id(), moment(FIRST_ON + APART))


def _insert_with_an_old_id(administration_id: UUID) -> None:
    week_ago = UUID(int=new_id().int - (7 * 86_400_000 << 80))
    _put_in(administration_id, week_ago, moment(FIRST_ON + 2 * APART))


def _insert_and_have_it_sealed(administration_id: UUID) -> None:
    _insert_with_an_old_moment(administration_id)
    with administration_scope(administration_id):
        seal(now=moment(FIRST_ON + 3 * APART))


def _swap_rows(administration_id: UUID) -> None:
    first, second = sealed(administration_id, 2)[:2]
    with as_owner() as ask:
        spare = new_id()
        for old, new in ((first, spare), (second, first), (spare, second)):
            ask("UPDATE tijdig_event SET id = %s WHERE id = %s", [new, old])


def _swap_in_the_seal(administration_id: UUID) -> None:
    first, second, *rest = sealed(administration_id, 2)
    with as_owner() as ask:
        ask(
            "UPDATE tijdig_seal SET event_ids = %s, marks = substr(marks, 65, 64) || "
            "substr(marks, 1, 64) || substr(marks, 129) "
            "WHERE administration_id = %s AND number = 2",
            [[second, first, *rest], administration_id],
        )


def _swap_seals(administration_id: UUID) -> None:
    with as_owner() as ask:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            told = [new, administration_id, old]
            ask(
                "UPDATE tijdig_seal SET number = %s WHERE administration_id = %s AND number = %s",
                told,
            )


def _remove_a_seal(administration_id: UUID) -> None:
    with as_owner() as ask:
        ask(
            "DELETE FROM tijdig_seal WHERE administration_id = %s AND number = 2",
            [administration_id],
        )


def _cut_off(administration_id: UUID, *, after: int) -> None:
    with as_owner() as ask:
        told = [administration_id, after]
        ask(
            "DELETE FROM tijdig_event WHERE administration_id = %s AND id IN (SELECT "
            "unnest(event_ids) FROM tijdig_seal WHERE administration_id = %s AND number > %s)",
            [administration_id, *told],
        )
        ask("DELETE FROM tijdig_seal WHERE administration_id = %s AND number > %s", told)


def _cut_off_the_end(administration_id: UUID) -> None:
    _cut_off(administration_id, after=2)


def _cut_off_all(administration_id: UUID) -> None:
    _cut_off(administration_id, after=0)


def _write_anew(administration_id: UUID) -> None:
    """The worst: with the keys of the installation, the whole chain once more over other rows."""
    event_id = sealed(administration_id, 1)[0]
    with as_owner() as ask:
        ask("DELETE FROM tijdig_seal WHERE administration_id = %s", [administration_id])
        ask("UPDATE tijdig_event SET kind = 'message_failed' WHERE id = %s", [event_id])
    for number in range(SEALS):
        with administration_scope(administration_id):
            seal(now=moment(FIRST_ON + number * APART))


def _fork_at_the_end(administration_id: UUID) -> None:
    """A second branch from the first seal; under its own number a constraint refuses it."""
    with as_owner() as ask:
        ask(
            "INSERT INTO tijdig_seal SELECT (jsonb_populate_record(seal, jsonb_build_object("
            "'id', %s::uuid, 'number', %s::bigint))).* FROM tijdig_seal seal "
            "WHERE administration_id = %s AND number = 2",
            [new_id(), SEALS + 1, administration_id],
        )


def _forge_an_anchor(administration_id: UUID) -> None:
    _cut_off_the_end(administration_id)
    path = _path(administration_id)
    lines = path.read_text().splitlines()
    told = json.loads(lines[-1])
    told["anchor"]["seal"] = 2
    path.write_text("\n".join([*lines[:-1], json.dumps(told)]) + "\n")


def _take_an_anchor_away(administration_id: UUID) -> None:
    path = _path(administration_id)
    first, _, last = path.read_text().splitlines()
    path.write_text(f"{first}\n{last}\n")


def _nothing(_: UUID) -> None:
    """So that a check which always complains would show."""


def _write_more(administration_id: UUID) -> None:
    write_events(administration_id, FIRST_ON + 2 * APART, count=2)


def _path(administration_id: UUID) -> Path:
    return anchors.path_of(Path(settings.HOME) / "audit", administration_id)


TAMPERINGS = (
    Tampering("nothing", _nothing, ""),
    Tampering("an unsealed tail", _write_more, ""),
    Tampering("change a kind", _update("kind = 'message_failed'"), "zegel 2, regel 1", "gewijzigd"),
    Tampering("change a moment", _update("at = at + interval '1 hour'"), "zegel 2, regel 1"),
    Tampering("change a debtor", _update("debtor_id = id", at=3), "zegel 2, regel 3"),
    Tampering("change who did it", _update("actor = 'iemand'", at=2), "zegel 2, regel 2", "inhoud"),
    Tampering("change figures", _update("data = '{}'", at=4), "zegel 2, regel 4", "inhoud"),
    Tampering("delete a row", _delete, "zegel 1, regel 3", "verwijderd"),
    Tampering("insert an old moment", _insert_with_an_old_moment, "na het laatste zegel", "later"),
    Tampering("insert an old id", _insert_with_an_old_id, "na het laatste zegel", "later"),
    Tampering("insert, then sealed", _insert_and_have_it_sealed, "zegel 4, regel 2", "later"),
    Tampering("swap two rows", _swap_rows, "zegel 2, regel 1", "gewijzigd"),
    Tampering("swap within a seal", _swap_in_the_seal, "zegel 2", "verplaatst"),
    Tampering("swap two seals", _swap_seals, "zegel 2", "twee takken"),
    Tampering("remove a seal", _remove_a_seal, "zegel 2", "ontbreekt"),
    Tampering("cut off the end", _cut_off_the_end, "zegel 3", "afgekapt"),
    Tampering("cut off everything", _cut_off_all, "zegel 1", "afgekapt"),
    Tampering("write the chain anew", _write_anew, "zegel 1", "opnieuw geschreven"),
    Tampering("fork at the end", _fork_at_the_end, "zegel 4", "twee takken"),
    Tampering("forge an anchor", _forge_an_anchor, "anker 3", "ondertekend"),
    Tampering("take an anchor away", _take_an_anchor_away, "anker 2", "weg"),
)
