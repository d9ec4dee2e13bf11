"""The table: a row per kind of fault, on the screen and in docs/proof.md."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from proof.cases import Later, Size, Verdict
from proof.rows import TITLES

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "proof.md"
BEGIN, END = "<!-- table -->", "<!-- end of table -->"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table. `worst`: the first failure, else the slowest case."""

    row: str
    cases: int
    passed: int
    seed: int
    worst: str


def make_lines(verdicts: Sequence[Verdict], *, seed: int) -> list[Line]:
    """One line per row that ran, in the order of the table."""
    lines = []
    for row in TITLES:
        own = [one for one in verdicts if one.row == row]
        if own:
            passed = [one for one in own if not one.wrong]
            lines.append(Line(row, len(own), len(passed), seed, _worst(own)))
    return lines


def show(lines: Sequence[Line]) -> str:
    """The table as text: row | cases | passed | seed | worst."""
    head = ("row", "what", "cases", "passed", "seed", "worst")
    rows = [head, *((one.row, TITLES[one.row], *_cells(one)) for one in lines)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(head))]
    widths[-1] = 0
    return "\n".join(
        " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def write_page(
    lines: Sequence[Line], later: Sequence[Later], *, seed: int, size: Size, seconds: float
) -> None:
    """Put the table in docs/proof.md, with the commit and the command that made it."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    passed, cases = sum(one.passed for one in lines), sum(one.cases for one in lines)
    made_by = f"Made by `make proof SEED={seed} SET={size}` at commit `{_commit()}`"
    made = [
        f"{made_by}, in {seconds:.0f} seconds: {passed} of {cases} cases passed.",
        "",
        "| row | what is broken | cases | passed | seed | worst |",
        "|---|---|---|---|---|---|",
        *(f"| {one.row} | {TITLES[one.row]} | {' | '.join(_cells(one))} |" for one in lines),
        "",
        "Later, as their part does not exist yet:",
        "",
        "| row | what is broken | cases | waits for |",
        "|---|---|---|---|",
        *(
            f"| {one.row} | {TITLES[one.row]} | {one.cases} | {one.waits_for} |"
            for one in sorted(later, key=lambda one: list(TITLES).index(one.row))
        ),
    ]
    PAGE.write_text(
        f"{before}{BEGIN}\n\n" + "\n".join(made) + f"\n\n{END}{after}", encoding="utf-8"
    )


def _cells(line: Line) -> tuple[str, str, str, str]:
    return f"{line.cases}", f"{line.passed}", f"{line.seed}", line.worst.replace("|", "/")


def _worst(own: Sequence[Verdict]) -> str:
    wrong = next((one for one in own if one.wrong), None)
    if wrong is not None:
        return f"{wrong.name}: {wrong.wrong}"
    slowest = max(own, key=lambda one: one.seconds)
    return f"{slowest.name}: {slowest.seconds:.1f} s"


def _commit() -> str:
    done = subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    )
    changed = subprocess.run(
        ["git", "-C", str(ROOT), "status", "--porcelain", "src", "proof"],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() + (" with changes" if changed.stdout.strip() else "")
