"""Scratch databases on an embedded PostgreSQL of the benches' own, the same for ours and theirs."""

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg import conninfo

from tijdig.config.cluster import Cluster, ClusterAddress

RESULTS_FOLDER = Path(__file__).resolve().parent / "results"


@contextmanager
def scratch_cluster() -> Iterator[tuple[Cluster, Path]]:
    """A server with Tijdig's own settings, and its home: a folder that is gone afterwards."""
    RESULTS_FOLDER.mkdir(exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix="home-", dir=RESULTS_FOLDER))
    cluster = Cluster(home)
    try:
        cluster.use()
        yield cluster, home
    finally:
        cluster.stop()
        shutil.rmtree(home)


@contextmanager
def scratch_database(cluster: Cluster, *, template: str = "template1") -> Iterator[ClusterAddress]:
    """A database that is gone afterwards."""
    name = f"bench_{secrets.token_hex(6)}"
    address = cluster.create_database(name, template=template)
    try:
        yield address
    finally:
        cluster.drop_database(name)


def owner_dsn(address: ClusterAddress) -> str:
    """How the owner of all tables connects."""
    return conninfo.make_conninfo(
        host=address.host,
        port=address.port,
        dbname=address.database,
        user=address.owner_user,
        password=address.owner_password,
    )
