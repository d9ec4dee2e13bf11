"""A body of a test in a process of a single thread, as a command has one."""

import os
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection

from django.db import connection

from tijdig.tenants.forks import leave_connection, make_portable


def run_alone(body: Callable[[], None]) -> None:
    """Run it in a fork of this process, and raise here what went wrong there.

    A process that runs tests for another has a thread that listens, and could not fork as a
    command does.
    """
    receiving, sending = get_context("fork").Pipe(duplex=False)
    process = get_context("fork").Process(target=_run, args=(body, sending))
    process.start()
    sending.close()
    try:
        error = receiving.recv()
    except EOFError:
        error = RuntimeError("the process ended before the test did")
    process.join()
    receiving.close()
    if error is not None:
        raise error


def _run(body: Callable[[], None], sending: "Connection[BaseException | None, None]") -> None:
    error: BaseException | None = None
    try:
        leave_connection()
        body()
    except BaseException as raised:  # noqa: BLE001 - it is raised in the process of the tests
        error = make_portable(raised)
    sending.send(error)
    connection.close()
    os._exit(0)
