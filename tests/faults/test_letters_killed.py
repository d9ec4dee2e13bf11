"""A process that is killed after a letter leaves nothing behind to be cleaned up."""

import signal
import subprocess
import sys
from pathlib import Path

from tests.faults.child import make_environment

_WRITE_AND_DIE = """
import os, signal
import django

django.setup()
from tests.plugs.compositions import TEXTS, make_composition
from tijdig.messaging.letters import render_letter

assert render_letter(make_composition(TEXTS[0])).startswith(b"%PDF")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_letter_leaves_nothing_in_the_temporary_folder(tmp_path: Path) -> None:
    home, scratch = tmp_path / "home", tmp_path / "scratch"
    home.mkdir()
    scratch.mkdir()
    environment = make_environment(TIJDIG_HOME=f"{home}", TMPDIR=f"{scratch}")
    seen = []
    for _ in range(2):
        died = subprocess.run([sys.executable, "-c", _WRITE_AND_DIE], env=environment, check=False)
        assert died.returncode == -signal.SIGKILL
        assert list(scratch.iterdir()) == []
        seen.append(sorted(home.rglob("*")))
    # The links to the fonts are made once.
    assert seen[0] == seen[1]
