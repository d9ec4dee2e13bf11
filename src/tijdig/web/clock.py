"""What day and moment it is: besides the commands, the only place that reads the clock.

In demo mode the day stands in a file that the time machine moves; the hour stays the real one.
"""

import json
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from django.conf import settings

from tijdig.messaging.clock_mark import MachineClock

_BOOT = Path("/proc/sys/kernel/random/boot_id")
DEMO_ZONE = ZoneInfo("Europe/Amsterdam")


class HasZone(Protocol):
    """Whatever has a time zone of its own, such as an administration."""

    @property
    def time_zone(self) -> str: ...


def moment_now() -> datetime:
    """This moment, in UTC; in demo mode the same hour on the demo's day."""
    now = datetime.now(UTC)
    day = read_demo_day() if settings.DEMO else None
    if day is None:
        return now
    return datetime.combine(day, now.astimezone(DEMO_ZONE).time(), DEMO_ZONE).astimezone(UTC)


def read_machine_clock() -> MachineClock:
    """This moment, and for how long the machine runs; that count goes on while it sleeps."""
    counter = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    boot = _BOOT.read_text(encoding="ascii").strip() if _BOOT.exists() else ""
    return MachineClock(datetime.now(UTC), boot, time.clock_gettime(counter))


def today_of(administration: HasZone) -> date:
    """The day it is in the administration's zone."""
    return moment_now().astimezone(ZoneInfo(administration.time_zone)).date()


def demo_today() -> date:
    """The day that the demo lives in; the real one as long as none was written."""
    return read_demo_day() or datetime.now(DEMO_ZONE).date()


def read_demo_day() -> date | None:
    """The day that the demo lives in; None as long as none was written."""
    try:
        told = _clock_file().read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return None
    return date.fromisoformat(json.loads(told)["today"])


def write_demo_day(day: date) -> None:
    """Set the day that the demo lives in; readers see the old day or the new one, never half."""
    path = _clock_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"today": day.isoformat()}), encoding="utf-8")
    fresh.replace(path)


def _clock_file() -> Path:
    return Path(settings.DEMO_FOLDER) / "clock.json"
