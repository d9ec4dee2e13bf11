"""What holds a run up: a file that is missing, or a question that a person answers."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from tijdig.core.freshness import describe_missing_file
from tijdig.core.problem import Refusal, Sentence
from tijdig.dunning.actions.halts import answer_halt
from tijdig.dunning.queries.alarms import HaltRow, find_open_halt
from tijdig.dunning.queries.freshness import list_missing_files
from tijdig.messaging.queries import list_halted
from tijdig.web.labels import CHANNELS, PHASES, label_of
from tijdig.web.rights import Desk, at_desk

SAMPLE = 10
AT_PAYMENTS = ("gap", "account")
ANSWERS = {"send": True, "hold_back": False}


@dataclass(frozen=True, slots=True)
class HeldUp:
    """What the page Vandaag says of a run that waits; empty where nothing does.

    What is `missing` comes with an import, unless a person answers for it `at_payments`.
    """

    missing: tuple[Sentence, ...]
    at_payments: bool
    at_imports: bool
    halt: HaltRow | None
    sample: tuple[dict[str, object], ...]


def describe_held_up(desk: Desk) -> HeldUp:
    """The missing files, and the question with the ten largest of its messages."""
    files = list_missing_files(today=desk.today)
    missing = tuple(describe_missing_file(one) for one in files)
    halt = find_open_halt()
    rows = list_halted(limit=SAMPLE) if halt else ()
    sample = tuple(
        {
            "row": row,
            "phase": label_of(PHASES, row.phase),
            "channel": label_of(CHANNELS, row.channel),
        }
        for row in rows
    )
    return HeldUp(
        missing,
        any(one.kind in AT_PAYMENTS for one in files),
        any(one.kind not in AT_PAYMENTS for one in files),
        halt,
        sample,
    )


@require_POST
@at_desk
def halt_answer(request: HttpRequest, desk: Desk, halt_id: UUID) -> HttpResponse:
    """Send after all, or hold all of it back; the answer stays in the timeline."""
    halt = find_open_halt()
    if halt is None or halt.id != halt_id:
        raise Refusal("Deze vraag is al beantwoord.", "This question has been answered already.")
    told = request.POST.get("answer", "")
    if told not in ANSWERS:
        raise Refusal("Kies een van de twee knoppen.", "Choose one of the two buttons.")
    count = answer_halt(send=ANSWERS[told], today=desk.today, now=desk.now, actor=desk.actor)
    if told == "send":
        words = ngettext("%(n)s bericht gaat toch uit.", "%(n)s berichten gaan toch uit.", count)
    else:
        words = ngettext(
            "%(n)s bericht is tegengehouden.", "%(n)s berichten zijn tegengehouden.", count
        )
    messages.success(request, words % {"n": count})
    return redirect("today", slug=desk.slug)
