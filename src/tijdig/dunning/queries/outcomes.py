"""The list after the last demand."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tijdig.ledger.queries.sql import fetch
from tijdig.tenants.scope import active_administration

_STANDING = """
SELECT o.id, d.id, d.number, d.name, v.number, o.opened_on, o.owner, o.deadline_on, o.way,
       o.until_on, o.handed_to, o.note, o.decided_on, o.decided_by, (
            SELECT coalesce(sum(e.cents), 0)::bigint FROM tijdig_openitem i
            JOIN tijdig_invoice w ON w.administration_id = i.administration_id
             AND w.open_item_id = i.id AND w.due_on < o.opened_on
            JOIN tijdig_entry e ON e.administration_id = i.administration_id
             AND e.open_item_id = i.id
            WHERE i.administration_id = o.administration_id AND i.debtor_id = o.debtor_id
              AND i.closed_on IS NULL AND i.currency = 'EUR')
FROM tijdig_outcome o
JOIN tijdig_debtor d ON d.administration_id = o.administration_id AND d.id = o.debtor_id
JOIN tijdig_invoice v
  ON v.administration_id = o.administration_id AND v.open_item_id = o.carrying_item_id
WHERE o.administration_id = %(administration)s AND o.ended_on IS NULL
  AND (%(debtor)s::uuid IS NULL OR o.debtor_id = %(debtor)s::uuid)
  AND (%(id)s::uuid IS NULL OR o.id = %(id)s::uuid)
ORDER BY o.way <> '', o.deadline_on, o.id
LIMIT %(limit)s
"""

_COUNT = """
SELECT count(*) FROM tijdig_outcome
WHERE administration_id = %(administration)s AND ended_on IS NULL AND way = ''
"""


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """A debtor after his last demand; `way` is empty until somebody has decided.

    `cents` is what he owes now of what was due when he came on the list.
    """

    id: UUID
    debtor_id: UUID
    debtor_number: str
    debtor_name: str
    invoice_number: str
    opened_on: date
    owner: str
    deadline_on: date
    way: str
    until_on: date | None
    handed_to: str
    note: str
    decided_on: date | None
    decided_by: str
    cents: int


def list_outcomes(*, debtor_id: UUID | None = None, limit: int = 100) -> tuple[OutcomeRow, ...]:
    """Who is on the list: undecided first, the nearest deadline first."""
    return _list(debtor_id=debtor_id, outcome_id=None, limit=limit)


def find_outcome(outcome_id: UUID) -> OutcomeRow | None:
    """One row of the list; None when it is not there, or over."""
    found = _list(debtor_id=None, outcome_id=outcome_id, limit=1)
    return found[0] if found else None


def count_undecided() -> int:
    """How many debtors wait for a decision."""
    return int(fetch(_COUNT, {"administration": active_administration()})[0][0])


def _list(*, debtor_id: UUID | None, outcome_id: UUID | None, limit: int) -> tuple[OutcomeRow, ...]:
    asked = {
        "administration": active_administration(),
        "debtor": debtor_id,
        "id": outcome_id,
        "limit": limit,
    }
    return tuple(OutcomeRow(*row) for row in fetch(_STANDING, asked))
