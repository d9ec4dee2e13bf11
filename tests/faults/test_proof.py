"""The proof passes, has a case for every failpoint, and turns red when the guards are taken out."""

import ast
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest
from proof.cases import SIZES
from proof.rows import TITLES, list_cases, list_later
from proof.sample import SHORT, choose

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
# Six minutes on two free cores; they are seldom free, and each case has a limit of its own.
TIMEOUT_SECONDS = 3_600
# Every row of the plan that the proof answers for, but for SMS.
ROWS = (
    "A1 A2 A4 A5 A6 A7 A8 A9 B1 B2 B3 B5 C1 C2 C3 C4 D1 D2 D3 D5 E1 E2 E3 E4 E5 E6 E7 J2 J3 K1"
).split()


def prove(tmp_path: Path, *words: str, source: Path = SOURCE) -> tuple[int, list[dict[str, Any]]]:
    """Run the proof as `make proof` does, on this source; exit status and verdicts."""
    told = tmp_path / "verdicts.json"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TIJDIG_")}
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        kept.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-m", "proof", "--no-page", "--json", str(told), *words],
        cwd=ROOT,
        env={**kept, "PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )
    assert told.exists(), done.stderr
    return done.returncode, json.loads(told.read_text())


def list_failpoints() -> set[str]:
    """Every name that stands in a call of `fp` in the source."""
    return {
        node.args[0].value
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "fp"
        and isinstance(node.args[0], ast.Constant)
    }


def test_every_fixed_case_passes(tmp_path: Path) -> None:
    status, verdicts = prove(tmp_path, "--set", "fixed", "--seed", "1")
    wrong = {f"{one['row']} {one['name']}": one["wrong"] for one in verdicts if one["wrong"]}
    assert (status, wrong) == (0, {})
    assert len(verdicts) > 300


def test_every_failpoint_has_a_case_that_kills_there() -> None:
    names = " ".join(case.name for case in list_cases() if case.row in {"A1", "A2", "A8"})
    # What is shared with a second process takes thousands of rows: tests of its own.
    for own in ("test_shared_run.py", "test_shared_match.py"):
        names += Path(__file__).with_name(own).read_text(encoding="utf-8")
    failpoints = list_failpoints()
    assert len(failpoints) > 15
    assert sorted(one for one in failpoints if one not in names) == []


def test_every_row_has_cases_or_says_what_it_waits_for() -> None:
    there = {case.row for case in list_cases()} | {one.row for one in list_later()}
    assert sorted(set(ROWS) - there) == []
    assert there <= set(TITLES)
    assert {case.since for case in list_cases()} <= set(SIZES)


def test_every_row_has_the_cases_of_the_sample_in_the_short_set() -> None:
    cases = list_cases()
    assert list(SHORT) == [row for row in TITLES if row in {case.row for case in cases}]
    chosen = {case.key for case in cases if case.is_in("short")}
    assert chosen == {(row, name) for row, names in SHORT.items() for name in names}
    assert len([case for case in cases if case.is_in("fixed")]) > 450


def test_a_sample_with_a_name_of_no_case_or_a_row_without_one_is_refused() -> None:
    cases = list_cases()
    (gone,) = SHORT["A4"]
    with pytest.raises(ValueError, match=gone):
        choose([case for case in cases if case.name != gone or case.row != "A4"])
    with pytest.raises(ValueError, match="B4"):
        choose([*cases, replace(cases[0], row="B4")])


def test_no_part_of_the_proof_imports_in_a_circle() -> None:
    """Also not from within a function: whoever reads one part need not know the others first."""
    imports = {
        f"proof.{path.stem}": {
            name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.ImportFrom)
            for name in (node.module or "", *(f"{node.module}.{one.name}" for one in node.names))
            if name.startswith("proof.")
        }
        for path in (ROOT / "proof").glob("*.py")
    }
    order = list(TopologicalSorter(imports).static_order())
    assert order.index("proof.ground") < order.index("proof.stage") < order.index("proof.checks")


MUTATIONS = {
    # A payment, or any stop, between decision and claim is no longer seen.
    "the check at the claim": (
        "tijdig/messaging/actions/claims.py",
        (
            ("AND waiting.facts_version = debtor.facts_version AND", "AND"),
            ("debtor.facts_version <> message.facts_version OR", ""),
        ),
        "D2",
    ),
    # The same step may be planned twice.
    "the key of a step": (
        "tijdig/migrations/0001_initial.py",
        (
            (
                "'carrying_item', 'reopen_count', 'step_key'), name='message_step_once'",
                "'carrying_item', 'reopen_count', 'step_key', 'id'), name='message_step_once'",
            ),
        ),
        "D1",
    ),
    # Who gave a reason is asked as if he had said nothing.
    "what a reason stops and asks for": (
        "tijdig/cases/queries/stops.py",
        (
            ("for stop in make_reason_stops(told, today=self.today):", "for stop in ():"),
            ("message = make_reason_message(told)", "message = None"),
        ),
        "E7",
    ),
    # A claim is no longer committed before the line opens, so a lost worker's message is repeated.
    "the look at the send log": (
        "tijdig/messaging/delivering.py",
        (
            (
                'fates[one.message_id, one.attempt] if one.was_here else "begun"',
                '"claimed"',
            ),
        ),
        "A1",
    ),
}


@pytest.mark.parametrize("name", MUTATIONS)
def test_without_a_guard_the_table_turns_red(tmp_path: Path, name: str) -> None:
    path, changes, row = MUTATIONS[name]
    mutant = tmp_path / "src"
    # With what is compiled of it, but for what another process is just writing.
    shutil.copytree(SOURCE, mutant, ignore=shutil.ignore_patterns("*.pyc.*"))
    text = (mutant / path).read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, f"{name} no longer stands as {old!r} in {path}"
        text = text.replace(old, new)
    (mutant / path).write_text(text, encoding="utf-8")
    for compiled in (mutant / path).parent.glob(f"__pycache__/{Path(path).stem}.*"):
        compiled.unlink()
    words = ("--set", "short", "--rows", row, "--first-wrong")
    status, verdicts = prove(tmp_path, *words, source=mutant)
    assert status == 1
    # One that is red is enough; the cases after it would say the same.
    assert [one["row"] for one in verdicts if one["wrong"]] == [row]
