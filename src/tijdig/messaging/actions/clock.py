"""Whether the clock can be trusted: where it jumped ahead all of it keeps silent (E5)."""

from datetime import date
from pathlib import Path
from uuid import UUID

from tijdig.messaging.actions.states import hold_all
from tijdig.messaging.clock_mark import MachineClock, has_jumped, keep
from tijdig.tenants.actions import lock_administration, silence
from tijdig.tenants.queries import list_administrations, load_administration
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.actions import Happened, record

ACTOR = "tijdig"
CLOCK = "clock"


def check_clock(home: Path, clock: MachineClock, *, today: date) -> bool:
    """Whether the day of this clock may be lived: a jump ahead waits for a person.

    Every administration that was sending is silenced. Where none sends there is nothing to ask.
    Once the clock is right again, or a person turns sending on, the days go on.
    """
    if not has_jumped(home, clock):
        keep(home, clock)
        return True
    silent = [_silence(one, clock, today=today) for one in list_administrations()]
    if any(silent):
        return False
    keep(home, clock)
    return True


def _silence(administration_id: UUID, clock: MachineClock, *, today: date) -> bool:
    """Whether this administration keeps silent for the clock, from now on or already."""
    with administration_scope(administration_id):
        lock_administration()
        if silence(because=CLOCK):
            hold_all(reason=CLOCK)
            happened = Happened("sending_silenced", "administration", administration_id)
            record([happened], today=today, now=clock.now, actor=ACTOR)
        return load_administration().silenced_because == CLOCK
