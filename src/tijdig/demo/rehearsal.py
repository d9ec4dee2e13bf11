"""Live through days that never were: everything happens as it would, and nothing stays.

All of it is one transaction that is undone at the end. Sending is off, so nothing can leave.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from tijdig.demo.errands import ACTOR
from tijdig.demo.living import Day, live_day
from tijdig.demo.making import make_world
from tijdig.demo.past import begin_life, make_books, open_books
from tijdig.demo.trades import BAKERY
from tijdig.dunning.actions import sending
from tijdig.dunning.actions.run import run
from tijdig.tenants.scope import administration_scope

Tell = Callable[[int], None]
_ZONE = ZoneInfo("Europe/Amsterdam")
_RUN_AT = time(8)


def rehearse_office(seed: int, *, first_on: date, days: int, tell: Tell) -> tuple[Day, ...]:
    """So many days in an invented bakery, from its first day on; its files come in as ever."""
    weeks = -(-days // 7)
    world = make_world(
        seed, anchor_on=first_on + timedelta(weeks=weeks), weeks=weeks, slugs=(BAKERY.slug,)
    )
    creditor = replace(world.creditors[0], slug=f"simulatie-{seed}")
    world = replace(world, creditors=(creditor,))
    with _undone(), tempfile.TemporaryDirectory(prefix="tijdig-") as folder:
        make_books(world, creditor)
        books = replace(open_books(world, creditor, Path(folder)), errands=())
        life = begin_life(world, creditor)
        lived = []
        for offset in range(days):
            lived.append(live_day(books, life, today=first_on + timedelta(days=offset)))
            tell(1)
    return tuple(lived)


def rehearse_books(
    administration_id: UUID, *, first_on: date, days: int, tell: Tell
) -> tuple[Day, ...]:
    """So many days in books that exist, as they would be if nobody paid and nothing came in."""
    lived = []
    with _undone():
        began_at = datetime.combine(first_on, _RUN_AT, _ZONE)
        with administration_scope(administration_id):
            sending.turn_off(today=first_on, now=began_at, actor=ACTOR)
        for offset in range(days):
            today = first_on + timedelta(days=offset)
            now = datetime.combine(today, _RUN_AT, _ZONE)
            result = run(administration_id, today=today, now=now)
            lived.append(Day(today, planned=result.planned, because=result.because))
            tell(1)
    return tuple(lived)


@contextmanager
def _undone() -> Iterator[None]:
    """Whatever is written inside is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
