"""Examples of the properties: the same in every run of the tests, others in `make explore`."""

import re
from pathlib import Path

from hypothesis import settings

ROOT = Path(__file__).parents[2]


def test_what_guards_a_change_tries_the_same_examples_every_time() -> None:
    gate = settings.get_profile("gate")
    assert (gate.derandomize, gate.database, gate.deadline) == (True, None, None)


def test_exploring_tries_others_and_shows_how_to_see_one_again() -> None:
    explore = settings.get_profile("explore")
    assert (explore.derandomize, explore.database, explore.deadline) == (False, None, None)
    assert explore.print_blob
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "--hypothesis-profile=explore" in recipe


def test_no_test_chooses_for_itself_whether_its_examples_are_random() -> None:
    """Else exploring would not reach it, or the gate would be at the mercy of chance."""
    chosen = re.compile(r"derandomize\s*=|\bdatabase\s*=\s*(None|\w*ExampleDatabase)|@seed\(")
    found = {
        f"{path.relative_to(ROOT)}"
        for path in (ROOT / "tests").rglob("*.py")
        if chosen.search(path.read_text(encoding="utf-8"))
    }
    assert found == {"tests/conftest.py"}
