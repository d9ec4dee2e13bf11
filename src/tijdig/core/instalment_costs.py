"""Costs over invoices that are, or may be, instalments of one agreement.

No file says which invoices belong to one agreement: a creditor who declares that he asks consumers
for rent or fixed terms only gets the careful reading, and booked costs of the others are looked at
by a person. The text of the article was not read.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from uuid import UUID

from tijdig.core.calendar import add_months
from tijdig.core.facts import OpenItem
from tijdig.core.law.collection_costs import (
    CollectionCosts,
    Instalment,
    compute_collection_costs,
    compute_instalment_costs,
)
from tijdig.core.law.dated import get_value
from tijdig.core.law.tables import INSTALMENT_MONTHS
from tijdig.core.money import format_euros, round_cents
from tijdig.core.notices import PastNotice
from tijdig.core.problem import Refusal, Sentence


def find_most_for_instalments(
    invoices: Sequence[Instalment], *, cents: int, vat_cents: int = 0
) -> int | None:
    """The most that these costs may be if their invoices are instalments of one agreement.

    `invoices` are what the costs of one letter go over, `cents` what is claimed of them with
    `vat_cents` of VAT. In cents, VAT included; None where that is no less, where no two fell due
    within six months, and before 1 October 2024. Invoices of before these six months are counted
    as claims of their own. Law: Besluit BIK art. 2a, with letters skipped.
    """
    found = _find_most(invoices, costs_cents=cents - vat_cents, vat_cents=vat_cents)
    return None if found is None else sum(found)


def compute_asked_before(
    notices: Iterable[PastNotice], items: Iterable[OpenItem], *, newest_on: date
) -> int:
    """The costs that were claimed over instalments of the same six months and are paid by now.

    They look back from `newest_on`, the newest last day to pay of what costs are asked over.
    What is still open is none of it, with its costs. Law: Besluit BIK art. 2a.
    """
    first_after = _find_first_after(newest_on)
    if first_after is None:
        return 0
    opened = {item.item_id for item in items if item.open_cents > 0}
    letters = [one for one in notices if one.kind == "veertiendagenbrief"]
    still_open = {one.message_id for one in letters if one.item_id in opened}
    # Of all that a letter lists, costs may have been claimed over some of it only.
    claimed: dict[UUID, int] = {}
    for one in letters:
        if one.message_id in still_open or one.paper is None or one.paper.due_on <= first_after:
            continue
        claimed[one.message_id] = max(claimed.get(one.message_id, 0), one.claimed_cents)
    return sum(claimed.values())


def is_in_look_back(due_on: date, *, newest_on: date) -> bool:
    """Whether an instalment fell due within the six months up to the newest one, or after it."""
    first_after = _find_first_after(newest_on)
    return first_after is not None and due_on > first_after


def take_off_asked(costs: CollectionCosts, asked_cents: int) -> CollectionCosts:
    """These costs less what was asked before for instalments of the same six months.

    Marked `needs_review` where anything was. Law: Besluit BIK art. 2a.
    """
    if asked_cents <= 0:
        return costs
    total = max(0, costs.total_cents - asked_cents)
    vat = min(costs.vat_cents, total)
    if costs.total_cents:
        vat = round_cents(Fraction(total * costs.vat_cents, costs.total_cents))
    told = Sentence(
        f"Min {format_euros(asked_cents)} aan kosten van betaalde termijnen van dezelfde zes"
        " maanden (Besluit BIK art. 2a).",
        f"Less {format_euros(asked_cents)} of costs of paid instalments of the same six months"
        " (Besluit BIK art. 2a).",
    )
    return CollectionCosts(
        costs.principal_cents, total - vat, vat, total, (*costs.because, told), needs_review=True
    )


def _find_first_after(newest_on: date) -> date | None:
    """The day after which an instalment counts; None before the rule was there."""
    try:
        return add_months(newest_on, -get_value(INSTALMENT_MONTHS, newest_on))
    except Refusal:
        return None


def _find_most(
    invoices: Sequence[Instalment], *, costs_cents: int, vat_cents: int
) -> tuple[int, int] | None:
    """The most that they may be without VAT, and the VAT on it in proportion."""
    newest_on = max(one.due_on for one in invoices)
    first_after = _find_first_after(newest_on)
    if first_after is None:
        return None
    window = [one for one in invoices if one.due_on > first_after]
    if len(window) < 2:
        return None
    most = compute_instalment_costs(window, letters_skipped=True).total_cents
    older = [one.open_cents for one in invoices if one.due_on <= first_after]
    if older:
        most = max(most, compute_collection_costs(older, on=newest_on).total_cents)
    if costs_cents <= most:
        return None
    return most, round_cents(Fraction(most * vat_cents, costs_cents)) if vat_cents else 0


def limit_for_instalments(
    costs: CollectionCosts, invoices: Sequence[Instalment]
) -> CollectionCosts:
    """These costs, and never more than `find_most_for_instalments` allows over these invoices.

    Marked `needs_review` where that is less. Law: Besluit BIK art. 2a.
    """
    net = costs.total_cents - costs.vat_cents
    found = _find_most(invoices, costs_cents=net, vat_cents=costs.vat_cents)
    if found is None:
        return costs
    most = sum(found)
    told = Sentence(
        "De facturen zijn termijnen: niet meer dan de hoogste kosten van één termijn"
        f" ({format_euros(most)}, Besluit BIK art. 2a).",
        "The invoices are instalments: no more than the highest costs of one of them"
        f" ({format_euros(most)}, Besluit BIK art. 2a).",
    )
    because = (*costs.because, told)
    return CollectionCosts(costs.principal_cents, *found, most, because, needs_review=True)
