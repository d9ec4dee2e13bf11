"""`tijdig serve`: it says where the site stands once it stands, and why it does not start."""

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

from tests.faults.child import make_environment

TIJDIG = (sys.executable, "-m", "tijdig.config.command_line")
PATIENCE = 180


@contextmanager
def serving(port: int, **told: str) -> "Iterator[subprocess.Popen[str]]":
    words = (*TIJDIG, "serve", "--port", f"{port}", "--no-worker")
    process = subprocess.Popen(
        words, env=make_environment(**told), stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def read_page(address: str) -> int:
    """The status of the page; a server that still starts is asked again."""
    until = monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
                return int(answer.status)
        except OSError:
            if monotonic() > until:
                raise
            sleep(0.1)


def test_the_site_says_its_own_port(database: None) -> None:
    port = find_port()
    with serving(port) as process:
        assert process.stderr is not None
        said = process.stderr.readline()
        assert said == f"De site staat op http://localhost:{port} (stoppen: Ctrl-C).\n"
        assert read_page(f"http://localhost:{port}/wet/") == 200


def test_a_role_that_sees_everything_gets_no_address(database: None) -> None:
    owner = os.environ["DATABASE_OWNER_URL"]
    with serving(find_port(), DATABASE_URL=owner) as process:
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert said.startswith("Tijdig start niet als databaserol")
    assert "De site staat op" not in said


def test_a_taken_port_gets_no_address(database: None) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with serving(port) as process:
            _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert said.startswith(f"De site kan niet starten op 127.0.0.1:{port}")
    assert "De site staat op" not in said


def test_a_database_that_is_not_there_is_one_sentence() -> None:
    nobody = f"postgresql://tijdig_app@127.0.0.1:{find_port()}/tijdig"
    words = (*TIJDIG, "run", "--administration", "proef", "--json")
    told = make_environment(DATABASE_URL=nobody)
    done = subprocess.run(words, env=told, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 1
    said = json.loads(done.stdout)["refused"]
    assert said.startswith("De database antwoordt niet of brak af: ")
    assert said.endswith(". Voer uit: tijdig doctor.")
