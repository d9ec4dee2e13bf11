"""Proefdraaien: what the run of a day would send, to whom, and exactly how."""

from collections.abc import Iterator
from datetime import date
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tijdig.core.foreseen import ForeseenStep
from tijdig.core.freshness import describe_missing_file
from tijdig.desk.listing import read_asked
from tijdig.desk.message_words import say_reason
from tijdig.desk.outbox import MAIL_POLICY
from tijdig.dunning.actions import dry_runs, kept_dry_runs
from tijdig.dunning.actions.dry_runs import DryRun, Pair
from tijdig.dunning.queries.dry_runs import DifferenceRow
from tijdig.ledger.queries.cards import DebtorCard, find_debtor
from tijdig.messaging.actions.states import Frozen
from tijdig.web.downloads import make_download
from tijdig.web.labels import CHANNELS, DIFFERENCES, PHASES, label_of
from tijdig.web.language import say
from tijdig.web.rights import Desk, at_desk

TABS = (
    ("steps", gettext_lazy("Gaat uit")),
    ("excluded", gettext_lazy("Gaat niet uit")),
)
SHOWN = 200


@require_safe
@at_desk
def dry_run(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Counts, the list, and whoever gets nothing; a day that does not read as one is today."""
    day = _read_day(request, desk)
    looked, compared = kept_dry_runs.look_and_compare(day=day, now=desk.now)
    asked = read_asked(request, TABS)
    pairs = looked.steps if asked.tab == "steps" else looked.excluded
    pages = max(-(-len(pairs) // SHOWN), 1)
    page = min(_read_page(request), pages)
    query = {"tab": asked.tab, "dag": day.isoformat()}
    context = {
        "section": "messages",
        "day": day,
        "query": urlencode({"dag": day.isoformat()}),
        "tabs": [
            (tab, f"?{urlencode({'tab': tab.key, 'dag': day.isoformat()})}") for tab in asked.tabs
        ],
        "tab": asked.tab,
        "looked": looked,
        "missing": [describe_missing_file(one) for one in looked.missing],
        "counts": list(_list_counts(looked)),
        "lines": [_line(pair) for pair in pairs[(page - 1) * SHOWN : page * SHOWN]],
        "page": page,
        "pages": pages,
        "back": f"?{urlencode({**query, 'blad': page - 1})}" if page > 1 else "",
        "forth": f"?{urlencode({**query, 'blad': page + 1})}" if page < pages else "",
        "looked_at": dry_runs.LOOKED_AT,
        "compared": compared,
        "differences": [_describe(row) for row in compared.rows[:SHOWN]] if compared else [],
        "total_cents": sum(decision.total_cents for _, decision in looked.steps),
    }
    return render(request, "desk/dry_run/list.html", context)


@require_safe
@at_desk
def dry_message(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """The message to one debtor, word for word as it would go."""
    day = _read_day(request, desk)
    card, frozen = _write(number, day, desk)
    context = {
        "section": "messages",
        "card": card,
        "body": frozen,
        "day": day,
        "query": urlencode({"dag": day.isoformat()}),
    }
    return render(request, "desk/dry_run/message.html", context)


@require_safe
@at_desk
def dry_message_html(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """The HTML part, for a sandboxed frame."""
    _, frozen = _write(number, _read_day(request, desk), desk)
    if not frozen.html:
        raise Http404
    response = HttpResponse(frozen.html)
    response["Content-Security-Policy"] = MAIL_POLICY
    return response


@require_safe
@at_desk
def dry_message_pdf(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """The letter as it would be printed."""
    _, frozen = _write(number, _read_day(request, desk), desk)
    if frozen.pdf is None:
        raise Http404
    return make_download(frozen.pdf, name=f"{frozen.subject}.pdf", media_type="application/pdf")


def _write(number: str, day: date, desk: Desk) -> tuple[DebtorCard, Frozen]:
    card = find_debtor(number)
    written = dry_runs.write([card.id], today=day, now=desk.now) if card else ()
    if card is None or not written:
        raise Http404
    return card, written[0]


def _read_day(request: HttpRequest, desk: Desk) -> date:
    try:
        return date.fromisoformat(request.GET.get("dag", ""))
    except ValueError:
        return desk.today


def _read_page(request: HttpRequest) -> int:
    told = request.GET.get("blad", "")
    return max(int(told), 1) if told.isascii() and told.isdigit() and len(told) < 6 else 1


def _list_counts(looked: DryRun) -> Iterator[dict[str, object]]:
    """A row per step and channel: now, in the run before, and the difference."""
    for phase, channel in sorted({*looked.counts, *looked.before}):
        now, before = looked.counts[phase, channel], looked.before[phase, channel]
        yield {
            "phase": label_of(PHASES, phase),
            "channel": label_of(CHANNELS, channel),
            "now": now,
            "before": before,
            "difference": f"{now - before:+d}" if now != before else "0",
        }


def _describe(row: DifferenceRow) -> dict[str, object]:
    """A debtor for whom the run did something else, with the reason in one sentence."""
    dropped = say_reason(row.dropped_because) if row.dropped_because else ""
    return {
        "number": row.number,
        "name": row.name,
        "kind": label_of(DIFFERENCES, row.kind),
        "foreseen": _describe_step(row.foreseen),
        "done": _describe_step(row.done),
        "because": dropped or (say(row.because) if row.because else ""),
    }


def _describe_step(step: ForeseenStep | None) -> dict[str, object] | None:
    if step is None:
        return None
    return {
        "phase": label_of(PHASES, step.phase),
        "channel": label_of(CHANNELS, step.channel) if step.channel else None,
        "cents": step.cents,
    }


def _line(pair: Pair) -> dict[str, object]:
    facts, decision = pair
    return {
        "number": facts.number,
        "name": facts.name,
        "recipient": facts.email if decision.channel == "email" else "",
        "phase": label_of(PHASES, decision.step.phase) if decision.step else None,
        "channel": label_of(CHANNELS, decision.channel) if decision.channel else None,
        "is_message": decision.outcome == "message",
        "cents": decision.total_cents,
        "because": decision.because,
    }
