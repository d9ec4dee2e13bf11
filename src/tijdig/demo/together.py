"""Several processes that each live in books of their own.

This module is what such a process loads first: it may not touch a table before Django is ready.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait as wait_for
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import django

from tijdig.demo.world import World

if TYPE_CHECKING:
    from tijdig.demo.past import Past

_TELL_EVERY_SECONDS = 0.5
_lived: "Synchronized[int] | None" = None


def live_together(
    world: World, folder: Path, *, workers: int, tell: Callable[[int], None]
) -> "Iterator[Past]":
    """What happened in the books of every creditor, as each is ready; the largest begin first."""
    largest_first = sorted(world.creditors, key=lambda one: -len(one.invoices))
    context = get_context("spawn")
    lived = context.Value("q", 0)
    told = 0
    with ProcessPoolExecutor(workers, context, _enter, (lived,)) as pool:
        left = {pool.submit(_live_apart, world, one.slug, folder) for one in largest_first}
        while left:
            done, left = wait(left, timeout=_TELL_EVERY_SECONDS, return_when=FIRST_COMPLETED)
            now_lived = lived.value
            tell(now_lived - told)
            told = now_lived
            for job in done:
                yield job.result()


def _enter(lived: "Synchronized[int]") -> None:
    """A fresh process: make Django ready, and remember where to count the days."""
    global _lived  # noqa: PLW0603 - a pool has no other way to hand something to its processes
    _lived = lived
    Thread(target=_end_with_parent, daemon=True).start()
    django.setup()


def _end_with_parent() -> None:
    """A pool's process outlives a parent that was killed, and would go on living in its books."""
    parent = parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)


def _live_apart(world: World, slug: str, folder: Path) -> "Past":
    from django.db import connections

    from tijdig.demo.past import live_past

    creditor = next(one for one in world.creditors if one.slug == slug)
    try:
        return live_past(world, creditor, folder, _count)
    finally:
        connections.close_all()


def _count(days: int) -> None:
    if _lived is not None:
        with _lived.get_lock():
            _lived.value += days
