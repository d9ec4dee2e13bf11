"""The `tijdig` command: name the database, then let Django find the command."""

import os
import secrets
import sys
from collections.abc import Sequence

from tijdig.config import environment
from tijdig.core.problem import Sentence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; exit status 0 done, 1 refused or problems, 2 wrong use."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tijdig.config.settings")
    if _is_unknown(words):
        sys.stderr.write(f"{words[0]!r} is geen opdracht / is no command: tijdig help\n")
        sys.exit(2)
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
