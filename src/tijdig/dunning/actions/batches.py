"""Batches of debtors, side by side: while one waits for the database, another decides."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Lock
from typing import TypeVar
from uuid import UUID

from django.db import connection

from tijdig.dunning.actions.second_process import MOST_BATCHES, Second, standing_by
from tijdig.tenants.forks import can_fork
from tijdig.tenants.memory import without_collecting

Batch = Sequence[UUID]
_Found = TypeVar("_Found")

BATCH = 5_000
# Less than this is not worth a second connection.
SMALL = 200
HANDS = 2
# From here on a second process is worth what starting it costs.
LARGE = 5_000


def make_batches(debtor_ids: Batch) -> Iterator[Batch]:
    """Debtors in order of id, in batches of about the same size: at least one for every hand."""
    size = len(debtor_ids)
    if size > SMALL:
        count = -(-size // BATCH)
        count += -count % HANDS
        size = -(-size // count)
    for start in range(0, len(debtor_ids), max(size, 1)):
        yield debtor_ids[start : start + size]


@contextmanager
def second_hand(
    count: Callable[[int], int], get_ready: Callable[[], None]
) -> Iterator[Second | None]:
    """A second process that gets ready for work, where there is enough for it; or none.

    `count` tells how many debtors there are, at most so many as it is asked for. It needs a process
    of a single thread, outside any transaction of the caller.
    """
    if connection.in_atomic_block or not can_fork() or count(LARGE) < LARGE:
        yield None
        return
    with standing_by(get_ready) as second:
        yield second


def work_off(
    debtor_ids: Batch,
    look_at: Callable[[Batch], _Found],
    note: Callable[[_Found], None],
    *,
    second: Second | None = None,
) -> None:
    """Look at everybody in batches, two at a time, and note here what came of each batch.

    One batch in this thread, the other beside it: in the second process, or else in a thread.
    `look_at` opens a transaction of its own. The first failure stops all after the batch that
    each is at. Inside a transaction of the caller everything happens there, one after the other.
    """
    batches = list(make_batches(debtor_ids))
    with without_collecting():
        if connection.in_atomic_block or len(batches) < HANDS:
            for batch in batches:
                note(look_at(batch))
        elif second is not None and len(batches) <= MOST_BATCHES:
            second.share(batches, look_at, note)
        else:
            _share_out(deque(batches), look_at, note)


def _share_out(
    waiting: deque[Batch], look_at: Callable[[Batch], _Found], note: Callable[[_Found], None]
) -> None:
    noting = Lock()

    def look_and_note(batch: Batch) -> None:
        found = look_at(batch)
        with noting:
            note(found)

    with ThreadPoolExecutor(HANDS - 1) as others:
        others_done = [
            others.submit(_take_in_turn, waiting, look_and_note, leaves=True)
            for _ in range(HANDS - 1)
        ]
        _take_in_turn(waiting, look_and_note, leaves=False)
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
