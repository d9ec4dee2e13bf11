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

WORKERS = 2
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
            (case for case in chosen if not case.alone), key=lambda one: one.row != "E7"
        )
        alone = [case for case in chosen if case.alone]
        found = []
        for cases, workers in ((together, WORKERS), (alone, 1)):
            if cases:
                keys = [(case.row, case.name) for case in cases]
                found += _share_out(keys, folder, seed=seed, workers=workers, tell=tell)
        order = {(case.row, case.name): at for at, case in enumerate(chosen)}
        return sorted(found, key=lambda one: order[one.row, one.name])


def _share_out(
    keys: Sequence[Key],
    folder: Path,
    *,
    seed: int,
    workers: int,
    tell: Callable[[Verdict], None],
) -> list[Verdict]:
    context: SpawnContext = multiprocessing.get_context("spawn")
    waiting: Queue[Key | None] = context.Queue()
    done: Queue[Verdict] = context.Queue()
    for key in keys:
        waiting.put(key)
    processes = []
    for number in range(workers):
        waiting.put(None)
        name = f"proof_{os.getpid()}_{workers}{number}"
        process = context.Process(target=_work, args=(folder, name, seed, waiting, done))
        process.start()
        processes.append(process)
    found: list[Verdict] = []
    try:
        while len(found) < len(keys):
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
    folder: Path, name: str, seed: int, waiting: "Queue[Key | None]", done: "Queue[Verdict]"
) -> None:
    from proof.ground import stand_on

    with stand_on(folder, name) as ground:
        from proof.cases import try_case
        from proof.rows import list_cases

        cases = {(case.row, case.name): case for case in list_cases()}
        while (key := waiting.get()) is not None:
            done.put(try_case(cases[key], ground, seed))
