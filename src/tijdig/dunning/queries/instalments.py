"""Costs over invoices that may be instalments of one agreement: those to have checked."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from tijdig.core.instalment_costs import find_most_for_instalments
from tijdig.core.law.collection_costs import Instalment
from tijdig.ledger.queries.claims import ClaimRow
from tijdig.ledger.queries.sql import fetch
from tijdig.tenants.scope import active_administration

# A business needs no letter: costs that follow from one are a consumer's.
_PARTS = """
SELECT line.id, invoice.due_on, part.principal_cents
FROM tijdig_claimline line
JOIN tijdig_claimpart part
  ON part.administration_id = line.administration_id AND part.line_id = line.id
JOIN tijdig_invoice invoice
  ON invoice.administration_id = part.administration_id
 AND invoice.open_item_id = part.open_item_id
WHERE line.administration_id = %(administration)s AND line.id = ANY(%(lines)s)
  AND line.message_id IS NOT NULL
ORDER BY line.id, invoice.due_on
"""


def find_costs_to_check(rows: Sequence[ClaimRow]) -> dict[UUID, int]:
    """Of these claim lines, the costs that are open and may be too high: the line and the most.

    The most is what they may be, in cents, if their invoices are instalments (Besluit BIK art. 2a).
    """
    costs = {one.id: one for one in rows if one.kind == "costs" and one.open_cents > 0}
    if not costs:
        return {}
    invoices: defaultdict[UUID, list[Instalment]] = defaultdict(list)
    asked = {"administration": active_administration(), "lines": list(costs)}
    for line_id, due_on, cents in fetch(_PARTS, asked):
        invoices[line_id].append(Instalment(due_on, cents))
    found = {}
    for line_id, own in invoices.items():
        row = costs[line_id]
        cents = row.claimed_cents - row.waived_cents - row.withdrawn_cents
        most = find_most_for_instalments(own, cents=cents, vat_cents=min(row.vat_cents, cents))
        if most is not None:
            found[line_id] = most
    return found
