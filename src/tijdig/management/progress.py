"""A progress bar on stderr, for whoever is looking; machines see nothing of it."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress


@contextmanager
def show_progress(title: str, *, of: int) -> Iterator[Callable[[int], None]]:
    """Show how far long work is; the caller says how much was done since the last time."""
    with _progress() as progress:
        task = progress.add_task(title, total=of)
        progress.refresh()

        def advance(count: int) -> None:
            progress.update(task, advance=count, refresh=True)

        yield advance


@contextmanager
def show_run() -> Iterator[Callable[[int, int], None]]:
    """Show how many of the debtors who are due have been looked at."""
    with _progress() as progress:
        task = progress.add_task("Debiteuren", total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of, refresh=True)


def _progress() -> Progress:
    """Without a thread that draws: only a single thread may start a second process."""
    console = Console(file=sys.stderr)
    return Progress(
        console=console, transient=True, disable=not console.is_terminal, auto_refresh=False
    )
