"""The planner's statistics, as the database would have kept them in an office at work."""

import psycopg
from psycopg import sql


def analyse(dsn: str) -> None:
    """Vacuum and analyse each table that holds rows, and no other: as autovacuum does.

    To be known as empty is not the same as not to be known: the plans of foreign keys differ.
    """
    with psycopg.connect(dsn, autocommit=True) as connection:
        names = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
        ).fetchall()
        for (name,) in names:
            table = sql.Identifier(str(name))
            if connection.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(table)).fetchone():
                connection.execute(sql.SQL("VACUUM ANALYZE {}").format(table))
