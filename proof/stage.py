"""A stage for one case: books in which debtors are due, books beside them, and the outside world.

The outside keeps what it truly received: a mail server on loopback and the folder of letters.
"""

import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from io import BytesIO
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from types import MappingProxyType
from uuid import UUID

from django.conf import settings
from django.db import connections
from pypdf import PdfReader
from tests.faults.smtp_sink import Mode, SmtpSink
from tests.integration.books import make_list
from tests.integration.office import make_administration

from proof.arrears import DAY, MONDAY, make_rows
from proof.ground import Ground
from proof.hands import Job, at, do, work
from proof.neighbour import find_neighbour

# As long as a busy machine may take for what a free one does at once.
PATIENCE = 180.0
_OWNER, _NAME = re.compile(r"klant(\d{5})@"), re.compile(r"\bKlant (\d{5})\b")


@dataclass(frozen=True, slots=True)
class Received:
    """Something that reached the outside: the id of its message, the number of who got it, and
    what it says.
    """

    message_id: UUID
    debtor: str
    content: bytes


@dataclass(slots=True)
class Stage:
    """One administration that everything happens to, and one that nothing may happen to."""

    ground: Ground
    administration: UUID
    other: UUID
    folder: Path
    sink: SmtpSink
    count: int
    by_letter: bool = False
    log: str = ""
    settings: dict[str, object] = field(default_factory=dict)
    other_before: str = ""

    def job(self, what: str, *, minutes: int = 0, day: date = DAY, **told: object) -> Job:
        """A job for this stage; `failpoint` and `aims` become settings of the process."""
        failpoint = told.pop("failpoint", "")
        aims = told.pop("aims", {})
        assert isinstance(aims, dict)
        own = {**self.settings, **aims, "FAILPOINT": failpoint}
        told_of = settings.DATABASES["default"]
        database, host = str(told_of["NAME"]), str(told_of["HOST"])
        now = at(day, minutes=minutes)
        made = Job(what, self.administration, now, own, log=self.log, database=database, host=host)
        return replace(made, **told)  # type: ignore[arg-type]

    def go(self, what: str, *, minutes: int = 0, day: date = DAY, **told: object) -> object:
        """Do it in this process, undisturbed."""
        job = self.job(what, minutes=minutes, day=day, **told)
        with self.aimed(job):
            return do(job)

    @contextmanager
    def aimed(self, job: Job) -> Iterator[None]:
        """The settings of this stage, for a while."""
        was = {name: getattr(settings, name) for name in job.settings}
        for name, value in job.settings.items():
            setattr(settings, name, value)
        try:
            yield
        finally:
            for name, value in was.items():
                setattr(settings, name, value)

    def start(self, what: str, **told: object) -> ForkServerProcess:
        """A process of its own that does it; it may be killed."""
        return self.ground.start(work, self.job(what, **told))  # type: ignore[arg-type]

    def spawn(self, what: str, **told: object) -> int:
        """The same, to its end; its exit status, -9 for a process that was killed."""
        process = self.start(what, **told)
        process.join(PATIENCE)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise AssertionError(f"{what} did not end within {PATIENCE:.0f} s")
        return process.exitcode

    @contextmanager
    def held_at(self, failpoint: str, what: str, **told: object) -> "Iterator[ForkServerProcess]":
        """A process that stands still at a failpoint; it goes on when the block ends."""
        marker = self.ground.home / "failpoint"
        marker.unlink(missing_ok=True)
        process = self.start(what, failpoint=f"{failpoint}:sleep:1", **told)
        wait_until(lambda: marker.exists() or process.exitcode is not None)
        assert marker.exists(), f"{what} never came to {failpoint}"
        try:
            yield process
        finally:
            marker.unlink(missing_ok=True)
            process.join(PATIENCE)
            assert process.exitcode is not None, f"{what} did not go on after {failpoint}"

    def take(self, *contents: bytes, day: date = DAY) -> object:
        """Bring files in through the door that everybody uses."""
        files = tuple((f"bestand-{n}", content) for n, content in enumerate(contents))
        return self.go("import", day=day, files=files)

    def received(self) -> list[Received]:
        """What reached the outside, in order; letters are what stands in the folder, whole."""
        mails = [
            Received(_read_id(one.message_id.strip("<>")), _find_owner(one.recipient), one.content)
            for one in self.sink.stored
        ]
        letters = [
            Received(_read_id(path.name), _find_addressee(content), content)
            for path in sorted((self.folder / "letters").glob("*.pdf"))
            for content in (path.read_bytes(),)
        ]
        return mails + letters


def _read_id(name: str) -> UUID:
    return UUID(name.partition(".")[0])


def _find_owner(address: str) -> str:
    """The number of whose mail address this is: it stands in it."""
    found = _OWNER.search(address)
    assert found is not None, f"a mail to a stranger, {address}"
    return found.group(1)


@lru_cache(maxsize=100)
def _find_addressee(letter: bytes) -> str:
    """The number of whose name stands on this letter."""
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(letter)).pages)
    found = _NAME.search(text)
    assert found is not None, "a letter to a stranger"
    return found.group(1)


def wait_until(is_so: Callable[[], bool], *, seconds: float = PATIENCE) -> None:
    """Wait, but not for ever."""
    ends = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > ends:
            raise AssertionError("waited in vain")
        time.sleep(0.01)


def wait_for_lock(is_over: Callable[[], bool], *, waiting: int = 1, seconds: float) -> None:
    """Until it is over, or so many processes wait for a lock of the database; not for longer."""
    ends = time.monotonic() + seconds
    while not is_over() and time.monotonic() < ends and count_waiting() < waiting:
        time.sleep(0.01)


def count_waiting() -> int:
    """How many lines to this database wait for a lock."""
    with connections["default"].cursor() as cursor:
        cursor.execute(_WAITING)
        return int(cursor.fetchone()[0])


_WAITING = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event_type = 'Lock'
"""


@contextmanager
def set_stage(
    ground: Ground,
    *modes: Mode,
    count: int = 4,
    by_letter: bool = False,
    sending: bool = True,
    hang_seconds: float = 0.4,
    undo_minutes: int = 0,
    server: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Stage]:
    """A stage on which so many debtors get a reminder on the day; sending is on. `server`: what
    the mail server offers: `tls` with its `certificate`, a `password`.
    """
    folder = Path(tempfile.mkdtemp(prefix="stage-", dir=ground.home))
    other, other_before = find_neighbour()
    administration = make_administration(sending=sending, guards={"undo_minutes": undo_minutes})
    with SmtpSink(*modes, hang_seconds=hang_seconds, **server) as sink:  # type: ignore[arg-type]
        stage = Stage(
            ground, administration, other, folder, sink, count, by_letter, str(folder / "log")
        )
        stage.other_before = other_before
        stage.settings = {
            # One home for all stages: another one would be a copied installation, and silent.
            "HOME": ground.home,
            "PRINT_FOLDER": folder / "letters",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": sink.port,
            "SMTP_SECURITY": "none",
            "SMTP_USERNAME": "",
        }
        if count:
            content = make_list(*make_rows(count))
            stage.take(_without_mail(content) if by_letter else content, day=MONDAY)
        try:
            yield stage
        except BaseException:
            # Whatever was half done here is undone, or known, before the next case.
            connections.close_all()
            find_neighbour.cache_clear()
            raise
        finally:
            ground.end_all()
    shutil.rmtree(folder, ignore_errors=True)


def _without_mail(content: bytes) -> bytes:
    """The same list, with a street where the mail address was: letters go out."""
    lines = content.decode("cp1252").split("\r\n")
    head = lines[0].replace("E-mail", "Adres;Postcode;Plaats")
    rows = []
    for line in lines[1:]:
        cells = line.split(";")
        where = ["Dorpsweg 2", "4321 BA", "Voorbeelddam"]
        rows.append(";".join([*cells[:7], *where, *cells[8:]]) if len(cells) > 7 else line)
    return "\r\n".join([head, *rows]).encode("cp1252")
