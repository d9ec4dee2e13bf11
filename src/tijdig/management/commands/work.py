"""`tijdig work`: the worker that runs and sends by itself."""

from typing import Any

from django.core.management.base import CommandParser

from tijdig.config.database import refuse_wrong_role
from tijdig.config.working import work
from tijdig.management.answer import Answer, AnsweringCommand


class Command(AnsweringCommand):
    """Any number of workers may run, on any number of machines."""

    help = "Run the daily run and the sending by themselves, until stopped."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what waits now, then stop")

    def answer(self, **options: Any) -> Answer:
        refuse_wrong_role()
        work(once=options["once"])
        return Answer({"stopped": True}, ("De werker is gestopt.",))
