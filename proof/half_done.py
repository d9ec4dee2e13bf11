"""Row A8: killed in the middle of what touches many at once: all of it is done, or nothing."""

from dataclasses import replace
from random import Random
from uuid import UUID

from django.conf import settings
from django.db import connections

from proof.cases import Case, Later, spread
from proof.checks import Expected, check_all, count_states, digest
from proof.crash import KILLED
from proof.ground import Ground
from proof.guards import own_database
from proof.hands import Job, at, work
from proof.stage import DAY, PATIENCE, set_stage

COUNT = 6
# What a person does, and at which of its side effects he is killed.
BULK = {"take_back_all": (3, 4, 5, 6, 7), "pause_all": (3, 5, 7, 9), "turn_off": (3, 5, 7)}
STATEMENTS = (60, 400, 900)
_SCHEMA = """
SELECT 'column', concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default)
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'rule', conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'index', indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'row security', concat_ws(' ', tablename, policyname, qual, with_check)
FROM pg_policies WHERE schemaname = 'public'
UNION ALL SELECT 'trigger', pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'right', concat_ws(' ', table_name, privilege_type)
FROM information_schema.role_table_grants
WHERE table_schema = 'public' AND grantee = %s ORDER BY 1, 2
"""


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
    wanted = _list_schema()
    with own_database(ground, template="template1") as (own, address):
        job = Job("migrate", UUID(int=0), at(DAY), database=address.database)
        statuses = []
        for one in (replace(job, nth=nth), job):
            process = own.start(work, one)
            process.join(PATIENCE)
            statuses.append(process.exitcode)
        assert statuses == [KILLED, 0], f"ended with {statuses}"
        made = _list_schema()
        missing, strange = wanted - made, made - wanted
        assert not missing, f"{len(missing)} are missing, the first: {min(missing)}"
        assert not strange, f"{len(strange)} are strange, the first: {min(strange)}"
        connections.close_all()


def _list_schema() -> set[tuple[str, str]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(_SCHEMA, [settings.DATABASES["default"]["USER"]])
        return set(cursor.fetchall())


def list_cases() -> list[Case]:
    """Every such case that can be run today."""
    bulk = [f"{what} at effect {nth}" for what, places in BULK.items() for nth in places]
    tables = [f"the tables made, killed at effect {nth}" for nth in STATEMENTS]
    return [
        *spread("A8", bulk, kill_bulk, short=1),
        *spread("A8", tables, kill_migration, short=0, fixed=0),
    ]


LATER = (Later("A8", 15, "exports that write files of their own, and erasure"),)
