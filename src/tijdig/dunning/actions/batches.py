"""Batches of debtors, side by side: while one waits for the database, another decides."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from django.db import connection

from tijdig.tenants.memory import without_collecting

Batch = Sequence[UUID]

BATCH = 2_500
# Less than this is not worth a second connection.
SMALL = 200
HANDS = 2


def make_batches(debtor_ids: Batch) -> Iterator[Batch]:
    """Debtors in order of id, in batches of about the same size: at least one for every hand."""
    size = len(debtor_ids)
    if size > SMALL:
        count = -(-size // BATCH)
        count += -count % HANDS
        size = -(-size // count)
    for start in range(0, len(debtor_ids), max(size, 1)):
        yield debtor_ids[start : start + size]


def work_off(batches: Iterator[Batch], look_at: Callable[[Batch], None]) -> None:
    """Look at every batch, two at a time: one in this thread, the other beside it.

    `look_at` opens a transaction of its own. The first failure stops all after the batch that
    each is at. Inside a transaction of the caller everything happens there, one after the other.
    """
    waiting = deque(batches)
    with without_collecting():
        if connection.in_atomic_block or len(waiting) < HANDS:
            for batch in waiting:
                look_at(batch)
        else:
            _share_out(waiting, look_at)


def _share_out(waiting: deque[Batch], look_at: Callable[[Batch], None]) -> None:
    with ThreadPoolExecutor(HANDS - 1) as others:
        others_done = [
            others.submit(_take_in_turn, waiting, look_at, leaves=True) for _ in range(HANDS - 1)
        ]
        _take_in_turn(waiting, look_at, leaves=False)
        for one in others_done:
            one.result()


def _take_in_turn(waiting: deque[Batch], look_at: Callable[[Batch], None], *, leaves: bool) -> None:
    """Until none is left; who `leaves` closes the connection of his thread behind him."""
    try:
        while waiting:
            try:
                batch = waiting.popleft()
            except IndexError:  # another hand took the last one
                return
            look_at(batch)
    finally:
        waiting.clear()
        if leaves:
            connection.close()
