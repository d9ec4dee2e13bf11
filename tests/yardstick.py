"""Processor time as a multiple of the same fixed work, measured here and now: machines differ."""

import time

_TURNS = 2_000_000


def count_million_turns(seconds: float) -> float:
    """How many million turns of a bare loop this machine makes in so much processor time.

    A quick machine makes 30 million a second, so that two seconds of it are 60.
    """
    began = time.process_time()
    turns = 0
    while turns < _TURNS:
        turns += 1
    return seconds * _TURNS / 1e6 / (time.process_time() - began)
