"""Run the cases of a set, in an order in which also a proof that is broken off tells most."""

from collections.abc import Collection, Generator, Sequence
from pathlib import Path

from proof.cases import LIMIT_SECONDS, Case, Key, Size, Verdict
from proof.crew import Crew, Task
from proof.rows import list_cases
from proof.template import fill_template

# What may take longer than a usual case, and yet no longer than this, begins early.
SOME_MINUTES = LIMIT_SECONDS + 360.0


def list_chosen(*, size: Size, only: Sequence[str]) -> list[Case]:
    """The cases of a set; `only` names rows, none means all."""
    chosen = [case for case in list_cases() if case.is_in(size)]
    return [case for case in chosen if not only or case.row in only]


def count_cases(cases: Sequence[Case]) -> dict[str, int]:
    """How many cases each row has."""
    rows = dict.fromkeys(case.row for case in cases)
    return {row: sum(case.row == row for case in cases) for row in rows}


def prove(
    folder: Path, cases: Sequence[Case], *, seed: int, done: Collection[Key]
) -> Generator[Verdict, None, None]:
    """Each verdict as it comes, of every case but those that are done already."""
    left = _put_in_order([case for case in cases if case.key not in done])
    tasks = [Task(case.row, case.name, case.limit_seconds, case.alone) for case in left]
    with Crew(folder, seed=seed) as crew:
        fill_template()
        yield from crew.work(tasks)


def _put_in_order(cases: list[Case]) -> list[Case]:
    """The longest case, so that nobody waits for it at the end; beside it what takes some minutes,
    for the same reason, then each row's cases, the short ones before the long; at last what only
    repeats others.
    """
    ordered = sorted(cases, key=_place)
    longest = max(ordered, key=lambda one: one.limit_seconds, default=None)
    return [] if longest is None else [longest, *(one for one in ordered if one is not longest)]


def _place(case: Case) -> tuple[bool, bool, float]:
    takes_minutes = LIMIT_SECONDS < case.limit_seconds <= SOME_MINUTES
    return case.repeats, not takes_minutes, case.limit_seconds
