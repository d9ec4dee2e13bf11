"""Betalingen: what the bank brought, what it was matched with and why, and our own accounts."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from tijdig.banking.actions.continuity import accept_gap
from tijdig.banking.actions.statements import confirm_account
from tijdig.banking.queries import (
    BankLineRow,
    BankTab,
    is_account,
    list_accounts,
    list_bank_gaps,
    list_lines,
    list_unplaced,
)
from tijdig.core.problem import Sentence
from tijdig.desk.listing import read_asked
from tijdig.web.labels import IMPUTATIONS, LINE_STATES, label_of
from tijdig.web.paging import PAGE_ROWS, make_page
from tijdig.web.placing import place_statements
from tijdig.web.rights import Desk, at_desk

TABS = (
    ("unmatched", gettext_lazy("Niet herkend")),
    ("matched", gettext_lazy("Gekoppeld")),
    ("ignored", gettext_lazy("Terzijde")),
    ("waiting", gettext_lazy("Teruggedraaid, niet gevonden")),
    ("outgoing", gettext_lazy("Uitgaand")),
    ("all", gettext_lazy("Alles")),
)
UNPLACED = "account"
# The answer that a number is an account of its own.
ON_ITS_OWN = "eigen"
NOT_FOUND = Sentence(
    "De bank draaide een betaling terug. Wij weten niet zeker welke. Zoek de betaling onder "
    "Gekoppeld en maak haar daar ongedaan. Leg daarna die betaling en deze regel terzijde.",
    "The bank took a payment back. We do not know for certain which. Look for the payment under "
    "Matched and undo it there. Then set that payment and this line aside.",
)


@require_safe
@at_desk
def payments(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Bank lines, latest first, and the accounts that wait for a yes, or for a choice."""
    asked = read_asked(request, TABS)
    rows = list_lines(
        tab=cast("BankTab", asked.tab), search=asked.search, after=asked.after, limit=PAGE_ROWS + 1
    )
    page = make_page(
        rows,
        place_of=lambda row: (row.booked_on.isoformat(), str(row.id)),
        is_first=asked.after is None,
    )
    accounts, gaps = list_accounts(), list_bank_gaps()
    context = {
        "section": "payments",
        "asked": asked,
        "page": page,
        "next_address": asked.address_of(page.next_place),
        "lines": [
            (
                row,
                label_of(LINE_STATES, row.state),
                _tell_because(row),
                label_of(IMPUTATIONS, row.imputation) if row.imputation else None,
            )
            for row in page.rows
        ],
        "cents": sum(row.cents for row in page.rows),
        "accounts": accounts,
        "unplaced": list_unplaced(gaps, accounts),
        "gaps": [
            (gap, Sentence(gap.because_nl, gap.because_en)) for gap in gaps if gap.kind != UNPLACED
        ],
        "today": desk.today,
    }
    partial = "desk/payment/_list.html"
    whole = "desk/payment/list.html"
    return render(request, partial if request.headers.get("HX-Request") else whole, context)


def _tell_because(row: BankLineRow) -> Sentence:
    """Why it stands as it does; of a reversal that waits, what a person can do."""
    return NOT_FOUND if row.state == "waiting" else Sentence(row.because_nl, row.because_en)


@require_POST
@at_desk
def account_confirmation(request: HttpRequest, desk: Desk, account_id: UUID) -> HttpResponse:
    """Say that an account is ours."""
    if not is_account(account_id):
        raise Http404
    confirm_account(account_id, now=desk.now, actor=desk.actor)
    messages.success(request, _("De rekening is bevestigd."))
    return redirect("payments", slug=desk.slug)


@require_POST
@at_desk
def account_choice(request: HttpRequest, desk: Desk, account_id: UUID) -> HttpResponse:
    """Say of which account the statements are that name a number alone."""
    if not is_account(account_id):
        raise Http404
    told = request.POST.get("of", "")
    try:
        of = None if told == ON_ITS_OWN else UUID(told)
    except ValueError:
        raise Http404 from None
    counts = place_statements(account_id, of=of, today=desk.today, now=desk.now, actor=desk.actor)
    said = ngettext(
        "De afschriften tellen nu mee. %(n)s betaling gekoppeld, %(waiting)s nog niet herkend.",
        "De afschriften tellen nu mee. %(n)s betalingen gekoppeld, %(waiting)s nog niet herkend.",
        counts.matched,
    )
    messages.success(request, said % {"n": counts.matched, "waiting": counts.unmatched})
    return redirect("payments", slug=desk.slug)


@require_POST
@at_desk
def gap_acceptance(request: HttpRequest, desk: Desk, statement_id: UUID) -> HttpResponse:
    """Say that we know of a gap between statements: the run goes on."""
    accept_gap(statement_id, today=desk.today, now=desk.now, actor=desk.actor)
    messages.success(request, _("Het gat is geaccepteerd. De dagelijkse run gaat weer door."))
    return redirect("payments", slug=desk.slug)
