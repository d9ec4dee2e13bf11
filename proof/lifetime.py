"""Nobody stays behind: what a proof started ends with it, also when it is killed itself."""

import ctypes
import fcntl
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PREFIX = "tijdig-proof-"
_SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)
_LOOK_SECONDS = 0.5


def die_with(parent: int) -> None:
    """From now on SIGKILL comes when the process that started this one is gone.

    Linux does it by itself; elsewhere a thread looks twice a second.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
        if os.getppid() != parent:  # it went before we could ask
            os.kill(os.getpid(), signal.SIGKILL)
        return
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def folder_of_its_own() -> Iterator[Path]:
    """A folder that is gone afterwards; those of proofs that were killed go first."""
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    # Not inherited: as long as it is locked somebody works in the folder.
    lock = os.open(folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _sweep() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            lock = os.open(folder / "lock", os.O_RDWR)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                # A server that still stops needs its folder a moment longer.
                if not list(folder.glob("postgres/data/postmaster.pid")):
                    shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)
