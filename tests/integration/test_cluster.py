"""The life of the embedded PostgreSQL: real processes, killed where it hurts."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.integration.clusters import (
    GRACE_SECONDS,
    PATIENCE,
    SOURCE,
    USER,
    connect,
    fetch,
    is_true_within,
    kill,
    make_cluster,
    postmaster_pid,
    read_address,
    start_user,
)

from tijdig.config import cluster_settings
from tijdig.config.cluster import Cluster
from tijdig.config.cluster_folder import ClusterUnavailable, is_locked
from tijdig.config.cluster_settings import measure_memory, split_memory


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with make_cluster(tmp_path / "home") as made:
        yield made


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One for the tests that only look."""
    with make_cluster(tmp_path_factory.mktemp("shared")) as made:
        yield made


def test_first_use_makes_the_database_and_the_next_is_quick(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PGHOST", "PGPORT", "PGDATA", "PGUSER", "PGOPTIONS", "PGDATABASE"):
        monkeypatch.setenv(name, "nonsense")
    address = cluster.use()
    monkeypatch.undo()
    took = []
    for _ in range(20):
        began = time.monotonic()
        assert cluster.use() == address
        took.append(time.monotonic() - began)
    assert fetch(address, "SELECT current_database(), current_user") == [("tijdig", "tijdig_app")]
    # The quickest of some: each of the others may have waited for its turn on a busy machine.
    assert min(took) < 0.5


def test_server_stays_for_the_last_user_and_stops_after_it_was_killed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with make_cluster(home) as cluster:
        users = [start_user(home), start_user(home)]
        children = [int(str(read_address(user)["child"])) for user in users]
        kill(users[0])
        time.sleep(GRACE_SECONDS * 3)
        assert cluster.is_running()
        kill(users[1])
        assert is_true_within(PATIENCE, lambda: not cluster.is_running())
        # a program that a user had started goes on; it is no user
        for child in children:
            os.kill(child, signal.SIGKILL)
        gone = lambda: not is_locked(home / "postgres/supervisor.lock")  # noqa: E731
        assert is_true_within(PATIENCE, gone)
        assert not is_locked(home / "postgres/server.lock")


def test_killed_server_comes_back_with_what_was_committed(cluster: Cluster, tmp_path: Path) -> None:
    address = cluster.use()
    with connect(address, "owner") as connection:
        connection.execute("CREATE TABLE kept (id int)")
        connection.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
    busy = connect(address, "owner")
    busy.autocommit = False
    busy.execute("INSERT INTO kept VALUES (1001)")
    busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 1000000000)")
    os.kill(postmaster_pid(tmp_path / "home"), signal.SIGKILL)
    again = cluster.use()
    assert fetch(again, "SELECT count(*), max(id) FROM kept", "owner") == [(1000, 1000)]
    busy.close()


def test_server_that_is_stopping_is_awaited(cluster: Cluster, tmp_path: Path) -> None:
    cluster.use()
    before = postmaster_pid(tmp_path / "home")
    os.kill(before, signal.SIGINT)
    assert fetch(cluster.use(), "SELECT 1") == [(1,)]
    assert is_true_within(PATIENCE, lambda: postmaster_pid(tmp_path / "home") != before)


def test_process_file_of_a_process_that_is_gone_is_no_hindrance(
    cluster: Cluster, tmp_path: Path
) -> None:
    cluster.use()
    folder = tmp_path / "home/postgres"
    kept = (folder / "data/postmaster.pid").read_text()
    cluster.stop()
    ended = subprocess.Popen(["true"])
    ended.wait()
    (folder / "data/postmaster.pid").write_text(
        kept.replace(kept.split("\n")[0], str(ended.pid), 1)
    )
    (folder / "socket/.s.PGSQL.5432.lock").write_text(f"{ended.pid}\n")
    assert fetch(cluster.use(), "SELECT 1") == [(1,)]


def test_process_file_that_names_another_program_is_no_hindrance(
    cluster: Cluster, tmp_path: Path
) -> None:
    cluster.use()
    folder = tmp_path / "home/postgres"
    kept = (folder / "data/postmaster.pid").read_text()
    cluster.stop()
    other = subprocess.Popen(["sleep", "60"])
    (folder / "data/postmaster.pid").write_text(
        kept.replace(kept.split("\n")[0], str(other.pid), 1)
    )
    (folder / "socket/.s.PGSQL.5432.lock").write_text(f"{other.pid}\n")
    assert not cluster.is_running()
    assert fetch(cluster.use(), "SELECT 1") == [(1,)]
    assert other.poll() is None
    other.kill()
    other.wait()


def test_processes_that_start_together_share_one_server(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with make_cluster(home):
        users = [start_user(home) for _ in range(4)]
        addresses = [read_address(user) for user in users]
        passwords = {address["app_password"] for address in addresses}
        assert len(passwords) == 1
        assert (home / "postgres/data/PG_VERSION").exists()
        assert not (home / "postgres/data.new").exists()
        for user in users:
            kill(user)


def test_killed_supervisor_is_replaced_by_the_next_user(cluster: Cluster, tmp_path: Path) -> None:
    cluster.use()
    lock = tmp_path / "home/postgres/supervisor.lock"
    first = int(lock.read_text())
    os.kill(first, signal.SIGKILL)
    assert is_true_within(PATIENCE, lambda: not is_locked(lock))
    cluster.use()
    assert int(lock.read_text()) != first
    cluster.release()
    assert is_true_within(PATIENCE, lambda: not cluster.is_running())


def test_first_start_that_was_cut_off_is_done_again(cluster: Cluster, tmp_path: Path) -> None:
    unfinished = tmp_path / "home/postgres/data.new"
    (unfinished / "base").mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    assert fetch(cluster.use(), "SELECT 1") == [(1,)]
    assert not unfinished.exists()


def test_lost_passwords_are_made_anew(cluster: Cluster, tmp_path: Path) -> None:
    before = cluster.use()
    (tmp_path / "home/postgres/passwords.json").unlink()
    after = cluster.use()
    assert after.app_password != before.app_password
    assert fetch(after, "SELECT 1") == [(1,)]


def test_start_that_fails_says_why(cluster: Cluster, tmp_path: Path) -> None:
    cluster.use()
    cluster.stop()
    (tmp_path / "home/postgres/own.conf").write_text("shared_buffers = 'plenty'\n")
    with pytest.raises(ClusterUnavailable) as refused:
        cluster.use()
    assert 'invalid value for parameter "shared_buffers": "plenty"' in refused.value.because.nl
    assert 'invalid value for parameter "shared_buffers": "plenty"' in refused.value.because.en
    (tmp_path / "home/postgres/own.conf").unlink()
    assert fetch(cluster.use(), "SELECT 1") == [(1,)]


def test_first_start_without_room_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    script = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))\n"
    done = subprocess.run(
        [sys.executable, "-c", script + USER, str(home), str(GRACE_SECONDS)],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(SOURCE), "PATH": os.environ["PATH"]},
    )
    assert done.returncode == 1
    assert "De database start niet. PostgreSQL zegt: " in done.stderr
    assert "File too large" in done.stderr
    assert not (home / "postgres/data.new").exists()
    with make_cluster(home) as cluster:
        assert fetch(cluster.use(), "SELECT 1") == [(1,)]


def test_database_is_made_and_dropped_with_someone_in_it(shared: Cluster) -> None:
    address = shared.create_database('odd "name')
    connection = connect(address)
    found = connection.execute(
        "SELECT current_database()::text, pg_get_userbyid(datdba)::text "
        "FROM pg_database WHERE datname = current_database()"
    ).fetchall()
    assert found == [('odd "name', "tijdig_owner")]
    shared.drop_database('odd "name')
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        connect(address)


@pytest.mark.parametrize(
    ("memory", "shared_buffers", "maintenance", "cache"),
    [
        (512 * 1024**2, 128, 64, 512),
        (4 * 1024**3, 512, 64, 2048),
        (8 * 1024**3, 1024, 128, 4096),
        (256 * 1024**3, 2048, 256, 131_072),
    ],
)
def test_the_server_takes_a_part_of_the_memory_that_there_is(
    memory: int, shared_buffers: int, maintenance: int, cache: int
) -> None:
    assert split_memory(memory) == {
        "shared_buffers": shared_buffers,
        "maintenance": maintenance,
        "cache": cache,
    }


def test_a_container_may_have_less_memory_than_its_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit, none = tmp_path / "limit", tmp_path / "none"
    limit.write_text("1048576\n")
    none.write_text("max\n")
    monkeypatch.setattr(cluster_settings, "MEMORY_LIMITS", (tmp_path / "absent", none))
    whole = measure_memory()
    monkeypatch.setattr(cluster_settings, "MEMORY_LIMITS", (none, limit))
    assert (whole > 2**27, measure_memory()) == (True, 2**20)
