"""Berichten die op u wachten: what is in doubt, failed or held, with what can be done about it."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from tijdig.core.facts import FOR_CREDITOR
from tijdig.core.problem import Refusal, Sentence
from tijdig.desk.message_words import describe_message
from tijdig.dunning.actions.answers import Answer, answer_message, release_all, take_back_all
from tijdig.ledger.queries.cards import list_failed_addresses
from tijdig.messaging.actions.held import HELD_ONE_BY_ONE
from tijdig.messaging.queries import MessageRow, count_for_creditor, find_message, list_questions
from tijdig.timeline.queries import list_latest_of
from tijdig.web.rights import Desk, at_desk

SHOWN = 100
TOLD = ("message_held", "message_failed", "message_in_doubt")
# The button of each answer, and whether it is the one that most people want.
BUTTONS: dict[str, tuple[str | Promise, bool]] = {
    "take_back": (gettext_lazy("Houd tegen"), False),
    "send": (gettext_lazy("Alsnog versturen"), True),
    "drop": (gettext_lazy("Niet versturen"), False),
    "arrived": (gettext_lazy("Het kwam aan"), True),
    "copy": (gettext_lazy("Stuur een kopie"), False),
    "letter": (gettext_lazy("Stuur een brief"), False),
    "came_back": (gettext_lazy("Het kwam terug"), False),
    "leave": (gettext_lazy("Laat het zo"), False),
    "again": (gettext_lazy("Probeer opnieuw"), True),
}
DONE: dict[str, str | Promise] = {
    "take_back": gettext_lazy("Het bericht is tegengehouden."),
    "send": gettext_lazy("Het bericht gaat alsnog uit."),
    "drop": gettext_lazy("Het bericht gaat niet uit. De volgende run kijkt opnieuw."),
    "arrived": gettext_lazy("Vastgelegd: het bericht kwam aan."),
    "copy": gettext_lazy("De kopie gaat uit, met een nieuwe termijn."),
    "letter": gettext_lazy("De brief gaat uit, met een nieuwe termijn."),
    "came_back": gettext_lazy("Vastgelegd: het bericht kwam terug."),
    "leave": gettext_lazy("Vastgelegd. Het bericht blijft zoals het is."),
    "again": gettext_lazy("De volgende run probeert het opnieuw."),
}
_ANSWERS: dict[str, tuple[str, ...]] = {
    "planned": ("take_back",),
    "released": ("take_back",),
    "retry": ("take_back",),
    "held": ("send", "drop"),
    "in_doubt": ("arrived", "copy", "letter", "came_back", "leave"),
    "failed": ("again", "letter"),
    "accepted": ("came_back",),
    "delivered": ("came_back",),
}


def list_buttons(row: MessageRow, desk: Desk) -> list[tuple[str, str | Promise, bool]]:
    """The answers that fit a message as it is now: code, words, and whether it is the main one."""
    if not desk.may_change or (row.state == "held" and row.reason not in HELD_ONE_BY_ONE):
        return []
    codes = _ANSWERS.get(row.state, ())
    if row.reason == FOR_CREDITOR and not desk.for_creditor:
        codes = ("drop",)
    return [(code, *BUTTONS[code]) for code in codes]


@require_safe
@at_desk
def questions(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every message that waits for a person, and the addresses to which mail comes back."""
    rows = list_questions(limit=SHOWN)
    ids = tuple(row.id for row in rows)
    told = list_latest_of(ids, kinds=TOLD, debtor_ids=tuple(row.debtor_id for row in rows))
    context = {
        "section": "messages",
        "lines": [
            {
                "words": describe_message(row),
                "because": _because(told[row.id].details) if row.id in told else None,
                "buttons": list_buttons(row, desk),
            }
            for row in rows
        ],
        "addresses": list_failed_addresses(limit=SHOWN),
        "for_creditor": count_for_creditor() if desk.for_creditor and desk.may_change else 0,
    }
    return render(request, "desk/message/questions.html", context)


@require_POST
@at_desk
def message_answer(request: HttpRequest, desk: Desk, message_id: UUID) -> HttpResponse:
    """What a person says about one message; back to where he was."""
    row = find_message(message_id)
    if row is None:
        raise Http404
    told = request.POST.get("answer", "")
    if told not in DONE:
        raise Refusal("Kies een van de knoppen.", "Choose one of the buttons.")
    answer_message(
        message_id,
        told=cast("Answer", told),
        today=desk.today,
        now=desk.now,
        actor=desk.actor,
        for_creditor=desk.for_creditor,
    )
    messages.success(request, str(DONE[told]))
    if request.POST.get("from") == "questions":
        return redirect("questions", slug=desk.slug)
    return redirect("message", slug=desk.slug, message_id=message_id)


@require_POST
@at_desk
def take_back(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Hold all mail that has not left yet."""
    count = take_back_all(today=desk.today, now=desk.now, actor=desk.actor)
    words = ngettext(
        "%(n)s bericht is tegengehouden.", "%(n)s berichten zijn tegengehouden.", count
    )
    messages.success(request, words % {"n": count})
    return redirect("questions" if count else "today", slug=desk.slug)


@require_POST
@at_desk
def release(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One of the creditor's own staff lets all go that waits for them."""
    count = release_all(
        today=desk.today, now=desk.now, actor=desk.actor, for_creditor=desk.for_creditor
    )
    words = ngettext("%(n)s bericht is vrijgegeven.", "%(n)s berichten zijn vrijgegeven.", count)
    messages.success(request, words % {"n": count})
    return redirect("questions", slug=desk.slug)


def _because(details: object) -> Sentence | None:
    if not isinstance(details, dict) or not details.get("nl"):
        return None
    return Sentence(str(details["nl"]), str(details.get("en", "")))
