"""Stops the embedded PostgreSQL when its last user is gone; one small process per home.

    python -m tijdig.config.cluster_supervisor FOLDER GRACE_SECONDS DESCRIPTOR

It waits for the lock that every user holds: the kernel frees it also for a user that was killed.
DESCRIPTOR holds `supervisor.lock`, inherited from the process that started this one.
"""

import fcntl
import os
import sys
import time
from pathlib import Path

import tijdig
from tijdig.config.cluster_account import Account
from tijdig.config.cluster_folder import ClusterFolder, locked, open_lock, try_lock
from tijdig.config.cluster_process import ClusterProcess, launch_detached


def supervise(folder: ClusterFolder, *, grace_seconds: float) -> None:
    """See to it that a supervisor runs; the caller holds `start.lock` and is a user already."""
    lock = try_lock(folder.supervisor_lock)
    if lock is None:
        return
    try:
        source = Path(tijdig.__file__).parent.parent
        start = f"import sys; sys.path.insert(0, {str(source)!r}); "
        start += "from tijdig.config.cluster_supervisor import main; main(sys.argv)"
        program = [sys.executable, "-I", "-S", "-c", start]
        program += [str(folder.root), str(grace_seconds), str(lock)]
        ourselves = Account(os.geteuid(), os.getegid())
        os.ftruncate(lock, 0)  # first: a number of an earlier supervisor may be another's now
        pid = launch_detached(program, ourselves, log=folder.supervisor_log, keep=lock)
        os.pwrite(lock, str(pid).encode(), 0)
    finally:
        os.close(lock)


def main(arguments: list[str]) -> None:
    """Wait, stop the server, end."""
    folder = ClusterFolder(Path(arguments[1]))
    grace_seconds, descriptor = float(arguments[2]), int(arguments[3])
    server = ClusterProcess(folder)
    while folder.root.exists():
        _await_no_users(folder)
        time.sleep(grace_seconds)
        if not folder.root.exists():
            break
        with locked(folder.start_lock):
            users = try_lock(folder.users_lock)
            if users is None:
                continue
            server.stop()
            # Before start.lock: whoever starts next must see that no supervisor is left.
            os.close(descriptor)
            return


def _await_no_users(folder: ClusterFolder) -> None:
    users = open_lock(folder.users_lock)
    try:
        fcntl.flock(users, fcntl.LOCK_EX)
    finally:
        os.close(users)
