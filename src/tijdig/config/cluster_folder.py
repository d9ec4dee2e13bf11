"""Where the embedded PostgreSQL keeps its files, and the locks through which processes agree."""

import fcntl
import hashlib
import json
import os
import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from tijdig.core.problem import Refusal, Sentence

PATIENCE_SECONDS = 5.0
"""After this long a person is told why nothing seems to happen."""


class ClusterUnavailable(Refusal):
    """The embedded PostgreSQL cannot be had; the sentence says what to do."""


@dataclass(frozen=True, slots=True)
class Passwords:
    """One password for each role; random, made once."""

    superuser: str
    owner: str
    app: str


@dataclass(frozen=True, slots=True)
class ClusterFolder:
    """The folder `postgres` in the home of Tijdig. Every name in it stands here."""

    root: Path

    @property
    def data(self) -> Path:
        """PostgreSQL's own files; complete as soon as it exists."""
        return self.root / "data"

    @property
    def unfinished_data(self) -> Path:
        """Where the files are made the first time; worthless after a crash."""
        return self.root / "data.new"

    @property
    def pid_file(self) -> Path:
        """What PostgreSQL writes about itself: process, socket folder, state."""
        return self.data / "postmaster.pid"

    @property
    def socket(self) -> Path:
        """The socket folder, as long as its name fits in a socket address."""
        return self.root / "socket"

    @property
    def log(self) -> Path:
        """The folder of the server's own log, one file per day of the week."""
        return self.root / "log"

    @property
    def start_log(self) -> Path:
        """What the server said before it opened its log, of the last start only."""
        return self.root / "start.log"

    @property
    def supervisor_log(self) -> Path:
        """What the supervisor said; empty as a rule."""
        return self.root / "supervisor.log"

    @property
    def settings(self) -> Path:
        """Written anew at each start; own wishes go in `own.conf` beside it."""
        return self.root / "postgresql.conf"

    @property
    def sign_in_rules(self) -> Path:
        """Who may sign in, and how; written anew at each start."""
        return self.root / "pg_hba.conf"

    @property
    def passwords(self) -> Path:
        """The passwords of the roles, for the owner of the home only."""
        return self.root / "passwords.json"

    @property
    def furnished(self) -> Path:
        """Exists once roles and database were made."""
        return self.root / "furnished"

    @property
    def start_lock(self) -> Path:
        """Held by whoever starts or stops."""
        return self.root / "start.lock"

    @property
    def users_lock(self) -> Path:
        """Held, shared, by every process that uses the server."""
        return self.root / "users.lock"

    @property
    def supervisor_lock(self) -> Path:
        """Held by the supervisor; its process number is inside."""
        return self.root / "supervisor.lock"

    @property
    def server_lock(self) -> Path:
        """Held by every process of the server itself: free means that none is left."""
        return self.root / "server.lock"

    @property
    def mark(self) -> str:
        """A short name for this folder, the same on every look."""
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()
        return f"tijdig-{digest[:12]}"


def prepare_folder(folder: ClusterFolder) -> None:
    """Make the folder when missing. Refuses: it is a link, or belongs to another user."""
    if not folder.root.is_symlink():
        folder.root.mkdir(parents=True, exist_ok=True)
    check_owner(folder)
    # Started by root, the server runs as another account, which must pass through this folder.
    found = folder.root.stat()
    wanted = 0o711 if found.st_uid == 0 else 0o700
    if found.st_mode & 0o7777 != wanted:
        folder.root.chmod(wanted)


def check_owner(folder: ClusterFolder) -> None:
    """Refuses: the folder is there, but is a link, or belongs to another user."""
    if folder.root.is_symlink():
        raise ClusterUnavailable(
            f"{folder.root} is een verwijzing naar een andere map; Tijdig verandert buiten zijn "
            "eigen map geen rechten. Laat TIJDIG_HOME zelf naar de andere plek wijzen.",
            f"{folder.root} is a link to another folder; outside its own folder Tijdig changes "
            "no permissions. Let TIJDIG_HOME itself point to the other place.",
        )
    if folder.root.exists() and os.geteuid() not in (0, folder.root.stat().st_uid):
        raise ClusterUnavailable(
            f"De database in {folder.root} is van een andere gebruiker. Start Tijdig als die "
            "gebruiker, of kies met TIJDIG_HOME een eigen map.",
            f"The database in {folder.root} belongs to another user. Start Tijdig as that user, "
            "or choose a folder of your own with TIJDIG_HOME.",
        )


def read_passwords(folder: ClusterFolder) -> Passwords | None:
    """The stored passwords; None when there are none, or none that can be read."""
    try:
        return Passwords(**json.loads(folder.passwords.read_text("utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def write_passwords(folder: ClusterFolder) -> Passwords:
    """New passwords, on disk before they are used."""
    passwords = Passwords(*(secrets.token_urlsafe(24) for _ in range(3)))
    write_whole(folder.passwords, json.dumps(asdict(passwords)), mode=0o600)
    return passwords


def write_whole(path: Path, text: str, *, mode: int) -> None:
    """Put the text in the file so that a crash leaves the old or the new text, never a part."""
    temporary = path.with_name(f"{path.name}.new")
    temporary.unlink(missing_ok=True)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fchmod(handle, mode)
        _give_to_owner(handle, path)
        os.fsync(handle)
    temporary.replace(path)


def open_log(path: Path) -> BinaryIO:
    """The file, emptied, to write what a program says."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    handle = os.open(path, flags, 0o600)
    _give_to_owner(handle, path)
    return os.fdopen(handle, "wb")


def open_lock(path: Path) -> int:
    """A descriptor to lock with; closed in children that start another program."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    _give_to_owner(handle, path)
    return handle


def _give_to_owner(handle: int, path: Path) -> None:
    """What root makes in the folder of another user must remain usable for that user."""
    if os.geteuid() == 0:
        owner = path.parent.stat()
        if owner.st_uid != os.fstat(handle).st_uid:
            os.fchown(handle, owner.st_uid, owner.st_gid)


def try_lock(path: Path, kind: int = fcntl.LOCK_EX) -> int | None:
    """The descriptor that holds the lock, to be closed by the caller; None when it is taken."""
    handle = open_lock(path)
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def is_locked(path: Path) -> bool:
    """Whether any process holds the lock now."""
    if not path.exists():
        return False
    handle = try_lock(path, fcntl.LOCK_SH)
    if handle is None:
        return True
    os.close(handle)
    return False


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock alone; says on stderr why it takes long."""
    handle = open_lock(path)
    try:
        told = Patience(
            Sentence(
                "Tijdig wacht: een ander proces is bezig de database te starten of te stoppen.",
                "Tijdig waits: another process is starting or stopping the database.",
            )
        )
        while not told.is_over():
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                time.sleep(0.02)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


class Patience:
    """Tells a person once, on stderr, what is being waited for."""

    def __init__(self, because: Sentence) -> None:
        self._because = because
        self._until = time.monotonic() + PATIENCE_SECONDS
        self._told = False

    def is_over(self) -> bool:
        """Whether the first seconds have passed; then the sentence has been said."""
        if time.monotonic() < self._until:
            return False
        if not self._told:
            self._told = True
            sys.stderr.write(f"{self._because.nl}\n{self._because.en}\n")
            sys.stderr.flush()
        return True
