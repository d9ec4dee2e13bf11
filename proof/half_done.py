"""Row A8: killed in the middle of what touches many at once: all of it is done, or nothing."""

from dataclasses import replace
from random import Random
from uuid import UUID

from django.db import connections
from tests.tables import list_schema

from proof.arrears import DAY
from proof.cases import Case, Later, spread
from proof.checks import Expected, check_all, count_states
from proof.crash import KILLED
from proof.ground import Ground
from proof.guards import own_database
from proof.hands import Job, at, work
from proof.neighbour import digest
from proof.stage import PATIENCE, set_stage

COUNT = 6
# What a person does, and at which of its side effects he is killed.
BULK = {"take_back_all": (3, 4, 5, 6, 7), "pause_all": (3, 5, 7, 9), "turn_off": (3, 5, 7)}
STATEMENTS = (60, 400, 900)


def kill_bulk(ground: Ground, _: Random, name: str) -> None:
    """Somebody stops everything that waits, and is killed: it is stopped, or all of it waits."""
    what, _, nth = name.partition(" at effect ")
    with set_stage(ground, count=COUNT, undo_minutes=5) as stage:
        stage.go("run")
        before = digest(stage.administration)
        assert count_states(stage.administration) == {"released": COUNT}
        assert stage.spawn(what, minutes=2, nth=int(nth)) == KILLED, f"{what} has no effect {nth}"
        assert digest(stage.administration) == before, "half of it stayed"
        stage.go(what, minutes=3)
        stage.go("send", minutes=10)
        stage.go("day", minutes=20)
        assert stage.received() == [], "what was stopped went out"
        check_all(stage, Expected(waits=True))


def kill_migration(ground: Ground, _: Random, name: str) -> None:
    """Killed while the tables are made; made again, they are as they should be."""
    nth = int(name.rpartition(" ")[2])
    wanted = list_schema()
    with own_database(ground, template="template1") as (own, address):
        job = Job("migrate", UUID(int=0), at(DAY), database=address.database)
        statuses = []
        for one in (replace(job, nth=nth), job):
            process = own.start(work, one)
            process.join(PATIENCE)
            statuses.append(process.exitcode)
        assert statuses == [KILLED, 0], f"ended with {statuses}"
        made = list_schema()
        missing, strange = wanted - made, made - wanted
        assert not missing, f"{len(missing)} are missing, the first: {min(missing)}"
        assert not strange, f"{len(strange)} are strange, the first: {min(strange)}"
        connections.close_all()


def list_cases() -> list[Case]:
    """Every such case that can be run today."""
    bulk = [f"{what} at effect {nth}" for what, places in BULK.items() for nth in places]
    tables = [f"the tables made, killed at effect {nth}" for nth in STATEMENTS]
    return [
        *spread("A8", bulk, kill_bulk),
        *spread("A8", tables, kill_migration, fixed=0),
    ]


LATER = (Later("A8", 9, "erasure"),)
