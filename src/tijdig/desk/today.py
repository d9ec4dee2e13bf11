"""Vandaag: what ran, what goes out next, what needs a person, and whom to call."""

from collections import Counter
from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tijdig.banking.queries import find_fresh_until
from tijdig.core.reasons import describe_reason
from tijdig.desk.calls import CallForm
from tijdig.desk.causes import list_causes
from tijdig.desk.halts import describe_held_up
from tijdig.dunning.queries.pages import (
    Ahead,
    RunRow,
    find_run_of,
    list_calls,
    list_runs,
    look_ahead,
)
from tijdig.intake.queries import find_books_as_of
from tijdig.ledger.queries.balances import (
    compute_totals,
    list_debtor_names,
)
from tijdig.ledger.queries.cards import Called, list_called
from tijdig.messaging.hours import explain_no_call
from tijdig.messaging.queries import count_by_state, count_going, find_next_going, list_going
from tijdig.web.labels import CHANNELS, PHASES, RUN_KINDS, label_of
from tijdig.web.language import say
from tijdig.web.rights import Desk, at_desk

CALLS_SHOWN = 25
AHEAD_LOOKED_AT = 300
AHEAD_SHOWN = 12
GOING_SHOWN = 10
STALE_DAYS = 4
GONE = ("accepted", "delivered")


@require_safe
@at_desk
def today(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The start of the day."""
    of_today = find_run_of(desk.today)
    runs = (of_today,) if of_today else list_runs(limit=1)
    states = count_by_state(planned_on=desk.today)
    ahead = look_ahead(today=desk.today, rehearsal=not desk.sending_on, limit=AHEAD_LOOKED_AT)
    calls = list_calls(
        today=desk.today,
        rehearsal=not desk.sending_on,
        limit=CALLS_SHOWN,
        for_creditor=desk.for_creditor,
    )
    called = list_called(tuple(call.debtor_id for call in calls.to_make), on=desk.today)
    bank_until = find_fresh_until()
    books = find_books_as_of()
    context = {
        "section": "today",
        "greeting": _greet(desk),
        "run": runs[0] if runs else None,
        "run_kind": label_of(RUN_KINDS, runs[0].kind) if runs else None,
        "ran_today": bool(runs) and runs[0].on == desk.today,
        "reasons": _list_reasons(runs[0]) if runs else [],
        "sent_today": sum(states.get(state, 0) for state in GONE),
        "bank_until": bank_until,
        "bank_is_stale": _is_stale(bank_until, desk),
        "books_as_of": books.as_of if books else None,
        "books_are_stale": _is_stale(books.awaited if books else None, desk),
        "held_up": describe_held_up(desk),
        "going": list_going(now=desk.now, limit=GOING_SHOWN),
        "going_count": count_going(now=desk.now),
        "going_at": find_next_going(now=desk.now),
        "ahead": ahead,
        "ahead_is_tomorrow": _goes_tomorrow(ahead, desk),
        "ahead_rows": _list_ahead(ahead),
        "ahead_more": max(len(ahead.rows) - AHEAD_SHOWN, 0),
        "ahead_cents": sum(one.total_cents for one in ahead.rows),
        "causes": list_causes(desk),
        "calls": [
            (call, called.get(call.debtor_id, Called("")), CallForm(auto_id=f"id_{call.id}_%s"))
            for call in calls.to_make
        ],
        "calls_cents": sum(call.total_cents for call in calls.to_make),
        "calls_more": calls.more,
        "left_alone": calls.left_alone,
        "no_call": explain_no_call(desk.now) if calls.to_make else None,
        "is_new": books is None,
        "demo": settings.DEMO,
    }
    return render(request, "desk/today/page.html", context)


@require_safe
@at_desk
def figures(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What is open and late over everything; fetched after the page."""
    return render(request, "desk/today/_figures.html", {"totals": compute_totals(today=desk.today)})


def _greet(desk: Desk) -> str:
    hour = localtime(desk.now).hour
    words = _("Goedemorgen") if hour < 12 else _("Goedemiddag") if hour < 18 else _("Goedenavond")
    return f"{words} {desk.first_name}"


def _is_stale(until_on: date | None, desk: Desk) -> bool:
    return until_on is not None and (desk.today - until_on).days > STALE_DAYS


def _list_reasons(run: RunRow) -> list[tuple[str, int]]:
    """The reasons of a run in words, the most frequent first; the same words are one reason."""
    found: Counter[str] = Counter()
    for code, count in run.because.items():
        taken = code == "step_taken"
        found[_("Er is al een stap gezet.") if taken else say(describe_reason(code))] += count
    return found.most_common()


def _goes_tomorrow(ahead: Ahead, desk: Desk) -> bool:
    """Whether the next run is tomorrow's and has messages only: a call does not go out."""
    is_next_day = (ahead.on - desk.today).days == 1
    return is_next_day and bool(ahead.rows) and all(one.outcome == "message" for one in ahead.rows)


def _list_ahead(ahead: Ahead) -> list[dict[str, object]]:
    shown = ahead.rows[:AHEAD_SHOWN]
    names = list_debtor_names(tuple(one.debtor_id for one in shown))
    return [
        {
            "number": names[one.debtor_id][0],
            "name": names[one.debtor_id][1],
            "phase": label_of(PHASES, one.step.phase if one.step else ""),
            "channel": label_of(CHANNELS, one.channel or "") if one.outcome == "message" else None,
            "cents": one.total_cents,
            "because": one.because,
        }
        for one in shown
    ]
