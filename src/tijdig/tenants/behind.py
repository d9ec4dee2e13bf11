"""Statements that the server carries out while their writer goes on."""

import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import connection

T = TypeVar("T")

# How long Python goes on before it lets the other thread see what the server answered: with the
# usual 5 ms the server stands still that long between two statements.
_SWITCH_SECONDS = 0.0005


class _Behind:
    """One thread, which carries out what it is sent, in order."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._sent: deque[Future[Any]] = deque()

    def send(self, statement: Callable[[], Any]) -> Future[Any]:
        sent = self._thread.submit(statement)
        self._sent.append(sent)
        return sent

    def wait(self, until: Future[Any] | None = None) -> None:
        """Until this one is done, or all that was sent; raises what went wrong first."""
        while self._sent and (until is None or until in self._sent):
            with connection.wrap_database_errors:
                self._sent.popleft().result()

    def end(self) -> None:
        """What has not begun is never begun."""
        self._thread.shutdown(cancel_futures=True)


_active: ContextVar[_Behind | None] = ContextVar("behind", default=None)


@contextmanager
def writing_behind() -> Iterator[None]:
    """In here, `send` gives the server work that nobody waits for, and `ask` work for later.

    It is done on the caller's own connection, in his transaction and in the order in which it was
    sent. Whatever else asks the database something waits for it, so that nothing overtakes it;
    what went wrong is raised there, or at the end.
    """
    behind = _Behind()

    def wait_first(ask: Callable[..., Any], *told: Any) -> Any:
        behind.wait()
        return ask(*told)

    token = _active.set(behind)
    usual_seconds = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_SECONDS)
    try:
        with connection.execute_wrapper(wait_first):
            yield
        behind.wait()
    finally:
        sys.setswitchinterval(usual_seconds)
        _active.reset(token)
        behind.end()


def send(statement: Callable[[], Any]) -> None:
    """Carry out a statement: inside `writing_behind` while the caller goes on, else at once."""
    behind = _active.get()
    if behind is None:
        with connection.wrap_database_errors:
            statement()
    else:
        behind.send(statement)


def ask(question: Callable[[], T]) -> Callable[[], T]:
    """Put a question; what comes back gives its answer, and waits for that if need be."""
    behind = _active.get()
    if behind is None:
        with connection.wrap_database_errors:
            answer = question()
        return lambda: answer
    asked = behind.send(question)

    def give() -> T:
        behind.wait(asked)
        found: T = asked.result()
        return found

    return give


def is_behind() -> bool:
    """Whether nobody waits for what is sent."""
    return _active.get() is not None


def wait_for_sent() -> None:
    """Until all that was sent before is done; raises what went wrong with it."""
    behind = _active.get()
    if behind is not None:
        behind.wait()
