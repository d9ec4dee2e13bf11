"""The clock of the benches."""

import time
from collections.abc import Callable


def best_of(rounds: int, work: Callable[[int], object]) -> float:
    """The seconds of the quickest round: what is left of a measurement when the machine is quiet.

    `work` is told the number of the round, so that it need not do the very same thing twice.
    """
    return min(_time(work, number) for number in range(rounds))


def best_of_both(
    rounds: int, ours: Callable[[int], object], theirs: Callable[[int], object]
) -> tuple[float, float]:
    """As `best_of` for two, in turns, so that a busy moment falls on both."""
    found = [(_time(ours, number), _time(theirs, number)) for number in range(rounds)]
    return min(pair[0] for pair in found), min(pair[1] for pair in found)


def _time(work: Callable[[int], object], number: int) -> float:
    started = time.perf_counter()
    work(number)
    return time.perf_counter() - started
