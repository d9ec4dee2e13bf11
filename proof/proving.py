"""Run the cases of a set on two cores, each worker on a database of its own."""

import multiprocessing
import os
from collections.abc import Callable, Sequence
from multiprocessing.context import SpawnContext
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING

from proof.cases import Size, Verdict

if TYPE_CHECKING:
    from multiprocessing.queues import Queue
    from multiprocessing.synchronize import Barrier

    from proof.cases import Case

WORKERS = 2
# Rows whose cases take longest.
_LONG = {"E7": 0, "E4": 1, "A5": 2}
Key = tuple[str, str]


def prove(
    *, seed: int, size: Size, only: Sequence[str], tell: Callable[[Verdict], None]
) -> list[Verdict]:
    """The verdict on every case of the set; `only` names rows, none means all."""
    from proof.ground import scratch

    with scratch() as folder:
        from proof.rows import list_cases

        chosen = [case for case in list_cases() if case.is_in(size)]
        chosen = [case for case in chosen if not only or case.row in only]
        # The longest first, so that nobody waits for it at the end.
        together = sorted(
            (case for case in chosen if not case.alone), key=lambda one: _LONG.get(one.row, 9)
        )
        alone = [case for case in chosen if case.alone]
        found = _share_out(_keys(together), _keys(alone), folder, seed=seed, tell=tell)
        order = {(case.row, case.name): at for at, case in enumerate(chosen)}
        return sorted(found, key=lambda one: order[one.row, one.name])


def _keys(cases: "Sequence[Case]") -> list[Key]:
    return [(case.row, case.name) for case in cases]


def _share_out(
    together: Sequence[Key],
    alone: Sequence[Key],
    folder: Path,
    *,
    seed: int,
    tell: Callable[[Verdict], None],
) -> list[Verdict]:
    context: SpawnContext = multiprocessing.get_context("spawn")
    waiting: Queue[Key | None] = context.Queue()
    done: Queue[Verdict] = context.Queue()
    workers = WORKERS if together else 1
    for key in (*together, *([None] * workers)):
        waiting.put(key)
    meeting = context.Barrier(workers)
    processes = []
    for number in range(workers):
        name = f"proof_{os.getpid()}_{number}"
        mine = list(alone) if number == 0 else []
        process = context.Process(
            target=_work, args=(folder, name, seed, waiting, done, meeting, mine)
        )
        process.start()
        processes.append(process)
    found: list[Verdict] = []
    try:
        while len(found) < len(together) + len(alone):
            try:
                found.append(done.get(timeout=1))
            except Empty:
                if any(process.is_alive() for process in processes):
                    continue
                raise SystemExit("A worker of the proof ended before its work.") from None
            tell(found[-1])
    finally:
        for process in processes:
            process.join(10)
            process.kill()
    return found


def _work(
    folder: Path,
    name: str,
    seed: int,
    waiting: "Queue[Key | None]",
    done: "Queue[Verdict]",
    meeting: "Barrier",
    alone: Sequence[Key],
) -> None:
    """Cases as long as there are any; then, when nobody works any more, those that stand alone."""
    from proof.ground import stand_on

    with stand_on(folder, name) as ground:
        from proof.cases import try_case
        from proof.rows import list_cases

        cases = {(case.row, case.name): case for case in list_cases()}
        while (key := waiting.get()) is not None:
            done.put(try_case(cases[key], ground, seed))
        meeting.wait()
        for key in alone:
            done.put(try_case(cases[key], ground, seed))
