"""Many rows in one statement: arrays go in, a set comes out."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import accumulate, chain
from typing import Any, TypeVar

import psycopg
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from psycopg.types.string import TextLoader

from tijdig.tenants import behind
from tijdig.tenants.arrays import IdList, register_arrays, write_array, write_texts
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import active_administration

_ROWS_AT_ONCE = 5_000
_ASKED_BEFORE_KEPT, _PLANS_KEPT = 5, 500
# Where a value goes in, and the sign itself.
_VALUE = re.compile("%%|%s")

# The values of one column, for every row; ids may be written down already.
Column = Sequence[Any]

# Gives the rows that were asked for.
Rows = Callable[[], list[tuple[Any, ...]]]

# Puts a question and gives its rows.
Run = Callable[[str, Sequence[Any]], list[tuple[Any, ...]]]

_T = TypeVar("_T")


def execute(sql: str, parameters: Sequence[Any]) -> "psycopg.Cursor[tuple[Any, ...]]":
    """Run a statement with its values bound by the server; a list becomes one array.

    An `IdList` that stands in it several times is sent once.
    """
    behind.wait_for_sent()
    cursor, values = _bind(parameters)
    with connection.wrap_database_errors:
        places = [id(one) for one in parameters if isinstance(one, IdList)]
        if len(set(places)) == len(places):
            return cursor.execute(sql.encode(), values)
        names = _name_values(parameters)
        named = dict(zip(names, values, strict=True))
        return cursor.execute(_write_named(sql, names).encode(), named)


def is_so(question: str, parameters: Sequence[Any]) -> bool:
    """The answer to a statement that asks one thing, yes or no."""
    row = execute(question, parameters).fetchone()
    return bool(row and row[0])


def command(sql: str, parameters: Sequence[Any]) -> None:
    """The same for a statement that nobody asks what came of; see `writing_behind`."""
    cursor, values = _bind(parameters)
    behind.send(partial(cursor.execute, sql.encode(), values))


def ask(sql: str, parameters: Sequence[Any]) -> Rows:
    """Put a question, for whose rows is asked later; see `writing_behind`."""
    cursor, values = _bind(parameters)
    answer = behind.ask(partial(cursor.execute, sql.encode(), values))
    return lambda: answer().fetchall()


def ask_together(work: Callable[[Run], _T]) -> Callable[[], _T]:
    """The same for questions of which one follows from the answer to another.

    `work` puts them with what it is given, and nothing else: it may run in another thread.
    """
    connection.ensure_connection()
    open_connection = connection.connection

    def run(sql: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
        cursor, values = _bind_on(open_connection, parameters)
        return cursor.execute(sql.encode(), values).fetchall()

    return behind.ask(partial(work, run))


def plan_once() -> None:
    """From now on the server keeps the plans of what `execute` asks on this connection.

    For one process that puts the same questions thousands of times to small books: planning takes
    longer than finding a few rows. A plan that is kept does not know how many rows there are.
    """
    connection.ensure_connection()
    connection.connection.prepare_threshold = _ASKED_BEFORE_KEPT
    connection.connection.prepared_max = _PLANS_KEPT


def read_ids_as_texts() -> None:
    """From now on ids that are read on this connection are texts, of which Python makes no UUID.

    For one process that looks up ids some hundred times for each row: a text is hashed and compared
    without a call in Python. All ids that such a process works with have to be texts.
    """
    connection.ensure_connection()
    connection.connection.adapters.register_loader("uuid", TextLoader)


def read_rows(sql: str, parameters: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of a query as they stood when it began, some thousands at a time.

    For many rows: memory does not grow with their number.
    """
    behind.wait_for_sent()
    connection.ensure_connection()
    name = f"rows_{new_id().hex}"
    with psycopg.ServerCursor(connection.connection, name) as cursor:
        register_arrays(cursor.adapters)
        cursor.itersize = _ROWS_AT_ONCE
        values = [write_array(one) if isinstance(one, list) else one for one in parameters]
        with connection.wrap_database_errors:
            cursor.execute(sql.encode(), values)
            yield from cursor


def insert_rows(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
    *,
    same: Mapping[str, Any] | None = None,
    unless_there: bool = False,
) -> int:
    """Insert rows given as tuples in the order of `columns` (field names); the number inserted.

    Inside `writing_behind` nobody waits for it, and the number is that of the rows given.
    `same` gives the columns that are the same in every row. `unless_there` leaves out what a
    unique key already holds. JSON columns take JSON text, array columns a sequence.
    """
    if not rows:
        return 0
    told = dict(zip(columns, zip(*rows, strict=True), strict=True))
    return insert_columns(model, told, len(rows), same=same, unless_there=unless_there)


def insert_columns(
    model: type[models.Model],
    columns: Mapping[str, Column],
    count: int,
    *,
    same: Mapping[str, Any] | None = None,
    unless_there: bool = False,
) -> int:
    """The same of so many rows that are given as columns, by field name."""
    if not count:
        return 0
    same = same or {}
    given = _Given([_column(model, name) for name in columns], [*columns.values()])
    constants = [_column(model, name) for name in same]
    targets = ", ".join(f'"{field.column}"' for field in (*given.fields, *constants))
    values = "".join(f", %s::{_column_type(field)}" for field in constants)
    sql = (
        f"INSERT INTO {model._meta.db_table} ({targets}) "
        f"SELECT {given.values}{values} FROM {given.rows}"
    )
    if unless_there:
        sql += " ON CONFLICT DO NOTHING"
    return _write(sql, [*given.value_parameters, *same.values(), *given.row_parameters], count)


def update_rows(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> int:
    """Update rows given as tuples: the id first, then the new values in the order of `columns`.

    How many; inside `writing_behind` as for `insert_rows`.
    """
    if not rows:
        return 0
    told = dict(zip(("id", *columns), zip(*rows, strict=True), strict=True))
    ids = told["id"]
    return _update(model, told, len(rows), "old.id BETWEEN %s AND %s", [min(ids), max(ids)])


def update_columns(model: type[models.Model], columns: Mapping[str, Column], count: int) -> int:
    """The same of so many rows that are given as columns, the id first, for ids all over a table.

    Each is looked up; `update_rows` reads all that lie between the first and the last.
    """
    if not count:
        return 0
    return _update(model, columns, count, "old.id = ANY(%s)", [columns["id"]])


def _update(
    model: type[models.Model],
    columns: Mapping[str, Column],
    count: int,
    which: str,
    told: Sequence[Any],
) -> int:
    given = _Given([_column(model, name) for name in columns], [*columns.values()])
    names = [f'"{field.column}"' for field in given.fields]
    sql = (
        f"UPDATE {model._meta.db_table} old "
        f"SET {', '.join(f'{name} = new.{name}' for name in names[1:])} "
        f"FROM (SELECT {given.values} FROM {given.rows}) AS new ({', '.join(names)}) "
        f"WHERE old.administration_id = %s AND old.id = new.id AND {which}"
    )
    parameters = [*given.value_parameters, *given.row_parameters, active_administration(), *told]
    return _write(sql, parameters, count)


def analyse_grown_tables() -> None:
    """After many rows came into a small table: let the database plan for what it is now."""
    execute("SELECT tijdig_analyse_grown()", [])


def _write(sql: str, parameters: Sequence[Any], given: int) -> int:
    if not behind.is_behind():
        return execute(sql, parameters).rowcount
    command(sql, parameters)
    return given


def _bind(parameters: Sequence[Any]) -> "tuple[psycopg.Cursor[tuple[Any, ...]], list[Any]]":
    """A cursor, and the values as it sends them."""
    connection.ensure_connection()
    return _bind_on(connection.connection, parameters)


def _bind_on(
    open_connection: Any, parameters: Sequence[Any]
) -> "tuple[psycopg.Cursor[tuple[Any, ...]], list[Any]]":
    cursor = psycopg.Cursor(open_connection)
    register_arrays(cursor.adapters)
    return cursor, [write_array(one) if isinstance(one, list) else one for one in parameters]


def _name_values(parameters: Sequence[Any]) -> tuple[str, ...]:
    """A name for each value; the same one for a list of ids that came before."""
    first: dict[int, str] = {}
    return tuple(
        first.setdefault(id(one), f"p{place}") if isinstance(one, IdList) else f"p{place}"
        for place, one in enumerate(parameters)
    )


@lru_cache(maxsize=64)
def _write_named(sql: str, names: tuple[str, ...]) -> str:
    """The statement with names where values go in."""
    following = iter(names)
    return _VALUE.sub(lambda one: one[0] if one[0] == "%%" else f"%({next(following)})s", sql)


class _Given:
    """Rows as a set that a statement can read.

    `values` are the columns to select, in order of `fields`, `rows` is what to select them from. A
    value that is the same in every row goes in once.
    """

    def __init__(
        self, fields: "Sequence[models.Field[Any, Any]]", columns: Sequence[Column]
    ) -> None:
        self.fields = fields
        self.value_parameters: list[Any] = []
        self.row_parameters: list[Any] = []
        self._names: list[str] = []
        self._casts: list[str] = []
        self._bounds: dict[tuple[int, ...], tuple[str, str]] = {}
        self.values = ", ".join(
            self._add(field, column) for field, column in zip(fields, columns, strict=True)
        )
        if not self._names:
            self._add_column(list(range(len(columns[0]))), "integer")
        self.rows = f"unnest({', '.join(self._casts)}) AS given ({', '.join(self._names)})"

    def _add(self, field: "models.Field[Any, Any]", column: Column) -> str:
        """How the values of this column are written in the statement."""
        kind = _column_type(field)
        if isinstance(column, bytes):
            return self._add_column(column, kind)
        if isinstance(field, ArrayField):
            return self._add_slices(field, column)
        if column[0] == column[-1] and column.count(column[0]) == len(column):
            self.value_parameters.append(column[0])
            return f"%s::{kind}"
        if kind in ("text", "jsonb"):
            name = self._add_column(write_texts(column), "text")
            return name if kind == "text" else f"{name}::jsonb"
        return self._add_column(list(column), kind)

    def _add_column(self, values: Any, kind: str) -> str:
        name = f"c{len(self._names)}"
        self._names.append(name)
        self._casts.append(f"%s::{kind}[]")
        self.row_parameters.append(values)
        return f"given.{name}"

    def _add_slices(self, field: "ArrayField[Any, Any]", column: Sequence[Any]) -> str:
        """All arrays go in as one, and each row takes its own part of it."""
        lengths = tuple(map(len, column))
        if lengths not in self._bounds:
            length = self._add_column(list(lengths), "integer")
            self._bounds[lengths] = (length, self._add_column([*accumulate(lengths)], "integer"))
        length, end = self._bounds[lengths]
        self.value_parameters.append([*chain.from_iterable(column)])
        return f"(%s::{_column_type(field.base_field)}[])[{end} - {length} + 1:{end}]"


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
