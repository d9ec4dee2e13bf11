"""The tables that `tijdig init` makes in an empty database are those of the migrations."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from tests.conftest import DATABASE, SCRATCH
from tests.tables import list_schema

from tijdig.config.cluster import Cluster
from tijdig.config.fresh_tables import is_empty

ROOT = Path(__file__).parents[2]
# In a process of its own, for a database that its settings name from the start: first as Django
# makes the tables, then the rights.
MADE = """
import json, django
django.setup()
from django.core.management import call_command
from tijdig.config.database import prepare_schema
from tests.tables import list_schema
call_command("migrate", database="owner", interactive=False, verbosity=0)
prepare_schema()
print(json.dumps(sorted(list_schema())))
"""


def test_the_tables_are_those_of_the_migrations(database: None) -> None:
    name = f"{DATABASE}_made"
    cluster = Cluster(SCRATCH)
    address = cluster.create_database(name)
    where = f"/{name}?host={quote(address.host, safe='')}&port={address.port}"
    urls = [
        f"postgresql://{quote(user)}:{quote(password)}@{where}"
        for user, password in (
            (address.app_user, address.app_password),
            (address.owner_user, address.owner_password),
        )
    ]
    try:
        told = subprocess.run(
            [sys.executable, "-c", MADE],
            cwd=ROOT,
            env={
                **os.environ,
                "PYTHONPATH": f"{ROOT}:{ROOT / 'src'}",
                "DATABASE_URL": urls[0],
                "DATABASE_OWNER_URL": urls[1],
                "TIJDIG_HOME": str(settings.HOME),
            },
            capture_output=True,
            text=True,
            timeout=300,
            check=True,
        ).stdout
    finally:
        cluster.drop_database(name)
    made = {(kind, words) for kind, words in json.loads(told)}
    assert len(made) > 1_000
    assert list_schema() == made


def test_tables_with_rows_are_brought_up_to_date_as_django_does(database: None) -> None:
    assert not is_empty()
