"""Which database this process works on, as whom, and how its tables come to be."""

import os
from contextlib import nullcontext
from pathlib import Path
from pkgutil import iter_modules
from urllib.parse import quote

from tijdig import migrations
from tijdig.config import environment
from tijdig.core.problem import Refusal

_APPEND_ONLY = ("tijdig_entry", "tijdig_event", "tijdig_seal")


def connect(*, server: Path | None = None, name: str = "") -> None:
    """Name the database in the environment; without `DATABASE_URL` start our own.

    Call before Django reads its settings. The embedded server stays up as long as a process
    that called this lives. `server` is its data folder where that is not Tijdig's home, `name`
    the database where that is not Tijdig's own.
    """
    if environment.text("DATABASE_URL"):
        return
    from tijdig.config.cluster import Cluster

    address = Cluster(server or environment.home()).use()
    where = f"/{name or address.database}?host={quote(address.host, safe='')}&port={address.port}"
    app = f"{quote(address.app_user)}:{quote(address.app_password)}"
    owner = f"{quote(address.owner_user)}:{quote(address.owner_password)}"
    os.environ["DATABASE_URL"] = f"postgresql://{app}@{where}"
    os.environ["DATABASE_OWNER_URL"] = f"postgresql://{owner}@{where}"


def prepare_schema() -> None:
    """Bring the tables up to date as the owner, and give the application role its rights."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections

    if "owner" not in settings.DATABASES:
        raise Refusal(
            "DATABASE_OWNER_URL ontbreekt: zonder eigenaar kunnen de tabellen niet worden gemaakt.",
            "DATABASE_OWNER_URL is missing: without an owner the tables cannot be made.",
        )
    from tijdig.config.fresh_tables import is_empty, rendered_alone

    with rendered_alone() if is_empty() else nullcontext():
        call_command("migrate", database="owner", interactive=False, verbosity=0)
    role = connections["owner"].ops.quote_name(settings.DATABASES["default"]["USER"])
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"
        )
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
        cursor.execute(f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role}")
        for table in _APPEND_ONLY:
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}")
    connections["owner"].close()


def refuse_without_tables() -> None:
    """Refuse to work on a database that was never prepared, or not since Tijdig was renewed."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('tijdig_administration')")
        (found,) = cursor.fetchone()
        if found is None:
            raise Refusal(
                "De database is nog leeg. Voer eerst uit: tijdig init --administration KORTE-NAAM",
                "The database is still empty. First run: tijdig init --administration SHORT-NAME",
            )
        cursor.execute("SELECT name FROM django_migrations WHERE app = 'tijdig'")
        done = {name for (name,) in cursor.fetchall()}
    known = {one.name for one in iter_modules(migrations.__path__) if one.name[0].isdigit()}
    if known - done:
        raise Refusal(
            "De tabellen horen bij een oudere versie van Tijdig. Voer eerst uit: tijdig init",
            "The tables belong to an older version of Tijdig. First run: tijdig init",
        )


def refuse_wrong_role() -> None:
    """Refuse to work as a role that row-level security does not bind."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT current_user, rolsuper, rolbypassrls,
                   EXISTS (SELECT FROM pg_class c WHERE c.relname LIKE 'tijdig\\_%%'
                           AND pg_has_role(current_user, c.relowner, 'MEMBER'))
            FROM pg_roles WHERE rolname = current_user
            """
        )
        name, is_superuser, bypasses, owns = cursor.fetchone()
    if is_superuser or bypasses or owns:
        raise Refusal(
            f"Tijdig start niet als databaserol {name}: die rol ziet de gegevens van alle "
            "administraties. Zet in DATABASE_URL een gewone rol die geen tabellen bezit.",
            f"Tijdig does not start as database role {name}: that role sees the data of all "
            "administrations. Put an ordinary role that owns no tables in DATABASE_URL.",
        )
