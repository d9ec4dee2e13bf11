"""Restored, copied, new: nothing goes out before a person says so, and nothing twice (J3, P14).

Each installation is a database and a data folder of its own, worked on by real processes.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
import pytest
from tests.conftest import SCRATCH
from tests.faults.child import ROOT, make_environment, make_smtp_environment
from tests.faults.smtp_sink import SmtpSink
from tests.integration.books import Listed, make_list
from tests.integration.office import at

from tijdig.config.cluster import Cluster
from tijdig.messaging.home_mark import HomeMark, list_network_cards, read_mark, write_mark

DAY = date(2026, 3, 19)
CHILD = str(ROOT / "tests" / "faults" / "child.py")
QUIET = (
    "bank_fresh_days = NULL, books_fresh_days = NULL, asks_first = false, undo_minutes = 0, "
    "contact_from = '00:00', contact_until = '00:00'"
)
# The send log and the mark are what stands outside the database.
PAYER = "administratie@bakkerij.example.nl"


@dataclass(slots=True)
class Installation:
    """A database and a home; `copy_database` and `copy_home` make the others."""

    name: str
    home: Path
    sink: SmtpSink

    @property
    def environment(self) -> dict[str, str]:
        def other(url: str) -> str:
            return urlsplit(url)._replace(path=f"/{self.name}").geturl()

        return make_environment(
            DATABASE_URL=other(os.environ["DATABASE_URL"]),
            DATABASE_OWNER_URL=other(os.environ["DATABASE_OWNER_URL"]),
            TIJDIG_HOME=str(self.home),
            **{
                name: value
                for name, value in make_smtp_environment(self.sink.port).items()
                if name.startswith("TIJDIG_SMTP")
            },
        )

    def tijdig(self, *words: str) -> dict[str, Any]:
        command = [sys.executable, "-m", "tijdig.config.command_line", *words, "--json"]
        done = subprocess.run(command, env=self.environment, stdout=subprocess.PIPE, timeout=180)
        told = json.loads(done.stdout)
        assert isinstance(told, dict)
        return told

    def live(self, day: date = DAY, *, minutes: int = 0) -> None:
        """The run of a day and its sending, in a process of its own."""
        (administration,) = self.ask("SELECT id FROM tijdig_administration")[0]
        now: datetime = at(day) + timedelta(minutes=minutes)
        words = [sys.executable, CHILD, "live", str(administration), now.isoformat()]
        subprocess.run(words, env=self.environment, check=True, timeout=180)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.environment["DATABASE_OWNER_URL"], autocommit=True) as line:
            cursor = line.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def states(self) -> list[tuple[str, int]]:
        return self.ask("SELECT state, count(*) FROM tijdig_message GROUP BY 1 ORDER BY 1")

    def switch(self) -> tuple[bool, str]:
        sql = "SELECT sending_on, silenced_because FROM tijdig_administration"
        on, because = self.ask(sql)[0]
        return on, because

    def turn_on(self) -> None:
        """As the button does."""
        code = (
            "import django, sys; django.setup()\n"
            "from datetime import date, datetime\n"
            "from tijdig.dunning.actions import sending\n"
            "from tijdig.tenants.queries import list_administrations\n"
            "from tijdig.tenants.scope import administration_scope\n"
            "now = datetime.fromisoformat(sys.argv[1])\n"
            "with administration_scope(list_administrations()[0]):\n"
            "    sending.turn_on(today=now.date(), now=now, actor='Sanne')\n"
        )
        words = [sys.executable, "-c", code, at(DAY).isoformat()]
        subprocess.run(words, env=self.environment, check=True, timeout=180)

    def copy_database(self, name: str) -> str:
        """The database as it is now, under another name."""
        cluster = Cluster(SCRATCH)
        cluster.drop_database(name)
        cluster.create_database(name, template=self.name)
        return name


@pytest.fixture(scope="module")
def template(database: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database in which sending is on; two debtors get a reminder on the day."""
    name = f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_guard_{os.getpid()}"
    tmp_path = tmp_path_factory.mktemp("template")
    cluster = Cluster(SCRATCH)
    cluster.drop_database(name)
    cluster.create_database(name)
    with SmtpSink() as sink:
        office = Installation(name, tmp_path / "home", sink)
        office.tijdig("init", "--administration", "bakkerij")
        office.ask(
            f"UPDATE tijdig_administration SET {QUIET}, sending_on = true, "
            f"iban = 'NL91ABNA0417164300', email = '{PAYER}'"
        )
        rows = [Listed(f"2026-{n:04d}", 12_100, debtor=f"{1001 + n}") for n in range(2)]
        listed = tmp_path / "lijst.csv"
        listed.write_bytes(make_list(*rows))
        told = office.tijdig(
            "import", str(listed), "--administration", "bakkerij", "--today", "2026-03-02"
        )
        assert told["invoices"]["new"] == 2
    yield name
    cluster.drop_database(name)


@pytest.fixture
def office(template: str, tmp_path: Path) -> Iterator[Installation]:
    """An installation of its own, that has never sent anything."""
    cluster = Cluster(SCRATCH)
    names = [f"{template}_own", f"{template}_own_copy"]
    for name in names:
        cluster.drop_database(name)
    cluster.create_database(names[0], template=template)
    with SmtpSink() as sink:
        yield Installation(names[0], tmp_path / "home", sink)
    for name in names:
        cluster.drop_database(name)


def recipients(office: Installation) -> list[str]:
    return sorted(one.recipient for one in office.sink.stored)


BOTH = ["klant1001@example.nl", "klant1002@example.nl"]


def test_the_same_installation_goes_on(office: Installation) -> None:
    office.live()
    office.live(date(2026, 3, 20))
    assert recipients(office) == BOTH
    assert office.switch() == (True, "")


def test_an_older_database_sends_nothing_and_knows_what_went_out(office: Installation) -> None:
    """Restored on the same machine from before the run: the log remembers."""
    office.live(date(2026, 3, 2))
    before = office.copy_database(f"{office.name}_copy")
    office.live()
    assert recipients(office) == BOTH
    office.name = before
    for days in (0, 1, 3):
        office.live(DAY + timedelta(days=days))
    assert recipients(office) == BOTH
    assert office.switch() == (False, "restored")
    assert ("accepted", 2) in office.states()
    office.turn_on()
    for days in (0, 1):
        office.live(DAY + timedelta(days=days), minutes=30)
    assert recipients(office) == BOTH
    assert office.switch() == (True, "")


def test_a_database_from_before_a_stop_is_silent_although_nothing_went_out_since(
    office: Installation,
) -> None:
    """What it has forgotten may be a dispute: the next reminder would be a wrong one."""
    office.live(date(2026, 3, 2))
    before = office.copy_database(f"{office.name}_copy")
    office.live(date(2026, 3, 3))
    assert recipients(office) == []
    office.name = before
    office.live()
    assert (office.switch(), recipients(office)) == ((False, "restored"), [])


def test_a_restored_database_gives_out_no_payment_reference_twice(office: Installation) -> None:
    office.live(date(2026, 3, 2))
    before = office.copy_database(f"{office.name}_copy")
    office.live()
    used = {row[0] for row in office.ask("SELECT payment_reference FROM tijdig_message")}
    office.name = before
    office.live()
    ((fresh,),) = office.ask("SELECT nextval('tijdig_payment_reference')")
    assert fresh > max(int(reference[4:]) for reference in used)


def test_a_copy_of_the_database_elsewhere_is_silent_and_the_original_goes_on(
    office: Installation, tmp_path: Path
) -> None:
    office.live(date(2026, 3, 2))
    copy = Installation(
        office.copy_database(f"{office.name}_copy"), tmp_path / "elsewhere", office.sink
    )
    copy.live()
    assert (copy.switch(), recipients(office)) == ((False, "copied"), [])
    office.live()
    assert (office.switch(), recipients(office)) == ((True, ""), BOTH)


def test_a_copy_of_all_of_it_is_silent(office: Installation, tmp_path: Path) -> None:
    office.live(date(2026, 3, 2))
    shutil.copytree(office.home, tmp_path / "copy", copy_function=shutil.copy2)
    copy = Installation(office.copy_database(f"{office.name}_copy"), tmp_path / "copy", office.sink)
    copy.live()
    assert (copy.switch(), recipients(office)) == ((False, "copied"), [])


def test_a_home_from_a_backup_in_the_same_place_is_silent(
    office: Installation, tmp_path: Path
) -> None:
    office.live(date(2026, 3, 2))
    shutil.copytree(office.home, tmp_path / "backup")
    office.live()
    shutil.rmtree(office.home)
    shutil.copytree(tmp_path / "backup", office.home)
    office.live(date(2026, 3, 30))
    assert (office.switch(), recipients(office)) == ((False, "copied"), BOTH)


def test_what_was_on_its_way_is_in_doubt_in_a_copy(office: Installation, tmp_path: Path) -> None:
    office.live(date(2026, 3, 2))
    office.live()
    office.ask(
        "UPDATE tijdig_message SET state = 'sending', claimed_by = 'elders:1', "
        f"claimed_at = '{at(DAY).isoformat()}' WHERE id = (SELECT min(id::text)::uuid "
        "FROM tijdig_message)"
    )
    copy = Installation(
        office.copy_database(f"{office.name}_copy"), tmp_path / "elsewhere", office.sink
    )
    copy.live(date(2026, 3, 20))
    assert copy.states() == [("accepted", 1), ("in_doubt", 1)]
    assert len(recipients(office)) == 2


def reconciled(**told: int) -> dict[str, int]:
    return {"accepted": 0, "in_doubt": 0, "unknown": 0, "cut_lines": 0} | told


def test_reconcile_sends_after_the_invoices_came_in_again(
    office: Installation, tmp_path: Path
) -> None:
    """Restored from before the import: the log speaks of invoices that are not there yet."""
    office.live(date(2026, 3, 2))
    before = office.copy_database(f"{office.name}_copy")
    rows = [Listed(f"2027-{n:04d}", 5_000, debtor=f"{3001 + n}") for n in range(2)]
    listed = tmp_path / "later.csv"
    listed.write_bytes(make_list(*rows))
    words = ("import", str(listed), "--administration", "bakkerij", "--today", "2026-03-18")
    office.tijdig(*words)
    office.live()
    sent = recipients(office)
    assert len(sent) >= 2
    office.name = before
    office.live()
    told = office.tijdig("reconcile-sends")
    assert told["unknown"] == 2
    office.tijdig(*words)
    assert office.tijdig("reconcile-sends") == reconciled(accepted=2)
    with next((office.home / "send-log").glob("*.log")).open("ab") as log:
        log.write(b'["2026-03-20T09:00:00Z","settl')  # the machine lost its power
    assert office.tijdig("reconcile-sends") == reconciled(cut_lines=1)
    office.turn_on()
    office.live(date(2026, 3, 20))
    assert recipients(office) == sent


def test_the_banner_says_so(office: Installation, tmp_path: Path) -> None:
    office.live(date(2026, 3, 2))
    copy = Installation(
        office.copy_database(f"{office.name}_copy"), tmp_path / "elsewhere", office.sink
    )
    copy.live()
    code = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "from tijdig.tenants.actions import let_in, make_user\n"
        "from tijdig.tenants.models import User\n"
        "from tijdig.tenants.queries import list_administrations\n"
        "from tijdig.tenants.scope import administration_scope\n"
        "user = make_user('sanne@example.nl')\n"
        "with administration_scope(list_administrations()[0]):\n"
        "    let_in(user, role='owner')\n"
        "client = Client(SERVER_NAME='localhost')\n"
        "client.force_login(User.objects.get(id=user))\n"
        "print(client.get('/bakkerij/vandaag/').content.decode())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=copy.environment, stdout=subprocess.PIPE, check=True
    )
    assert "Deze installatie is teruggezet of gekopieerd." in done.stdout.decode()


def make_devices(folder: Path, **cards: str) -> Path:
    """Network devices as Linux shows them; a name tells the bus that a card is on."""
    for name, address in cards.items():
        bus = folder / "bus" / ("usb1" if name.startswith("usb") else "pci0") / name
        bus.mkdir(parents=True)
        device = folder / "net" / name
        device.mkdir(parents=True)
        (device / "address").write_text(f"{address}\n", encoding="ascii")
        if name != "lo":
            (device / "device").symlink_to(bus)
        if name.startswith("wlan"):
            (device / "wireless").mkdir()
    return folder / "net"


def test_a_cloned_machine_has_other_cards(tmp_path: Path) -> None:
    first = make_devices(tmp_path / "first", lo="0", eth0="aa", wlan0="bb", usb0="cc", eth1="dd")
    assert list_network_cards(first) == {"aa", "dd"}
    epoch = UUID(int=7)
    home = tmp_path / "home"
    home.mkdir()
    write_mark(home, epoch, devices=first)
    one_card_less = make_devices(tmp_path / "less", eth1="dd")
    clone = make_devices(tmp_path / "clone", eth0="ee", eth1="ff")
    container = make_devices(tmp_path / "container", lo="0")
    for devices in (first, one_card_less, container):
        assert read_mark(home, devices=devices) == HomeMark(epoch, is_here=True)
    assert read_mark(home, devices=clone) == HomeMark(epoch, is_here=False)


def test_a_lost_key_of_the_audit_trail_is_renewed_by_a_command(office: Installation) -> None:
    office.tijdig("audit", "seal")
    (office.home / "audit" / "content-key").unlink()
    assert not office.tijdig("audit", "verify")["ok"]
    refused = office.tijdig("audit", "renew", "--administration", "bakkerij", "--reason", "stuk")
    assert "laat --administration weg" in refused["refused"]
    assert office.tijdig("audit", "renew", "--reason", "stuk") == {
        "renewed": ["bakkerij"],
        "reason": "stuk",
    }
    told = office.tijdig("audit", "verify")
    (trail,) = told["administrations"]
    assert (told["ok"], [one["reason"] for one in trail["breaks"]]) == (True, ["stuk"])
    assert trail["unread"] > 0
