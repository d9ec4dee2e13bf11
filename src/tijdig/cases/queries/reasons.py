"""Which reasons for not paying still stand: those whose debtor has an invoice that he can mean."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from uuid import UUID

from tijdig.cases.queries.copies import COPY_SENT_ON
from tijdig.core.case_messages import Meant, is_meant
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

# What could be over: of its debtor no invoice in euros that core could look at is open.
MAY_STAND = """
    EXISTS (SELECT FROM tijdig_openitem due
            WHERE due.administration_id = c.administration_id AND due.debtor_id = c.debtor_id
              AND due.closed_on IS NULL AND due.kind = 'invoice' AND due.currency = 'EUR')
"""

_TOLD = """
SELECT c.id, c.debtor_id, c.said_on, c.item_id
FROM tijdig_reason c
WHERE c.administration_id = %s AND c.debtor_id = ANY(%s) AND c.handled_on IS NULL
"""
_COPIED = f"""
SELECT c.id FROM tijdig_reason c
WHERE c.administration_id = %s AND c.id = ANY(%s) AND {COPY_SENT_ON} IS NOT NULL
"""
_OPEN = """
SELECT item.debtor_id, item.id, invoice.issued_on
FROM tijdig_openitem item
JOIN tijdig_invoice invoice ON invoice.administration_id = item.administration_id
 AND invoice.open_item_id = item.id
WHERE item.administration_id = %s AND item.debtor_id = ANY(%s) AND item.closed_on IS NULL
  AND item.kind = 'invoice' AND item.currency = 'EUR'
"""


def list_told_apart(
    reasons: Iterable[tuple[UUID, UUID, UUID | None]],
) -> Mapping[UUID, tuple[UUID, ...]]:
    """Per reason about all the items of which its debtor gave a reason of their own since.

    Each is its id, which tells the order, its debtor and its item. What he says of one invoice goes
    before what he said of all; what he says of all later is about that one too.
    """
    told: defaultdict[UUID, list[tuple[UUID, UUID | None]]] = defaultdict(list)
    for reason_id, debtor_id, item_id in reasons:
        told[debtor_id].append((reason_id, item_id))
    return {
        about_all: tuple(sorted({item for since, item in each if item and since > about_all}))
        for each in told.values()
        for about_all, of in each
        if of is None
    }


def find_copied(reason_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those whose copy went to the address that was confirmed last, and did not come back."""
    if not reason_ids:
        return frozenset()
    asked = [active_administration(), list(reason_ids)]
    return frozenset(row[0] for row in execute(_COPIED, asked).fetchall())


def find_standing(debtor_ids: Collection[UUID]) -> frozenset[UUID]:
    """The reasons of these debtors that still have something to be about, by the rule of core."""
    if not debtor_ids:
        return frozenset()
    asked = [active_administration(), list(debtor_ids)]
    told = execute(_TOLD, asked).fetchall()
    invoices: defaultdict[UUID, list[tuple[UUID, date]]] = defaultdict(list)
    for debtor_id, item_id, issued_on in execute(_OPEN, asked).fetchall():
        invoices[debtor_id].append((item_id, issued_on))
    apart = list_told_apart((reason_id, debtor_id, of) for reason_id, debtor_id, _, of in told)
    return frozenset(
        reason_id
        for reason_id, debtor_id, said_on, item_id in told
        if any(
            is_meant(Meant(said_on, item_id, apart.get(reason_id, ())), *invoice)
            for invoice in invoices[debtor_id]
        )
    )
