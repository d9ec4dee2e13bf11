"""Live on after the visitor has come in: the time machine, one day after the other."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from django.conf import settings

from tijdig.core.problem import Refusal
from tijdig.demo.history import remake_world
from tijdig.demo.living import Day, live_day
from tijdig.demo.past import open_books
from tijdig.demo.state import read_life, read_origin, write_life
from tijdig.demo.world import World
from tijdig.web.clock import demo_today, write_demo_day

MOST_DAYS = 31
MOST_DAYS_TO_A_RUN = 14


def advance(days: int) -> date:
    """Live this many days in every administration; the day it is then.

    Refuses: outside the demo, before it was built, more than a month, while somebody else's
    journey is under way. The clock moves after a day has been lived everywhere; who has lived
    it already after a stop halfway does not live it again.
    """
    if not 1 <= days <= MOST_DAYS:
        raise Refusal(f"Kies 1 tot en met {MOST_DAYS} dagen.", f"Choose 1 up to {MOST_DAYS} days.")
    today = demo_today()
    with _journey() as (world, folder):
        for _ in range(days):
            today += timedelta(days=1)
            _live_everywhere(world, folder, today)
    return today


def advance_to_next_run(slug: str) -> date:
    """Live on until something is planned in this administration, two weeks at most."""
    today = demo_today()
    last_on = today + timedelta(days=MOST_DAYS_TO_A_RUN)
    with _journey() as (world, folder):
        while today < last_on:
            today += timedelta(days=1)
            days = _live_everywhere(world, folder, today)
            if slug not in days or days[slug].planned:
                break
    return today


@contextmanager
def _journey() -> Iterator[tuple[World, Path]]:
    """The world and its folder, for one traveller at a time."""
    folder = Path(settings.DEMO_FOLDER)
    origin = read_origin(folder)
    if not settings.DEMO or origin is None:
        raise Refusal(
            "De tijdmachine is er alleen in de demo. Start die met: tijdig demo.",
            "The time machine is only in the demo. Start it with: tijdig demo.",
        )
    with (folder / "world.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Refusal(
                "De tijdmachine is al onderweg. Wacht tot de dag voorbij is.",
                "The time machine is under way already. Wait until the day has passed.",
            ) from error
        yield remake_world(origin), folder


def _live_everywhere(world: World, folder: Path, today: date) -> dict[str, Day]:
    """This day in every administration that has not lived it yet; by slug."""
    days = {}
    for creditor in world.creditors:
        life = read_life(folder, creditor.slug)
        if life is not None and life.lived_on < today:
            books = open_books(world, creditor, folder)
            days[creditor.slug] = live_day(books, life, today=today)
            write_life(folder, life)
    write_demo_day(today)
    return days
