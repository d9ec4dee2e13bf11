"""Who debtors are in law."""

from collections.abc import Collection
from typing import cast
from uuid import UUID

from tijdig.core.facts import DebtorKind
from tijdig.ledger.queries.sql import kind_of
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration


def load_kinds(debtor_ids: Collection[UUID]) -> dict[UUID, DebtorKind]:
    """The kind of each of these debtors, as the law takes him."""
    rows = execute(
        f"SELECT debtor.id, {kind_of('debtor')} FROM tijdig_debtor debtor "
        "WHERE debtor.administration_id = %s AND debtor.id = ANY(%s)",
        [active_administration(), list(debtor_ids)],
    )
    return {row[0]: cast("DebtorKind", row[1]) for row in rows.fetchall()}


def find_debtors(numbers: Collection[str]) -> dict[str, UUID]:
    """The debtor of each of these numbers, as far as he is known."""
    rows = execute(
        "SELECT number, id FROM tijdig_debtor WHERE administration_id = %s AND number = ANY(%s)",
        [active_administration(), list(numbers)],
    )
    return dict(rows.fetchall())
