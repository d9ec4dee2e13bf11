"""What was done to collect an invoice, as the tax office asks: messages sent, and calls."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import NamedTuple
from uuid import UUID

from tijdig.ledger.queries.sql import fetch
from tijdig.tenants.scope import active_administration


class Effort(NamedTuple):
    """One thing that was done about an invoice; a call has the phase "call" and no message."""

    on: date
    phase: str
    channel: str
    message_id: UUID | None = None


# Calls are about the invoice that carried the step.
_EFFORTS = """
SELECT listed.item_id, message.planned_on, message.phase, message.channel, message.id
FROM tijdig_message message
CROSS JOIN unnest(message.listed_items) AS listed (item_id)
WHERE message.administration_id = %(administration)s AND message.debtor_id = ANY(%(debtors)s)
  AND message.state IN ('accepted', 'delivered') AND listed.item_id = ANY(%(items)s)
UNION ALL
SELECT call.carrying_item_id, call.done_on, 'call', 'phone', NULL
FROM tijdig_call call
WHERE call.administration_id = %(administration)s AND call.debtor_id = ANY(%(debtors)s)
  AND call.state = 'done' AND call.carrying_item_id = ANY(%(items)s)
ORDER BY 2, 3
"""


def load_efforts(
    item_ids: Collection[UUID], *, debtor_ids: Collection[UUID]
) -> defaultdict[UUID, list[Effort]]:
    """Per invoice every message that truly went out and every call that was made, by day."""
    found: defaultdict[UUID, list[Effort]] = defaultdict(list)
    asked = {
        "administration": active_administration(),
        "items": list(item_ids),
        "debtors": list(set(debtor_ids)),
    }
    for item_id, *row in fetch(_EFFORTS, asked):
        found[item_id].append(Effort(*row))
    return found
