"""Money that a debtor did not assign, divided over what he owes as the law says."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from tijdig.banking.actions.ahead import Ahead
from tijdig.banking.proposals.queries import list_waiting
from tijdig.core.division import Division, OwedInvoice, OwedLine, divide_payment
from tijdig.core.interest_claims import find_interest_terms
from tijdig.core.law.imputation import Order, PaymentOnClaims
from tijdig.core.matching.records import BY_LAW, Outcome, Payment, Proposal
from tijdig.ledger.queries.for_matching import load_debtor_names, load_items, load_items_of
from tijdig.ledger.queries.interest_agreements import load_agreed_interest
from tijdig.ledger.queries.kinds import load_kinds
from tijdig.ledger.queries.plan_days import PlanDays, is_term, load_plan_days
from tijdig.tenants.bulk import execute
from tijdig.tenants.ids import as_id
from tijdig.tenants.law_rates import load_known_rates
from tijdig.tenants.models import Administration
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import active_administration

_SHOWN = 3
_LINES = """
SELECT line.open_item_id, line.kind, coalesce(line.from_on, line.claimed_on),
       array_agg(part.open_item_id ORDER BY part.open_item_id)
FROM tijdig_openitem item
JOIN tijdig_claimline line
  ON line.administration_id = item.administration_id AND line.open_item_id = item.id
JOIN tijdig_claimpart part
  ON part.administration_id = line.administration_id AND part.line_id = line.id
WHERE item.administration_id = %s AND item.debtor_id = ANY(%s) AND item.closed_on IS NULL
GROUP BY line.administration_id, line.id
"""


@dataclass(frozen=True, slots=True)
class Preview:
    """What of a payment would go to each item of a debtor; costs and interest have no number."""

    debtor_id: UUID
    debtor_name: str
    parts: tuple[tuple[str, int], ...]
    rest_cents: int


def divide(debtor_id: UUID, payment: Payment) -> Division:
    """What of a payment goes to each item of this debtor, and what no due claim takes."""
    return _divide_all([(debtor_id, payment)])[0]


def preview(line_id: UUID, item_ids: Sequence[UUID]) -> tuple[Preview, ...]:
    """How a line would be divided over each of the debtors of these items, the first three.

    Nothing of a debtor of whom nothing is due on the day of the line.
    """
    payment = next((one.payment for one in list_waiting([line_id])), None)
    if payment is None or payment.amount_cents <= 0:
        return ()
    owners = {one.item_id: one.debtor_id for one in load_items(set(item_ids))}
    debtor_ids = list(dict.fromkeys(owners[one] for one in item_ids if one in owners))[:_SHOWN]
    divisions = _divide_all([(one, payment) for one in debtor_ids])
    paid = {item_id for one in divisions for item_id, _ in one.parts}
    numbers = {one.item_id: one.number for one in load_items(paid)}
    names = {debtor_id: name for debtor_id, _, name in load_debtor_names(debtor_ids)}
    return tuple(
        Preview(
            debtor_id,
            names[debtor_id],
            tuple((numbers[item_id], cents) for item_id, cents in one.parts),
            one.rest_cents,
        )
        for debtor_id, one in zip(debtor_ids, divisions, strict=True)
        if one.parts
    )


def follow_law(outcomes: Sequence[Outcome], ahead: Ahead | None = None) -> list[Outcome]:
    """The same outcomes; what proposes a part without anything named is divided by the law.

    Not where nothing is due, or more was paid than is: then the proposal stays as it was. `ahead`
    is what was not written yet.
    """
    wanted = [
        (place, rank)
        for place, one in enumerate(outcomes)
        for rank, proposal in enumerate(one.proposals)
        if not one.is_sure and _names_nothing(proposal)
    ]
    changed = list(outcomes)
    if not wanted:
        return changed
    pairs = [
        (outcomes[place].proposals[rank].debtor_id, outcomes[place].payment)
        for place, rank in wanted
    ]
    for (place, rank), division in zip(wanted, _divide_all(pairs, ahead), strict=True):
        proposals = list(changed[place].proposals)
        if division.parts and not division.rest_cents:
            proposals[rank] = _divide_anew(proposals[rank], division)
            changed[place] = changed[place]._replace(proposals=tuple(proposals))
    return changed


def _names_nothing(proposal: Proposal) -> bool:
    """Whether a part was paid and only the amount or the payer tells for what."""
    if proposal.kind != "none" or proposal.conceded:
        return False
    return any(one.code == "amount_part" for one in proposal.evidence)


def _divide_anew(proposal: Proposal, division: Division) -> Proposal:
    return replace(proposal, parts=division.parts, evidence=(*proposal.evidence, BY_LAW))


def _divide_all(
    pairs: Sequence[tuple[UUID, Payment]], ahead: Ahead | None = None
) -> list[Division]:
    debtor_ids = sorted({debtor_id for debtor_id, _ in pairs})
    owed = _load_owed(debtor_ids, ahead or Ahead())
    rates = load_known_rates()
    first = load_administration().imputation == Administration.Imputation.PRINCIPAL_FIRST
    order: Order = "principal_first" if first else "law"
    over = {item_id for _, lines in owed.values() for one in lines for item_id in one.invoice_ids}
    plans = load_plan_days(over) if over else {}
    divisions = []
    for debtor_id, payment in pairs:
        invoices, lines = owed[debtor_id]
        on = payment.credited_on
        divisions.append(
            divide_payment(
                invoices,
                _leave_terms_out(lines, plans, on),
                PaymentOnClaims(on, payment.amount_cents),
                order=order,
                rates=rates,
            )
        )
    return divisions


def _leave_terms_out(lines: Sequence[OwedLine], plans: PlanDays, on: date) -> list[OwedLine]:
    """The costs and interest beside what money of this day may pay: none over terms of a plan."""
    left = [
        replace(
            one,
            invoice_ids=tuple([each for each in one.invoice_ids if not is_term(plans, each, on)]),
        )
        for one in lines
    ]
    return [one for one in left if one.invoice_ids]


def _load_owed(
    debtor_ids: Collection[UUID], ahead: Ahead
) -> Mapping[UUID, tuple[list[OwedInvoice], list[OwedLine]]]:
    """Per debtor his open invoices, and the costs and interest over any of them."""
    kinds, agreed = load_kinds(list(debtor_ids)), load_agreed_interest(debtor_ids)
    found = ahead.list_open(load_items_of(debtor_ids), debtor_ids)
    items = {one.item_id: one for one in found}
    rows = execute(_LINES, [active_administration(), list(debtor_ids)]).fetchall()
    owed: defaultdict[UUID, tuple[list[OwedInvoice], list[OwedLine]]] = defaultdict(
        lambda: ([], [])
    )
    for item_id, kind, from_on, invoice_ids in rows:
        item = items.get(item_id)
        if item is not None:
            over = tuple(map(as_id, invoice_ids))
            line = OwedLine(as_id(item_id), kind, item.unseen_cents, from_on, over)
            owed[item.debtor_id][1].append(line)
    for item in items.values():
        # What has no day to pay is no invoice.
        if item.due_on is not None and item.issued_on is not None and item.unseen_cents > 0:
            terms = find_interest_terms(
                agreed[item.debtor_id], kind=kinds[item.debtor_id], issued_on=item.issued_on
            )
            invoice = OwedInvoice(as_id(item.item_id), item.unseen_cents, item.due_on, terms)
            owed[item.debtor_id][0].append(invoice)
    return owed
