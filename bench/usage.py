"""Processor time: what work costs, however busy the machine is with other things. Linux only.

Needs nothing but Python, so that the environment of Tryton can measure itself with it too.
"""

import os
from pathlib import Path

SERVER = "BENCH_SERVER_PID"
"""The setting that tells a worker which PostgreSQL works for it."""
_TICKS = os.sysconf("SC_CLK_TCK")


def find_server(home: Path) -> str:
    """The process id of the embedded server in this home, as text."""
    told = (home / "postgres" / "data" / "postmaster.pid").read_text(encoding="utf-8")
    return told.splitlines()[0]


def used_seconds() -> float:
    """Seconds that this process, those it started and its PostgreSQL have used so far.

    User and system together; of processes that it started once they have ended.
    """
    return sum(os.times()[:4]) + _server_seconds(os.environ.get(SERVER, ""))


def _server_seconds(pid: str) -> float:
    """Of processes that have ended, their parent knows."""
    if not pid:
        return 0.0
    ticks = 0
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            # After the name in brackets: state, parent, …; user, system and the same of children
            # that have ended are the 12th to the 15th.
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended in between, and counts with its parent next time
        if folder.name == pid:
            ticks += sum(map(int, fields[11:15]))
        elif fields[1] == pid:
            ticks += sum(map(int, fields[11:13]))
    return ticks / _TICKS
