"""The floor under every write: what PostgreSQL itself needs to take in the same rows.

A table with the same columns, keys, checks and indexes as the one that was written takes all the
rows in a single INSERT … SELECT: no decision, no text, no Python in between.
"""

import secrets
import time
from dataclasses import dataclass

import psycopg
from psycopg import sql


@dataclass(frozen=True, slots=True)
class Insertion:
    """One INSERT … SELECT with its commit: how many rows went in, in how long."""

    table: str
    rows: int
    seconds: float


def insert_floor(dsn: str, *, table: str, select: str = "", repeats: int = 3) -> Insertion:
    """The quickest of a few single inserts of what `select` yields into a twin of `table`.

    `select` gives the columns in the table's order; without one, all rows that the table holds.
    `dsn` is of the owner of the tables: he makes the twin and drops it again.
    """
    with psycopg.connect(dsn, autocommit=True) as connection:
        source = select or sql.SQL("SELECT * FROM {}").format(sql.Identifier(table))
        found = [_insert_once(connection, table, source) for _ in range(repeats)]
    return min(found, key=lambda insertion: insertion.seconds)


def _insert_once(
    connection: psycopg.Connection[tuple[object, ...]], table: str, select: str | sql.Composed
) -> Insertion:
    twin = f"floor_{secrets.token_hex(6)}"
    _make_twin(connection, table, twin)
    try:
        query = sql.SQL("INSERT INTO {} ").format(sql.Identifier(twin))
        query += sql.SQL(select) if isinstance(select, str) else select
        started = time.perf_counter()
        rows = connection.execute(query).rowcount
        return Insertion(table, rows, time.perf_counter() - started)
    finally:
        connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(twin)))


def _make_twin(connection: psycopg.Connection[tuple[object, ...]], table: str, twin: str) -> None:
    """LIKE copies all but the keys to other tables: those are made from the catalogue.

    Some are foreign keys, some triggers that look all rows of a statement up at once.
    """
    connection.execute(
        sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(
            sql.Identifier(twin), sql.Identifier(table)
        )
    )
    keys = connection.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype = 'f' AND conrelid = %s::regclass ORDER BY conname",
        [table],
    ).fetchall()
    for (definition,) in keys:
        connection.execute(
            sql.SQL("ALTER TABLE {} ADD {}").format(sql.Identifier(twin), sql.SQL(str(definition)))
        )
    triggers = connection.execute(
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger "
        "WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgnewtable IS NOT NULL",
        [table],
    ).fetchall()
    for (definition,) in triggers:
        made = str(definition).replace(f"ON public.{table} ", f"ON public.{twin} ")
        connection.execute(sql.SQL(made))
