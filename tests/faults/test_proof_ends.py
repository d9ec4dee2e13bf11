"""A proof that is broken off leaves what it has, and nobody behind; and no case takes for ever."""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from multiprocessing.context import ForkServerContext
from pathlib import Path
from random import Random
from typing import cast
from uuid import uuid4

import pytest
from proof.cases import Case, Skipped, try_case
from proof.ground import Ground
from proof.kept import Asked, Kept, Progress
from proof.rows import list_cases
from proof.small_disk import small_disk
from proof.table import make_lines, show

from tijdig.config.cluster import Cluster

ROOT = Path(__file__).parents[2]
MARK = "PROOF_UNDER_TEST"
ROW = "A1"
# At a load of twenty on two cores the first verdicts of a proof take more than three minutes.
PATIENCE_SECONDS = 900.0


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder with a short name: the socket of a server stands in it."""
    with tempfile.TemporaryDirectory(prefix="ends-") as folder:
        yield Path(folder)


def start(place: Path, mark: str, *words: str) -> subprocess.Popen[str]:
    """A proof of one row in this folder; whatever it starts carries the mark."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TIJDIG_")}
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        kept.pop(name, None)
    command = [sys.executable, "-m", "proof", "--no-page", "--rows", ROW, "--seed", "5"]
    return subprocess.Popen(
        [*command, "--kept", str(place / "kept"), *words],
        cwd=ROOT,
        env={**kept, "TMPDIR": str(place), MARK: mark},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def list_marked(mark: str) -> set[int]:
    """Every process of this machine that carries the mark."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            is_marked = f"{MARK}={mark}".encode() in path.read_bytes()
        except OSError:
            continue
        if is_marked:
            found.add(int(path.parent.name))
    return found


def count_kept(place: Path) -> int:
    """The verdicts in the file so far."""
    path = place / "kept"
    return max(len(path.read_text().splitlines()) - 1, 0) if path.exists() else 0


def wait_for(what: str, is_so: object) -> None:
    """Wait, but not for ever."""
    ends = time.monotonic() + PATIENCE_SECONDS
    while not is_so():  # type: ignore[operator]
        assert time.monotonic() < ends, what
        time.sleep(0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")
def test_a_killed_proof_leaves_nobody_and_goes_on_later(place: Path) -> None:
    mark = uuid4().hex
    with start(place, mark) as process:
        wait_for("no verdict came", lambda: count_kept(place) > 1)
        assert len(list_marked(mark)) > 2
        process.kill()
        process.communicate()
    wait_for("processes stayed behind", lambda: not list_marked(mark))
    known = count_kept(place)
    assert list(place.glob("tijdig-proof-*")) != []
    wait_for(
        "its server still runs", lambda: not list(place.glob("*/postgres/data/postmaster.pid"))
    )

    with start(place, mark, "--go-on") as process:
        told, _ = process.communicate()
    every = [case.name for case in list_cases() if case.row == ROW and case.is_in("short")]
    assert process.returncode == 0, told
    assert f"{len(every)} of {len(every)} cases passed" in told
    lines = [json.loads(line) for line in (place / "kept").read_text().splitlines()]
    assert sorted(one["name"] for one in lines[1:]) == sorted(every)
    assert len(every) > known
    assert list(place.glob("tijdig-proof-*")) == [], "what was left lying was not tidied up"


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")
def test_a_proof_that_is_ended_tells_what_it_has(place: Path) -> None:
    mark = uuid4().hex
    with start(place, mark) as process:
        wait_for("no verdict came", lambda: count_kept(place) > 0)
        process.send_signal(signal.SIGTERM)
        told, _ = process.communicate()
    assert process.returncode == 1
    assert list_marked(mark) == set()
    assert list(place.glob("tijdig-proof-*")) == []
    known = count_kept(place)
    assert f"{known} of {known} cases passed" in told
    left = re.search(r"^(\d+) cases were not run", told, re.MULTILINE)
    assert left is not None
    assert re.search(rf"\| {known} of {known + int(left[1])} *\| {known} ", told) is not None


def test_a_case_without_end_fails_at_its_limit() -> None:
    def sleep(_: Ground, __: Random) -> None:
        try:
            time.sleep(30)
        except Exception as error:
            raise AssertionError("took it for its own") from error

    began = time.monotonic()
    verdict = try_case(Case("A1", "sleep", sleep, limit_seconds=0.2), cast("Ground", None), 1)
    assert verdict.wrong == "OutOfTime: it did not end within 0 s"
    assert time.monotonic() - began < 10


def test_what_is_kept_of_another_question_is_not_taken_over(tmp_path: Path) -> None:
    def quick(_: Ground, __: Random) -> None:
        pass

    asked = Asked(1, "long", (), "abc")
    path = tmp_path / "folder" / "kept"
    kept = Kept(path, asked, go_on=False)
    kept.add(try_case(Case("A1", "one", quick), cast("Ground", None), 1))
    kept.close()
    path.write_text(path.read_text() + '{"row": "A1", "na')
    assert [one.name for one in Kept(path, asked, go_on=True).found] == ["one"]
    assert Kept(path, Asked(2, "long", (), "abc"), go_on=True).found == []
    assert Kept(path, asked, go_on=True).found == [], "what was begun anew was not"


def test_the_table_and_the_lines_say_how_far_it_is() -> None:
    def quick(_: Ground, __: Random) -> None:
        pass

    def fail(_: Ground, __: Random) -> None:
        raise AssertionError("it did not hold")

    nowhere = cast("Ground", None)
    cases = {"A1": 2, "D2": 1, "E7": 3}
    found = [try_case(Case("A1", "one", quick), nowhere, 1)]
    progress = Progress(cases, found)
    assert progress.tell(found[0], seconds=1) == ""
    found.append(try_case(Case("A1", "two", fail), nowhere, 1))
    assert progress.tell(found[1], seconds=2) == "A1: 1 of 2 passed, 0 s  (2 of 6 cases)"
    found.append(try_case(Case("E7", "three", quick), nowhere, 1))
    said = "at E7: 1 of 3, 63 s since the beginning  (3 of 6 cases)"
    assert progress.tell(found[2], seconds=63) == said
    table = [line.split(" | ") for line in show(make_lines(found, cases, seed=1)).splitlines()]
    assert [[cell.strip() for cell in row][2:] for row in table[1:]] == [
        ["2", "1", "1", "two: AssertionError: it did not hold"],
        ["0 of 1", "0", "1", "not run"],
        ["1 of 3", "1", "1", "three: 0.0 s"],
    ]


def test_what_a_machine_cannot_do_is_skipped_and_has_not_passed() -> None:
    def skip(_: Ground, __: Random) -> None:
        raise Skipped("nobody may mount here")

    nowhere = cast("Ground", None)
    found = [try_case(Case("C4", "a small disk", skip), nowhere, 1)]
    said = "C4: 0 of 1 passed, 0 s  (1 of 1 cases)"
    assert Progress({"C4": 1}, found).tell(found[0], seconds=1) == said
    (line,) = make_lines(found, {"C4": 1}, seed=1)
    assert (line.passed, line.skipped) == (0, 1)
    assert line.worst == "a small disk, skipped: nobody may mount here"


@pytest.mark.parametrize(
    ("script", "because"),
    [
        (None, "this machine has no `unshare`"),
        (
            "echo 'unshare: Operation not permitted' >&2; exit 1",
            (
                "no file system may be mounted in a user namespace here: "
                "unshare: Operation not permitted"
            ),
        ),
    ],
)
def test_a_machine_without_user_namespaces_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None, because: str
) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    if script is not None:
        (programs / "unshare").write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        (programs / "unshare").chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    ground = Ground(cast("Cluster", None), tmp_path, cast("ForkServerContext", None))
    with pytest.raises(Skipped) as refused, small_disk(ground):
        pass
    assert str(refused.value) == because
