"""A progress bar on stderr, for whoever is looking; machines see nothing of it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress


@contextmanager
def show_progress(title: str, *, of: int) -> Iterator[Callable[[int], None]]:
    """Show how far long work is; the caller says how much was done since the last time."""
    console = Console(file=sys.stderr)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(title, total=of)

        def advance(count: int) -> None:
            progress.advance(task, count)

        yield advance


@contextmanager
def show_run() -> Iterator[Callable[[int, int], None]]:
    """Show how many of the debtors who are due have been looked at."""
    console = Console(file=sys.stderr)
    # No thread that draws: a run may start a second process, and only from a single thread.
    with Progress(
        console=console, transient=True, disable=not console.is_terminal, auto_refresh=False
    ) as progress:
        task = progress.add_task("Debiteuren", total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of, refresh=True)
