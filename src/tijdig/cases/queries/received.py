"""What came in since something was agreed: for promises and plans."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

# Money that came or went; what was invoiced, credited or waived is no payment.
MONEY = ("paid", "reversed", "refunded", "set_off", "settled_in_books")

_PROMISES = """
SELECT promise.id, promise.debtor_id, promise.item_id, promise.cents, promise."on",
       coalesce((
            SELECT -sum(entry.cents)::bigint FROM tijdig_openitem item
            JOIN tijdig_entry entry
              ON entry.administration_id = item.administration_id AND entry.open_item_id = item.id
            WHERE item.administration_id = promise.administration_id
              AND item.debtor_id = promise.debtor_id
              AND (promise.item_id IS NULL OR item.id = promise.item_id)
              AND entry.kind = ANY(%s) AND entry.recorded_at > promise.made_at), 0)
FROM tijdig_promise promise
WHERE promise.administration_id = %s AND promise.state = 'open'
"""


@dataclass(frozen=True, slots=True)
class OpenPromise:
    """An open promise with the money that came in since it was made."""

    promise_id: UUID
    debtor_id: UUID
    item_id: UUID | None
    cents: int
    on: date
    received_cents: int


def load_open_promises(debtor_ids: list[UUID] | None = None) -> tuple[OpenPromise, ...]:
    """The open promises of these debtors, or of all."""
    asked: list[object] = [list(MONEY), active_administration()]
    sql = _PROMISES
    if debtor_ids is not None:
        sql += " AND promise.debtor_id = ANY(%s)"
        asked.append(debtor_ids)
    return tuple(OpenPromise(*row) for row in execute(sql, asked).fetchall())
