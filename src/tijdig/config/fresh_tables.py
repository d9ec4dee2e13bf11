"""The tables of an empty database: the migrations as they are, in a sixth of their time."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections
from django.db.migrations.state import ProjectState

from tijdig.tenants.memory import without_collecting

# How Django calls its search for what hangs together with a model that changed.
_SEARCH = "_find_reload_model"


def is_empty() -> bool:
    """Whether no migration was carried out yet in the database in use."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.django_migrations') IS NULL")
        return bool(cursor.fetchone()[0])


@contextmanager
def rendered_alone() -> Iterator[None]:
    """Each migration makes only the model anew that it changes, not all that hang together with it.

    The SQL is the same (tests/integration/test_tables.py holds the tables against each other); the
    classes of the others are of before, and no migration of ours looks at those. For a database
    without rows: where there are some, a migration may read them by those classes.
    """
    original = getattr(ProjectState, _SEARCH)

    def find_one(
        _: ProjectState, app_label: str, model_name: str, *_delay: bool
    ) -> set[tuple[str, str]]:
        return {(app_label, model_name)}

    setattr(ProjectState, _SEARCH, find_one)
    try:
        with without_collecting():
            yield
    finally:
        setattr(ProjectState, _SEARCH, original)
