"""The mark by which an installation knows that its clock ran on, and did not jump.

A clock that is wrong for an hour would decide terms and steps of another day. The moment alone
cannot tell: it is held against the machine's own count of the seconds that it runs.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tijdig.messaging.whole_files import replace_file

_NAME = "clock-mark.json"
LARGEST_JUMP = timedelta(hours=36)
# While a machine is off nothing counts the hours; longer than any holiday, a person says.
LONGEST_OFF = timedelta(days=35)


@dataclass(frozen=True, slots=True)
class MachineClock:
    """A moment, and for how many seconds the machine runs since the start that `boot` names."""

    now: datetime
    boot: str
    running_seconds: float


def has_jumped(home: Path, clock: MachineClock) -> bool:
    """Whether the moment is much further on than the time that passed since the last mark."""
    before = _read(home)
    if before is None:
        return False
    if not _is_same_start(before, clock):
        return clock.now - before.now > LONGEST_OFF
    return _ahead(before, clock) > LARGEST_JUMP


def keep(home: Path, clock: MachineClock) -> None:
    """Mark this moment; not where the clock was set far back, for it may come right again."""
    before = _read(home)
    if before and _is_same_start(before, clock) and _ahead(before, clock) < -LARGEST_JUMP:
        return
    told = {
        "now": clock.now.isoformat(),
        "boot": clock.boot,
        "running_seconds": clock.running_seconds,
    }
    replace_file(home / _NAME, json.dumps(told) + "\n")


def forget(home: Path) -> None:
    """A person says that the clock is right: it is marked anew at the next look."""
    (home / _NAME).unlink(missing_ok=True)


def _is_same_start(before: MachineClock, clock: MachineClock) -> bool:
    return before.boot == clock.boot and before.running_seconds <= clock.running_seconds


def _ahead(before: MachineClock, clock: MachineClock) -> timedelta:
    """How much further the moment went than the machine ran."""
    ran = timedelta(seconds=clock.running_seconds - before.running_seconds)
    return clock.now - before.now - ran


def _read(home: Path) -> MachineClock | None:
    try:
        told = json.loads((home / _NAME).read_text(encoding="utf-8"))
        return MachineClock(
            datetime.fromisoformat(told["now"]), told["boot"], float(told["running_seconds"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
