"""The embedded PostgreSQL: started by whoever needs it, stopped when the last user is gone.

How and why: docs/decisions/0002-own-postgres-process.md.
"""

import fcntl
import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tijdig.config.cluster_folder import (
    ClusterFolder,
    ClusterUnavailable,
    Passwords,
    Patience,
    check_owner,
    locked,
    open_lock,
    prepare_folder,
    read_passwords,
    try_lock,
    write_passwords,
    write_whole,
)
from tijdig.config.cluster_process import (
    LONGEST_START_SECONDS,
    RECOVERING,
    SUPERUSER,
    ClusterProcess,
    Postmaster,
)
from tijdig.config.cluster_supervisor import supervise

DATABASE = "tijdig"
OWNER_ROLE = "tijdig_owner"
APP_ROLE = "tijdig_app"
GRACE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class ClusterAddress:
    """How to connect. The app role owns nothing; the owner role runs the migrations."""

    host: str
    port: int
    database: str
    app_user: str
    app_password: str
    owner_user: str
    owner_password: str


class Cluster:
    """The server in `home/postgres`; any number of processes may use it at once."""

    def __init__(self, home: Path, *, grace_seconds: float = GRACE_SECONDS) -> None:
        self._folder = ClusterFolder(home.resolve() / "postgres")
        self._process = ClusterProcess(self._folder)
        self._grace_seconds = grace_seconds
        self._registration: tuple[int, int] | None = None

    def use(self) -> ClusterAddress:
        """Start the server when needed, and keep it up until this process ends or releases it.

        A process that was forked calls this for itself. Refuses: ClusterUnavailable, with what
        PostgreSQL said.
        """
        try:
            prepare_folder(self._folder)
            with locked(self._folder.start_lock):
                return self._use()
        except (OSError, psycopg.Error) as error:
            self.release()
            raise ClusterUnavailable(
                f"De database in {self._folder.root} start niet: {error}. Los dit op en start "
                "Tijdig opnieuw.",
                f"The database in {self._folder.root} does not start: {error}. Mend this and "
                "start Tijdig again.",
            ) from error
        except ClusterUnavailable:
            self.release()
            raise

    def release(self) -> None:
        """This process needs the server no longer."""
        if self._registration is not None:
            # Closing, not unlocking: a forked child may hold the same lock, and rightly.
            os.close(self._registration[1])
            self._registration = None

    def stop(self) -> None:
        """Stop the server now, whoever uses it."""
        self.release()
        check_owner(self._folder)
        if not self._folder.root.exists():
            return
        with locked(self._folder.start_lock):
            self._stop_supervisor()
            self._process.stop()

    def is_running(self) -> bool:
        """Whether the server answers."""
        check_owner(self._folder)
        found = self._process.find()
        return found is not None and found.state == "ready"

    def create_database(self, name: str, *, template: str = "template1") -> ClusterAddress:
        """Make a database like the one of Tijdig itself; how to connect to it."""
        address = self.use()
        with self._connect() as connection:
            _create_database(connection, name, template=template)
        return replace(address, database=name)

    def drop_database(self, name: str) -> None:
        """Remove a database, also when someone is connected to it."""
        self.use()
        with self._connect() as connection:
            command = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(command.format(sql.Identifier(name)))

    def _use(self) -> ClusterAddress:
        self._register()
        supervise(self._folder, grace_seconds=self._grace_seconds)
        passwords = read_passwords(self._folder)
        if not self._folder.data.exists():
            self._folder.furnished.unlink(missing_ok=True)
            passwords = passwords or write_passwords(self._folder)
            self._process.make_data(passwords)
        if passwords is None:
            passwords = self._renew_passwords()
        if self._start() or not self._folder.furnished.exists():
            self._furnish(passwords)
            write_whole(self._folder.furnished, "", mode=0o600)
            self._start()
        found = self._found()
        return ClusterAddress(
            host=found.socket,
            port=found.port,
            database=DATABASE,
            app_user=APP_ROLE,
            app_password=passwords.app,
            owner_user=OWNER_ROLE,
            owner_password=passwords.owner,
        )

    def _register(self) -> None:
        if self._registration is not None and self._registration[0] == os.getpid():
            return
        self.release()
        handle = open_lock(self._folder.users_lock)
        fcntl.flock(handle, fcntl.LOCK_SH)
        self._registration = (os.getpid(), handle)

    def _start(self) -> bool:
        """Start the server when needed; whether it was. Returns when it truly lets us in: one
        killed a moment ago, or mending itself, still calls itself ready.
        """
        started = False
        until = time.monotonic() + LONGEST_START_SECONDS
        patience = Patience(RECOVERING)
        while True:
            started = self._process.start() or started
            found = self._process.find()
            if found is not None and _answers(self._superuser(found)):
                return started
            if time.monotonic() > until:
                raise ClusterUnavailable(
                    f"De database in {self._folder.data} geeft geen antwoord. Kijk in "
                    f"{self._folder.log} wat er aan de hand is.",
                    f"The database in {self._folder.data} does not answer. Look in "
                    f"{self._folder.log} for what is the matter.",
                )
            patience.is_over()
            time.sleep(0.02)

    def _renew_passwords(self) -> Passwords:
        passwords = write_passwords(self._folder)
        self._process.reset_password(passwords)
        return passwords

    def _furnish(self, passwords: Passwords) -> None:
        """Make the roles and the database, or mend them."""
        try:
            connection = self._connect()
        except psycopg.OperationalError as error:
            if "authentication failed" in str(error):  # data and passwords of two backups
                self._process.reset_password(passwords)
            self._start()
            connection = self._connect()
        with connection:
            _make_role(connection, OWNER_ROLE, passwords.owner, sql.SQL("BYPASSRLS"))
            _make_role(connection, APP_ROLE, passwords.app, sql.SQL("NOBYPASSRLS"))
            for name in ("postgres", "template1"):
                _close_database(connection, name)
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if known.fetchone() is None:
                _create_database(connection, DATABASE, template="template1")
            _open_database(connection, DATABASE)

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(self._superuser(self._found()), autocommit=True)

    def _superuser(self, found: Postmaster) -> str:
        passwords = read_passwords(self._folder)
        return make_conninfo(
            host=found.socket,
            port=found.port,
            dbname="postgres",
            user=SUPERUSER,
            password=passwords.superuser if passwords else "",
            options="",  # not those of PGOPTIONS
            connect_timeout=30,
        )

    def _found(self) -> Postmaster:
        found = self._process.find()
        if found is None:
            raise ClusterUnavailable(
                f"De database in {self._folder.data} is zojuist gestopt. Probeer het opnieuw.",
                f"The database in {self._folder.data} has just stopped. Try again.",
            )
        return found

    def _stop_supervisor(self) -> None:
        lock = try_lock(self._folder.supervisor_lock)
        if lock is not None:
            os.close(lock)
            return
        said = self._folder.supervisor_lock.read_text("ascii").strip()
        if said.isdigit():
            with suppress(ProcessLookupError):  # it ended by itself, a moment ago
                os.kill(int(said), signal.SIGTERM)


def _answers(superuser: str) -> bool:
    # A number, whatever its declared type: `is` would never hold.
    return psycopg.pq.PGconn.ping(superuser.encode()) == psycopg.pq.Ping.OK


def _make_role(
    connection: psycopg.Connection[tuple[object, ...]], name: str, password: str, bypass: sql.SQL
) -> None:
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
    command = sql.SQL(
        "{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION {} PASSWORD {}"
    )
    verb = sql.SQL("ALTER" if known else "CREATE")
    connection.execute(command.format(verb, sql.Identifier(name), bypass, sql.Literal(password)))


def _create_database(
    connection: psycopg.Connection[tuple[object, ...]], name: str, *, template: str
) -> None:
    command = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
    connection.execute(
        command.format(sql.Identifier(name), sql.Identifier(OWNER_ROLE), sql.Identifier(template))
    )
    _open_database(connection, name)


def _open_database(connection: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    _close_database(connection, name)
    command = sql.SQL("GRANT CONNECT, TEMPORARY ON DATABASE {} TO {}")
    connection.execute(command.format(sql.Identifier(name), sql.Identifier(APP_ROLE)))


def _close_database(connection: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    command = sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC")
    connection.execute(command.format(sql.Identifier(name)))
