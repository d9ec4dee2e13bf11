"""One embedded PostgreSQL for the whole test run; a database of its own per test worker.

Tests do not clean up: each works in administrations of its own, which cannot see each other.
"""

import importlib
import os
import pkgutil
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings

import tijdig

# What must hold on every change tries the same examples on every machine and at every time: red
# then says that the change is wrong. How long an example takes says how busy the machine is.
settings.register_profile(
    "gate",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
    database=None,
)
# `make explore` tries others, and says how to see one again.
settings.register_profile(
    "explore", settings.get_profile("gate"), derandomize=False, print_blob=True
)
settings.load_profile("gate")

# Two test runs at once, and the workers of one, keep out of each other's way.
DATABASE = f"test_{os.getpid()}"
SCRATCH = Path(tempfile.gettempdir()) / f"tijdig-tests-{os.getuid()}"
TESTS = Path(__file__).parent
# Where a test takes long, longest first. The thousands of quick ones come last: then no worker of
# the run waits for the long last file of another.
SLOW_FOLDERS = ("faults", "browser", "integration", "property", "architecture")

# First of all: its commands go by every administration that tests before it made.
FIRST = "test_commands.py"


def pytest_configure(config: pytest.Config) -> None:
    """Name the database before Django reads its settings; it is made by the first user."""
    # A data folder of an earlier run would know another database, and be silent as a copy.
    SCRATCH.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["TIJDIG_HOME"] = tempfile.mkdtemp(prefix="home-", dir=SCRATCH)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tijdig.config.settings"
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "TIJDIG_DEMO"):
        os.environ.pop(name, None)
    from tijdig.config import database

    database.connect(server=SCRATCH, name=DATABASE)

    import django

    django.setup()
    from django.conf import settings as ours

    # Hundreds of people are made, and each hash of the product takes a quarter of a second.
    ours.PASSWORD_HASHERS = ["tests.hashers.QuickArgon2"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the slow folders before the quick ones; the order within each stays.

    Hypothesis takes constants of the code that is loaded among its examples: it finds all of ours,
    whichever tests came before.
    """
    if any(item.get_closest_marker("hypothesis") for item in items):
        for found in pkgutil.walk_packages(tijdig.__path__, "tijdig."):
            importlib.import_module(found.name)
    places = {name: place for place, name in enumerate(SLOW_FOLDERS)}

    def find_place(item: pytest.Item) -> int:
        folder, name = item.path.relative_to(TESTS).parts[0], item.path.name
        is_first = (folder, name) == ("integration", FIRST)
        return -1 if is_first else places.get(folder, len(places))

    items.sort(key=find_place)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Take the data folder of this run away."""
    shutil.rmtree(os.environ["TIJDIG_HOME"], ignore_errors=True)


@pytest.fixture(scope="session")
def database() -> Iterator[None]:
    """The tables, as this checkout makes them."""
    from django.db import connections
    from django.db.backends.signals import connection_created

    from tijdig.config.cluster import Cluster
    from tijdig.config.database import prepare_schema

    cluster = Cluster(SCRATCH)
    cluster.drop_database(DATABASE)
    # Only this server need not survive the machine. Tests that kill a server have one of their own.
    with cluster._connect() as line:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            line.execute(f"ALTER SYSTEM SET {name} = off".encode())
        line.execute("SELECT pg_reload_conf()")
    cluster.create_database(DATABASE)
    prepare_schema()
    connection_created.connect(_keep_plans)
    yield
    connections.close_all()
    cluster.drop_database(DATABASE)


def _keep_plans(connection: Any, **_: object) -> None:
    """The same questions come thousands of times, to books of a few rows: each is planned once."""
    if connection.alias == "default":
        connection.connection.prepare_threshold = 1
        connection.connection.prepared_max = 1_000
        connection.connection.execute("SET plan_cache_mode = force_generic_plan")


@pytest.fixture
def administration(database: None) -> UUID:
    """An administration of its own for this test; its id."""
    from tests.integration.office import make_administration

    return make_administration()


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder with real files; tests that need it are skipped where it is missing."""
    folder = Path(os.environ.get("TIJDIG_SAMPLES", "../shared/data")).resolve()
    if not folder.is_dir():
        pytest.skip(f"no sample files: set TIJDIG_SAMPLES (looked in {folder})")
    return folder
