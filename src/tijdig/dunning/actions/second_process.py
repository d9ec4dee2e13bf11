"""A second process that takes batches beside this one, each with a connection of its own.

It is a fork: what this process knows when it starts, the second knows too. Which batch is next
stands in a pipe that both read; what came of each comes back through another.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from struct import Struct
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from django.db import connection

from tijdig.core.problem import Refusal
from tijdig.tenants.failpoints import fp
from tijdig.tenants.forks import can_fork, leave_connection, make_portable

_Found = TypeVar("_Found")
_Batches = Sequence[Sequence[UUID]]

_NUMBER = Struct(">I")
# All numbers stand in the pipe before anybody reads: these fit into the smallest that Linux gives.
_MOST_BATCHES = 1_000


def can_share(batches: _Batches) -> bool:
    """Whether a second process can be had, and has something to do."""
    return 1 < len(batches) <= _MOST_BATCHES and can_fork()


def share(
    batches: _Batches,
    look_at: Callable[[Sequence[UUID]], _Found],
    note: Callable[[_Found], None],
) -> None:
    """Look at every batch, here or in the second process; `note` is called here with each result.

    The first failure stops both after the batch that each is at, and is raised here. Refuses, with
    what to do, when the second process was killed.
    """
    with _numbers(len(batches)) as numbers:
        receiving, sending = get_context("fork").Pipe(duplex=False)
        second = get_context("fork").Process(
            target=_work, args=(batches, look_at, numbers, receiving, sending), daemon=True
        )
        second.start()
        sending.close()
        try:
            for number in _take(numbers):
                note(look_at(batches[number]))
                _note_all(receiving, note, waits=False)
            _note_all(receiving, note, waits=True)
        finally:
            _leave_none(numbers)
            receiving.close()
            second.join()
    if second.exitcode:
        raise Refusal(
            "Een deel van de run is van buitenaf gestopt. Wat af was, is bewaard. Start de run "
            "opnieuw: hij gaat verder waar hij was.",
            "A part of the run was stopped from outside. What was done has been kept. Start the "
            "run again: it goes on where it was.",
        )


def _note_all(
    receiving: "Connection[Any, Any]", note: Callable[[Any], None], *, waits: bool
) -> None:
    """What the second process has sent so far; or all, until it ends."""
    with suppress(EOFError):
        while waits or receiving.poll():
            found, error = receiving.recv()
            if error is not None:
                raise error
            note(found)


def _work(
    batches: _Batches,
    look_at: Callable[[Sequence[UUID]], Any],
    numbers: int,
    receiving: "Connection[Any, Any]",
    sending: "Connection[Any, Any]",
) -> NoReturn:
    """The second process, from its first instruction to its last."""
    receiving.close()
    # Without the first process nobody listens any more: then this one stops too.
    with suppress(BrokenPipeError):
        try:
            leave_connection()
            for number in _take(numbers):
                fp("run.shared")
                sending.send((look_at(batches[number]), None))
        except BrokenPipeError:
            raise
        except BaseException as error:  # noqa: BLE001 - it is raised in the first process
            _leave_none(numbers)
            sending.send((None, make_portable(error)))
    connection.close()
    # Nothing of the first process is to be tidied up here.
    os._exit(0)


@contextmanager
def _numbers(count: int) -> Iterator[int]:
    """A pipe that holds the numbers of all batches; each is read once, by whoever comes first."""
    reading, writing = os.pipe()
    try:
        os.write(writing, b"".join(_NUMBER.pack(number) for number in range(count)))
    finally:
        os.close(writing)
    try:
        yield reading
    finally:
        os.close(reading)


def _take(numbers: int) -> Iterator[int]:
    while written := os.read(numbers, _NUMBER.size):
        yield _NUMBER.unpack(written)[0]


def _leave_none(numbers: int) -> None:
    for _ in _take(numbers):
        pass
