"""A small file system in a user namespace of its own, and a PostgreSQL whose log is on it.

Nobody has to be root for it. Others reach it through the root folder of the process that mounted
it, and it is gone with that process.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connections

from proof.cases import Skipped
from proof.ground import Ground, find_program

MEGABYTES = 16
_MOUNT = 'mount -t tmpfs -o size="$1" none "$2" && echo mounted && exec cat'
# A start takes a second or two; a machine at work may take long.
_LONGEST_START_SECONDS, _STARTS = 40.0, 3
_BALLAST = "ballast"


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A file system of a few megabytes; `folder` is how others reach what is on it."""

    process: int
    inside: Path

    @property
    def folder(self) -> Path:
        """As this process sees it."""
        return Path(f"/proc/{self.process}/root{self.inside}")

    def fill(self, *, but: int = 0) -> None:
        """Nothing more fits on it, or no more than so many bytes."""
        with (self.folder / _BALLAST).open("wb", buffering=0) as ballast:
            with suppress(OSError):
                while ballast.write(bytes(4096)):
                    pass
            ballast.truncate(max(ballast.tell() - but, 0))
        assert but or os.statvfs(self.folder).f_bavail == 0, "there is still space"

    def clear(self) -> None:
        """There is space again."""
        (self.folder / _BALLAST).unlink()


@contextmanager
def small_disk(ground: Ground, *, megabytes: int = MEGABYTES) -> Iterator[SmallDisk]:
    """A disk that is soon full. Skipped where this machine lets nobody mount one."""
    inside = ground.home / "small"
    inside.mkdir(exist_ok=True)
    words = ["unshare", "-Urm", "sh", "-c", _MOUNT, "sh", f"{megabytes}m", str(inside)]
    try:
        holder = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
    except FileNotFoundError as error:
        raise Skipped("this machine has no `unshare`") from error
    assert holder.stdout is not None
    assert holder.stdin is not None
    try:
        said = holder.stdout.readline().decode().strip()
        if said != "mounted":
            raise Skipped(f"no file system may be mounted in a user namespace here: {said}")
        yield SmallDisk(holder.pid, inside)
    finally:
        # It ends with its input, and also when this process is killed.
        holder.stdin.close()
        holder.wait()
        holder.stdout.close()


@dataclass(slots=True)
class SmallServer:
    """A copy of the server of the proof, whose write-ahead log is on a small disk."""

    disk: SmallDisk
    folder: Path
    server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """See to it that it answers, as whoever looks after a server does: one that has ended, or
        that does not come back from its fall within a while, is started again.
        """
        connections.close_all()
        for _ in range(_STARTS):
            ends = time.monotonic() + _LONGEST_START_SECONDS
            while time.monotonic() < ends:
                if self.server is None or self.server.poll() is not None:
                    self._launch()
                with suppress(psycopg.OperationalError):
                    self.ask("SELECT 1")
                    return
                time.sleep(0.1)
            self.stop()
        raise AssertionError(f"the server does not start: {self.read_log()[-400:]}")

    def _launch(self) -> None:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "hba_file": str(self.folder / "hba"),
            "min_wal_size": "2MB",
            "max_wal_size": "8MB",
        }
        told = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        # It ends at once where whoever started it is gone.
        words = [*self._as_nobody(), "setpriv", "--pdeathsig", "QUIT", "--"]
        words += [str(find_program("postgres")), "-D", str(self._data), *told]
        with self._log.open("ab") as log:
            self.server = subprocess.Popen(words, stdout=log, stderr=log)

    def ask(self, sql: str) -> None:
        """As the one who may do everything in it."""
        address = {"host": str(self.folder), "dbname": "postgres", "user": "postgres"}
        with psycopg.connect(**address, autocommit=True) as line:  # type: ignore[arg-type]
            line.execute(sql.encode())

    def stop(self) -> None:
        """End it at once, and all its processes."""
        if self.server is not None:
            self.server.send_signal(signal.SIGQUIT)
            self.server.wait()
            self.server = None

    def read_log(self) -> str:
        """What it said."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    def make(self, data: Path) -> None:
        """Copy a server that stands still; its log begins anew, in small segments on the disk."""
        shutil.copytree(data, self._data, symlinks=True, ignore=_leave_out)
        self._data.chmod(0o700)
        for one in ("archive_status", "summaries"):
            (self.disk.folder / "wal" / one).mkdir(parents=True)
        (self._data / "pg_wal").symlink_to(self.disk.inside / "wal")
        (self.folder / "hba").write_text("local all all trust\n", encoding="ascii")
        words = [str(find_program("pg_resetwal")), "--wal-segsize=1", str(self._data)]
        subprocess.run([*self._as_nobody(), *words], check=True, stdout=subprocess.DEVNULL)

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _log(self) -> Path:
        return self.folder / "log"

    def _as_nobody(self) -> list[str]:
        """Where the disk is mounted, and not as root, which PostgreSQL refuses."""
        enter = ["nsenter", "--preserve-credentials", "-U", "-m", "-t", f"{self.disk.process}"]
        return [*enter, "unshare", "-U", "--map-user=1000", "--"]


def _leave_out(folder: str, names: list[str]) -> list[str]:
    return [one for one in names if one in {"pg_wal", "postmaster.pid", "postmaster.opts"}]


@contextmanager
def small_server(ground: Ground) -> Iterator[SmallServer]:
    """The databases of the proof in a server with little space for its log; settings name it.

    The server that all others use stands still for the copy: such a case is `alone`.
    """
    with small_disk(ground) as disk:
        folder = ground.home / "small-server"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o755)
        server = SmallServer(disk, folder)
        connections.close_all()
        ground.cluster.stop()
        try:
            server.make(ground.home.parent / "postgres" / "data")
        finally:
            ground.start_database()
        was = str(settings.DATABASES["default"]["HOST"])
        try:
            server.start()
            _aim(str(folder))
            yield server
        finally:
            _aim(was)
            server.stop()
    shutil.rmtree(folder, ignore_errors=True)


def _aim(host: str) -> None:
    connections.close_all()
    for told in settings.DATABASES.values():
        told["HOST"] = host
    for alias in connections:
        connections[alias].settings_dict["HOST"] = host
