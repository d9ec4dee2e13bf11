"""Build the demo office: make the administrations, then live through the past in each of them.

Administrations do not touch each other, so that several processes live in them at once.
"""

from datetime import date, timedelta
from pathlib import Path

from tijdig.core.calendar import is_working_day
from tijdig.demo.errands import ACTOR
from tijdig.demo.making import make_world
from tijdig.demo.past import Past, Tell, begin_at, live_past, make_books
from tijdig.demo.state import Origin, write_origin
from tijdig.demo.together import live_together
from tijdig.demo.world import World
from tijdig.dunning.actions import sending
from tijdig.tenants.actions import let_in, make_user
from tijdig.tenants.scope import administration_scope
from tijdig.web.clock import write_demo_day

DEFAULT_SEED = 2026
VISITOR = "demo@example.nl"


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
