"""What is still to be credited of disputes in which the debtor was right, by the books."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from tijdig.core.disputes import AcceptedPart, CreditMade, share_credits
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

# What a person called credited has used its credit note too.
_PARTS = """
SELECT one.item_id, one.id, one.opened_on, one.cents, one.state IN ('accepted', 'settled')
FROM tijdig_dispute one
WHERE one.administration_id = %s AND one.state IN ('accepted', 'settled', 'credited')
  AND one.item_id IN (
        SELECT asked.item_id FROM tijdig_dispute asked
        WHERE asked.administration_id = %s AND asked.debtor_id = ANY(%s)
          AND asked.state IN ('accepted', 'settled'))
"""
_CREDITS = """
SELECT invoice.open_item_id, credit.imported_on, -credit.invoiced_cents,
       credit.open_item_id
FROM tijdig_invoice invoice
JOIN tijdig_openitem own ON own.administration_id = invoice.administration_id
 AND own.id = invoice.open_item_id
JOIN tijdig_openitem item ON item.administration_id = own.administration_id
 AND item.debtor_id = own.debtor_id AND item.kind = 'credit_note'
JOIN tijdig_invoice credit ON credit.administration_id = item.administration_id
 AND credit.open_item_id = item.id AND credit.credited_number = invoice.number
WHERE invoice.administration_id = %s AND invoice.open_item_id = ANY(%s)
  AND credit.invoiced_cents < 0
"""


def load_uncredited(debtor_ids: Collection[UUID]) -> dict[UUID, int]:
    """The cents still to be credited of each accepted dispute of these debtors, nil included.

    So are those that were settled, for the books may have taken their credit note back. Each
    credit note that names the invoice counts for one of them.
    """
    administration_id = active_administration()
    asked = [administration_id, administration_id, list(debtor_ids)]
    parts: defaultdict[UUID, list[AcceptedPart]] = defaultdict(list)
    accepted: set[UUID] = set()
    for item_id, dispute_id, opened_on, cents, is_accepted in execute(_PARTS, asked).fetchall():
        parts[item_id].append(AcceptedPart(dispute_id, opened_on, cents))
        if is_accepted:
            accepted.add(dispute_id)
    credits_: defaultdict[UUID, list[CreditMade]] = defaultdict(list)
    if parts:
        rows = execute(_CREDITS, [administration_id, list(parts)]).fetchall()
        for item_id, on, cents, credit_id in rows:
            credits_[item_id].append(CreditMade(on, cents, credit_id))
    left: dict[UUID, int] = {}
    for item_id, own in parts.items():
        left.update(share_credits(own, credits_[item_id]))
    return {dispute_id: cents for dispute_id, cents in left.items() if dispute_id in accepted}
