"""`tijdig reconcile-sends`: take over from the send log what the database does not know."""

from collections import Counter
from typing import Any

from django.core.management.base import CommandParser

from tijdig.core.money import format_count
from tijdig.management.answer import (
    Answer,
    AnsweringCommand,
    add_administration,
    choose_administrations,
    tell_day,
)
from tijdig.messaging.actions.reconciling import reconcile
from tijdig.messaging.delivering import open_log
from tijdig.tenants.scope import administration_scope


class Command(AnsweringCommand):
    """After a restore; may be repeated."""

    help = "Mark as sent what the send log says went out, also what the database has forgotten."

    def add_own_arguments(self, parser: CommandParser) -> None:
        add_administration(parser, required=False)

    def answer(self, **options: Any) -> Answer:
        counts: Counter[str] = Counter()
        for administration_id in choose_administrations(options["administration"]):
            today, now = tell_day(administration_id, None)
            with administration_scope(administration_id):
                counts.update(reconcile(open_log(), today=today, now=now))
        figures = {name: counts[name] for name in ("accepted", "in_doubt", "unknown")}
        figures["cut_lines"] = cut = open_log().count_cut_lines()
        gone = format_count(counts["accepted"], "bericht was", "berichten waren")
        lines = [f"{gone} al verstuurd, {counts['in_doubt']} misschien."]
        if counts["unknown"]:
            astray = format_count(counts["unknown"], "bericht gaat", "berichten gaan")
            lines.append(
                f"{astray} over facturen die er niet meer zijn. Breng "
                "die facturen weer binnen en voer deze opdracht nog eens uit."
            )
        if cut:
            told = format_count(cut, "regel", "regels")
            lines.append(
                f"{told} van het verzendlogboek brak af, door een stroomuitval of een volle schijf."
                " Wat daar had moeten staan, is niet bekend: zo'n bericht blijft onzeker, of het"
                " is niet verstuurd."
            )
        return Answer(figures, tuple(lines), is_good=not counts["unknown"])
