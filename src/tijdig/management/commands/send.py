"""`tijdig send`: send what was released, once, now."""

from collections import Counter
from typing import Any

from django.core.management.base import CommandParser

from tijdig.dunning.actions.days import send
from tijdig.management.answer import (
    Answer,
    AnsweringCommand,
    add_administration,
    choose_administrations,
    tell_day,
)
from tijdig.messaging.delivering import open_channels
from tijdig.web.clock import moment_now


class Command(AnsweringCommand):
    """The same sending as the worker does."""

    help = "Decide again for every planned message, and send what may go out now."

    def add_own_arguments(self, parser: CommandParser) -> None:
        add_administration(parser, required=False)

    def answer(self, **options: Any) -> Answer:
        states: Counter[str] = Counter()
        for administration_id in choose_administrations(options["administration"]):
            today, _ = tell_day(administration_id, None)
            states.update(send(administration_id, today=today, clock=moment_now))
        with open_channels() as channels:
            has_mail = "email" in channels
        lines = []
        if not has_mail:
            lines.append("Er is geen mailserver ingesteld (TIJDIG_SMTP_HOST): mail blijft wachten.")
        lines.append(
            f"{states['accepted']} verzonden, {states['retry']} later opnieuw, "
            f"{states['failed']} mislukt, {states['in_doubt']} onzeker, "
            f"{states['held']} vastgehouden."
        )
        return Answer(
            {**states, "mail_server": has_mail},
            tuple(lines),
            is_good=not (states["failed"] or states["in_doubt"]),
        )
