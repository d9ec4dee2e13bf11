"""Batches of debtors, side by side: while one waits for the database, another decides."""

import gc
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from uuid import UUID

from django.db import connection

Batch = Sequence[UUID]

BATCH = 2_500
# The first batch is small: on tables that are still empty its checks are planned badly.
FIRST_BATCH = 100
HANDS = 2


def make_batches(debtor_ids: Batch) -> Iterator[Batch]:
    """Debtors in order of id: first a small batch, then at least one for every hand."""
    if debtor_ids:
        yield debtor_ids[:FIRST_BATCH]
    size = min(BATCH, max(FIRST_BATCH, -(-(len(debtor_ids) - FIRST_BATCH) // HANDS)))
    for start in range(FIRST_BATCH, len(debtor_ids), size):
        yield debtor_ids[start : start + size]


def work_off(batches: Iterator[Batch], look_at: Callable[[Batch], None]) -> None:
    """Look at every batch: the first one alone, the others side by side.

    `look_at` opens a transaction of its own. The first failure stops all after the batch that
    each is at. Inside a transaction of the caller everything happens there, one after the other.
    """
    with _without_collecting():
        for first in islice(batches, 1):
            look_at(first)
        waiting = deque(batches)
        if connection.in_atomic_block:
            for batch in waiting:
                look_at(batch)
        elif waiting:
            _share_out(waiting, look_at)


def _share_out(waiting: deque[Batch], look_at: Callable[[Batch], None]) -> None:
    with ThreadPoolExecutor(HANDS) as hands:
        try:
            for hand in [hands.submit(_take_in_turn, waiting, look_at) for _ in range(HANDS)]:
                hand.result()
        finally:
            waiting.clear()


def _take_in_turn(waiting: deque[Batch], look_at: Callable[[Batch], None]) -> None:
    """Until none is left, on a connection of this thread's own."""
    try:
        while waiting:
            try:
                batch = waiting.popleft()
            except IndexError:  # another hand took the last one
                return
            look_at(batch)
    finally:
        waiting.clear()
        connection.close()


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Facts and decisions hold no cycles: looking for some costs a fifth of a run, for nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
