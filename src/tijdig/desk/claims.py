"""Costs and interest of a debtor: the statement, waiving a line, and who the debtor is in law."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tijdig.core.money import format_euros
from tijdig.dunning.actions.instalments import lower_costs
from tijdig.dunning.queries.statement import render_statement
from tijdig.ledger.actions.claims import waive
from tijdig.ledger.actions.debtors import confirm_kind
from tijdig.ledger.actions.terms import say_how_agreed
from tijdig.ledger.queries.cards import DebtorCard, find_debtor
from tijdig.ledger.queries.claims import is_claim_line
from tijdig.web.rights import Desk, at_desk


@require_POST
@at_desk
def waive_claim(request: HttpRequest, desk: Desk, number: str, line_id: UUID) -> HttpResponse:
    """What is open of a claim line need not be paid, for the reason that was given."""
    card = _find(number)
    if not is_claim_line(line_id, debtor_id=card.id):
        raise Http404
    because = request.POST.get("because", "")
    waive(line_id, because=because, today=desk.today, now=desk.now, actor=desk.actor)
    messages.success(request, _("Kwijtgescholden. De reden staat in de tijdlijn."))
    return redirect("debtor", slug=desk.slug, number=card.number)


@require_POST
@at_desk
def lower_claim(request: HttpRequest, desk: Desk, number: str, line_id: UUID) -> HttpResponse:
    """The invoices under these costs are instalments: no more than the law allows for those."""
    card = _find(number)
    if not is_claim_line(line_id, debtor_id=card.id):
        raise Http404
    most = lower_costs(card.id, line_id, today=desk.today, now=desk.now, actor=desk.actor)
    messages.success(request, _("Verlaagd tot %(amount)s.") % {"amount": format_euros(most)})
    return redirect("debtor", slug=desk.slug, number=card.number)


@require_POST
@at_desk
def debtor_kind(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """A person says whether the debtor is a consumer, a business or a public body."""
    card = _find(number)
    told = request.POST.get("kind", "")
    confirm_kind(card.id, told, today=desk.today, now=desk.now, actor=desk.actor)
    messages.success(request, _("Vastgelegd wie deze klant volgens u is."))
    return redirect("debtor", slug=desk.slug, number=card.number)


@require_POST
@at_desk
def term(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """A person says how the term was agreed: of one invoice, paid or not, or of all open ones."""
    card = _find(number)
    invoice = request.POST.get("invoice", "")
    count = say_how_agreed(
        card.id,
        how=request.POST.get("how", ""),
        number=invoice,
        all_open=bool(request.POST.get("all")),
        today=desk.today,
        now=desk.now,
        actor=desk.actor,
    )
    words = ngettext("Vastgelegd voor %(n)s factuur.", "Vastgelegd voor %(n)s facturen.", count)
    messages.success(request, words % {"n": count})
    if invoice:
        return redirect("invoice", slug=desk.slug, number=invoice)
    return redirect("debtor", slug=desk.slug, number=card.number)


@require_safe
@at_desk
def statement(_request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """The claim statement as PDF, adding up to the cent."""
    pdf = render_statement(_find(number).id, today=desk.today)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="specificatie-{desk.today}.pdf"'
    return response


def _find(number: str) -> DebtorCard:
    card = find_debtor(number)
    if card is None:
        raise Http404
    return card
