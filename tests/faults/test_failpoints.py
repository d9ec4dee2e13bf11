"""Failpoints: off in everyday life, and on where the environment asks for exactly one."""

import subprocess
import sys

import pytest
from tests.faults.child import make_environment

COME_THERE = """
import django
django.setup()
from tijdig.tenants.failpoints import fp
for turn in range(3):
    fp("run.started")
    fp("run.stored")
    print(turn)
"""


def come_there(**told: str) -> tuple[int, str, str]:
    """Come by two failpoints three times; exit status, and what was said."""
    done = subprocess.run(
        [sys.executable, "-c", COME_THERE],
        env=make_environment(**told),
        capture_output=True,
        text=True,
        timeout=180,
    )
    return done.returncode, done.stdout, done.stderr


def test_without_the_switch_a_failpoint_does_nothing() -> None:
    assert come_there(FAILPOINT="run.stored:kill")[:2] == (0, "0\n1\n2\n")


@pytest.mark.parametrize(
    ("told", "status", "out"),
    [
        ("run.stored:kill", -9, ""),
        ("run.stored:kill:2", -9, "0\n"),
        ("run.stored:raise", 1, ""),
        ("run.locked:kill", 0, "0\n1\n2\n"),
    ],
)
def test_with_the_switch_it_breaks_the_process_there(told: str, status: int, out: str) -> None:
    found = come_there(FAILPOINT=told, DEBUG_FAULTS="1")
    # What was printed but not flushed is lost with a process that is killed.
    assert (found[0], found[1] in {out, ""}) == (status, True)


def test_an_unknown_action_says_which_there_are() -> None:
    status, _, said = come_there(FAILPOINT="run.stored:explode", DEBUG_FAULTS="1")
    assert status == 1
    assert "kill, raise, sleep, drop_db" in said
