"""Cases, rows and what became of them."""

import signal
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from proof.ground import Ground

Size = Literal["short", "fixed", "long"]
SIZES: tuple[Size, ...] = ("short", "fixed", "long")
# The slowest of ordinary cases takes some twelve seconds on free cores, and at a load of twenty on
# two cores more than five minutes.
LIMIT_SECONDS = 600.0
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Case:
    """One execution: `run` raises when something does not hold. `since` is the smallest set that
    it is in; `alone` says that nothing else may run beside it (it stops the database); `repeats`
    that others of its row show the same with other chances, so that it comes last. It fails when
    it takes longer than `limit_seconds`.
    """

    row: str
    name: str
    run: Callable[["Ground", Random], None]
    since: Size = "fixed"
    alone: bool = False
    repeats: bool = False
    limit_seconds: float = LIMIT_SECONDS

    @property
    def key(self) -> Key:
        """What names it among all cases."""
        return self.row, self.name

    def is_in(self, size: Size) -> bool:
        """Whether this set holds the case."""
        return SIZES.index(self.since) <= SIZES.index(size)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a case; `wrong` is empty where it passed. `skipped`: why this machine could
    not run it; then it has neither passed nor failed.

    `processor_seconds` is what this process worked; the rest it waited, for others at work too.
    """

    row: str
    name: str
    seconds: float
    wrong: str = ""
    trace: str = ""
    processor_seconds: float = 0.0
    skipped: str = ""

    @property
    def passed(self) -> bool:
        """Whether it was run, and held."""
        return not self.wrong and not self.skipped


@dataclass(frozen=True, slots=True)
class Later:
    """Cases of a row whose part does not exist yet, and what they wait for."""

    row: str
    cases: int
    waits_for: str


class Skipped(Exception):  # noqa: N818 - nothing is wrong
    """This machine cannot do what the case needs; says what."""


class OutOfTime(BaseException):
    """The case took longer than it may; not an Exception, which somebody could take for his own."""


def try_case(case: Case, ground: "Ground", seed: int) -> Verdict:
    """Run one case with chance of its own, for as long as it may take."""
    began, worked = time.monotonic(), time.process_time()
    wrong, trace, skipped = "", "", ""
    try:
        with _limited(case.limit_seconds):
            case.run(ground, Random(f"{seed} {case.row} {case.name}"))
    except Skipped as error:
        skipped = f"{error}"
    except (Exception, OutOfTime) as error:  # noqa: BLE001 - whatever it is, the case failed
        wrong = f"{type(error).__name__}: {error}".splitlines()[0][:200]
        trace = traceback.format_exc()
    seconds, worked = time.monotonic() - began, time.process_time() - worked
    return Verdict(case.row, case.name, seconds, wrong, trace, worked, skipped)


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    def end(*_: object) -> None:
        raise OutOfTime(f"it did not end within {seconds:.0f} s")

    was = signal.signal(signal.SIGALRM, end)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, was)


def spread(
    row: str,
    names: Sequence[str],
    run: Callable[["Ground", Random, str], None],
    *,
    fixed: int | None = None,
    alone: bool = False,
    repeats: bool = False,
    limit_seconds: float = LIMIT_SECONDS,
) -> list[Case]:
    """A case per name; the fixed set has so many of them, evenly spread, or all."""

    def bind(name: str) -> Callable[["Ground", Random], None]:
        return lambda ground, chance: run(ground, chance, name)

    def pick(most: int) -> set[int]:
        if most >= len(names):
            return set(range(len(names)))
        return {round(n * (len(names) - 1) / max(most - 1, 1)) for n in range(most)}

    in_fixed = pick(len(names) if fixed is None else fixed)
    return [
        Case(
            row,
            name,
            bind(name),
            "fixed" if at in in_fixed else "long",
            alone,
            repeats,
            limit_seconds,
        )
        for at, name in enumerate(names)
    ]
