"""`tijdig serve`: the site, with a worker beside it."""

from typing import Any

from django.core.management.base import CommandParser

from tijdig.config.serving import serve
from tijdig.management.answer import Answer, AnsweringCommand
from tijdig.management.arguments import port_number


class Command(AnsweringCommand):
    """Stops with Ctrl-C."""

    help = "Serve the site on this machine, with a worker beside it."
    needs_tables = False

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=port_number, default=8000)
        parser.add_argument("--no-worker", action="store_true", help="serve pages only")

    def answer(self, **options: Any) -> Answer:
        serve(host=options["host"], port=options["port"], with_worker=not options["no_worker"])
        return Answer({"stopped": True}, ("De site is gestopt.",))
