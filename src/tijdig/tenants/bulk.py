"""Many rows in one statement: arrays go in, a set comes out."""

import struct
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection, models
from psycopg.adapt import Dumper
from psycopg.pq import Format

from tijdig.tenants.scope import active_administration

_UUID_OID = 2950
_UUID_ARRAY_OID = 2951
_UUID_LENGTH = struct.pack(">i", 16)


class _Uuids(bytes):
    """An array of UUIDs as PostgreSQL sends and takes them in binary."""


class _UuidsDumper(Dumper):
    format = Format.BINARY
    oid = _UUID_ARRAY_OID

    def dump(self, obj: _Uuids) -> bytes:
        return obj


def _column(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    """The field of a column of this table; a name that is no column is a mistake of ours."""
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise TypeError(f"{name} is no column of {model.__name__}")
    return field


def _column_type(field: "models.Field[Any, Any]") -> str:
    kind = field.db_type(connection) or "text"
    if kind.startswith("varchar"):
        return "text"
    return kind.split(" GENERATED")[0]


def _array_type(field: "models.Field[Any, Any]") -> str:
    """The array that carries a column's values."""
    kind = _column_type(field)
    return "text[]::jsonb[]" if kind == "jsonb" else f"{kind}[]"


def execute(sql: str, parameters: Sequence[Any]) -> "psycopg.Cursor[tuple[Any, ...]]":
    """Run a statement with its values bound by the server; a list becomes one array."""
    connection.ensure_connection()
    cursor = psycopg.Cursor(connection.connection)
    cursor.adapters.register_dumper(_Uuids, _UuidsDumper)
    values = [_write_array(one) if isinstance(one, list) else one for one in parameters]
    with connection.wrap_database_errors:
        return cursor.execute(sql.encode(), values)


def _write_array(values: list[Any]) -> Any:
    """The array as PostgreSQL reads it: many times faster than value by value.

    Bytes are left to the driver.
    """
    kinds = set(map(type, values))
    if kinds == {UUID}:
        return _write_uuids(values)
    if bytes in kinds:
        return values
    if kinds == {str}:
        return _write_texts(values)
    if str in kinds:
        return f"{{{','.join([_quote(value) for value in values])}}}"
    if type(None) in kinds:
        return f"{{{','.join(['NULL' if value is None else str(value) for value in values])}}}"
    return f"{{{','.join(map(str, values))}}}"


def _write_uuids(values: list[UUID]) -> _Uuids:
    """In binary: one dimension, no nulls, the type, how many from 1 on; each with its length."""
    head = struct.pack(">iiIii", 1, 0, _UUID_OID, len(values), 1)
    together = _UUID_LENGTH.join([value.bytes for value in values])
    return _Uuids(head + _UUID_LENGTH + together)


def _write_texts(values: list[str]) -> Any:
    """All texts are quoted at once, with the one character between them that no text may hold."""
    together = "\0".join(values)
    if together.count("\0") != len(values) - 1:
        return values  # the driver refuses it
    quoted = together.replace("\\", "\\\\").replace('"', '\\"').replace("\0", '","')
    return f'{{"{quoted}"}}'


def _quote(value: str | None) -> str:
    if value is None:
        return "NULL"
    if "\\" in value or '"' in value:
        value = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{value}"'


def insert_rows(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    *,
    same: Mapping[str, Any] | None = None,
    unless_there: bool = False,
) -> int:
    """Insert rows given as tuples in the order of `columns` (field names); the number inserted.

    `same` gives the columns that are the same in every row. `unless_there` leaves out what a
    unique key already holds. JSON columns take JSON text.
    """
    if not rows:
        return 0
    same = same or {}
    fields = [_column(model, name) for name in columns]
    constants = [_column(model, name) for name in same]
    targets = ", ".join(f'"{field.column}"' for field in (*fields, *constants))
    casts = ", ".join(f"%s::{_array_type(field)}" for field in fields)
    values = "".join(f", %s::{_column_type(field)}" for field in constants)
    sql = (
        f"INSERT INTO {model._meta.db_table} ({targets}) "
        f"SELECT given.*{values} FROM unnest({casts}) AS given"
    )
    if unless_there:
        sql += " ON CONFLICT DO NOTHING"
    arrays = [list(column) for column in zip(*rows, strict=True)]
    return execute(sql, [*same.values(), *arrays]).rowcount


def update_rows(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> int:
    """Update rows given as tuples: the id first, then the new values in the order of `columns`."""
    if not rows:
        return 0
    meta = model._meta
    fields = [_column(model, name) for name in ("id", *columns)]
    assignments = ", ".join(f'"{field.column}" = new."{field.column}"' for field in fields[1:])
    casts = ", ".join(f"%s::{_array_type(field)}" for field in fields)
    names = ", ".join(f'"{field.column}"' for field in fields)
    sql = (
        f"UPDATE {meta.db_table} old SET {assignments} FROM unnest({casts}) AS new ({names}) "
        "WHERE old.administration_id = %s AND old.id = new.id AND old.id BETWEEN %s AND %s"
    )
    arrays = [list(column) for column in zip(*rows, strict=True)]
    ids = arrays[0]
    return execute(sql, [*arrays, active_administration(), min(ids), max(ids)]).rowcount


def analyse_grown_tables() -> None:
    """After many rows came into a small table: let the database plan for what it is now."""
    execute("SELECT tijdig_analyse_grown()", [])
