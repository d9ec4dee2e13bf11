"""The table: a row per kind of fault, on the screen and in docs/proof.md."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from proof.cases import Later, Verdict
from proof.kept import ROOT, Asked
from proof.rows import TITLES

PAGE = ROOT / "docs" / "proof.md"
BEGIN, END = "<!-- table -->", "<!-- end of table -->"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table; `cases` of the `of` that it has were run or `skipped`. `worst`: the first
    failure, else why one was skipped, else the slowest case.
    """

    row: str
    cases: int
    of: int
    passed: int
    seed: int
    worst: str
    skipped: int = 0


def make_lines(verdicts: Sequence[Verdict], cases: Mapping[str, int], *, seed: int) -> list[Line]:
    """One line per row of which `cases` were asked, in the order of the table."""
    lines = []
    for row in TITLES:
        own = [one for one in verdicts if one.row == row]
        if row in cases:
            passed = sum(one.passed for one in own)
            skipped = sum(bool(one.skipped) for one in own)
            lines.append(Line(row, len(own), cases[row], passed, seed, _worst(own), skipped))
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
    lines: Sequence[Line],
    later: Sequence[Later],
    *,
    asked: Asked,
    seconds: float,
    in_one_go: bool,
) -> None:
    """Put the table in docs/proof.md, with the commit and the command that made it."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    passed, cases = sum(one.passed for one in lines), sum(one.cases for one in lines)
    left, skipped = sum(one.of for one in lines) - cases, sum(one.skipped for one in lines)
    made_by = f"Made by `make proof SEED={asked.seed} SET={asked.size}` at commit `{asked.commit}`"
    took = f"in {seconds:.0f} seconds" if in_one_go else "in more than one go"
    rest = f" Broken off: {left} cases were not run." if left else ""
    rest += f" Skipped on that machine: {skipped}." if skipped else ""
    made = [
        f"{made_by}, {took}: {passed} of {cases} cases passed.{rest}",
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
    cases = f"{line.cases}" if line.cases == line.of else f"{line.cases} of {line.of}"
    passed = f"{line.passed}" + (f" ({line.skipped} skipped)" if line.skipped else "")
    return cases, passed, f"{line.seed}", line.worst.replace("|", "/")


def _worst(own: Sequence[Verdict]) -> str:
    if not own:
        return "not run"
    wrong = next((one for one in own if one.wrong), None)
    if wrong is not None:
        return f"{wrong.name}: {wrong.wrong}"
    skipped = next((one for one in own if one.skipped), None)
    if skipped is not None:
        return f"{skipped.name}, skipped: {skipped.skipped}"
    slowest = max(own, key=lambda one: one.seconds)
    return f"{slowest.name}: {slowest.seconds:.1f} s"
