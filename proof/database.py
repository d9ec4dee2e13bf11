"""Rows C: the database fails, waits or is full; nothing is half done, and the next try mends it."""

from random import Random

import psycopg
from django.conf import settings
from tests.integration.books import balances, make_payment, make_statement

from proof.arrears import CENTS, DAY, MONDAY, make_rows
from proof.cases import Case, Later, spread
from proof.checks import Expected, check_all, count_states
from proof.crash import BY_MAIL, check_reached, recover
from proof.ground import Ground
from proof.guards import own_database
from proof.hands import FOUND_NOTHING
from proof.stage import PATIENCE, set_stage, wait_for_lock

# A run for three debtors has 33 statements that write or lock rows, as A6 counts its effects.
WRITES, SLACK = 36, 3
FILES = ("a letter", "the send log", "an import", "the anchor")


def drop_connection_at(ground: Ground, _: Random, name: str) -> None:
    """The line to the database is gone in the middle; the process says so and ends."""
    with set_stage(ground, count=3) as stage:
        status = stage.spawn("day", failpoint=f"{name}:drop_db:1")
        assert status in {0, 1}, f"ended with {status}"
        recover(stage)
        # Once claimed it goes out; without a line to the database nobody writes down that it did.
        check_all(stage, Expected(in_doubt=int(name.startswith("send."))))


def fail_at_write(ground: Ground, _: Random, name: str) -> None:
    """A statement that writes or locks rows is refused as the database refuses in a conflict."""
    error, _, nth = name.partition(" at write ")
    with set_stage(ground, count=3) as stage:
        status = stage.spawn("day", fails=(error, int(nth)))
        check_reached(int(nth), last=WRITES, slack=SLACK, reached=status != FOUND_NOTHING)
        assert status in {0, 1, FOUND_NOTHING}, f"ended with {status}"
        recover(stage)
        # What was handed over while nobody could write that down waits for a person.
        check_all(stage, Expected(in_doubt=3))


def wait_for_a_lock(ground: Ground, _: Random, name: str) -> None:
    """A person holds rows for long: the run waits, or ends with a clear word, and loses nothing."""
    table, _, how = name.partition(", ")
    with set_stage(ground, count=3) as stage:
        owner = settings.DATABASES["owner"]
        with psycopg.connect(
            host=owner["HOST"],
            port=owner["PORT"],
            dbname=owner["NAME"],
            user=owner["USER"],
            password=owner["PASSWORD"],
        ) as line:
            sql = f"SELECT id FROM {table} WHERE {_column(table)} = %s FOR UPDATE"
            line.execute(sql, [stage.administration])
            process = stage.start("day", statement_timeout=300 if how == "times out" else 0)
            if how == "times out":
                process.join(PATIENCE)
            else:
                wait_for_lock(lambda: process.exitcode is not None, seconds=PATIENCE)
            assert (process.exitcode == 1) == (how == "times out")
            assert stage.received() == []
        process.join(PATIENCE)
        assert process.exitcode in {0, 1}
        recover(stage)
        check_all(stage, Expected(exactly=True))


def _column(table: str) -> str:
    return "id" if table == "tijdig_administration" else "administration_id"


def fill_disk(ground: Ground, _: Random, name: str) -> None:
    """No file can grow: what must be on disk before it leaves is not, so it does not leave."""
    with set_stage(ground, count=3, by_letter=name == "a letter") as stage:
        if name == "an import":
            row = make_rows(3)[0]
            line = make_payment(CENTS, row.number, on=DAY, iban=row.iban)
            files = (("bestand", make_statement(line)),)
            assert stage.spawn("import", files=files, file_limit=1) == 0
            assert sorted(balances(stage.administration).values()) == [0, CENTS, CENTS]
            stage.go("day")
            check_all(stage, Expected(not_sent=frozenset([0]), exactly=True))
            return
        if name == "the anchor":
            stage.go("day")
            assert stage.spawn("seal", file_limit=1) == 1, (
                "an anchor that is not there was no error"
            )
            check_all(stage, Expected(exactly=True))
            return
        stage.go("send", day=MONDAY)  # it marks its folder, as a worker does at its start
        status = stage.spawn("day", file_limit=400 if name == "a letter" else 10)
        assert status in {0, 1}, f"ended with {status}"
        assert stage.received() == [], "something left that was not written down first"
        recover(stage)
        stage.go("send", minutes=80)
        check_all(stage, Expected(exactly=True), minutes=100)
        assert count_states(stage.administration) == {"accepted": 3}
        assert not list((stage.folder / "letters").glob("*.part")), "half a file was left"


def fill_disk_at_first(ground: Ground, _: Random, __: str) -> None:
    """The very first look of an installation cannot mark its folder: the next one does."""
    with own_database(ground) as (own, _address), set_stage(own, count=3) as stage:
        assert stage.spawn("day", file_limit=1) == 1, "a mark that is not there was no error"
        assert stage.received() == [], "something left an installation without its mark"
        recover(stage)
        check_all(stage, Expected(exactly=True))


def list_cases() -> list[Case]:
    """Every case of rows C that can be run today."""
    writes = [f"{code} at write {n}" for n in range(1, WRITES + 1) for code in ("40001", "40P01")]
    locks = [
        f"{table}, {how}"
        for table in ("tijdig_administration", "tijdig_debtor")
        for how in ("lets go", "times out")
    ]
    return [
        *spread("C1", BY_MAIL, drop_connection_at),
        *spread("C2", writes, fail_at_write, fixed=24),
        *spread("C3", locks, wait_for_a_lock),
        *spread("C4", FILES, fill_disk),
        *spread("C4", ["the mark of the folder"], fill_disk_at_first),
    ]


LATER = (Later("C3", 2, "a pool of connections"),)
