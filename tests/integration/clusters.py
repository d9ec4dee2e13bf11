"""Users of an embedded PostgreSQL as processes of their own, and how tests look at it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

import tijdig
from tijdig.config import run_as
from tijdig.config.cluster import Cluster, ClusterAddress

SOURCE = Path(tijdig.__file__).parent.parent
GRACE_SECONDS = 0.5
# As long as a busy machine may take for what a free one does within some seconds.
PATIENCE = 120
USER = """
import json, subprocess, sys
from dataclasses import asdict
from pathlib import Path
from tijdig.config import run_as
from tijdig.config.cluster import Cluster
cluster = Cluster(Path(sys.argv[1]), grace_seconds=float(sys.argv[2]))
address = cluster.use()
quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
child = subprocess.Popen(["sleep", "60"], **quiet)
print(json.dumps({**asdict(address), "child": child.pid}), flush=True)
sys.stdin.readline()
child.kill()
"""


@contextmanager
def make_cluster(home: Path) -> Iterator[Cluster]:
    made = Cluster(home, grace_seconds=GRACE_SECONDS)
    try:
        yield made
    finally:
        made.stop()


def start_user(home: Path, *, account: int | None = None) -> subprocess.Popen[str]:
    program = [sys.executable, "-c", USER, str(home), str(GRACE_SECONDS)]
    if account is not None:
        # With the capability, since the interpreter itself may stand in a closed folder.
        launcher = [sys.executable, "-I", "-S", str(run_as.__file__)]
        program = [*launcher, str(account), str(account), "2", "0", *program]
    return subprocess.Popen(
        program,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(SOURCE), "PATH": os.environ["PATH"]},
    )


def read_address(user: subprocess.Popen[str]) -> dict[str, object]:
    line = user.stdout.readline() if user.stdout else ""
    assert line, user.stderr.read() if user.stderr else ""
    return dict(json.loads(line))


def kill(user: subprocess.Popen[str]) -> None:
    user.kill()
    user.communicate()


def is_true_within(seconds: float, condition: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.02)
    return condition()


def connect(address: ClusterAddress, role: str = "app") -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=address.host,
        port=address.port,
        dbname=address.database,
        user=getattr(address, f"{role}_user"),
        password=getattr(address, f"{role}_password"),
        autocommit=True,
    )


def fetch(address: ClusterAddress, query: str, role: str = "app") -> list[tuple[object, ...]]:
    with connect(address, role) as connection:
        return connection.execute(query).fetchall()


def postmaster_pid(home: Path) -> int:
    return int((home / "postgres/data/postmaster.pid").read_text().splitlines()[0])
