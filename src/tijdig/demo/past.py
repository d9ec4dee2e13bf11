"""The past of one creditor: his books, and every day up to the visitor's lived in them."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from tijdig.core.policy import DEFAULT_POLICY
from tijdig.core.problem import Problem
from tijdig.demo.errands import ACTOR, plan_errands
from tijdig.demo.living import Books, Day, live_day
from tijdig.demo.state import Life, write_life
from tijdig.demo.world import Creditor, World
from tijdig.dunning.actions import policies
from tijdig.tenants.actions import make_administration
from tijdig.tenants.bulk import plan_once
from tijdig.tenants.queries import find_administration
from tijdig.tenants.scope import administration_scope

STEP_REASONS = (
    "notice_due",
    "reminder_due",
    "call_due",
    "veertiendagenbrief_due",
    "last_demand_due",
    "plan_due",
    "case_due",
)
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
    plan_once()
    life = begin_life(world, creditor)
    books = open_books(world, creditor, folder)
    return live_through(books, life, until_on=world.anchor_on, tell=tell)
