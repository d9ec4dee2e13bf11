"""How money that a debtor did not assign is divided over all that he owes, as the law says.

Law: BW 6:43 lid 2, 6:44 lid 1. The order within a claim may be the creditor's: principal first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

from tijdig.core.calendar import add_days
from tijdig.core.law.dated import RateTables
from tijdig.core.law.imputation import Claim, Order, PaymentOnClaims, allocate
from tijdig.core.law.interest import InterestTerms, get_rate_percent
from tijdig.core.law.tables import RATES
from tijdig.core.problem import Refusal


@dataclass(frozen=True, slots=True)
class OwedInvoice:
    """What is open of an invoice, its last day to pay, and the interest that it bears when late."""

    item_id: UUID
    open_cents: int
    due_on: date
    terms: InterestTerms


@dataclass(frozen=True, slots=True)
class OwedLine:
    """Costs or interest that were asked over invoices, owed from a day on, and what is open."""

    item_id: UUID
    kind: Literal["costs", "interest"]
    open_cents: int
    from_on: date
    invoice_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Division:
    """The cents that go to each item, in the order of the law, and what no due claim takes."""

    parts: tuple[tuple[UUID, int], ...]
    rest_cents: int


def divide_payment(
    invoices: Sequence[OwedInvoice],
    lines: Sequence[OwedLine],
    payment: PaymentOnClaims,
    *,
    order: Order = "law",
    rates: RateTables = RATES,
) -> Division:
    """A payment over the claims of one debtor: `allocate`, put on items of the ledger.

    Interest is what was asked, as lines; the rate only tells which claim is the most onerous.
    Costs over several invoices go with the first of them that is paid. A line of which no invoice
    is open is a claim of its own. What was not owed yet on the day of payment takes nothing.
    Refuses: what `allocate` refuses. Law: BW 6:43 lid 2, 6:44 lid 1.
    """
    due = [one for one in invoices if one.open_cents > 0]
    owed = sorted(
        (one for one in lines if one.open_cents > 0 and one.from_on <= payment.on),
        key=lambda one: (one.kind, one.from_on, one.item_id),
    )
    beside = _attach(due, owed, payment, rates)
    claims = [_make_claim(one, beside.get(one.item_id, ()), payment.on, rates) for one in due]
    known = {one.item_id for one in due}
    claims += [
        Claim(f"{line.item_id}", line.open_cents, due_on=line.from_on)
        for item_id, rest in beside.items()
        if item_id not in known
        for line in rest
    ]
    found = allocate(claims, [payment], end_on=payment.on, order=order, rates=rates)
    parts: list[tuple[UUID, int]] = []
    for part in found.parts:
        item_id, left = UUID(part.claim_id), part.to_costs_cents
        for line in beside.get(item_id, ()):
            share = min(left, line.open_cents)
            left -= share
            if share:
                parts.append((line.item_id, share))
        if part.to_principal_cents:
            parts.append((item_id, part.to_principal_cents))
    return Division(tuple(parts), sum(found.over))


def _attach(
    due: Sequence[OwedInvoice],
    owed: Sequence[OwedLine],
    payment: PaymentOnClaims,
    rates: RateTables,
) -> dict[UUID, list[OwedLine]]:
    """Every line with the invoice in whose claim it is paid; with itself where none is open."""
    total = sum(one.open_cents for one in due)
    bare = [_make_claim(one, (), payment.on, rates) for one in due]
    whole = [replace(payment, cents=total)] if total else []
    found = allocate(bare, whole, end_on=payment.on, rates=rates)
    places = {UUID(part.claim_id): place for place, part in enumerate(found.parts)}
    beside: dict[UUID, list[OwedLine]] = {}
    for line in owed:
        own = [one for one in line.invoice_ids if one in places]
        first = min(own, key=lambda one: places[one], default=line.item_id)
        beside.setdefault(first, []).append(line)
    return beside


def _make_claim(one: OwedInvoice, beside: Sequence[OwedLine], on: date, rates: RateTables) -> Claim:
    """The invoice with its lines; its rate counts, and no interest runs beside what was asked."""
    owed_from = add_days(max(on, one.due_on), 1)
    return Claim(
        f"{one.item_id}",
        one.open_cents,
        costs_cents=sum(line.open_cents for line in beside),
        terms=one.terms if _is_known(one.terms, owed_from, rates) else None,
        owed_from=owed_from,
        due_on=one.due_on,
    )


def _is_known(terms: InterestTerms, on: date, rates: RateTables) -> bool:
    """Whether the rate of that day is known; else the claim counts as one without interest."""
    try:
        get_rate_percent(terms, on, rates)
    except Refusal:
        return False
    return True
