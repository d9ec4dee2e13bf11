"""`tijdig demo`: an invented office with a past, and the site to look at it."""

import os
import shutil
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.db import connections

from tijdig.config.database import prepare_schema
from tijdig.config.serving import refuse_taken_port, serve
from tijdig.core.problem import Refusal
from tijdig.demo.history import DEFAULT_SEED, VISITOR, build, choose_anchor, remake_world
from tijdig.demo.making import WEEKS_BEFORE
from tijdig.demo.state import Origin, read_origin
from tijdig.demo.telling import count_today, tell_past, tell_today
from tijdig.demo.trades import TRADES
from tijdig.management.answer import Answer, AnsweringCommand
from tijdig.management.arguments import port_number, whole_number
from tijdig.management.progress import show_progress
from tijdig.tenants.actions import make_sign_in_link, make_user
from tijdig.tenants.queries import find_administration, list_administrations
from tijdig.web.clock import demo_today, moment_now

MOST_WORKERS = 4
USUAL_PORT = 8000
MOST_WEEKS = 520


class Command(AnsweringCommand):
    """The second time the office is still there; `--fresh` makes it anew. No mail can leave."""

    help = "Build the demo office, run today's run, and serve the site."
    needs_tables = False

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fresh", action="store_true", help="throw the demo away first")
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="another world")
        weeks = whole_number(1, MOST_WEEKS)
        parser.add_argument("--weeks", type=weeks, default=WEEKS_BEFORE, help="length of the past")
        parser.add_argument("--no-serve", action="store_true", help="build only")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=port_number, default=USUAL_PORT)

    def handle(self, *arguments: Any, **options: Any) -> None:
        super().handle(*arguments, **options)
        self.stdout.flush()
        if options["no_serve"]:
            return
        try:
            serve(host=options["host"], port=options["port"], with_worker=False)
        except Refusal as refusal:
            self.stderr.write(refusal.because.nl)
            sys.exit(1)

    def answer(self, **options: Any) -> Answer:
        if not settings.DEMO:
            raise Refusal(
                "Start de demo met: tijdig demo. Zo blijft zij los van uw eigen gegevens.",
                "Start the demo with: tijdig demo. That keeps it apart from your own data.",
            )
        if not options["no_serve"]:
            refuse_taken_port(options["host"], options["port"])
        folder = Path(settings.DEMO_FOLDER)
        origin = read_origin(folder)
        prepare_schema()
        _refuse_other_books()
        if origin is not None and not options["fresh"]:
            return _welcome_back(origin, options["port"])
        _throw_away(folder)
        anchor_on = choose_anchor(demo_today())
        origin = Origin(options["seed"], anchor_on, options["weeks"], ())
        return _build(origin, folder, options["port"])


def _build(origin: Origin, folder: Path, port: int) -> Answer:
    begun = monotonic()
    days = len(TRADES) * (timedelta(weeks=origin.weeks).days + 1)
    workers = min(os.cpu_count() or 1, MOST_WORKERS)
    with show_progress("Anderhalf jaar beleven", of=days) as advance:
        tell: Callable[[int], None] = advance
        pasts = build(origin, folder=folder, workers=workers, tell=tell)
    seconds = round(monotonic() - begun, 1)
    link = _invite(port)
    figures = {
        "built": True,
        "today": f"{origin.anchor_on}",
        "administrations": len(pasts),
        "files": sum(past.files for past in pasts),
        "runs": sum(past.runs for past in pasts),
        "mails": sum(past.mails for past in pasts),
        "planned_today": count_today(pasts),
        "seconds": seconds,
        "sign_in": link,
    }
    world = remake_world(origin)
    lines = (
        *tell_past(pasts),
        *tell_today(world, pasts, folder=folder),
        f"De demo is klaar na {seconds:.0f} seconden. Bestanden staan in {folder / 'files'}.",
        f"Eenmalig aanmelden als {VISITOR}: {link}",
    )
    return Answer(figures, lines)


def _welcome_back(origin: Origin, port: int) -> Answer:
    today, link = demo_today(), _invite(port)
    figures = {"built": False, "today": f"{today}", "seed": origin.seed, "sign_in": link}
    lines = (
        f"De demo staat op {today:%d-%m-%Y}. Opnieuw beginnen kan met: tijdig demo --fresh",
        f"Eenmalig aanmelden als {VISITOR}: {link}",
    )
    return Answer(figures, lines)


def _invite(port: int) -> str:
    token = make_sign_in_link(make_user(VISITOR), now=moment_now())
    site = settings.BASE_URL if port == USUAL_PORT else f"http://localhost:{port}"
    return f"{site}/aanmelden/{token}/"


def _refuse_other_books() -> None:
    """A database with anything but the demo's own books is somebody's real one."""
    ours = {find_administration(trade.slug) for trade in TRADES}
    if set(list_administrations()) - ours:
        raise Refusal(
            "In deze database staan ook andere administraties. Geef de demo een lege database.",
            "This database holds other administrations as well. Give the demo an empty one.",
        )


def _throw_away(folder: Path) -> None:
    """An empty database and no files: also after a build that was broken off."""
    if list_administrations():
        connections["default"].close()
        with connections["owner"].cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        prepare_schema()
    for path in (folder, Path(settings.HOME) / "send-log", Path(settings.PRINT_FOLDER)):
        shutil.rmtree(path, ignore_errors=True)
