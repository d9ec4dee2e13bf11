"""The `tijdig` command: name the database, then let Django find the command."""

import os
import secrets
import sys
from collections.abc import Sequence

from tijdig.config import environment
from tijdig.core.problem import Sentence

# Every command of ours, with what it does; Django's own are there too, for who looks for them.
COMMANDS = {
    "init": Sentence(
        "de map met gegevens, de database en een administratie maken",
        "make the data folder, the database and an administration",
    ),
    "import": Sentence(
        "facturen, lijsten van open posten en bankafschriften inlezen",
        "take in invoices, lists of open items and bank statements",
    ),
    "run": Sentence(
        "besluiten wie vandaag iets krijgt, en het klaarzetten",
        "decide who gets something today, and plan it",
    ),
    "send": Sentence("versturen wat nu uit mag", "send what may go out now"),
    "work": Sentence(
        "dagelijks vanzelf laten lopen, tot u stopt", "run every day by itself, until stopped"
    ),
    "serve": Sentence("de site tonen op deze machine", "serve the site on this machine"),
    "why": Sentence(
        "zeggen wat een debiteur op een dag kreeg of niet, en waarom",
        "say what a debtor got on a day, or did not, and why",
    ),
    "doctor": Sentence(
        "nakijken of alles werkt, en zeggen hoe u herstelt wat niet werkt",
        "look whether all is well, and say how to mend what is not",
    ),
    "law": Sentence(
        "kosten, rente en termijnen uitrekenen volgens de wet",
        "compute costs, interest and terms by law",
    ),
    "audit": Sentence(
        "nakijken of niemand in de tijdlijn iets veranderde",
        "check that nobody changed anything in the timeline",
    ),
    "simulate": Sentence(
        "oefenen: een aantal dagen vooruit leven", "rehearse: live a number of days ahead"
    ),
    "reconcile-sends": Sentence(
        "na een herstelde back-up: vastleggen wat al verstuurd was",
        "after a restored backup: record what was sent already",
    ),
    "demo": Sentence("een voorbeeldkantoor maken en tonen", "build and show an example office"),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; exit status 0 done, 1 refused or problems, 2 wrong use."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tijdig.config.settings")
    if _is_unknown(words):
        sys.stderr.write(f"{words[0]!r} is geen opdracht / is no command: tijdig help\n")
        sys.exit(2)
    if not words or words in (["help"], ["--help"], ["-h"]):
        sys.stdout.write(_list_commands())
        return
    if words[:1] == ["demo"]:
        os.environ["TIJDIG_HOME"] = str(environment.home() / "demo")
        os.environ["TIJDIG_DEMO"] = "1"
    if words[:1] == ["law"] and not environment.text("TIJDIG_SECRET_KEY"):
        # It signs nothing and stores nothing: it needs no data folder either.
        os.environ["TIJDIG_SECRET_KEY"] = secrets.token_urlsafe(60)
    if _needs_database(words):
        from tijdig.config import database
        from tijdig.core.problem import Refusal

        try:
            database.connect()
        except (Refusal, environment.WrongSetting) as refusal:
            sys.exit(_say(words, refusal.because))
    from django.core.management import ManagementUtility

    try:
        ManagementUtility(["tijdig", *words]).execute()
    except environment.WrongSetting as refusal:
        sys.exit(_say(words, refusal.because))


def _list_commands() -> str:
    width = max(map(len, COMMANDS))
    rows = [
        f"  tijdig {name.ljust(width)}  {does.nl}\n{' ' * (width + 11)}{does.en}\n"
        for name, does in COMMANDS.items()
    ]
    more = "Meer over één opdracht / more about one command: tijdig help import\n"
    return f"{''.join(rows)}\n{more}"


def _is_unknown(words: Sequence[str]) -> bool:
    """Whether the first word is no command of ours or of Django itself."""
    if not words or words[0].startswith("-") or words[0] in {"help", "version"}:
        return False
    from django.core import management as django_management

    from tijdig import management

    folders = (*management.__path__, *django_management.__path__)
    return not any(words[0] in django_management.find_commands(folder) for folder in folders)


def _needs_database(words: Sequence[str]) -> bool:
    without = {"help", "--help", "-h", "--version", "version", "law"}
    return bool(words) and words[0] not in without


def _say(words: Sequence[str], because: Sentence) -> int:
    """Say why nothing could start, for a machine where one asked; the exit status."""
    if "--json" in words:
        import json

        figures = {"refused": because.nl, "refused_en": because.en}
        sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")
    sys.stderr.write(f"{because.nl}\n{because.en}\n")
    return 1


if __name__ == "__main__":
    main()
