"""What the tables of a database are made of."""

from django.conf import settings
from django.db import connections

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


def list_schema() -> set[tuple[str, str]]:
    """Columns, rules, indexes, row security, triggers and rights of the database in use."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(_SCHEMA, [settings.DATABASES["default"]["USER"]])
        return set(cursor.fetchall())
