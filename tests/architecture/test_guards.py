"""The database itself keeps administrations apart: on every table, whatever the code above does."""

import json
from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction
from django.db.models import ForeignKey, Model
from tests.architecture.crowd import make_crowded_administration
from tests.integration.growth import known_as_grown
from tests.integration.office import make_administration

from tijdig.tenants.ids import new_id
from tijdig.tenants.models import Administration, Scoped
from tijdig.tenants.scope import administration_scope

FORBIDDEN = "42501"  # insufficient_privilege: no right, or a row that a policy refuses
APPEND_ONLY = {"tijdig_entry", "tijdig_event", "tijdig_seal"}
UNSCOPED = {
    "tijdig_user",
    "tijdig_signinfailure",
    "tijdig_signinlink",
    "tijdig_organisation",
    "tijdig_instance",
}
LOOK_UPS = {
    "tijdig_administrations_of",
    "tijdig_administration_by_slug",
    "tijdig_administrations",
    "tijdig_administrations_to_run",
    "tijdig_administrations_to_send",
    "tijdig_administrations_to_seal",
}
# What a run writes in thousands is looked up once per statement, by these triggers (decision 0018).
KEYS_PER_STATEMENT = {
    "decides_on_debtors": (
        "tijdig_decision",
        "tijdig_debtor",
        ("administration_id", "debtor_id"),
        ("administration_id", "id"),
    ),
    "lists_own_items": (
        "tijdig_message",
        "tijdig_openitem",
        ("administration_id", "debtor_id", "carrying_item_id"),
        ("administration_id", "debtor_id", "id"),
    ),
    "adds_to_own_items": (
        "tijdig_entry",
        "tijdig_openitem",
        ("administration_id", "open_item_id"),
        ("administration_id", "id"),
    ),
    "happens_in_administrations": (
        "tijdig_event",
        "tijdig_administration",
        ("administration_id",),
        ("id",),
    ),
}
# Tables with an item (or mandate) of their debtor: one key says both; where it may be empty, two.
OF_THE_DEBTOR = (
    ("message", "carrying_item_id"),
    ("call", "carrying_item_id"),
    ("dispute", "item_id"),
    ("extension", "item_id"),
    ("reason", "item_id"),
    ("promise", "item_id"),
    ("hold", "item_id"),
    ("outcome", "carrying_item_id"),
    ("debitline", "item_id"),
    ("debitline", "mandate_id"),
)
NOT_AN_ITEM = {"mandate_id": "tijdig_sepamandate"}
# A wider key that begins as the primary one does, and finds a row as well.
BEGINS_WITH_ID = {"tijdig_sepamandate": "sepamandate_of_debtor"}
MAY_HAVE_NO_ITEM = {"reason", "promise", "hold"}
ROOTS = set(
    "account debtor event hold import interestagreement keptdryrun look matchlimit membership "
    "openchange policyversion run salt seal source".split()
)
# Runs as the owner too, and gives nothing back.
TELLS_NOTHING = {"tijdig_analyse_grown"}


def list_models() -> list[type[Model]]:
    return list(apps.get_app_config("tijdig").get_models())


def list_scoped() -> list[type[Model]]:
    return [model for model in list_models() if issubclass(model, Scoped)]


def tables_of(models: Sequence[type[Model]]) -> list[str]:
    return sorted(model._meta.db_table for model in models)


SCOPED_TABLES = tables_of(list_scoped())


def ask(sql: str, parameters: Sequence[Any] = (), *, using: str = "default") -> list[Any]:
    """The rows of a statement: as the application role, or as the owner."""
    with connections[using].cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def try_as(administration_id: UUID | None, sql: str, parameters: Sequence[Any] = ()) -> int | str:
    """The rows that a statement of the application role touches, or why it may not; undone."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            told = [str(administration_id or "")]
            cursor.execute("SELECT set_config('tijdig.administration', %s, true)", told)
            cursor.execute(sql, parameters)
            touched = cursor.rowcount
            transaction.set_rollback(True)
            return touched
    except DatabaseError as error:
        return str(getattr(error.__cause__, "sqlstate", error))


@pytest.fixture(scope="module")
def crowded(database: None) -> Iterator[UUID]:
    """With rows in every table, thought to be large: of a few rows every index costs the same."""
    administration_id = make_crowded_administration()
    with known_as_grown(100_000):
        yield administration_id
    connections["owner"].close()


@pytest.fixture(scope="module")
def stranger(database: None) -> UUID:
    """Another administration."""
    return make_administration()


def test_every_table_is_of_an_administration_or_listed_here() -> None:
    others = set(tables_of(list_models())) - set(SCOPED_TABLES)
    assert others == UNSCOPED | {Administration._meta.db_table}
    assert len(SCOPED_TABLES) > 20


def test_every_table_of_an_administration_has_row_security(database: None) -> None:
    rows = ask(
        """
        SELECT class.relname, policy.policyname, policy.permissive, policy.roles::text[],
               policy.cmd, policy.qual, policy.with_check
        FROM pg_class class
        JOIN pg_policies policy
          ON policy.tablename = class.relname AND policy.schemaname = 'public'
        WHERE class.relrowsecurity AND class.relkind = 'r'
        """
    )

    def expected(table: str) -> tuple[Any, ...]:
        column = "id" if table == "tijdig_administration" else "administration_id"
        said = f"({column} = ( SELECT tijdig_administration() AS tijdig_administration))"
        return (table, "same_administration", "PERMISSIVE", ["public"], "ALL", said, said)

    tables = [*SCOPED_TABLES, "tijdig_administration"]
    assert sorted(rows) == sorted(expected(table) for table in tables)


Key = tuple[str, str, tuple[str, ...], tuple[str, ...]]


def list_foreign_keys() -> list[Key]:
    """The foreign keys, also those that a trigger keeps."""
    return sorted([*list_keys("f"), *KEYS_PER_STATEMENT.values()])


def list_keys(kind: str) -> list[Key]:
    """Table, target, columns, target columns of each primary ('p') or foreign ('f') key."""
    rows = ask(
        """
        SELECT c.conrelid::regclass::text, coalesce(c.confrelid::regclass::text, ''), ARRAY(
            SELECT a.attname::text FROM unnest(c.conkey) WITH ORDINALITY AS k (attnum, n)
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum ORDER BY k.n
        ), ARRAY(
            SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY AS k (attnum, n)
            JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.attnum ORDER BY k.n
        )
        FROM pg_constraint c WHERE contype = %s AND convalidated
        """,
        [kind],
    )
    return sorted(
        (table, target, tuple(columns), tuple(targets))
        for table, target, columns, targets in rows
        if table in SCOPED_TABLES
    )


def test_the_key_of_every_row_begins_with_its_administration(database: None) -> None:
    found = [(table, columns) for table, _, columns, _ in list_keys("p")]
    assert found == [(table, ("administration_id", "id")) for table in SCOPED_TABLES]


def test_every_key_between_such_tables_carries_the_administration(database: None) -> None:
    """By itself, or in a key to a row that is itself tied to the same one: an item's debtor."""
    found = [one for one in list_foreign_keys() if one[1] in SCOPED_TABLES]
    wanted = {
        (
            model._meta.db_table,
            field.related_model._meta.db_table,
            ("administration_id", field.column),
            ("administration_id", "id"),
        )
        for model in list_scoped()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and issubclass(field.related_model, Scoped)
    }
    assert len(wanted) > 15
    of_the_debtor = {
        (
            f"tijdig_{table}",
            NOT_AN_ITEM.get(column, "tijdig_openitem"),
            ("administration_id", "debtor_id", column),
            ("administration_id", "debtor_id", "id"),
        )
        for table, column in OF_THE_DEBTOR
    }
    held_by_it = {
        (f"tijdig_{table}", target, ("administration_id", column), ("administration_id", "id"))
        for table, item in OF_THE_DEBTOR
        for column, target in (
            (item, NOT_AN_ITEM.get(item, "tijdig_openitem")),
            ("debtor_id", "tijdig_debtor"),
        )
        if column == item or table not in MAY_HAVE_NO_ITEM
    }
    assert held_by_it < wanted
    assert found == sorted(wanted - held_by_it | of_the_debtor)


def test_what_is_looked_up_per_statement_is_looked_up_and_what_it_names_is_kept(
    database: None,
) -> None:
    """Always, for all rows of a statement; they refuse: test_message_lists.py, test_entries.py."""
    rows = ask(
        """
        SELECT tgname, tgrelid::regclass::text, tgenabled, pg_get_triggerdef(oid) FROM pg_trigger
        WHERE NOT tgisinternal AND tgnewtable = 'written' AND tgname = ANY(%s)
        """,
        [list(KEYS_PER_STATEMENT)],
    )
    assert {(name, table, enabled) for name, table, enabled, _ in rows} == {
        (name, key[0], "O") for name, key in KEYS_PER_STATEMENT.items()
    }
    for name, table, _, definition in rows:
        assert f"AFTER INSERT ON public.{table} " in definition, name
        assert " FOR EACH STATEMENT EXECUTE FUNCTION " in definition, name
        assert " WHEN " not in definition, name
    kept = ask("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'is_kept'")
    assert {table for (table,) in kept} == {
        f"tijdig_{name}" for name in ("administration", "debtor", "openitem", "run")
    }


def test_every_administration_that_a_row_names_exists(database: None) -> None:
    """By a key of its own, or by one to a row for which the same holds."""
    keys = list_foreign_keys()
    sure = {
        table
        for table, target, columns, _ in keys
        if target == "tijdig_administration" and columns == ("administration_id",)
    }
    assert sure == {f"tijdig_{name}" for name in ROOTS}
    never_empty = {
        (model._meta.db_table, field.column)
        for model in list_scoped()
        for field in model._meta.concrete_fields
        if not field.null
    }
    for _ in SCOPED_TABLES:
        sure |= {
            table
            for table, target, columns, _ in keys
            if target in sure and all((table, column) in never_empty for column in columns)
        }
    assert sorted(sure) == SCOPED_TABLES


@pytest.mark.parametrize("model", list_scoped(), ids=lambda model: model.__name__)
def test_a_row_is_found_by_its_id_alone(crowded: UUID, model: type[Model]) -> None:
    """As Django writes it in `save()` and `delete()`: row security adds the administration."""
    table = model._meta.db_table
    with administration_scope(crowded), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN SELECT FROM {table} WHERE id = %s", [new_id()])
        plan = " ".join(row[0] for row in cursor.fetchall())
    assert f"{table}_pkey" in plan or BEGINS_WITH_ID.get(table, table) in plan.split()
    assert "(administration_id = " in plan.partition("Index Cond:")[2]


def test_the_application_role_owns_nothing_and_is_bound_by_the_policies(database: None) -> None:
    role = settings.DATABASES["default"]["USER"]
    assert ask("SELECT current_user") == [(role,)]
    assert ask(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles "
        "WHERE rolname = current_user"
    ) == [(False, False, False, False)]
    owned = ask(
        """
        WITH me AS (SELECT oid FROM pg_roles WHERE rolname = current_user)
        SELECT relname FROM pg_class, me WHERE relowner = me.oid
        UNION ALL SELECT proname FROM pg_proc, me WHERE proowner = me.oid
        UNION ALL SELECT nspname FROM pg_namespace, me WHERE nspowner = me.oid
        UNION ALL SELECT datname FROM pg_database, me WHERE datdba = me.oid
        """
    )
    assert [name for (name,) in owned if not name.startswith("pg_temp")] == []
    assert ask("SELECT count(*) FROM pg_auth_members WHERE member = current_user::regrole") == [
        (0,)
    ]


def test_what_comes_before_the_administration_is_known_gives_ids_only(database: None) -> None:
    rows = ask(
        """
        SELECT proname, prorettype::regtype::text, proconfig FROM pg_proc
        WHERE prosecdef AND pronamespace = 'public'::regnamespace
        """
    )
    assert {tuple(options) for _, _, options in rows} == {("search_path=public",)}
    telling = {name: kind for name, kind, _ in rows if name not in TELLS_NOTHING}
    assert telling == dict.fromkeys(LOOK_UPS, "uuid")
    assert {kind for name, kind, _ in rows if name in TELLS_NOTHING} <= {"void"}


def test_what_was_written_once_cannot_be_written_again(database: None) -> None:
    rows = ask(
        """
        SELECT table_name FROM information_schema.table_privileges
        WHERE grantee = current_user AND privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE')
        """
    )
    assert APPEND_ONLY & {name for (name,) in rows} == set()


@pytest.mark.parametrize("table", SCOPED_TABLES)
def test_without_an_administration_nothing_can_be_read(crowded: UUID, table: str) -> None:
    count = f"SELECT FROM {table}"
    assert try_as(crowded, count) > 0
    assert try_as(None, count) == FORBIDDEN


@pytest.mark.parametrize("table", SCOPED_TABLES)
def test_another_administration_cannot_be_read_or_written(
    crowded: UUID, stranger: UUID, table: str
) -> None:
    theirs = [crowded]
    assert try_as(stranger, f"SELECT FROM {table} WHERE administration_id = %s", theirs) == 0
    change = f"UPDATE {table} SET id = id WHERE administration_id = %s"
    assert try_as(stranger, change, theirs) in {0, FORBIDDEN}
    remove = f"DELETE FROM {table} WHERE administration_id = %s"
    assert try_as(stranger, remove, theirs) in {0, FORBIDDEN}
    # A copy of a row of theirs, under an id of its own: only its administration is wrong.
    ((row,),) = ask(
        f"SELECT to_jsonb(one) FROM {table} one WHERE administration_id = %s LIMIT 1",
        theirs,
        using="owner",
    )
    copy = json.dumps({**json.loads(row), "id": str(new_id())})
    columns = ", ".join(
        f'"{field.column}"'
        for model in list_scoped()
        for field in model._meta.concrete_fields
        if model._meta.db_table == table and not field.generated
    )
    insert = (
        f"INSERT INTO {table} ({columns}) "
        f"SELECT {columns} FROM jsonb_populate_record(NULL::{table}, %s::jsonb)"
    )
    assert try_as(stranger, insert, [copy]) == FORBIDDEN


def test_a_row_cannot_be_moved_to_another_administration(crowded: UUID, stranger: UUID) -> None:
    move = "UPDATE tijdig_debtor SET administration_id = %s"
    assert try_as(crowded, move, [stranger]) == FORBIDDEN


def test_the_administrations_themselves_are_as_closed(crowded: UUID, stranger: UUID) -> None:
    table = "tijdig_administration"
    assert try_as(stranger, f"SELECT FROM {table}") == 1
    assert try_as(stranger, f"UPDATE {table} SET sending_on = true WHERE id = %s", [crowded]) == 0
    assert try_as(stranger, f"DELETE FROM {table} WHERE id = %s", [crowded]) == 0
    assert try_as(None, f"SELECT FROM {table}") == FORBIDDEN


def test_a_scope_ends_with_its_transaction(crowded: UUID) -> None:
    with administration_scope(crowded), connection.cursor() as cursor:
        cursor.execute("SELECT FROM tijdig_debtor")
        assert cursor.rowcount > 0
    with pytest.raises(DatabaseError, match="no administration"), connection.cursor() as cursor:
        cursor.execute("SELECT FROM tijdig_debtor")
