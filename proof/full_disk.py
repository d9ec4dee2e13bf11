"""Row C4 on a disk that is truly full: the log of the database, the letters, the send log.

Nothing is half done, the words are clear, and as soon as there is space all goes on by itself.
"""

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from random import Random
from urllib.parse import quote

import psycopg
from django.conf import settings
from tests.integration.books import balances, make_payment, make_statement

from proof.arrears import CENTS, DAY, MONDAY, make_rows
from proof.cases import Case, Later, spread
from proof.checks import Expected, check_all, count_states
from proof.crash import recover
from proof.ground import Ground
from proof.guards import own_database
from proof.small_disk import small_disk, small_server
from proof.stage import PATIENCE, Stage, set_stage
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import administration_scope

COUNT = 3
FULL = "No space left on device"
# What is under way, and where, when the disk is found full.
MOMENTS = {
    "a file comes in": ("import", "import.stored"),
    "a run decides": ("day", "run.stored"),
    "mail goes out": ("day", "send.after_250"),
}
LESS_THAN_A_LETTER = 8192


def fill_log_of_database(ground: Ground, _: Random, name: str) -> None:
    """The server cannot write what it commits and falls over; what it had said yes to stays."""
    what, where = MOMENTS[name.rpartition(" when ")[2]]
    row = make_rows(COUNT)[0]
    line = make_payment(CENTS, row.number, on=DAY, iban=row.iban)
    files = (("bestand", make_statement(line)),) if what == "import" else ()
    with (
        own_database(ground) as (own, _address),
        small_server(ground) as server,
        set_stage(own, count=COUNT) as stage,
    ):
        stage.go("send", day=MONDAY)
        with stage.held_at(where, what, files=files) as process:
            server.disk.fill()
            with suppress(psycopg.OperationalError):
                server.ask("SELECT pg_switch_wal()")
        assert FULL in server.read_log(), "the disk was not full"
        assert process.exitcode == 1, f"ended with {process.exitcode}"
        sent = len(stage.received())
        # What the mail server has said yes to stands in the send log, outside the database.
        assert sent == (COUNT if where == "send.after_250" else 0), f"{sent} messages left"
        told = ask_tijdig(stage, "run")
        assert told["refused_en"].startswith("The database does not answer or broke off: "), told
        server.disk.clear()
        server.start()
        if what == "import":
            assert sorted(balances(stage.administration).values()) == [CENTS] * COUNT
            stage.take(*(content for _name, content in files))
            assert sorted(balances(stage.administration).values()) == [0, CENTS, CENTS]
        recover(stage)
        not_sent = frozenset([0] if what == "import" else [])
        check_all(stage, Expected(not_sent=not_sent, exactly=True))


def fill_letters(ground: Ground, _: Random, __: str) -> None:
    """Half a letter fits: none stands in the folder, and all of them do once there is space."""
    with small_disk(ground) as disk, set_stage(ground, count=COUNT, by_letter=True) as stage:
        (stage.folder / "letters").symlink_to(disk.folder, target_is_directory=True)
        disk.fill(but=LESS_THAN_A_LETTER)
        assert stage.spawn("day") == 0
        assert stage.received() == [], "half a letter was handed over"
        assert not list(disk.folder.glob(".*.part")), "half a file was left"
        assert count_states(stage.administration) == {"retry": COUNT}
        disk.clear()
        recover(stage)
        stage.go("send", minutes=80)
        check_all(stage, Expected(exactly=True), minutes=100)
        assert count_states(stage.administration) == {"accepted": COUNT}


def fill_send_log(ground: Ground, _: Random, __: str) -> None:
    """What cannot be written down first does not leave; all of it does once there is space."""
    with (
        small_disk(ground) as disk,
        own_database(ground) as (own, _address),
        set_stage(own, count=COUNT) as stage,
    ):
        (own.home / "send-log").symlink_to(disk.folder, target_is_directory=True)
        disk.fill()
        assert stage.spawn("day") == 1, "a log that cannot be written was no error"
        assert stage.received() == [], "something left that was not written down first"
        with administration_scope(stage.administration):
            slug = load_administration().slug
        told = ask_tijdig(stage, "send", slug=slug)
        assert FULL in told["refused_en"], told
        disk.clear()
        recover(stage)
        check_all(stage, Expected(exactly=True))
        assert count_states(stage.administration) == {"accepted": COUNT}


def ask_tijdig(stage: Stage, *words: str, slug: str = "welke-dan-ook") -> dict[str, str]:
    """What the command says, in a process of its own, about the books of this stage."""
    database = settings.DATABASES["default"]
    urls = {
        name: (
            f"postgresql://{quote(str(told['USER']))}:{quote(str(told['PASSWORD']))}@/"
            f"{told['NAME']}?host={quote(str(told['HOST']), safe='')}&port={told['PORT']}"
        )
        for name, told in (
            ("DATABASE_URL", database),
            ("DATABASE_OWNER_URL", settings.DATABASES["owner"]),
        )
    }
    home = Path(str(stage.settings["HOME"]))
    command = [sys.executable, "-m", "tijdig.config.command_line", *words, "--json"]
    done = subprocess.run(
        [*command, "--administration", slug],
        env={**os.environ, **urls, "TIJDIG_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 1, f"ended with {done.returncode}"
    told = json.loads(done.stdout)
    assert isinstance(told, dict)
    return told


def list_cases() -> list[Case]:
    """Every case that needs a small disk."""
    logs = [f"the log of the database, when {one}" for one in MOMENTS]
    return [
        *spread("C4", logs, fill_log_of_database, alone=True),
        *spread("C4", ["a disk of letters"], fill_letters),
        *spread("C4", ["a disk of the send log"], fill_send_log),
    ]


LATER: tuple[Later, ...] = ()
