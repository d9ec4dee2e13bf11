"""How a command answers: one line for people, one JSON object for machines, a telling status."""

import json
import sys
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError

from tijdig.config.database import refuse_without_tables
from tijdig.core.problem import Refusal, Sentence
from tijdig.management.arguments import SLUG_LENGTH, filled
from tijdig.tenants.queries import find_administration, list_administrations, load_administration
from tijdig.tenants.scope import administration_scope
from tijdig.web.clock import moment_now, today_of


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command did: `figures` for machines, `lines` for people, and whether all went well."""

    figures: Mapping[str, Any]
    lines: tuple[str, ...]
    is_good: bool = True


class AnsweringCommand(BaseCommand):
    """A command that ends with an Answer. With `--json` stdout holds exactly one JSON object."""

    requires_system_checks = ()
    needs_tables = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="answer with one JSON object")
        self.add_own_arguments(parser)

    def add_own_arguments(self, parser: CommandParser) -> None:
        """Arguments besides `--json`."""

    @abstractmethod
    def answer(self, **options: Any) -> Answer:
        """Do the work. Refuses as the actions do."""

    def handle(self, *_: Any, **options: Any) -> None:
        wants_json = options.pop("json")
        out = self.stdout
        try:
            if self.needs_tables:
                refuse_without_tables()
            answer = self.answer(**options)
        except Refusal as refusal:
            answer, out = _refused(refusal.because), self.stderr
        except OperationalError as error:
            answer, out = _without_database(error), self.stderr
        if wants_json:
            told = json.dumps(answer.figures, ensure_ascii=False, default=str)
            # A name of a file may hold bytes that are no text: they are written as escapes.
            self.stdout.write(told.encode("utf-8", "backslashreplace").decode())
        else:
            for line in answer.lines:
                out.write(line)
        if not answer.is_good:
            sys.exit(1)


def _refused(because: Sentence) -> Answer:
    figures = {"refused": because.nl, "refused_en": because.en}
    return Answer(figures, (because.nl,), is_good=False)


def _without_database(error: OperationalError) -> Answer:
    said = str(error).strip().splitlines()[0].rstrip(".")
    return _refused(
        Sentence(
            f"De database antwoordt niet of brak af: {said}. Voer uit: tijdig doctor.",
            f"The database does not answer or broke off: {said}. Run: tijdig doctor.",
        )
    )


def add_administration(parser: CommandParser, *, required: bool = True) -> None:
    """The option that names an administration."""
    parser.add_argument(
        "--administration",
        metavar="SLUG",
        type=filled(SLUG_LENGTH),
        required=required,
        help="short name of the books",
    )


def get_administration(slug: str) -> UUID:
    """The id of the administration with this slug. Refuses a slug that nobody has."""
    found = find_administration(slug)
    if found is None:
        raise Refusal(
            f"Er is geen administratie {slug}. Maak haar met: tijdig init --administration {slug}",
            f"There is no administration {slug}. Make it with: tijdig init --administration {slug}",
        )
    return found


def choose_administrations(slug: str) -> Sequence[UUID]:
    """The one with this slug, or all where none is named. Refuses a slug that nobody has."""
    return (get_administration(slug),) if slug else list_administrations()


def tell_day(administration_id: UUID, told: date | None) -> tuple[date, datetime]:
    """The day to work for and the moment it is: as told, else by the administration's clock."""
    now = moment_now()
    with administration_scope(administration_id):
        administration = load_administration()
    return told or today_of(administration), now
