"""`tijdig simulate`: days to come with a clock of their own; nothing stays and nothing goes out."""

from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandParser

from tijdig.config.database import prepare_schema
from tijdig.core.money import format_count
from tijdig.core.problem import Refusal
from tijdig.demo.history import DEFAULT_SEED
from tijdig.demo.living import Day
from tijdig.demo.past import STEP_REASONS
from tijdig.demo.rehearsal import rehearse_books, rehearse_office
from tijdig.management.answer import (
    Answer,
    AnsweringCommand,
    add_administration,
    get_administration,
)
from tijdig.management.arguments import day_of_work
from tijdig.management.progress import show_progress
from tijdig.web.clock import demo_today

MOST_DAYS = 730


class Command(AnsweringCommand):
    """With `--administration` those books, as if nobody paid; else an invented bakery."""

    help = "Live through a number of days that never were, and tell what would happen."
    needs_tables = False

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, required=True, help="how many days")
        add_administration(parser, required=False)
        parser.add_argument("--today", type=day_of_work, help="the first day")
        parser.add_argument("--seed", type=int, default=DEFAULT_SEED, help="another world")

    def answer(self, **options: Any) -> Answer:
        days = options["days"]
        if not 1 <= days <= MOST_DAYS:
            raise Refusal(
                f"Kies 1 tot en met {MOST_DAYS} dagen.", f"Choose 1 up to {MOST_DAYS} days."
            )
        prepare_schema()
        first_on = options["today"] or demo_today()
        with show_progress("Dagen", of=days) as advance:
            if options["administration"]:
                lived = rehearse_books(
                    get_administration(options["administration"]),
                    first_on=first_on,
                    days=days,
                    tell=advance,
                )
            else:
                lived = rehearse_office(options["seed"], first_on=first_on, days=days, tell=advance)
        return _answer(lived)


def _answer(lived: Sequence[Day]) -> Answer:
    rows = [_count(day) for day in lived]
    planned = sum(day.planned for day in lived)
    figures = {"days": rows, "planned": planned, "files": sum(day.files for day in lived)}
    lines = [
        f"{day.on:%d-%m-%Y}  {day.files:4d} bestanden  {row['notice_due']:4d} vooraf  "
        f"{row['reminder_due']:4d} herinnering  {row['call_due']:4d} bellen  "
        f"{row['last_demand_due']:4d} laatste herinnering"
        for day, row in zip(lived, rows, strict=True)
        if day.planned or day.files
    ]
    lived_days = format_count(len(lived), "dag", "dagen")
    steps = format_count(planned, "stap", "stappen")
    last = f"{lived_days}, {steps}. Er is niets bewaard en niets verstuurd."
    return Answer(figures, (*lines, last))


def _count(day: Day) -> dict[str, Any]:
    steps = {reason: day.because[reason] for reason in STEP_REASONS}
    return {"on": f"{day.on}", "files": day.files, "planned": day.planned, **steps}
