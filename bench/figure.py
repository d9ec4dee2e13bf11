"""What a bench finds: one figure beside its baseline of the same run, and whether it will do."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement. `aim` bounds `ratio` where there is a baseline, else `ours`.

    `ok` is None where nothing was promised; `ratio` is ours over the baseline.
    """

    bench: str
    what: str
    ours: float
    baseline: float | None
    ratio: float | None
    aim: str
    ok: bool | None
    unit: str


def judge(
    bench: str,
    what: str,
    *,
    ours: float,
    unit: str,
    baseline: float | None = None,
    aim: float | None = None,
    bound: Literal["at least", "at most"] = "at least",
) -> Figure:
    """The figure, with its ratio and whether it stays within the bound."""
    ratio = None if baseline is None else ours / baseline
    judged = ours if ratio is None else ratio
    ok = None
    if aim is not None:
        ok = judged >= aim if bound == "at least" else judged <= aim
    return Figure(
        bench=bench,
        what=what,
        ours=ours,
        baseline=baseline,
        ratio=ratio,
        aim="" if aim is None else f"{'≥' if bound == 'at least' else '≤'} {aim:,g}",
        ok=ok,
        unit=unit,
    )
