"""Whether this installation is the one that it was: a restored or copied one keeps silent (P14).

the mark in the data folder  =  the epoch in the database
the numbers in the send log  <= the number that the database gave out last
the number seen at each look <= the same
"""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal
from uuid import UUID

from django.db import connection

from tijdig.ledger.actions.posting import touch_debtors
from tijdig.messaging.actions.reconciling import reconcile
from tijdig.messaging.home_mark import (
    locked,
    read_mark,
    read_seen,
    write_mark,
    write_seen,
)
from tijdig.messaging.models import Message
from tijdig.messaging.send_log import SendLog
from tijdig.tenants.actions import lock_administration, silence
from tijdig.tenants.bulk import execute
from tijdig.tenants.ids import new_id
from tijdig.tenants.models import Instance
from tijdig.tenants.queries import list_administrations
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.actions import Happened, record

Standing = Literal["known", "new", "restored", "copied"]
ACTOR = "tijdig"
_LAST = "(SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM tijdig_send_number)"
_UNDER_WAY = ("planned", "released", "retry")


@dataclass(frozen=True, slots=True)
class Place:
    """Where this process runs: its data folder, its send log, and the epoch it was told, if any."""

    home: Path
    log: SendLog
    told_epoch: UUID | None = None


def check_instance(place: Place, *, today: date, now: datetime) -> Standing:
    """How this installation stands. One that is not what it was is silenced, all of it."""
    standing = _judge(place)
    if standing == "known":
        write_seen(place.home, _take_number())
        return standing
    with locked(place.home):
        standing = _judge(place)
        if standing in ("restored", "copied"):
            for administration_id in list_administrations():
                with administration_scope(administration_id):
                    _silence(administration_id, place.log, standing, today=today, now=now)
        if standing != "known":
            _adopt(place)
    return standing


def _judge(place: Place) -> Standing:
    seen = _find_last_seen(place)
    last, known = execute(f"SELECT {_LAST}, (SELECT epoch FROM tijdig_instance)", []).fetchall()[0]
    # The log first: also a database from before its first look at itself may be restored.
    if seen > last:
        return "restored"
    if known is None:
        return "new"
    if place.told_epoch is not None:
        return "known" if place.told_epoch == known else "copied"
    mark = read_mark(place.home)
    return "known" if mark and mark.is_here and mark.epoch == known else "copied"


def _find_last_seen(place: Place) -> int:
    """The highest number that the database gave out, as far as this folder knows."""
    return max(place.log.find_last_number(), read_seen(place.home))


def _adopt(place: Place) -> None:
    """From now on this folder and this database belong together."""
    epoch = place.told_epoch or new_id()
    # The folder first: where its disk is full the database knows no epoch yet, and the next look
    # adopts again. The other way round it would find a folder that is not its own, and be silent.
    write_mark(place.home, epoch)
    Instance.objects.update_or_create(id=1, defaults={"epoch": epoch})
    _advance(_find_last_seen(place))


def _silence(
    administration_id: UUID, log: SendLog, because: str, *, today: date, now: datetime
) -> None:
    """Hold all that was under way, and turn sending off until a person turns it on again."""
    lock_administration()
    waiting = Message.objects.filter(state__in=_UNDER_WAY)
    waiting.update(state=Message.State.HELD, reason="silenced", not_before=None)
    # It may have left where this database was before.
    flying = list(Message.objects.filter(state="sending").values_list("id", "debtor_id"))
    Message.objects.filter(id__in=[row[0] for row in flying]).update(
        state=Message.State.IN_DOUBT, reason="silenced", settled_at=now
    )
    touch_debtors({row[1] for row in flying})
    reconcile(log, today=today, now=now)
    if silence(because=because):
        happened = Happened("sending_silenced", "administration", administration_id, None)
        record([happened], today=today, now=now, actor=ACTOR)


def _take_number() -> int:
    """The next number, on disk before it is told: it marks that the database was here."""
    row = execute("SELECT nextval('tijdig_send_number')", []).fetchall()[0]
    return int(row[0])


def _advance(number: int) -> None:
    """Give out no number twice: the database may have forgotten some."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(nextval('tijdig_send_number')) FROM generate_series(1, %s - {_LAST})",
            [number],
        )
