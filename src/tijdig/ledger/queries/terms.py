"""The lasting payment terms of debtors."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from tijdig.core.standing_terms import HowAgreed, StandingTerm
from tijdig.ledger.belongings.models import DebtorTerm


@dataclass(frozen=True, slots=True)
class TermRow:
    """A term with who set it, and on which day."""

    term: StandingTerm
    set_by: str
    set_on: date


def load_standing_terms(debtor_ids: Collection[UUID]) -> dict[UUID, StandingTerm]:
    """The term of each of these debtors that has one."""
    rows = DebtorTerm.objects.filter(debtor_id__in=list(debtor_ids))
    return {row.debtor_id: _read(row) for row in rows}


def find_standing_term(debtor_id: UUID) -> TermRow | None:
    """The term of one debtor; None where he has the creditor's usual one."""
    row = DebtorTerm.objects.filter(debtor_id=debtor_id).first()
    return None if row is None else TermRow(_read(row), row.set_by, row.set_on)


def _read(row: DebtorTerm) -> StandingTerm:
    return StandingTerm(row.days, cast("HowAgreed", row.how), row.is_large_to_small)
