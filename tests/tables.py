"""Tables for a run of tests: the migrations as they are, in a sixth of their time."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections
from django.db.migrations.state import ProjectState

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
WHERE table_schema = 'public' AND grantee = %s
"""


@contextmanager
def alone_rendered() -> Iterator[None]:
    """Each migration makes only the model anew that it changes, not all that hang together with it.

    The SQL is the same (tests/integration/test_tables.py holds the tables against each other); the
    classes of the others are of before, and no migration of ours looks at those.
    """
    original = ProjectState._find_reload_model

    def find_one(
        _: ProjectState, app_label: str, model_name: str, delay: bool = False
    ) -> set[tuple[str, str]]:
        return {(app_label, model_name)}

    ProjectState._find_reload_model = find_one
    try:
        yield
    finally:
        ProjectState._find_reload_model = original


def list_schema() -> set[tuple[str, str]]:
    """Columns, rules, indexes, row security, triggers and rights of the database in use."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(_SCHEMA, [settings.DATABASES["default"]["USER"]])
        return set(cursor.fetchall())
