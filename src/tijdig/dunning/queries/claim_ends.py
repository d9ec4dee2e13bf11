"""Until when costs and interest can be enforced: their own term, and never beyond the invoice."""

from collections import defaultdict
from datetime import date
from typing import Literal, cast
from uuid import UUID

from tijdig.core.law.limitation import Limitation, compute_claim_line_limitation
from tijdig.dunning.queries.limitation import load_invoice_ends
from tijdig.ledger.queries.sql import fetch
from tijdig.tenants.scope import active_administration

_LINES = """
SELECT line.id, line.kind, coalesce(line.from_on, line.claimed_on), part.open_item_id
FROM tijdig_openitem item
JOIN tijdig_claimline line
  ON line.administration_id = item.administration_id AND line.open_item_id = item.id
JOIN tijdig_claimpart part
  ON part.administration_id = line.administration_id AND part.line_id = line.id
WHERE item.administration_id = %(administration)s AND item.debtor_id = %(debtor)s
  AND item.kind = 'claim' AND item.closed_on IS NULL
ORDER BY line.id, part.open_item_id
"""


def load_claim_ends(debtor_id: UUID, *, today: date) -> dict[UUID, Limitation]:
    """The last day of each open line of costs or interest of a debtor, by the line.

    Over several invoices the first of them to end counts. A line over an invoice of before the
    law that we know is not there.
    """
    asked = {"administration": active_administration(), "debtor": debtor_id}
    lines: defaultdict[tuple[UUID, str, date], list[UUID]] = defaultdict(list)
    for line_id, kind, from_on, item_id in fetch(_LINES, asked):
        lines[line_id, kind, from_on].append(item_id)
    items = sorted({item_id for own in lines.values() for item_id in own})
    ends = load_invoice_ends(items, today=today)
    return {
        line_id: compute_claim_line_limitation(
            cast("Literal['costs', 'interest']", kind),
            from_on,
            principal_ends_on=min(ends[item_id] for item_id in own),
        )
        for (line_id, kind, from_on), own in lines.items()
        if all(item_id in ends for item_id in own)
    }
