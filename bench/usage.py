"""Processor time: what work costs, however busy the machine is with other things."""

import os
from pathlib import Path

import psutil


def server_seconds(home: Path) -> float:
    """Seconds that the embedded server in this home has used so far, user and system together.

    Of processes that ended their parent knows.
    """
    told = (home / "postgres" / "data" / "postmaster.pid").read_text(encoding="utf-8")
    postmaster = psutil.Process(int(told.splitlines()[0]))
    times = postmaster.cpu_times()
    total: float = sum(times[:4])
    for child in postmaster.children():
        try:
            total += sum(child.cpu_times()[:2])
        except psutil.NoSuchProcess:
            continue  # it ended in between, and counts with its parent next time
    return total


def own_seconds() -> float:
    """Seconds that this process has used so far."""
    return sum(os.times()[:2])
