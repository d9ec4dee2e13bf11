"""The scope that keeps administrations apart: one administration per transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar
from uuid import UUID

import psycopg
from django.db import connection, models, transaction

_NAME_IT = "SELECT set_config('tijdig.administration', %s, true)"
_active: ContextVar[UUID | None] = ContextVar("administration", default=None)


class NoAdministration(RuntimeError):  # noqa: N818 - reads as what it is
    """A scoped table was asked for rows outside every administration: a bug, never a user's."""


def active_administration() -> UUID:
    """The administration of this transaction. Raises NoAdministration outside a scope."""
    administration_id = _active.get()
    if administration_id is None:
        raise NoAdministration("This query needs `with administration_scope(...)` around it.")
    return administration_id


@contextmanager
def administration_scope(administration_id: UUID) -> Iterator[None]:
    """One transaction in which only this administration's rows exist.

    The database enforces it: row-level security compares each row with the setting made here,
    which ends with the transaction. Scopes of one administration nest; those of two do not.
    """
    outer = _active.get()
    if outer is not None and outer != administration_id:
        raise NoAdministration("One transaction cannot serve two administrations.")
    with transaction.atomic():
        with connection.wrap_database_errors:
            # Past Django's cursor, which writes the value into it: so the server may know the text.
            psycopg.Cursor(connection.connection).execute(_NAME_IT, [str(administration_id)])
        token = _active.set(administration_id)
        try:
            yield
        finally:
            _active.reset(token)


_Row_co = TypeVar("_Row_co", bound=models.Model, covariant=True)


class ScopedManager(models.Manager[_Row_co]):
    """Rows of the active administration only."""

    def get_queryset(self) -> models.QuerySet[_Row_co]:
        return super().get_queryset().filter(administration_id=active_administration())
