"""The list after the last demand."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tijdig.core.after_demand import explain_no_effect
from tijdig.core.facts import OpenItem
from tijdig.core.netting import Owed, net_items
from tijdig.core.problem import Sentence
from tijdig.dunning.queries.facts import load_facts
from tijdig.dunning.queries.policies import load_policy
from tijdig.ledger.queries.sql import RECEIVED_ON, fetch
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

_STANDING = """
SELECT o.id, d.id, d.number, d.name, v.number, o.opened_on, o.owner, o.deadline_on, o.way,
       o.until_on, o.handed_to, o.note, o.decided_on, o.decided_by
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

_OPENED = """
SELECT id, debtor_id, opened_on FROM tijdig_outcome
WHERE administration_id = %s AND ended_on IS NULL
"""
_ITEMS = f"""
SELECT item.debtor_id, item.id, coalesce(invoice.number, ''), item.kind,
       coalesce(invoice.issued_on, line.claimed_on, {RECEIVED_ON}),
       coalesce(invoice.due_on, line.claimed_on, {RECEIVED_ON}), (
            SELECT sum(entry.cents)::bigint FROM tijdig_entry entry
            WHERE entry.administration_id = item.administration_id
              AND entry.open_item_id = item.id),
       item.reopen_count, coalesce(invoice.credited_number, '')
FROM tijdig_openitem item
LEFT JOIN tijdig_invoice invoice
  ON invoice.administration_id = item.administration_id AND invoice.open_item_id = item.id
LEFT JOIN tijdig_claimline line
  ON line.administration_id = item.administration_id AND line.open_item_id = item.id
WHERE item.administration_id = %s AND item.debtor_id = ANY(%s) AND item.closed_on IS NULL
  AND item.currency = 'EUR'
"""
_COUNT = """
SELECT count(*) FROM tijdig_outcome
WHERE administration_id = %(administration)s AND ended_on IS NULL AND way = ''
"""


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """A debtor after his last demand; `way` is empty until somebody has decided.

    `cents` is what he owes now of what was due when he came on the list, costs and interest
    included, with his credits and his money with us taken off.
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


def explain_outcome(row: OutcomeRow, *, today: date) -> tuple[Sentence, ...]:
    """What of the letter and the default of this debtor has no effect, for who decides."""
    rules = load_policy().rules
    return tuple(
        said
        for facts in load_facts([row.debtor_id], today=today, rehearsal=False)
        for said in explain_no_effect(facts, rules, before=row.opened_on)
    )


def list_covered() -> list[UUID]:
    """Whom nothing is left to be decided about: no invoice of then has anything left to pay.

    What a credit note or kept money covers is not owed, though the invoice itself is open.
    """
    standing = execute(_OPENED, [active_administration()]).fetchall()
    owed = _load_owed({debtor_id for _, debtor_id, _ in standing})
    return [
        outcome_id
        for outcome_id, debtor_id, opened_on in standing
        if not any(
            one.item.kind == "invoice" and one.item.due_on < opened_on
            for one in owed.get(debtor_id, ())
        )
    ]


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
    rows = fetch(_STANDING, asked)
    owed = _load_owed({row[1] for row in rows})
    return tuple(OutcomeRow(*(*row, _add_up(owed.get(row[1], ()), before=row[5]))) for row in rows)


def _add_up(owed: Iterable[Owed], *, before: date) -> int:
    return sum(one.net_cents for one in owed if one.item.due_on < before)


def _load_owed(debtor_ids: Collection[UUID]) -> dict[UUID, tuple[Owed, ...]]:
    """What each of these debtors has left to pay in euros, as the decision nets it."""
    items: defaultdict[UUID, list[OpenItem]] = defaultdict(list)
    rows = execute(_ITEMS, [active_administration(), list(debtor_ids)]) if debtor_ids else None
    for debtor_id, *row in rows.fetchall() if rows else ():
        items[debtor_id].append(OpenItem(*row))
    return {debtor_id: net_items(own) for debtor_id, own in items.items()}
