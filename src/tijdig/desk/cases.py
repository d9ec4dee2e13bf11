"""Bijzonderheden: record a case, look at it, answer it, end it, and the lists of what waits."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tijdig.cases.actions import disputes, holds, plans, reasons
from tijdig.cases.queries.lists import (
    ALL_KINDS,
    CaseKind,
    CaseRow,
    ReasonCount,
    asks_address,
    count_reasons,
    find_case,
    list_cases,
    list_planned_numbers,
    list_terms,
    may_take_back,
)
from tijdig.core.calendar import add_days, add_months
from tijdig.core.case_messages import BY_LETTER
from tijdig.core.money import format_euros
from tijdig.core.plans import compute_instalments
from tijdig.core.problem import Refusal
from tijdig.core.unpaid import UNPAID_REASONS
from tijdig.desk.case_forms import (
    AddressForm,
    AnswerForm,
    CaseForm,
    HoldForm,
    PlanForm,
    ShiftForm,
    TakeBackForm,
)
from tijdig.desk.case_kinds import NEW_KINDS, find_end, moment_of
from tijdig.desk.case_words import describe_case, describe_kept_money, describe_outcome
from tijdig.desk.listing import Asked, Tab, read_asked
from tijdig.dunning.queries.outcomes import count_undecided, list_outcomes
from tijdig.dunning.queries.plan_terms import tell_next_terms
from tijdig.ledger.queries.balances import compute_unapplied_cents
from tijdig.ledger.queries.cards import DebtorCard, find_debtor
from tijdig.ledger.queries.kept_money import count_kept_money, list_kept_money
from tijdig.ledger.queries.lists import InvoiceRow, list_invoices_of
from tijdig.tenants.queries import find_responsible
from tijdig.web.kept_forms import find_kept, forget_kept, keep_form
from tijdig.web.language import say
from tijdig.web.methods import page_with_form
from tijdig.web.rights import Desk, at_desk

LISTED = 200
REASON_MONTHS = 12
TABS = (
    ("dispute", gettext_lazy("Betwistingen")),
    ("credit", gettext_lazy("Te crediteren")),
    ("answer", gettext_lazy("Antwoorden")),
    ("money", gettext_lazy("Tegoeden")),
    ("promise", gettext_lazy("Toezeggingen")),
    ("plan", gettext_lazy("Regelingen")),
    ("reply", gettext_lazy("Reacties")),
    ("reason", gettext_lazy("Redenen")),
    ("outcome", gettext_lazy("Na de laatste aanmaning")),
    ("hold", gettext_lazy("Pauzes")),
    ("extension", gettext_lazy("Uitstel")),
    ("flag", gettext_lazy("Situaties")),
)
# What can be recorded only about an invoice that is open.
_ABOUT_INVOICES = frozenset({"betwisting", "regeling", "uitstel"})
# What an empty tab says, and the page and its tab where what it lists begins.
EMPTY: Mapping[str, tuple[str | Promise, str, str]] = {
    "": (gettext_lazy("Leg een bijzonderheid vast op de pagina van de debiteur."), "debtors", ""),
    "money": (
        gettext_lazy("Een tegoed komt hier vanzelf, als een klant te veel of dubbel betaalt."),
        "payments",
        "",
    ),
    "outcome": (
        gettext_lazy("Wie na de laatste aanmaning niet betaalt, komt hier vanzelf."),
        "today",
        "",
    ),
    "credit": (
        gettext_lazy(
            "Wat u een klant bij een betwisting toezegt, staat hier tot de creditnota er is."
        ),
        "cases",
        "dispute",
    ),
    "answer": (
        gettext_lazy("Een antwoord op een betwisting staat hier tot de klant het krijgt."),
        "cases",
        "dispute",
    ),
}


@require_safe
@at_desk
def cases(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What stands, per kind; what waits for us longest comes first."""
    asked = read_asked(request, TABS)
    standing = list_cases(today=desk.today, limit=None)
    if asked.tab == "outcome":
        lines = [
            describe_outcome(row, slug=desk.slug, today=desk.today)
            for row in list_outcomes(limit=LISTED)
        ]
    elif asked.tab == "money":
        who = find_responsible()
        lines = [
            describe_kept_money(row, slug=desk.slug, who=who, today=desk.today)
            for row in list_kept_money(limit=LISTED)
        ]
    else:
        rows = tuple(row for row in standing if row.kind == asked.tab)[:LISTED]
        lines = [
            describe_case(row, slug=desk.slug, today=desk.today)
            for row in tell_next_terms(rows, today=desk.today)
        ]
    empty, page, tab = EMPTY.get(asked.tab, EMPTY[""])
    context = {
        "section": "cases",
        "tabs": _count_tabs(asked, standing),
        "lines": lines,
        "empty": empty,
        "empty_address": reverse(page, kwargs={"slug": desk.slug}) + (f"?tab={tab}" if tab else ""),
        "counted": _count_reasons(desk.today) if asked.tab == "reason" else (),
        "counted_from": add_months(desk.today, -REASON_MONTHS),
    }
    return render(request, "desk/case/list.html", context)


@page_with_form
@at_desk
def new_case(request: HttpRequest, desk: Desk, number: str, kind: str) -> HttpResponse:
    """Record a case of one kind; a plan is worked out before it is agreed."""
    card = find_debtor(number)
    new = NEW_KINDS.get(kind)
    if card is None or new is None:
        raise Http404
    opened = _list_open(card)
    choices = [(str(row.id), _name_invoice(row)) for row in opened]
    if request.method == "POST" and new.form is PlanForm and "preview" in request.POST:
        return keep_form(request)
    form = new.form(
        request.POST if request.method == "POST" else find_kept(request),
        invoices=choices,
        desk=desk,
        initial=_suggest(request, kind, opened, card),
    )
    context: dict[str, Any] = {"section": "debtors", "card": card, "new": new, "form": form}
    if form.is_valid():
        try:
            if request.method == "POST":
                new.save(card.id, form.cleaned_data, desk)
                forget_kept(request)
                messages.success(request, str(new.done))
                return redirect("debtor", slug=desk.slug, number=card.number)
            context["terms"] = _work_out(form, opened)
        except Refusal as refusal:
            form.add_error(None, say(refusal.because))
    context["is_plan"] = new.form is PlanForm
    context["nothing_open"] = not opened and kind in _ABOUT_INVOICES
    status = 422 if form.errors else 200
    return render(request, "desk/case/new.html", context, status=status)


@page_with_form
@at_desk
def case(request: HttpRequest, desk: Desk, kind: str, case_id: UUID) -> HttpResponse:
    """One standing case: what it is, and the buttons that answer, change or end it."""
    row = find_case(cast("CaseKind", kind), case_id, today=desk.today) if _is_kind(kind) else None
    if row is None:
        raise Http404
    (row,) = tell_next_terms([row], today=desk.today)
    answer = AnswerForm(request.POST if request.POST.get("do") in ("accept", "decline") else None)
    shift = ShiftForm(request.POST if request.POST.get("do") == "shift" else None)
    address = AddressForm(request.POST if request.POST.get("do") == "address" else None)
    back = TakeBackForm(request.POST if request.POST.get("do") == "take_back" else None)
    forms = CaseForms(answer, shift, address, back)
    if request.method == "POST" and _carry_out(request.POST.get("do", ""), row, desk, forms):
        messages.success(request, _("Vastgelegd."))
        return _back(row, desk)
    terms = list_terms(case_id) if kind == "plan" else ()
    context = {
        "section": "cases",
        "row": row,
        "line": describe_case(row, slug=desk.slug, today=desk.today),
        "answer": answer if kind == "dispute" else None,
        "shift": shift if kind == "plan" else None,
        "confirm": address if asks_address(row) else None,
        "back": back if kind in ("credit", "answer") and may_take_back(case_id) else None,
        "can_withdraw": kind == "reason",
        "terms": terms,
        "numbers": list_planned_numbers(case_id) if kind == "plan" else (),
        "today": desk.today,
    }
    wrong = answer.errors or shift.errors or address.errors or back.errors
    return render(request, "desk/case/page.html", context, status=422 if wrong else 200)


@page_with_form
@at_desk
def hold_everybody(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Pause the whole administration: for a holiday, or while the books are moved."""
    sent = request.POST if request.method == "POST" else None
    form = HoldForm(sent, invoices=(), desk=desk)
    del form.fields["invoice"]
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            holds.place(
                depth=told["depth"],
                from_on=told["from_on"],
                until_on=told["until_on"],
                reason=told["reason"],
                **moment_of(desk),
            )
            messages.success(request, _("De pauze is ingesteld. Niemand krijgt iets."))
            return redirect("cases", slug=desk.slug)
        except Refusal as refusal:
            form.add_error(None, say(refusal.because))
    context = {"section": "cases", "form": form}
    return render(request, "desk/case/everybody.html", context, status=422 if form.errors else 200)


def _count_tabs(asked: Asked, standing: tuple[CaseRow, ...]) -> list[tuple[Tab, int]]:
    counts = Counter(str(row.kind) for row in standing)
    counts.update(money=count_kept_money(), outcome=count_undecided())
    return [(tab, counts.get(tab.key, 0)) for tab in asked.tabs]


def _count_reasons(today: date) -> list[tuple[str, ReasonCount]]:
    """The reasons of the last months by name, today included."""
    counted = count_reasons(since=add_months(today, -REASON_MONTHS), until=add_days(today, 1))
    return [(say(UNPAID_REASONS[one.kind].name), one) for one in counted]


def _is_kind(kind: str) -> bool:
    return kind in ALL_KINDS


@dataclass(frozen=True, slots=True)
class CaseForms:
    """The forms that stand on the page of a case."""

    answer: AnswerForm
    shift: ShiftForm
    address: AddressForm
    back: TakeBackForm


def _carry_out(asked: str, row: CaseRow, desk: Desk, forms: CaseForms) -> bool:
    """Do what the button says; False where the form is not filled in well."""
    if asked in ("accept", "decline") and row.kind == "dispute":
        if not forms.answer.is_valid():
            return False
        action = disputes.accept if asked == "accept" else disputes.decline
        action(row.id, **forms.answer.cleaned_data, **moment_of(desk))
    elif asked == "take_back" and row.kind in ("credit", "answer"):
        if not forms.back.is_valid():
            return False
        disputes.take_back(row.id, **forms.back.cleaned_data, **moment_of(desk))
    elif asked == "shift" and row.kind == "plan":
        if not forms.shift.is_valid():
            return False
        plans.shift(row.id, **forms.shift.cleaned_data, **moment_of(desk))
    elif asked == "address" and row.kind == "reason":
        if not forms.address.is_valid():
            return False
        told = forms.address.cleaned_data
        address = BY_LETTER if told["by_letter"] else told["address"]
        reasons.confirm_address(row.id, address, **moment_of(desk))
    elif asked == "withdraw" and row.kind == "reason":
        reasons.withdraw(row.id, **moment_of(desk))
    else:
        find_end(row.kind, row.state)[1](row.id, desk)
    return True


def _back(row: CaseRow, desk: Desk) -> HttpResponse:
    if row.debtor_number:
        return redirect("debtor", slug=desk.slug, number=row.debtor_number)
    return redirect("cases", slug=desk.slug)


def _list_open(card: DebtorCard) -> list[InvoiceRow]:
    rows = list_invoices_of(card.id, closed_limit=0)
    return [
        row
        for row in rows
        if row.kind == "invoice" and row.closed_on is None and row.currency == "EUR"
    ]


def _compute_net(card: DebtorCard) -> int:
    """What is open in euros, credit notes and money that waits taken off."""
    rows = list_invoices_of(card.id, closed_limit=0)
    cents = sum(row.open_cents for row in rows if row.currency == "EUR")
    return cents + compute_unapplied_cents(card.id)


def _name_invoice(row: InvoiceRow) -> str:
    return f"{row.number}: {format_euros(row.open_cents)}"


def _suggest(
    request: HttpRequest, kind: str, opened: list[InvoiceRow], card: DebtorCard
) -> dict[str, object]:
    """What the form begins with: the invoice that was clicked, and all that is open on it.

    A dispute is about one invoice, so it begins with the first; a promise about all of them is
    for no more than is open with credit notes taken off.
    """
    asked = request.GET.get("factuur", "")
    chosen = [row for row in opened if row.number == asked]
    if kind == "betwisting":
        chosen = chosen or opened[:1]
    cents = sum(row.open_cents for row in chosen or opened)
    if not chosen:
        cents = max(min(cents, _compute_net(card)), 0)
    suggested: dict[str, object] = {
        "amount": f"{cents // 100},{cents % 100:02d}",
        "invoices": [str(row.id) for row in chosen or opened],
    }
    if chosen:
        suggested["invoice"] = str(chosen[0].id)
    return suggested


def _work_out(form: CaseForm, opened: list[InvoiceRow]) -> dict[str, object]:
    """The terms as they would be. Refuses: what no plan can be."""
    told = form.cleaned_data
    chosen = [row for row in opened if str(row.id) in told["invoices"]]
    total = sum(row.open_cents for row in chosen)
    terms = compute_instalments(
        total,
        told["count"],
        first_on=told["first_on"],
        interval=told["interval"],
        rounding=told["rounding"],
    )
    return {"total": total, "rows": terms}
