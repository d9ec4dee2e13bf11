"""`tijdig doctor`: what is well, what is not, and how to mend it."""

from typing import Any

from tijdig.config.health import Finding, examine
from tijdig.management.answer import Answer, AnsweringCommand


class Command(AnsweringCommand):
    """One line per thing looked at; status 1 when anything needs mending."""

    help = "Look at the database, mail, clock and disk, and say how to mend what is wrong."
    needs_tables = False

    def answer(self, **_: Any) -> Answer:
        findings = examine()
        figures = {"checks": [_describe(one) for one in findings]}
        is_good = all(one.is_well for one in findings)
        last = "Alles is in orde." if is_good else "Los eerst op wat hierboven met ! staat."
        return Answer(figures, (*(_line(one) for one in findings), last), is_good=is_good)


def _line(one: Finding) -> str:
    mend = "" if one.is_well else f" -> {one.mend.nl}"
    return f"{' ' if one.is_well else '!'} {one.what.nl}: {one.found.nl}{mend}"


def _describe(one: Finding) -> dict[str, Any]:
    return {
        "what": one.what.nl,
        "what_en": one.what.en,
        "ok": one.is_well,
        "found": one.found.nl,
        "found_en": one.found.en,
        "mend": one.mend.nl,
        "mend_en": one.mend.en,
    }
