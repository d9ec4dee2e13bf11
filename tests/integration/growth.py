"""What the planner thinks of a table's size, set by hand: plans differ with the size of a book."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections

# As if each table had so many times its rows.
_GROWTH = """
SELECT pg_restore_relation_stats('schemaname', 'public', 'relname', relname::text,
                                 'relpages', relpages, 'reltuples', (reltuples * %s)::real)
FROM pg_class WHERE relname LIKE 'tijdig\\_%%' AND relkind = 'r' AND reltuples > 0
"""


@contextmanager
def known_as_grown(times: int) -> Iterator[None]:
    """Every table is thought to have so many times its rows."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute(_GROWTH, [times])
        try:
            yield
        finally:
            cursor.execute("ANALYZE")
