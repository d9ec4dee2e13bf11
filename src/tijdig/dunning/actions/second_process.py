"""A second process that takes batches beside this one, each with a connection of its own.

It is a fork: what this process knows when it starts, the second knows too. It starts before there
is work, and gets ready meanwhile. Which batch is next stands in a pipe that both read, the debtors
of all batches in memory that both see; what came of each comes back as the second process says it.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import FileIO
from itertools import accumulate
from multiprocessing import get_context
from multiprocessing.connection import Connection
from struct import Struct
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from django.db import connection

from tijdig.core.problem import Refusal
from tijdig.tenants.failpoints import fp
from tijdig.tenants.forks import leave_connection, make_portable
from tijdig.tenants.ids import PACKED_LENGTH, pack_ids, unpack_ids

_Found = TypeVar("_Found")
_Batch = Sequence[UUID]

_NUMBER = Struct(">I")
# All numbers stand in the pipe before anybody reads: these fit into the smallest that Linux gives.
MOST_BATCHES = 1_000


@contextmanager
def standing_by(get_ready: Callable[[], None]) -> Iterator["Second"]:
    """A second process, which first gets ready and then waits for work; at the end it is gone."""
    reading, writing = os.pipe()
    here, there = get_context("fork").Pipe()
    with (
        FileIO(reading) as numbers,
        FileIO(os.memfd_create("debtors"), "r+") as debtors,
        FileIO(writing, "w") as giving,
        here,
    ):
        second = Second(numbers, giving, debtors, here)
        process = get_context("fork").Process(
            target=second.work, args=(get_ready, there), daemon=True
        )
        process.start()
        there.close()
        try:
            yield second
        finally:
            giving.close()
            here.close()
            process.join()


class Second:
    """The second process, and what the two have between them."""

    def __init__(
        self, numbers: FileIO, giving: FileIO, debtors: FileIO, here: "Connection[Any, Any]"
    ) -> None:
        self._numbers, self._giving, self._debtors, self._here = numbers, giving, debtors, here
        self._is_done = False

    def share(
        self,
        batches: Sequence[_Batch],
        look_at: Callable[[_Batch], _Found],
        note: Callable[[_Found], None],
    ) -> None:
        """Look at every batch, here or there, once; `note` is called here with each result.

        `look_at` goes to the other process as pickle writes it. The first failure stops both after
        the batch that each is at, and is raised here. Refuses, with what to do, when the second
        process was killed.
        """
        self._give(batches, look_at)
        try:
            for number in self._take():
                note(look_at(batches[number]))
                self._note_all(note, waits=False)
            self._note_all(note, waits=True)
        finally:
            self._leave_none()

    def work(self, get_ready: Callable[[], None], there: "Connection[Any, Any]") -> NoReturn:
        """All that the second process does, from its first instruction to its last."""
        self._here.close()
        self._giving.close()
        # Without the first process nobody asks or listens any more: then this one stops too.
        with suppress(EOFError, ConnectionError):
            try:
                leave_connection()
                get_ready()
                look_at, places = there.recv()
                for number in self._take():
                    fp("run.shared")
                    there.send(("found", look_at(self._read(*places[number : number + 2]))))
                connection.close()
                there.send(("done", None))
            except (EOFError, ConnectionError):
                raise
            except BaseException as error:  # noqa: BLE001 - it is raised in the first process
                self._leave_none()
                there.send(("failed", make_portable(error)))
        connection.close()
        # Nothing of the first process is to be tidied up here.
        os._exit(0)

    def _give(self, batches: Sequence[_Batch], look_at: Callable[[_Batch], Any]) -> None:
        for batch in batches:
            self._debtors.write(pack_ids(batch))
        self._giving.write(b"".join(map(_NUMBER.pack, range(len(batches)))))
        self._giving.close()
        # Whether it still lives shows when its words are read.
        with suppress(ConnectionError):
            self._here.send((look_at, [*accumulate(map(len, batches), initial=0)]))

    def _read(self, start: int, end: int) -> _Batch:
        length = (end - start) * PACKED_LENGTH
        return unpack_ids(os.pread(self._debtors.fileno(), length, start * PACKED_LENGTH))

    def _note_all(self, note: Callable[[Any], None], *, waits: bool) -> None:
        """What the second process has said so far; or all, until it is done."""
        while not self._is_done and (waits or self._here.poll()):
            try:
                what, said = self._here.recv()
            except (EOFError, ConnectionError):
                raise _make_refusal() from None
            if what == "failed":
                raise said
            if what == "found":
                note(said)
            self._is_done = what == "done"

    def _take(self) -> Iterator[int]:
        while written := os.read(self._numbers.fileno(), _NUMBER.size):
            yield _NUMBER.unpack(written)[0]

    def _leave_none(self) -> None:
        for _ in self._take():
            pass


def _make_refusal() -> Refusal:
    return Refusal(
        "Een deel van de run is van buitenaf gestopt. Wat af was, is bewaard. Start de run "
        "opnieuw: hij gaat verder waar hij was.",
        "A part of the run was stopped from outside. What was done has been kept. Start the "
        "run again: it goes on where it was.",
    )
