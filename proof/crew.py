"""The workers of a proof: each a process with a database of its own, given one case at a time.

Whoever gives out the work knows who does what: a worker that dies or never ends costs its case,
and another one takes its place.
"""

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkContext, ForkProcess
from pathlib import Path

from proof.cases import Verdict, try_case
from proof.ground import stand_on
from proof.lifetime import die_with
from proof.rows import list_cases

WORKERS = 2
# A case ends itself at its limit; a worker that does not hear that is ended so much later.
DEAF_SECONDS = 60.0
_FAREWELL_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Task:
    """A case by name, and how long it may take; `alone`: nobody else may be at work."""

    row: str
    name: str
    limit_seconds: float
    alone: bool


@dataclass(slots=True)
class _Worker:
    process: ForkProcess
    line: "Connection[Task | None, Verdict]"
    task: Task | None = None
    since: float = 0.0


class Crew:
    """Workers on the server in `folder`; they end with the block, whatever happens.

    They are forks of this process, and know at once what it has loaded; so it has no threads, and
    no line to a database when it hires one. Only with their first case they copy the database.
    """

    def __init__(self, folder: Path, *, seed: int, most: int = WORKERS) -> None:
        self._folder, self._seed, self._most = folder, seed, most
        self._context: ForkContext = multiprocessing.get_context("fork")
        self._workers: list[_Worker] = []
        self._hired = 0

    def __enter__(self) -> "Crew":
        for _ in range(self._most):
            self._hire()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        for worker in self._workers:
            with suppress(OSError):
                worker.line.send(None)
        for worker in self._workers:
            worker.process.join(_FAREWELL_SECONDS if kind is None else 0)
            worker.process.kill()
            worker.process.join()

    def work(self, tasks: Sequence[Task]) -> Iterator[Verdict]:
        """Each verdict as it comes: first those that go together, then those that stand alone."""
        for alone in (False, True):
            waiting = deque(task for task in tasks if task.alone is alone)
            yield from self._work_off(waiting, most=1 if alone else self._most)

    def _work_off(self, waiting: deque[Task], *, most: int) -> Iterator[Verdict]:
        while waiting or self._busy():
            for worker in self._idle(min(most - len(self._busy()), len(waiting))):
                worker.task, worker.since = waiting.popleft(), time.monotonic()
                worker.line.send(worker.task)
            busy = {worker.line: worker for worker in self._busy()}
            for line in wait(list(busy), timeout=1.0):
                yield self._hear(busy[line])  # type: ignore[index]
            for worker in self._busy():
                if time.monotonic() - worker.since > _limit(worker) + DEAF_SECONDS:
                    yield self._bury(worker, "it did not end, and heard nothing")

    def _busy(self) -> list[_Worker]:
        return [worker for worker in self._workers if worker.task is not None]

    def _idle(self, wanted: int) -> list[_Worker]:
        idle = [worker for worker in self._workers if worker.task is None]
        return [*idle, *(self._hire() for _ in range(wanted - len(idle)))][: max(wanted, 0)]

    def _hire(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        name = f"proof_{os.getpid()}_{self._hired}"
        self._hired += 1
        words = (self._folder, name, self._seed, theirs, os.getpid())
        process = self._context.Process(target=_serve, args=words)
        process.start()
        theirs.close()
        self._workers.append(_Worker(process, ours))
        return self._workers[-1]

    def _hear(self, worker: _Worker) -> Verdict:
        try:
            verdict = worker.line.recv()
        except (EOFError, ConnectionError):
            worker.process.join(_FAREWELL_SECONDS)
            return self._bury(worker, f"its worker ended with {worker.process.exitcode}")
        worker.task = None
        return verdict

    def _bury(self, worker: _Worker, wrong: str) -> Verdict:
        assert worker.task is not None
        worker.process.kill()
        worker.process.join()
        self._workers.remove(worker)
        seconds = time.monotonic() - worker.since
        return Verdict(worker.task.row, worker.task.name, seconds, wrong)


def _limit(worker: _Worker) -> float:
    return worker.task.limit_seconds if worker.task is not None else 0.0


def _serve(
    folder: Path, name: str, seed: int, line: "Connection[Verdict, Task | None]", parent: int
) -> None:
    """Cases as long as there are any."""
    die_with(parent)
    # Whoever breaks the proof off tells its first process.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with stand_on(folder, name) as ground:
        cases = {(case.row, case.name): case for case in list_cases()}
        task = line.recv()
        if task is not None:
            ground.copy_template()
        while task is not None:
            line.send(try_case(cases[task.row, task.name], ground, seed))
            task = line.recv()
