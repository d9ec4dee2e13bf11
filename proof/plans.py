"""The server keeps the plans of what a worker of the proof asks, where books are small.

The same questions come hundreds of times, to books of a few rows: planning takes longer there than
what is asked. What a case starts and kills is another process, which plans as the product does.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# From so many debtors on finding rows takes longer than planning how.
MANY = 100


def keep_plans() -> None:
    """On every line to the database that this process opens from now on."""
    from django.db.backends.signals import connection_created

    connection_created.connect(_keep)


@contextmanager
def line_for(debtors: int) -> Iterator[None]:
    """A line of its own, as a worker of the product has: it plans as the product does where there
    are many debtors, and keeps no plan that was made on other books where there are few.
    """
    from django.db import connections
    from django.db.backends.signals import connection_created

    connections.close_all()
    are_many = debtors >= MANY
    was_kept = are_many and connection_created.disconnect(_keep)
    try:
        yield
    finally:
        connections.close_all()
        if was_kept:
            connection_created.connect(_keep)


def _keep(connection: Any, **_: object) -> None:
    connection.connection.prepare_threshold = 1
    connection.connection.prepared_max = 1_000
    connection.connection.execute("SET plan_cache_mode = force_generic_plan")
