"""`tijdig audit`: check the trail of what happened, seal what is not sealed yet, renew its keys."""

import getpass
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.management.base import CommandParser

from tijdig.core.money import format_count
from tijdig.core.problem import Refusal
from tijdig.management.answer import (
    Answer,
    AnsweringCommand,
    add_administration,
    choose_administrations,
    tell_day,
)
from tijdig.tenants.queries import list_administrations, load_administration
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.actions import keep_sealed
from tijdig.timeline.audit import AuditReport, verify
from tijdig.timeline.renewing import renew
from tijdig.web.clock import moment_now


class Command(AnsweringCommand):
    """`verify` writes nothing; status 1 when a row is not as it was written."""

    help = "Check the audit trail, seal what happened since, or begin anew after a lost key."

    def add_own_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=("verify", "seal", "renew"))
        add_administration(parser, required=False)
        parser.add_argument("--reason", default="", help="why the keys are made anew")

    def answer(self, **options: Any) -> Answer:
        slug = options["administration"]
        if options["what"] == "renew":
            return _renew(slug, options["reason"])
        ids = choose_administrations(slug)
        if options["what"] == "seal":
            return _seal(ids)
        found = [_verify(one) for one in ids]
        lines = tuple(line for figures in found for line in _lines(figures))
        is_good = all(figures["ok"] for figures in found)
        last = "Het controlespoor is in orde." if is_good else "Het controlespoor is niet in orde."
        return Answer({"ok": is_good, "administrations": found}, (*lines, last), is_good=is_good)


def _seal(administration_ids: Sequence[UUID]) -> Answer:
    sealed = 0
    for one in administration_ids:
        today, now = tell_day(one, None)
        sealed += keep_sealed(one, today=today, now=now)
    return Answer({"sealed": sealed}, (f"{format_count(sealed, 'regel', 'regels')} verzegeld.",))


def _renew(slug: str | None, reason: str) -> Answer:
    """Make the keys that are gone, for all administrations that have them in common."""
    if slug:
        raise Refusal(
            "De sleutels zijn van alle administraties samen: laat --administration weg.",
            "The keys are of all administrations together: leave out --administration.",
        )
    days = {one: tell_day(one, None)[0] for one in list_administrations()}
    now = moment_now()
    renewed = renew(days, reason=reason, now=now, actor=f"tijdig audit ({getpass.getuser()})")
    slugs = []
    for one in renewed:
        keep_sealed(one, today=days[one], now=now)
        with administration_scope(one):
            slugs.append(load_administration().slug)
    told = f"Vernieuwd voor {', '.join(slugs)}. De breuk blijft in het controlespoor staan."
    keep = "Bewaar nu een kopie van de map audit apart."
    return Answer({"renewed": slugs, "reason": reason.strip()}, (told, keep))


def _verify(administration_id: UUID) -> dict[str, Any]:
    with administration_scope(administration_id):
        slug = load_administration().slug
        try:
            report = verify()
        except Refusal as refusal:
            return {"administration": slug, "ok": False, "refused": refusal.because.nl}
    return {"administration": slug, "ok": report.first_wrong is None, **_figures(report)}


def _figures(report: AuditReport) -> dict[str, Any]:
    wrong = report.first_wrong
    return {
        "seals": report.seals,
        "events": report.events,
        "sealed_until": report.sealed_until,
        "unsealed": report.unsealed,
        "unsealed_since": report.unsealed_since,
        "erased": report.erased,
        "anchors": report.anchors,
        "anchored_on": report.anchored_on,
        "breaks": [{"on": one.on, "seal": one.seal, "reason": one.reason} for one in report.breaks],
        "unread": report.unread,
        "first_wrong": {
            "place": wrong.place,
            "row": wrong.row,
            "because": wrong.because.nl,
            "because_en": wrong.because.en,
        }
        if wrong
        else None,
    }


def _lines(figures: dict[str, Any]) -> list[str]:
    name = figures["administration"]
    if "refused" in figures:
        return [f"! {name}: {figures['refused']}"]
    wrong = figures["first_wrong"]
    if wrong:
        row = f" ({wrong['row']})" if wrong["row"] else ""
        return [f"! {name}: {wrong['place']}{row}: {wrong['because']}"]
    until = f"{figures['sealed_until']:%d-%m-%Y %H:%M}" if figures["sealed_until"] else "nog niets"
    told = f"{format_count(figures['events'], 'regel', 'regels')} in orde t/m {until}"
    anchors = format_count(figures["anchors"], "anker", "ankers")
    rest = f"{figures['unsealed']} nog niet verzegeld; {anchors}"
    return [f"  {name}: {told}; {rest}", *_break_lines(figures)]


def _break_lines(figures: dict[str, Any]) -> list[str]:
    lines = [
        f"    vernieuwd op {one['on']:%d-%m-%Y}, na zegel {one['seal']}: {one['reason']}"
        for one in figures["breaks"]
    ]
    if figures["unread"]:
        unread = format_count(figures["unread"], "regel", "regels")
        lines.append(f"    van {unread} daarvoor is de inhoud niet meer te controleren")
    return lines
