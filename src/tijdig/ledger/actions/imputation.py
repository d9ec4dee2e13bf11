"""Spread what is paid on an invoice over its costs, its interest and its principal.

Law: BW 6:44 lid 1. The creditor may choose principal first; then money stays where it was meant. So
does what comes for an invoice whose terms were agreed: they name the invoice alone.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tijdig.core.law.imputation import Claim, PaymentOnClaims, allocate
from tijdig.ledger.actions.posting import NewEntry
from tijdig.ledger.queries.plan_days import is_term, load_plan_days
from tijdig.tenants.bulk import execute
from tijdig.tenants.models import Administration
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import active_administration

# Costs and interest over these invoices that are still open; the oldest first, costs before
# interest of the same day. Of costs of before `from_on` was kept, the day of claiming is known.
_BESIDE = """
SELECT part.open_item_id, line.open_item_id, line.kind, balance.cents,
       coalesce(line.from_on, line.claimed_on)
FROM tijdig_claimpart part
JOIN tijdig_claimline line
  ON line.administration_id = part.administration_id AND line.id = part.line_id
JOIN LATERAL (
    SELECT coalesce(sum(cents), 0)::bigint AS cents FROM tijdig_entry entry
    WHERE entry.administration_id = line.administration_id
      AND entry.open_item_id = line.open_item_id
) balance ON true
WHERE part.administration_id = %s AND part.open_item_id = ANY(%s)
ORDER BY line.kind, line.claimed_on, line.id
"""


@dataclass(frozen=True, slots=True)
class _Beside:
    """A claim line beside an invoice, and the first day on which it is owed."""

    item_id: UUID
    kind: str
    from_on: date


def impute(
    entries: Sequence[NewEntry], *, coming: Callable[[UUID], int] | None = None
) -> list[NewEntry]:
    """The same money, with costs and interest paid before the principal of the same invoice.

    Only entries of the kind "paid" are spread, each payment by itself, in the order given. What a
    payment pays on a claim line outright counts first. Without claim lines nothing changes, and
    money of before a line was owed pays nothing on it, whenever it was read; nor does that for an
    invoice of a plan on the days of that plan. `coming` tells the cents of entries on an item that
    are not written yet.
    """
    invoices = [one.open_item_id for one in entries if one.kind == "paid" and one.cents < 0]
    rows = execute(_BESIDE, [active_administration(), invoices]).fetchall() if invoices else []
    chosen = load_administration().imputation
    if not rows or chosen == Administration.Imputation.PRINCIPAL_FIRST:
        return list(entries)
    beside: defaultdict[UUID, list[_Beside]] = defaultdict(list)
    open_cents: dict[UUID, int] = {}
    for invoice_id, item_id, kind, cents, from_on in rows:
        left = cents + (coming(item_id) if coming else 0)
        if left > 0:
            beside[invoice_id].append(_Beside(item_id, kind, from_on))
            open_cents[item_id] = left
    for one in entries:
        if one.kind == "paid" and one.open_item_id in open_cents:
            open_cents[one.open_item_id] += one.cents
    spread: list[NewEntry] = []
    plans = load_plan_days(beside) if beside else {}
    for one in entries:
        owed = [line for line in beside.get(one.open_item_id, ()) if line.from_on <= one.on]
        is_beside = not is_term(plans, one.open_item_id, one.on)
        if one.kind == "paid" and one.cents < 0 and owed and is_beside:
            spread += _spread(one, owed, open_cents)
        else:
            spread.append(one)
    return _add_up(spread)


def _spread(
    entry: NewEntry, beside: Sequence[_Beside], open_cents: dict[UUID, int]
) -> list[NewEntry]:
    paid = -entry.cents
    owed = {
        kind: sum(max(open_cents[one.item_id], 0) for one in beside if one.kind == kind)
        for kind in ("costs", "interest")
    }
    name = str(entry.open_item_id)
    claim = Claim(
        name, principal_cents=paid, costs_cents=owed["costs"], interest_cents=owed["interest"]
    )
    payment = PaymentOnClaims(entry.on, paid, designated=(name,))
    (part,) = allocate([claim], [payment], end_on=entry.on).parts
    entries = []
    left = {"costs": part.to_costs_cents, "interest": part.to_interest_cents}
    for one in beside:
        share = min(left[one.kind], max(open_cents[one.item_id], 0))
        if share:
            entries.append(entry._replace(open_item_id=one.item_id, cents=-share))
            open_cents[one.item_id] -= share
            left[one.kind] -= share
    if part.to_principal_cents:
        entries.append(entry._replace(cents=-part.to_principal_cents))
    return entries


def _add_up(entries: Sequence[NewEntry]) -> list[NewEntry]:
    """One entry per item, kind and payment: the ledger takes each only once."""
    added: dict[tuple[UUID, str, str, UUID], NewEntry] = {}
    for one in entries:
        key = (one.open_item_id, one.kind, one.source_kind, one.source_id)
        known = added.get(key)
        added[key] = one if known is None else known._replace(cents=known.cents + one.cents)
    return list(added.values())
