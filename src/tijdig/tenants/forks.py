"""A second process beside this one, with a connection of its own.

It is a fork: what this process knows when it starts, the second knows too.
"""

import fcntl
import os
import pickle
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from django.db import connection, connections

from tijdig.core.problem import Refusal
from tijdig.tenants.failpoints import fp

T = TypeVar("T")
_Found = TypeVar("_Found")
_HandOver = Callable[[T], None]

# The threads of a process, where Linux tells them.
_THREADS = Path("/proc/self/task")
# As much as Linux lets everybody have: larger things go through in fewer turns.
_PIPE_BYTES = 1 << 20
# So many things may wait to be taken; then the second process waits too.
_UNDER_WAY = 4


def can_fork() -> bool:
    """Whether a second process can be had: on Linux, from a process that is a single thread.

    A fork copies the thread that asks for it, and the locks of all others as they happen to be.
    """
    return _THREADS.is_dir() and len(list(_THREADS.iterdir())) == 1


def leave_connection() -> None:
    """In the second process: forget the first one's connection, so that only that keeps it open."""
    inherited = connection.connection
    if inherited is None:
        return
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, inherited.fileno())
    os.close(nowhere)
    _forgotten.append(connections[connection.alias])
    connections[connection.alias] = connections.create_connection(connection.alias)


# Kept, for whoever throws a connection away says goodbye to the server.
_forgotten: list[object] = []


def make_portable(error: BaseException) -> BaseException:
    """The error itself where it can be sent, with where it came from; else what it said."""
    said = "".join(traceback.format_exception(error))
    try:
        sent: BaseException = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    except Exception:  # noqa: BLE001 - any error may hold something that cannot be sent
        return RuntimeError(said)
    sent.add_note(f"In the second process:\n{said}")
    return sent


def work_beside(
    work: Callable[[_HandOver[T]], _Found], take: _HandOver[T], *, stopped: Refusal
) -> _Found:
    """What `work` gives, from a second process; each thing that it hands over is taken here.

    In the order in which they were handed over, while the second works on. A failure of either
    ends both, and is raised here; `stopped` when the second was killed.
    """
    receiving, sending = get_context("fork").Pipe(duplex=False)
    with suppress(OSError):
        fcntl.fcntl(sending.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
    second = get_context("fork").Process(
        target=_work, args=(work, receiving, sending), daemon=True
    )  # fmt: skip
    second.start()
    sending.close()
    try:
        while True:
            what, told = receiving.recv()
            if what == "failed":
                raise told
            if what == "found":
                found: _Found = told
                return found
            take(told)
    except EOFError:
        raise stopped from None
    finally:
        receiving.close()
        second.join()


def _work(
    work: Callable[[_HandOver[Any]], Any],
    receiving: "Connection[Any, Any]",
    sending: "Connection[Any, Any]",
) -> NoReturn:
    """The second process, from its first instruction to its last."""
    receiving.close()
    # Without the first process nobody listens any more: then this one stops too.
    with suppress(BrokenPipeError):
        try:
            leave_connection()
            with _sender(sending) as hand_over:
                found = work(hand_over)
            sending.send(("found", found))
        except BrokenPipeError:
            raise
        except BaseException as error:  # noqa: BLE001 - it is raised in the first process
            sending.send(("failed", make_portable(error)))
    connection.close()
    # Nothing of the first process is to be tidied up here.
    os._exit(0)


@contextmanager
def _sender(sending: "Connection[Any, Any]") -> Iterator[_HandOver[Any]]:
    """Sends while the caller goes on: who reads them may be busy with the one before."""
    sent: deque[Future[None]] = deque()

    def hand_over(told: Any) -> None:
        fp("shared.hand_over")
        written = pickle.dumps(("taken", told), pickle.HIGHEST_PROTOCOL)
        sent.append(thread.submit(sending.send_bytes, written))
        if len(sent) > _UNDER_WAY:
            sent.popleft().result()

    with ThreadPoolExecutor(1) as thread:
        yield hand_over
        while sent:
            sent.popleft().result()
