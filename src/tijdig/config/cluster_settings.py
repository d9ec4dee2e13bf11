"""The settings of the embedded PostgreSQL, and the folder of its socket."""

import os
import stat
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from tijdig.config.cluster_account import Account, own_all
from tijdig.config.cluster_folder import ClusterFolder, ClusterUnavailable, write_whole

PORT = 5432
"""Only part of the socket's name: the server listens on no network."""
LONGEST_SOCKET_PATH = 107
SHARED_MEMORY_WANTED = 512 * 1024 * 1024
MEMORY_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
LOG_KEPT_SECONDS = 6 * 24 * 3600
LOG_KEPT_BYTES = 10 * 1024 * 1024

SIGN_IN_RULES = "local all all scram-sha-256\n"

SETTINGS = """\
# Written by Tijdig at each start: put your own wishes in own.conf, in this folder.
listen_addresses = ''
port = {port}
unix_socket_directories = {socket}
unix_socket_permissions = 0700
cluster_name = '{mark}'
max_connections = 60
password_encryption = 'scram-sha-256'

# Nothing that was committed is lost, whatever breaks.
fsync = on
synchronous_commit = on
full_page_writes = on

# An office machine: a part of its memory, a disk without a moving head. A page is written whole to
# the log once after each checkpoint, so that these are far apart.
shared_buffers = {shared_buffers}MB
work_mem = 8MB
maintenance_work_mem = {maintenance}MB
effective_cache_size = {cache}MB
random_page_cost = 1.1
checkpoint_timeout = 15min
max_wal_size = 2GB
jit = off
dynamic_shared_memory_type = {shared_memory}

timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'

logging_collector = on
log_directory = {log}
log_filename = 'postgresql-%a.log'
log_file_mode = 0600
log_rotation_age = 1d
log_rotation_size = 0
log_truncate_on_rotation = on
log_min_messages = warning
log_line_prefix = '%m [%p] %d '

include_if_exists = 'own.conf'
"""


def write_settings(folder: ClusterFolder, account: Account) -> Path:
    """Write settings and sign-in rules; the folder in which the server will put its socket."""
    socket = make_socket_folder(folder, account)
    _make_folder(folder.log, account)
    _drop_old_logs(folder)
    text = SETTINGS.format(
        port=PORT,
        socket=_quote(str(socket)),
        mark=folder.mark,
        shared_memory="posix" if _has_shared_memory() else "mmap",
        log=_quote(str(folder.log)),
        **split_memory(measure_memory()),
    )
    write_whole(folder.settings, text, mode=0o644)
    write_whole(folder.sign_in_rules, SIGN_IN_RULES, mode=0o644)
    return socket


def split_memory(total: int) -> dict[str, int]:
    """Megabytes of each setting, for a machine with so many bytes of memory.

    An eighth is the server's own, but at least what a small office needs and at most what a book
    of a million invoices gains by.
    """
    megabytes = total // 1024**2
    return {
        "shared_buffers": min(max(megabytes // 8, 128), 2048),
        "maintenance": min(max(megabytes // 64, 64), 256),
        "cache": max(megabytes // 2, 512),
    }


def measure_memory() -> int:
    """Bytes of memory that this machine, or the container around us, lets us use."""
    found = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    for limit in MEMORY_LIMITS:
        with suppress(OSError, ValueError):  # no such limit, or the word "max"
            found.append(int(limit.read_text(encoding="ascii")))
    return min(found)


def make_socket_folder(folder: ClusterFolder, account: Account) -> Path:
    """The socket folder, made when missing: in the home, or in the temporary folder when the
    name of the home does not fit in a socket address. Refuses: that one is not ours alone.
    """
    for parent in (folder.root, Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108
        socket = folder.socket if parent == folder.root else parent / folder.mark
        fits = len(os.fsencode(socket / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH
        # To PostgreSQL and its clients this is a list: no comma, no quote.
        if fits and not {",", '"'} & set(str(socket)):
            break
    _make_folder(socket, account)
    return socket


def drop_socket_folder(folder: ClusterFolder, socket: Path) -> None:
    """Remove the socket folder when it is the one outside the home."""
    if socket.name == folder.mark and socket.is_dir() and not any(socket.iterdir()):
        socket.rmdir()


def _make_folder(path: Path, account: Account) -> None:
    """A folder of the account's with mode 0700, or a refusal when another has made it."""
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
    found = path.lstat()
    if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() != account.user:
        own_all(path, account)  # made a moment ago, or put back by root from a copy
        found = path.lstat()
    private = stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) & 0o077 == 0
    if not private or found.st_uid != account.user:
        raise ClusterUnavailable(
            f"De map {path} hoort van Tijdig te zijn, en van niemand anders te lezen. Dat is "
            "niet zo. Haal deze map weg en start Tijdig opnieuw.",
            f"The folder {path} should belong to Tijdig and be closed to others. It is not. "
            "Remove this folder and start Tijdig again.",
        )


def _drop_old_logs(folder: ClusterFolder) -> None:
    """Keep the log small: PostgreSQL empties a file only when it turns a day while running."""
    for path in folder.log.glob("*.log"):
        found = path.lstat()
        if found.st_size > LOG_KEPT_BYTES or time.time() - found.st_mtime > LOG_KEPT_SECONDS:
            path.unlink()


def _has_shared_memory() -> bool:
    """Whether /dev/shm is there and large enough; in a container it is often 64 MB."""
    try:
        found = os.statvfs("/dev/shm")  # noqa: S108
    except OSError:
        return False
    return found.f_blocks * found.f_frsize >= SHARED_MEMORY_WANTED


def _quote(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
