"""Money kept for debtors: what is left of it, and how parts of it ended."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tijdig.ledger.queries.sql import RECEIVED_ON, fetch
from tijdig.tenants.scope import active_administration

# The source of entries by which a person says how kept money ended; each has an id of its own.
ENDED_BY_PERSON = "kept_money"

_KEPT = f"""
SELECT item.id, d.id, d.number, d.name, {RECEIVED_ON}, (
        SELECT coalesce(-sum(entry.cents), 0)::bigint FROM tijdig_entry entry
        WHERE entry.administration_id = item.administration_id AND entry.open_item_id = item.id)
FROM tijdig_openitem item
JOIN tijdig_debtor d ON d.administration_id = item.administration_id AND d.id = item.debtor_id
WHERE item.administration_id = %(administration)s AND item.kind = 'unapplied'
  AND item.currency = 'EUR'
  AND (item.id = %(id)s::uuid OR (%(id)s::uuid IS NULL AND item.closed_on IS NULL))
  AND (%(debtor)s::uuid IS NULL OR item.debtor_id = %(debtor)s::uuid)
ORDER BY 5, item.id
LIMIT %(limit)s
"""
_COUNT = """
SELECT count(DISTINCT debtor_id) FROM tijdig_openitem
WHERE administration_id = %(administration)s AND kind = 'unapplied' AND currency = 'EUR'
  AND closed_on IS NULL
"""
_ENDS = """
SELECT entry.source_id, entry.kind, entry.cents, entry."on", EXISTS (
        SELECT FROM tijdig_entry back
        WHERE back.administration_id = entry.administration_id
          AND back.source_kind = entry.source_kind AND back.source_id = entry.source_id
          AND back.source_round = 1)
FROM tijdig_entry entry
WHERE entry.administration_id = %(administration)s AND entry.open_item_id = %(id)s
  AND entry.source_kind = %(source)s AND entry.source_round = 0
ORDER BY entry."on", entry.recorded_at, entry.id
"""


@dataclass(frozen=True, slots=True)
class KeptMoney:
    """Money of a debtor that pays no invoice; `left_cents` is below nil where more of it went than
    there is, since the bank took the payment back.
    """

    item_id: UUID
    debtor_id: UUID
    debtor_number: str
    debtor_name: str
    received_on: date
    left_cents: int


@dataclass(frozen=True, slots=True)
class KeptMoneyEnd:
    """How a part of it ended, as a person said: `refunded` or `settled_in_books`."""

    id: UUID
    kind: str
    cents: int
    on: date
    is_undone: bool


def list_kept_money(*, debtor_id: UUID | None = None, limit: int = 100) -> tuple[KeptMoney, ...]:
    """All of which something is left, the oldest first."""
    return _list(debtor_id=debtor_id, item_id=None, limit=limit)


def find_kept_money(item_id: UUID) -> KeptMoney | None:
    """One of them, also where nothing is left; None where it is not there."""
    found = _list(debtor_id=None, item_id=item_id, limit=1)
    return found[0] if found else None


def count_kept_money() -> int:
    """Of how many debtors money is kept."""
    return int(fetch(_COUNT, {"administration": active_administration()})[0][0])


def list_ends(item_id: UUID) -> tuple[KeptMoneyEnd, ...]:
    """How parts of it ended, in order, with those that were undone."""
    asked = {
        "administration": active_administration(),
        "id": item_id,
        "source": ENDED_BY_PERSON,
    }
    return tuple(KeptMoneyEnd(*row) for row in fetch(_ENDS, asked))


def _list(*, debtor_id: UUID | None, item_id: UUID | None, limit: int) -> tuple[KeptMoney, ...]:
    asked = {
        "administration": active_administration(),
        "debtor": debtor_id,
        "id": item_id,
        "limit": limit,
    }
    return tuple(KeptMoney(*row) for row in fetch(_KEPT, asked))
