"""Row J3, backups: one that was made while messages went out, and one from days ago.

What is put back keeps silent; once a person lets it go on, what the outside has it does not repeat.
"""

import subprocess
from collections import Counter
from datetime import date, timedelta
from random import Random

from django.conf import settings
from django.db import connections
from tests.integration.books import make_list

from proof.arrears import DAY, MONDAY, make_rows
from proof.cases import Case, Later, spread
from proof.ground import Ground, aim_settings, find_program
from proof.guards import is_sending, own_database
from proof.stage import PATIENCE, Stage, set_stage
from tijdig.config.cluster import ClusterAddress
from tijdig.dunning.actions import sending
from tijdig.tenants.scope import administration_scope

COUNT = 4
DAYS_SINCE = 5


def restore_while_running(ground: Ground, _: Random, name: str) -> None:
    """`pg_dump` in the middle of a day; that day goes on, and later the dump is put back."""
    where = name.rpartition(" at ")[2]
    with own_database(ground) as (own, address), set_stage(own, count=COUNT) as stage:
        stage.go("send", day=MONDAY)
        dump = own.home / "tijdig.dump"
        with stage.held_at(where, "day"):
            _call("pg_dump", address, "-Fc", "-f", str(dump))
        stage.go("day", minutes=20)
        assert len(stage.received()) == COUNT, "the backup kept something back"
        connections.close_all()
        older = own.cluster.create_database(f"{address.database}_old")
        _call("pg_restore", older, str(dump))
        _live_on(stage, own, older, since=DAY)
        aim_settings(address, own.home)
    ground.cluster.drop_database(older.database)


def restore_from_days_ago(ground: Ground, _: Random, name: str) -> None:
    """Five days of messages went out since; the log knows them, the database does not."""
    with own_database(ground) as (own, address), set_stage(own, count=COUNT) as stage:
        stage.go("send", day=MONDAY)
        if name.endswith("imported before"):
            stage.take(make_list(*make_rows(COUNT + 2)), day=MONDAY)
        connections.close_all()
        older = own.cluster.create_database(f"{address.database}_old", template=address.database)
        for days in range(DAYS_SINCE):
            stage.go("day", day=DAY + timedelta(days=days))
        assert len(stage.received()) >= COUNT
        _live_on(stage, own, older, since=DAY + timedelta(days=DAYS_SINCE))
        aim_settings(address, own.home)
    ground.cluster.drop_database(older.database)


def _live_on(stage: Stage, own: Ground, older: ClusterAddress, *, since: date) -> None:
    """On the older database: silent; then a person turns sending on, and nothing comes twice."""
    sent = len(stage.received())
    aim_settings(older, own.home)
    stage.go("day", day=since, minutes=30)
    stage.go("send", day=since, minutes=60)
    assert len(stage.received()) == sent, "a restored installation sent something"
    assert not is_sending(stage), "sending stayed on"
    now = stage.job("run", day=since, minutes=70).now
    with administration_scope(stage.administration):
        sending.turn_on(today=since, now=now, actor="proof")
    stage.go("run", day=since, minutes=80)
    stage.go("send", day=since, minutes=90)
    texts = Counter(one.debtor for one in stage.received())
    again = [who for who, times in texts.items() if times > 1]
    assert not again, f"{len(again)} debtors got the same once more"


def _call(tool: str, address: ClusterAddress, *words: str) -> None:
    """One of the tools that come with the embedded server, with the owner's role."""
    owner = settings.DATABASES["owner"]
    subprocess.run(
        [
            str(find_program(tool)),
            *("-h", address.host, "-p", str(address.port)),
            *("-U", address.owner_user, "-d", address.database),
            *words,
        ],
        env={"PGPASSWORD": str(owner["PASSWORD"])},
        check=True,
        timeout=PATIENCE,
    )


def list_cases() -> list[Case]:
    """Backups that were made at the worst moment, or too long ago."""
    places = ("run.committed", "send.claimed", "send.after_250")
    running = [f"a backup made while it was at {where}" for where in places]
    return [
        *spread("J3", running, restore_while_running),
        *spread("J3", ["five days of sends since"], restore_from_days_ago),
    ]


LATER: tuple[Later, ...] = ()
