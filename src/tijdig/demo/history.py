"""Build the demo office: make the administrations, then live through the past in each of them.

Administrations do not touch each other, so that several processes live in them at once.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from tijdig.core.calendar import is_working_day
from tijdig.core.policy import DEFAULT_POLICY
from tijdig.core.problem import Problem
from tijdig.demo.errands import ACTOR, plan_errands
from tijdig.demo.living import Books, Day, live_day
from tijdig.demo.making import make_world
from tijdig.demo.state import Life, Origin, write_life, write_origin
from tijdig.demo.together import live_together
from tijdig.demo.world import Creditor, World
from tijdig.dunning.actions import policies, sending
from tijdig.tenants.actions import let_in, make_administration, make_user
from tijdig.tenants.queries import find_administration
from tijdig.tenants.scope import administration_scope
from tijdig.web.clock import write_demo_day

DEFAULT_SEED = 2026
STEP_REASONS = (
    "notice_due",
    "reminder_due",
    "call_due",
    "veertiendagenbrief_due",
    "last_demand_due",
)
VISITOR = "demo@example.nl"
_ZONE = ZoneInfo("Europe/Amsterdam")
_FIRST_BALANCE_CENTS = 1_250_000

Tell = Callable[[int], None]


@dataclass(slots=True)
class Past:
    """What happened in one set of books: totals over the whole time, and the last day.

    `because` is the standing of all debtors after the last run, `steps` counts every step taken.
    """

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
    steps: Counter[str] = field(default_factory=Counter)
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
        self.steps += Counter({reason: day.because[reason] for reason in STEP_REASONS})
        self.refused += [one for one in day.problems if one.severity == "refused"]


def choose_anchor(day: date) -> date:
    """The day itself, or the working day before it: on a day off a visitor would see no run."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def build(origin: Origin, *, folder: Path, workers: int, tell: Tell) -> tuple[Past, ...]:
    """Make the world of this origin, and live in it; per creditor what happened.

    `tell` hears now and then how many days were lived since the last time, in all books together.
    """
    pasts = live_in(remake_world(origin), folder=folder, workers=workers, tell=tell)
    write_origin(folder, origin)
    return pasts


def live_in(world: World, *, folder: Path, workers: int, tell: Tell) -> tuple[Past, ...]:
    """Make the administrations, let the visitor in, turn sending on, and live up to his day."""
    write_demo_day(world.anchor_on)
    visitor_id = make_user(VISITOR, name="Bezoeker")
    for creditor in world.creditors:
        administration_id = make_books(world, creditor)
        with administration_scope(administration_id):
            let_in(visitor_id, role="owner")
            began_at = begin_at(world)
            sending.turn_on(today=world.begins_on, now=began_at, actor=ACTOR)
    if workers < 2:
        pasts = [live_past(world, one, folder, tell) for one in world.creditors]
    else:
        pasts = list(live_together(world, folder, workers=workers, tell=tell))
    order = {one.slug: place for place, one in enumerate(world.creditors)}
    return tuple(sorted(pasts, key=lambda past: order[past.slug]))


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


def live_through(books: Books, life: Life, *, until_on: date, tell: Tell) -> Past:
    """Live the days that have not been lived yet, up to `until_on`; then keep the state."""
    since_on = life.lived_on
    past = Past(life.slug, books.creditor.name, Day(since_on))
    for offset in range(1, (until_on - since_on).days + 1):
        past.add(live_day(books, life, today=since_on + timedelta(days=offset)))
        tell(1)
    write_life(books.folder, life)
    return past


# The years before the visitor came had nobody who answered a question; his days have.
_UNGUARDED = {
    "bank_fresh_days": None,
    "books_fresh_days": None,
    "asks_first": False,
    "undo_minutes": 0,
    "contact_from": time(0),
    "contact_until": time(0),
}


def make_books(world: World, creditor: Creditor) -> UUID:
    """An administration with the default policy; sending is off. Its id."""
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
            **_UNGUARDED,
        },
    )
    with administration_scope(administration_id):
        policies.adopt(DEFAULT_POLICY, now=begin_at(world), actor=ACTOR)
    return administration_id


def begin_at(world: World) -> datetime:
    """The moment at which everything begins."""
    return datetime.combine(world.begins_on, time(7), _ZONE)


def live_past(world: World, creditor: Creditor, folder: Path, tell: Tell) -> Past:
    """Everything up to the visitor's day, in the books of one creditor."""
    with connection.cursor() as cursor:
        # A history that a power cut takes away is made again; waiting for the disk doubles it.
        cursor.execute("SET synchronous_commit TO off")
    life = begin_life(world, creditor)
    books = open_books(world, creditor, folder)
    return live_through(books, life, until_on=world.anchor_on, tell=tell)
