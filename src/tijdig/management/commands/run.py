"""`tijdig run`: decide for everybody who is due, and plan what follows."""

from typing import Any

from django.core.management.base import CommandParser

from tijdig.core.freshness import explain_missing_files
from tijdig.dunning.actions.run import RunResult, preview, run
from tijdig.dunning.queries.freshness import describe_files
from tijdig.dunning.queries.reasons import count_in_words
from tijdig.management.answer import (
    Answer,
    AnsweringCommand,
    add_administration,
    get_administration,
    tell_day,
)
from tijdig.management.arguments import day_of_work
from tijdig.management.progress import show_run
from tijdig.messaging.delivering import may_send_from_here


class Command(AnsweringCommand):
    """While sending is off any day will do: the run is a rehearsal and holds its messages."""

    help = "Decide for everybody who is due today, and plan messages and calls."

    def add_own_arguments(self, parser: CommandParser) -> None:
        add_administration(parser)
        parser.add_argument("--today", type=day_of_work, help="run for this day")
        parser.add_argument("--dry-run", action="store_true", help="decide, and write nothing")

    def answer(self, **options: Any) -> Answer:
        administration_id = get_administration(options["administration"])
        today, now = tell_day(administration_id, options["today"])
        if options["dry_run"]:
            result = preview(administration_id, today=today)
        else:
            may_send_from_here(administration_id, today=today, now=now)
            with show_run() as on_progress:
                result = run(administration_id, today=today, now=now, on_progress=on_progress)
        return _answer(result, dry_run=options["dry_run"])


def _answer(result: RunResult, *, dry_run: bool) -> Answer:
    figures = {
        "today": f"{result.on}",
        "dry_run": dry_run,
        "planned": result.planned,
        "released": result.released,
        "held": result.held,
        "nothing": result.nothing,
        "because": dict(result.because),
        "missing": describe_files(result.missing),
        "alarms": [
            {"code": one.code, "because": one.because.nl, "because_en": one.because.en}
            for one in result.alarms
        ],
    }
    reasons = [f"  {count:6d}  {reason.nl}" for reason, count in count_in_words(result.because)]
    last = (
        f"{'Proefrun' if dry_run else 'Run'} voor {result.on:%d-%m-%Y}: {result.planned} gepland, "
        f"{result.released} vrijgegeven, {result.held} vastgehouden, {result.nothing} zonder stap."
    )
    return Answer(figures, (*reasons, *_tell_what_holds(result), last))


def _tell_what_holds(result: RunResult) -> list[str]:
    """What the run waits for, and what it asks first."""
    lines = [explain_missing_files(result.missing).nl] if result.missing else []
    if result.alarms:
        lines.append("De run vraagt eerst of dit uit mag; kies op de pagina Vandaag:")
        lines += [f"  {one.because.nl}" for one in result.alarms]
    return lines
