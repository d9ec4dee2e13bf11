"""Books beside those of a case: nothing may happen to them, whatever is broken next door."""

from functools import cache
from uuid import UUID

from django.apps import apps
from django.db import connections
from tests.integration.books import make_list
from tests.integration.office import make_administration

from proof.arrears import DAY, MONDAY, make_rows
from proof.hands import Job, at, do
from tijdig.tenants.models import Administration, Scoped
from tijdig.tenants.queries import find_administration
from tijdig.tenants.scope import administration_scope

_NEIGHBOUR = "buren"


def make_neighbour() -> None:
    """Books beside it, whose messages are due too: whoever mixes them up sends them.

    They stand in the database that all others are copies of.
    """
    other = make_administration(sending=True)
    with administration_scope(other):
        Administration.objects.filter(id=other).update(slug=_NEIGHBOUR)
    files = (("lijst", make_list(*make_rows(3))),)
    do(Job("import", other, at(MONDAY), files=files))
    do(Job("run", other, at(DAY)))


@cache
def find_neighbour() -> tuple[UUID, str]:
    """The books beside it, and the sum over all their rows before anything happened."""
    other = find_administration(_NEIGHBOUR)
    assert other is not None
    return other, digest(other)


def digest(administration_id: UUID) -> str:
    """A sum over every row of an administration, but for its audit seals."""
    tables = sorted(
        model._meta.db_table
        for model in apps.get_app_config("tijdig").get_models()
        if issubclass(model, Scoped)
    )
    parts = [
        f"SELECT '{table}' AS name, count(*)::text || coalesce(md5(string_agg(one::text, '|' "
        f"ORDER BY id)), '') AS sum FROM {table} one WHERE administration_id = %(key)s"
        for table in tables
    ]
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            f"SELECT md5(string_agg(name || sum, '|' ORDER BY name)) FROM "
            f"({' UNION ALL '.join(parts)}) all_rows",
            {"key": str(administration_id)},
        )
        return str(cursor.fetchone()[0])
