"""Debtors: the list, one debtor, and how to reach him."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tijdig.banking.queries import describe_lines
from tijdig.cases.queries.lists import count_promises, list_cases
from tijdig.core.law.limitation import compute_limitation_warning
from tijdig.core.problem import Sentence
from tijdig.core.promises import compute_kept_percent
from tijdig.desk.case_kinds import NEW_KINDS
from tijdig.desk.case_words import describe_case, describe_kept_money, describe_outcome
from tijdig.desk.cost_agreements import explain_unfit
from tijdig.desk.interest_agreements import describe_interest_of
from tijdig.desk.lateness import label_lateness
from tijdig.desk.listing import read_asked
from tijdig.desk.standing_term import describe_term_of
from tijdig.desk.timeline import Sources, list_ahead, make_timeline
from tijdig.dunning.queries.claim_ends import load_claim_ends
from tijdig.dunning.queries.instalments import find_costs_to_check
from tijdig.dunning.queries.outcomes import list_outcomes
from tijdig.dunning.queries.pages import (
    find_decision,
    forecast_for,
    list_calls_of,
    list_decisions_of,
    load_latest_words,
)
from tijdig.dunning.queries.plan_terms import tell_next_terms
from tijdig.dunning.queries.statement import compute_running_interest
from tijdig.ledger.actions.debtors import change_contact
from tijdig.ledger.actions.posting import lock_debtors
from tijdig.ledger.actions.preferences import prefer
from tijdig.ledger.queries.balances import compute_unapplied_cents, list_entries_of_debtor
from tijdig.ledger.queries.cards import DebtorCard, find_debtor, list_called
from tijdig.ledger.queries.claims import ClaimRow, list_claim_lines
from tijdig.ledger.queries.cost_agreements import find_agreement
from tijdig.ledger.queries.kept_money import list_kept_money
from tijdig.ledger.queries.lists import (
    DebtorRow,
    DebtorTab,
    InvoiceRow,
    count_debtors,
    list_debtors,
    list_invoices_of,
)
from tijdig.ledger.queries.words import find_debtors
from tijdig.messaging.queries import list_messages_of
from tijdig.tenants.queries import find_responsible
from tijdig.timeline.queries import find_last_editor, list_events_of
from tijdig.web.edits import EditForm
from tijdig.web.labels import (
    CHANNELS,
    DEBTOR_KINDS,
    ENTRY_KINDS,
    ITEM_KINDS,
    LANGUAGES,
    LIMITATION_WARNINGS,
    Label,
    label_of,
)
from tijdig.web.methods import page_with_form
from tijdig.web.paging import COUNT_UP_TO, PAGE_ROWS, make_count, make_page
from tijdig.web.rights import Desk, at_desk

TABS = (
    ("open", gettext_lazy("Open")),
    ("overdue", gettext_lazy("Te laat")),
    ("attention", gettext_lazy("Aandacht")),
    ("all", gettext_lazy("Alles")),
)
HOME_COUNTRY = "NL"
EURO = "EUR"
HISTORY = 100
CLOSED_INVOICES = 12
NOT_LOOKED_YET = Sentence("Nog niet bekeken.", "Not looked at yet.")


@dataclass(frozen=True, slots=True)
class DebtorLine:
    """A row of the list with its words."""

    row: DebtorRow
    status: Sentence
    decided_on: date | None
    late_days: int
    next_look: str


class ContactForm(EditForm):
    """How to reach a debtor; what a person fills in here, an import does not overwrite."""

    name = forms.CharField(label=gettext_lazy("Contactpersoon"), max_length=200, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mailadres"), required=False)
    phone = forms.CharField(label=gettext_lazy("Telefoon"), max_length=30, required=False)
    street = forms.CharField(
        label=gettext_lazy("Straat en huisnummer"), max_length=200, required=False
    )
    postal_code = forms.CharField(label=gettext_lazy("Postcode"), max_length=12, required=False)
    city = forms.CharField(label=gettext_lazy("Plaats"), max_length=100, required=False)
    country = forms.RegexField(
        label=gettext_lazy("Land"),
        regex=r"^[A-Za-z]{2}$",
        help_text=gettext_lazy("Twee letters, zoals NL of BE."),
        error_messages={"invalid": gettext_lazy("Vul twee letters in, zoals NL of BE.")},
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Taal van de berichten"),
        choices=(("nl", gettext_lazy("Nederlands")), ("en", gettext_lazy("Engels"))),
    )
    preferred_channel = forms.ChoiceField(
        label=gettext_lazy("Liefst per"),
        required=False,
        choices=(
            ("", gettext_lazy("geen voorkeur")),
            ("email", gettext_lazy("e-mail")),
            ("letter", gettext_lazy("brief")),
        ),
        help_text=gettext_lazy("Geldt voor stappen die beide wegen toestaan."),
    )


@require_safe
@at_desk
def debtors(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The list, by name."""
    asked = read_asked(request, TABS, sorts_by=str)
    tab = cast("DebtorTab", asked.tab)
    found = find_debtors(asked.search)
    rows = list_debtors(
        tab=tab, found=found, after=asked.after, today=desk.today, limit=PAGE_ROWS + 1
    )
    count = count_debtors(tab=tab, found=found, today=desk.today, up_to=COUNT_UP_TO + 1)
    page = make_page(
        rows, place_of=lambda row: (row.name, str(row.id)), is_first=asked.after is None
    )
    words = load_latest_words([row.id for row in page.rows], until_on=desk.today)
    context = {
        "section": "debtors",
        "asked": asked,
        "page": page,
        "next_address": asked.address_of(page.next_place),
        "count": make_count(count),
        "lines": [_line(row, words, desk.today) for row in page.rows],
        "open_cents": sum(row.open_cents for row in page.rows),
        "overdue_cents": sum(row.overdue_cents for row in page.rows),
    }
    whole = (
        "desk/debtor/_list.html" if request.headers.get("HX-Request") else "desk/debtor/list.html"
    )
    return render(request, whole, context)


@require_safe
@at_desk
def debtor(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """One debtor: what he owes, why he gets what he gets, and everything that happened."""
    card = _find(number)
    decision = find_decision(card.id, on=desk.today)
    invoices = list_invoices_of(card.id, closed_limit=CLOSED_INVOICES)
    opened = [row for row in invoices if row.closed_on is None]
    in_euros = [row for row in opened if row.currency == EURO]
    unapplied_cents = compute_unapplied_cents(card.id)
    ahead = forecast_for(card.id, today=desk.today, rehearsal=not desk.sending_on)
    claims = list_claim_lines(card.id)
    context = {
        **_list_cases(card, desk),
        **describe_term_of(card, desk),
        "section": "debtors",
        "card": card,
        "called": list_called((card.id,), on=desk.today).get(card.id),
        "kind": label_of(DEBTOR_KINDS, card.kind),
        "language": label_of(LANGUAGES, card.language or "nl"),
        "channel": label_of(CHANNELS, card.preferred_channel) if card.preferred_channel else None,
        "foreign_country": "" if card.country == HOME_COUNTRY else card.country,
        "decision": decision,
        "because": decision and Sentence(decision.because_nl, decision.because_en),
        "next_step": ahead[0] if ahead else None,
        "has_changed": decision is not None
        and card.next_look_on is not None
        and card.next_look_on < decision.on,
        "open_rows": [
            (row, label_of(ITEM_KINDS, row.kind), _label_late(row, desk.today)) for row in opened
        ],
        "closed_rows": [row for row in invoices if row.closed_on is not None],
        "unapplied_cents": unapplied_cents,
        "claims": _describe_claims(claims, card.id, desk.today),
        "running_interest_cents": compute_running_interest(card.id, today=desk.today),
        "kinds": list(DEBTOR_KINDS.items()),
        **describe_interest_of(card.id),
        "agreement": find_agreement(card.id),
        "agreement_unfit": explain_unfit(card),
        "open_cents": sum(row.open_cents for row in in_euros)
        + sum(row.open_cents for row in claims)
        + unapplied_cents,
        "overdue_cents": sum(
            row.open_cents
            for row in in_euros
            if row.kind == "invoice" and row.issued_on <= row.due_on < desk.today
        ),
        "ahead": list_ahead(ahead),
        "timeline": make_timeline(_load_sources(card), slug=desk.slug),
    }
    return render(request, "desk/debtor/page.html", context)


def _describe_claims(
    claims: Sequence[ClaimRow], debtor_id: UUID, today: date
) -> list[tuple[object, ...]]:
    """Each line of costs or interest, what may be too much of it, and its last day with why."""
    to_check = find_costs_to_check(claims)
    is_open = any(row.open_cents > 0 for row in claims)
    ends = load_claim_ends(debtor_id, today=today) if is_open else {}
    described: list[tuple[object, ...]] = []
    for row in claims:
        end = ends.get(row.id)
        days = None if end is None else compute_limitation_warning(end.ends_on, today)
        warning = None if days is None else LIMITATION_WARNINGS[days]
        kind = label_of(ENTRY_KINDS, row.kind)
        described.append((row, kind, to_check.get(row.id), end, warning))
    return described


@page_with_form
@at_desk
def contact(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """Change how to reach a debtor; who changed what stays in the timeline."""
    card = _find(number)
    if request.method == "POST":
        lock_debtors([card.id])
        card = _find(number)
    before = {
        "name": card.contact_name,
        "email": card.email,
        "phone": card.phone,
        "street": card.street,
        "postal_code": card.postal_code,
        "city": card.city,
        "country": card.country or HOME_COUNTRY,
    }
    preferences = {
        "language": "en" if card.language.startswith("en") else "nl",
        "preferred_channel": card.preferred_channel,
    }
    form = ContactForm(
        request.POST or None, now_is=before | preferences, by=find_last_editor(card.id)
    )
    if request.method == "POST" and form.is_valid():
        told = {**form.cleaned_data, "country": form.cleaned_data["country"].upper()}
        wanted = {name: told.pop(name) for name in preferences}
        changes = {name: value for name, value in told.items() if value != before[name]}
        if changes:
            change_contact(card.id, changes, today=desk.today, now=desk.now, actor=desk.actor)
        if wanted != preferences:
            prefer(card.id, **wanted, today=desk.today, now=desk.now, actor=desk.actor)
        if changes or wanted != preferences:
            messages.success(request, _("De contactgegevens zijn gewijzigd."))
        return redirect("debtor", slug=desk.slug, number=card.number)
    status = 422 if request.method == "POST" else 200
    context = {"section": "debtors", "card": card, "form": form}
    return render(request, "desk/debtor/contact.html", context, status=status)


def _load_sources(card: DebtorCard) -> Sources:
    entries = list_entries_of_debtor(card.id, limit=HISTORY)
    lines = describe_lines(
        tuple(entry.source_id for entry in entries if entry.source_kind == "bank_line")
    )
    return Sources(
        messages=list_messages_of(card.id, limit=HISTORY),
        entries=entries,
        lines=lines,
        decisions=list_decisions_of(card.id, limit=HISTORY),
        calls=list_calls_of(card.id, limit=HISTORY),
        events=list_events_of(card.id, limit=HISTORY),
    )


def _list_cases(card: DebtorCard, desk: Desk) -> dict[str, object]:
    """What stands about this debtor, and the cases that can be recorded."""
    slug, today = desk.slug, desk.today
    return {
        "lines": [
            *(
                describe_case(row, slug=slug, today=today)
                for row in tell_next_terms(list_cases(today=today, debtor_id=card.id), today=today)
            ),
            *(
                describe_outcome(row, slug=slug, today=today)
                for row in list_outcomes(debtor_id=card.id)
            ),
            *(
                describe_kept_money(row, slug=slug, who=find_responsible(), today=today)
                for row in list_kept_money(debtor_id=card.id)
            ),
        ],
        "new_kinds": [(kind, new.title) for kind, new in NEW_KINDS.items()],
        "kept_percent": compute_kept_percent(*count_promises(card.id)),
    }


def _find(number: str) -> DebtorCard:
    card = find_debtor(number)
    if card is None:
        raise Http404
    return card


def _line(row: DebtorRow, words: Mapping[UUID, tuple[date, Sentence]], today: date) -> DebtorLine:
    decided_on, status = words.get(row.id, (None, NOT_LOOKED_YET))
    late = (today - row.oldest_due_on).days if row.oldest_due_on else 0
    return DebtorLine(
        row=row,
        status=status,
        decided_on=decided_on,
        late_days=max(late, 0),
        next_look=_next_look(row.next_look_on, today),
    )


def _next_look(on: date | None, today: date) -> str:
    if on is None:
        return ""
    return on.strftime("%d-%m-%Y") if on > today else _("volgende run")


def _label_late(row: InvoiceRow, today: date) -> Label | None:
    late = label_lateness(row.due_on, issued_on=row.issued_on, today=today)
    return late if row.kind == "invoice" else None
