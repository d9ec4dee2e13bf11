"""`tijdig why`: what was decided about a debtor on a day, and on which facts."""

from typing import Any

from django.core.management.base import CommandParser

from tijdig.core.problem import Refusal
from tijdig.dunning.queries.why import explain_day
from tijdig.management.answer import (
    Answer,
    AnsweringCommand,
    add_administration,
    get_administration,
    tell_day,
)
from tijdig.management.arguments import day_of_work
from tijdig.tenants.scope import administration_scope


class Command(AnsweringCommand):
    """The decision that held on that day; where none was made yet, the one that would be."""

    help = "Say what happened to a debtor on a day, or did not, and why."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("debtor", metavar="DEBTOR_NUMBER")
        add_administration(parser)
        parser.add_argument("--today", type=day_of_work, help="the day asked about")

    def answer(self, **options: Any) -> Answer:
        administration_id = get_administration(options["administration"])
        today, _ = tell_day(administration_id, options["today"])
        with administration_scope(administration_id):
            why = explain_day(options["debtor"], on=today)
        if why is None:
            raise Refusal(
                f"Er is geen debiteur met nummer {options['debtor']}.",
                f"There is no debtor with number {options['debtor']}.",
            )
        figures = {
            "debtor": options["debtor"],
            "today": f"{today}",
            "decided_on": f"{why.decided_on}" if why.decided_on else None,
            "outcome": why.outcome,
            "reason": why.reason,
            "because": why.because.nl,
            "because_en": why.because.en,
            "step": why.step_key or None,
            "next_look_on": f"{why.next_look_on}" if why.next_look_on else None,
            "facts": why.facts,
        }
        if why.decided_on:
            return Answer(figures, (why.because.nl,))
        is_past = today < tell_day(administration_id, None)[0]
        return Answer(figures, (_NOT_THEN if is_past else _NOT_YET, why.because.nl))


_NOT_THEN = (
    "Voor deze dag is er geen besluit: deze debiteur was toen niet bekeken. Met de feiten van nu"
    " zou het zijn:"
)
_NOT_YET = "Nog niet besloten. Met de feiten van nu zou het zijn:"
