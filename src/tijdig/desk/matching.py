"""Voorstellen: bank lines that wait, worked off one by one with the keyboard or the mouse."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tijdig.banking.actions import deciding
from tijdig.banking.actions.dividing import preview
from tijdig.banking.actions.keeping import keep
from tijdig.banking.actions.limits import LIMITS, set_limit
from tijdig.banking.proposals.keepers.queries import list_keepers, list_settled
from tijdig.banking.proposals.queries import (
    LineDetail,
    LineToDo,
    list_choices,
    list_to_do,
    load_limit,
    load_line,
    rehearse_limits,
)
from tijdig.cases.queries.asked import list_asked
from tijdig.core.matching.records import CERTAINTY_WHOLE, Parts
from tijdig.core.problem import Refusal
from tijdig.desk.payments import NOT_FOUND
from tijdig.dunning.actions.unmatching import unmatch
from tijdig.dunning.actions.waiting_payments import rest_until_decided
from tijdig.web.labels import LINE_STATES, label_of
from tijdig.web.methods import page_with_form
from tijdig.web.rights import Desk, at_desk, owner_only

LINES_SHOWN = 100
CHOICES_SHOWN = 40
REHEARSED_DAYS = 30
_PER_PERCENT = CERTAINTY_WHOLE // 100


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the payer's words; marked where evidence rests on it."""

    text: str
    is_marked: bool


@require_safe
@at_desk
def proposals(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The lines that wait, one of them opened."""
    lines = list_to_do(limit=LINES_SHOWN)
    line = _find_line(request.GET.get("line", ""), lines)
    done = _find_line(request.GET.get("done", ""), ())
    search = request.GET.get("zoek", "").strip()
    choices = list_choices(line, search=search, limit=CHOICES_SHOWN) if line else ()
    waiting = line if line is not None and line.state == "unmatched" else None
    settled = list_settled(waiting) if waiting else ()
    before, after = _find_neighbours(line, lines)
    context = {
        "section": "payments",
        "today": desk.today,
        "lines": [(one, _percent(one.certainty)) for one in lines],
        "line": line,
        "waits": waiting is not None,
        "is_unknown_reversal": line is not None and line.state == "waiting",
        "not_found": NOT_FOUND,
        "state": label_of(LINE_STATES, line.state) if line else None,
        "pieces": mark_words(line) if line else (),
        "proposals": [
            (one, _percent(one.certainty), max(one.open_cents - one.covered_cents, 0))
            for one in (line.proposals if line else ())
        ],
        "other_name": line is not None and _has_other_name(line),
        "choices": choices,
        "by_law": preview(line.id, [one.item_id for one in choices]) if line else (),
        "settled": settled,
        "keepers": list_keepers(waiting, settled, search=search) if waiting else (),
        "search": search,
        "before": before,
        "after": after,
        "done": done if done and done.state in {"matched", "ignored"} else None,
        "with_proposal": sum(one.certainty is not None for one in lines),
    }
    return render(request, "desk/matching/page.html", context)


@require_POST
@at_desk
def acceptance(request: HttpRequest, desk: Desk, line_id: UUID) -> HttpResponse:
    """Book the proposal that was chosen."""
    chosen = _read_uuid(request.POST.get("proposal", ""))
    if chosen is None:
        raise Refusal("Kies eerst een voorstel.", "Choose a proposal first.")
    after = _begin(line_id, desk)
    deciding.accept(
        line_id,
        chosen,
        remember="remember" in request.POST,
        asked=list_asked(),
        designated="designated" in request.POST,
        today=desk.today,
        now=desk.now,
        actor=desk.actor,
    )
    messages.success(request, _("De betaling is gekoppeld."))
    return _go_on(desk, done=line_id, to=after)


@require_POST
@at_desk
def division(request: HttpRequest, desk: Desk, line_id: UUID) -> HttpResponse:
    """Book what a person divided over items."""
    after = _begin(line_id, desk)
    deciding.split(
        line_id,
        read_parts(request),
        round_off="round" in request.POST,
        remember="remember" in request.POST,
        asked=list_asked(),
        designated="designated" in request.POST,
        today=desk.today,
        now=desk.now,
        actor=desk.actor,
    )
    messages.success(request, _("De betaling is verdeeld."))
    return _go_on(desk, done=line_id, to=after)


@require_POST
@at_desk
def legal_division(request: HttpRequest, desk: Desk, line_id: UUID) -> HttpResponse:
    """Book it on a debtor who named nothing, in the order of the law."""
    debtor_id = _read_uuid(request.POST.get("debtor", ""))
    if debtor_id is None:
        raise Refusal("Kies eerst een klant.", "Choose a customer first.")
    after = _begin(line_id, desk)
    deciding.split_by_law(
        line_id,
        debtor_id,
        remember="remember" in request.POST,
        asked=list_asked(),
        today=desk.today,
        now=desk.now,
        actor=desk.actor,
    )
    messages.success(request, _("De betaling is verdeeld."))
    return _go_on(desk, done=line_id, to=after)


@require_POST
@at_desk
def keeping(request: HttpRequest, desk: Desk, line_id: UUID) -> HttpResponse:
    """Keep a line as money of the debtor who was chosen."""
    chosen = _read_uuid(request.POST.get("debtor", ""))
    if chosen is None:
        raise Refusal("Kies eerst een debiteur.", "Choose a customer first.")
    after = _begin(line_id, desk)
    keep(
        line_id,
        chosen,
        remember="remember" in request.POST,
        today=desk.today,
        now=desk.now,
        actor=desk.actor,
    )
    messages.success(request, _("De betaling is bewaard als tegoed."))
    return _go_on(desk, done=line_id, to=after)


@require_POST
@at_desk
def setting_aside(request: HttpRequest, desk: Desk, line_id: UUID) -> HttpResponse:
    """This line pays nothing of ours."""
    after = _begin(line_id, desk)
    because = request.POST.get("because", "")
    deciding.ignore(line_id, because=because, today=desk.today, now=desk.now, actor=desk.actor)
    messages.success(request, _("De regel is terzijde gelegd."))
    return _go_on(desk, done=line_id, to=after)


@require_POST
@at_desk
def line_note(request: HttpRequest, desk: Desk, line_id: UUID) -> HttpResponse:
    """Keep a note with a line."""
    if load_line(line_id) is None:
        raise Http404
    deciding.note(line_id, text=request.POST.get("note", ""))
    messages.success(request, _("De notitie is bewaard."))
    return _go_on(desk, done=None, to=line_id)


@require_POST
@at_desk
def unmatching(request: HttpRequest, desk: Desk, line_id: UUID) -> HttpResponse:
    """Take back what was decided about a line."""
    unmatch(line_id, today=desk.today, now=desk.now, actor=desk.actor)
    messages.success(request, _("Ongedaan gemaakt. De regel wacht weer op u."))
    return _go_on(desk, done=None, to=line_id)


@page_with_form
@at_desk
@owner_only
def match_limit(request: HttpRequest, desk: Desk) -> HttpResponse:
    """From which certainty payments are booked by themselves, and what that would have done."""
    if request.method == "POST":
        told = request.POST.get("limit", "")
        set_limit(
            int(told) if told.isdigit() else 0, today=desk.today, now=desk.now, actor=desk.actor
        )
        messages.success(request, _("De grens is bewaard."))
        return redirect("match-limit", slug=desk.slug)
    since = desk.today - timedelta(days=REHEARSED_DAYS)
    rows = rehearse_limits(LIMITS, since=since)
    context = {
        "section": "payments",
        "rows": [(row, _percent(min(row.limit, CERTAINTY_WHOLE))) for row in rows],
        "never": LIMITS[0],
        "current": load_limit(),
        "since": since,
    }
    return render(request, "desk/matching/limit.html", context)


def mark_words(line: LineDetail) -> tuple[Piece, ...]:
    """The payer's words in pieces; marked where the first proposal rests on them."""
    marked = sorted(
        {span for one in line.proposals[:1] for told in one.evidence for span in told.spans}
    )
    pieces, at = [], 0
    for start, end in marked:
        if start < at or end > len(line.words):
            continue
        pieces += [Piece(line.words[at:start], False), Piece(line.words[start:end], True)]
        at = end
    pieces.append(Piece(line.words[at:], False))
    return tuple(piece for piece in pieces if piece.text)


def read_parts(request: HttpRequest) -> Parts:
    """The amounts by item that a person filled in. Refuses: what is no amount."""
    parts = []
    for name, told in request.POST.items():
        item_id = _read_uuid(name.removeprefix("item-")) if name.startswith("item-") else None
        if item_id is None or not str(told).strip():
            continue
        parts.append((item_id, read_cents(str(told))))
    return tuple(parts)


def read_cents(told: str) -> int:
    """Whole cents of an amount as people write it: 1.234,56 or 1234,56 or 1234.56."""
    plain = told.replace("€", "").replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    try:
        cents = Decimal(plain) * 100
    except InvalidOperation:
        cents = Decimal("NaN")
    if not cents.is_finite() or cents != int(cents) or abs(cents) >= 10**15:
        raise Refusal(
            f"“{told}” is geen bedrag. Schrijf het als 1234,56.",
            f"“{told}” is no amount. Write it as 1234,56.",
        )
    return int(cents)


def _find_line(told: str, lines: tuple[LineToDo, ...]) -> LineDetail | None:
    """The line that is asked for, else the first that waits."""
    line_id = _read_uuid(told) or (lines[0].id if lines else None)
    return load_line(line_id) if line_id else None


def _has_other_name(line: LineDetail) -> bool:
    """Whether somebody else seems to pay: his account is then not remembered unasked."""
    return any(told.code == "name_other" for one in line.proposals[:1] for told in one.evidence)


def _find_neighbours(
    line: LineDetail | None, lines: tuple[LineToDo, ...]
) -> tuple[UUID | None, UUID | None]:
    ids = [one.id for one in lines]
    if line is None or line.id not in ids:
        return None, (ids[0] if ids else None)
    at = ids.index(line.id)
    return (ids[at - 1] if at else None), (ids[at + 1] if at + 1 < len(ids) else None)


def _begin(line_id: UUID, desk: Desk) -> UUID | None:
    """What comes before a decision about a line: whom it held back; the line to go on with."""
    rest_until_decided(line_id, today=desk.today)
    return _next_line(line_id)


def _next_line(line_id: UUID) -> UUID | None:
    """The line after this one in the list, or the one before it at the end."""
    ids = [one.id for one in list_to_do(limit=LINES_SHOWN)]
    if line_id not in ids:
        return ids[0] if ids else None
    at = ids.index(line_id)
    rest = ids[at + 1 :] or ids[:at]
    return rest[0] if rest else None


def _go_on(desk: Desk, *, done: UUID | None, to: UUID | None) -> HttpResponse:
    asked = [f"{name}={value}" for name, value in (("line", to), ("done", done)) if value]
    address = reverse("proposals", kwargs={"slug": desk.slug})
    return redirect(f"{address}?{'&'.join(asked)}" if asked else address)


def _read_uuid(told: str) -> UUID | None:
    try:
        return UUID(told)
    except ValueError:
        return None


def _percent(certainty: int | None) -> str:
    """`99,2%`; never rounded up."""
    if certainty is None:
        return ""
    tenths = certainty // (_PER_PERCENT // 10)
    return f"{tenths // 10},{tenths % 10}%"
