"""Build the demo office: make the administrations, then live through the past in each of them.

Administrations do not touch each other, so that several processes live in them at once.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from multiprocessing import get_context
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import connections

from tijdig.core.calendar import is_working_day
from tijdig.core.policy import DEFAULT_POLICY
from tijdig.core.problem import Problem
from tijdig.demo.errands import ACTOR, plan_errands
from tijdig.demo.living import Books, Day, live_day
from tijdig.demo.making import make_world
from tijdig.demo.state import Life, Origin, write_life, write_origin
from tijdig.demo.world import Creditor, World
from tijdig.dunning.actions import policies, sending
from tijdig.tenants.actions import let_in, make_administration, make_user
from tijdig.tenants.queries import find_administration
from tijdig.tenants.scope import administration_scope
from tijdig.web.clock import write_demo_day

DEFAULT_SEED = 2026
VISITOR = "demo@example.nl"
_ZONE = ZoneInfo("Europe/Amsterdam")
_FIRST_BALANCE_CENTS = 1_250_000

Tell = Callable[[str, int, int], None]


@dataclass(slots=True)
class Past:
    """What happened in one set of books: totals over the whole time, and the last day."""

    slug: str
    name: str
    last_day: Day
    days: int = 0
    runs: int = 0
    files: int = 0
    planned: int = 0
    mails: int = 0
    calls_made: int = 0
    because: Counter[str] = field(default_factory=Counter)
    refused: list[Problem] = field(default_factory=list)

    def add(self, day: Day) -> None:
        """Take a day into the totals."""
        self.last_day = day
        self.days += 1
        self.runs += bool(day.because)
        self.files += day.files
        self.planned += day.planned
        self.mails += len(day.mails)
        self.calls_made += day.calls_made
        self.because = day.because or self.because
        self.refused += [one for one in day.problems if one.severity == "refused"]


def choose_anchor(day: date) -> date:
    """The day itself, or the working day before it: on a day off a visitor would see no run."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def build(origin: Origin, *, folder: Path, workers: int, tell: Tell) -> tuple[Past, ...]:
    """Make the world of this origin and live in it up to its day; per creditor what happened.

    `tell` hears (slug, days lived, days in all) now and then.
    """
    world = remake_world(origin)
    write_demo_day(origin.anchor_on)
    visitor_id = make_user(VISITOR, name="Bezoeker")
    for creditor in world.creditors:
        _make_books(world, creditor, visitor_id)
    pasts = {
        past.slug: past
        for past in (
            _live_in_turn(world, folder, tell)
            if workers < 2 or len(world.creditors) == 1
            else _live_together(world, folder, workers=workers, tell=tell)
        )
    }
    write_origin(folder, origin)
    return tuple(pasts[creditor.slug] for creditor in world.creditors)


def remake_world(origin: Origin) -> World:
    """The same world again."""
    return make_world(
        origin.seed, anchor_on=origin.anchor_on, weeks=origin.weeks, slugs=origin.slugs
    )


def open_books(world: World, creditor: Creditor, folder: Path) -> Books:
    """The administration that was made for this creditor. Raises: LookupError when none was."""
    administration_id = find_administration(creditor.slug)
    if administration_id is None:
        raise LookupError(creditor.slug)
    return Books(world, creditor, administration_id, folder, plan_errands(world, creditor))


def begin_life(world: World, creditor: Creditor) -> Life:
    """The day before everything began: nothing open, some money in the bank."""
    before = world.begins_on - timedelta(days=1)
    return Life(creditor.slug, before, before, before, _FIRST_BALANCE_CENTS)


def live_through(
    books: Books, life: Life, *, until_on: date, tell: Tell
) -> Past:
    """Live every day that has not been lived yet, up to `until_on`; the state is kept at the end."""
    since_on = life.lived_on
    past = Past(life.slug, books.creditor.name, Day(since_on))
    days = (until_on - since_on).days
    for offset in range(1, days + 1):
        today = since_on + timedelta(days=offset)
        past.add(live_day(books, life, today=today))
        if offset % 7 == 0:
            tell(life.slug, offset, days)
    write_life(books.folder, life)
    tell(life.slug, days, days)
    return past


def _make_books(world: World, creditor: Creditor, visitor_id: object) -> None:
    """An administration with the default policy, the visitor as owner, and sending on."""
    began_at = datetime.combine(world.begins_on, time(7), _ZONE)
    administration_id = make_administration(
        creditor.slug,
        creditor.name,
        told={
            "kvk_number": creditor.kvk_number,
            "vat_number": creditor.vat_number,
            "iban": creditor.iban,
            "account_name": creditor.name,
            "email": creditor.email,
            "phone": creditor.phone,
            "street": creditor.street,
            "postal_code": creditor.postal_code,
            "city": creditor.city,
        },
    )
    with administration_scope(administration_id):
        policies.adopt(DEFAULT_POLICY, now=began_at, actor=ACTOR)
        let_in(visitor_id, role="owner")  # type: ignore[arg-type]
        sending.turn_on(today=world.begins_on, now=began_at, actor=ACTOR)


def _live_in_turn(world: World, folder: Path, tell: Tell) -> Iterator[Past]:
    for creditor in world.creditors:
        yield _live_one(world, creditor, folder, tell)


def _live_one(world: World, creditor: Creditor, folder: Path, tell: Tell) -> Past:
    life = begin_life(world, creditor)
    books = open_books(world, creditor, folder)
    return live_through(books, life, until_on=world.anchor_on, tell=tell)


def _live_together(
    world: World, folder: Path, *, workers: int, tell: Tell
) -> Iterator[Past]:
    """The largest books first, in so many processes; each with a database connection of its own."""
    connections.close_all()
    largest_first = sorted(world.creditors, key=lambda one: -len(one.invoices))
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        jobs = [
            pool.submit(_live_apart, world, creditor.slug, folder) for creditor in largest_first
        ]
        for job in as_completed(jobs):
            past = job.result()
            tell(past.slug, past.days, past.days)
            yield past


def _live_apart(world: World, slug: str, folder: Path) -> Past:
    """In a process of its own, which hears of nobody's progress."""
    creditor = next(one for one in world.creditors if one.slug == slug)
    try:
        return _live_one(world, creditor, folder, _tell_nobody)
    finally:
        connections.close_all()


def _tell_nobody(_slug: str, _lived: int, _days: int) -> None:
    """Progress that nobody waits for."""
