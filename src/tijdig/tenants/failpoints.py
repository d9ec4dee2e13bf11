"""Places at which a test may break this process on purpose: see docs/proof.md.

`fp("send.after_250")` does nothing, unless `FAILPOINT=send.after_250:kill` and `DEBUG_FAULTS=1` are
in the environment. The action may have a count: `name:raise:3` acts the third time it comes there.
"""

import os
import signal
import time
from itertools import count
from pathlib import Path
from typing import Literal, cast, get_args

from django.conf import settings
from django.db import connection

Action = Literal["kill", "raise", "sleep", "drop_db"]
# The action `sleep` lasts until the file `failpoint`, which it makes in TIJDIG_HOME, is gone.
LONGEST_SLEEP_SECONDS = 20.0
_times = count(1)


class FailpointError(RuntimeError):
    """What the action `raise` raises."""


def fp(name: str) -> None:
    """Break here, where somebody asked for that."""
    if settings.FAILPOINT and settings.FAILPOINT.partition(":")[0] == name:
        _act(settings.FAILPOINT)


def _act(told: str) -> None:
    _, action, *times = told.split(":")
    if action not in get_args(Action):
        raise FailpointError(f"{told}: the action is one of {', '.join(get_args(Action))}")
    if times and next(_times) != int(times[0]):
        return
    match cast("Action", action):
        case "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        case "raise":
            raise FailpointError(told)
        case "sleep":
            _sleep(Path(settings.HOME) / "failpoint")
        case "drop_db":
            if connection.connection is not None:
                connection.connection.pgconn.finish()


def _sleep(until_gone: Path) -> None:
    until_gone.touch()
    ends = time.monotonic() + LONGEST_SLEEP_SECONDS
    while until_gone.exists() and time.monotonic() < ends:
        time.sleep(0.01)
