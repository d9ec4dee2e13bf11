"""Collection costs that were agreed with debtors, as they stand now."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tijdig.core.law.agreed_costs import AgreedCosts
from tijdig.ledger.belongings.models import CostAgreement


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """What was agreed with a debtor, and who recorded it on which day."""

    agreed: AgreedCosts
    set_on: date
    set_by: str


def load_agreed_costs(debtor_ids: Collection[UUID]) -> dict[UUID, AgreedCosts]:
    """What was agreed with each of these debtors, as far as anything was."""
    rows = CostAgreement.objects.filter(debtor_id__in=list(debtor_ids), ended_on=None)
    return {row.debtor_id: _describe(row) for row in rows}


def find_agreement(debtor_id: UUID) -> AgreementRow | None:
    """What was agreed with this debtor; None where nothing was."""
    row = CostAgreement.objects.filter(debtor_id=debtor_id, ended_on=None).first()
    return None if row is None else AgreementRow(_describe(row), row.set_on, row.set_by)


def _describe(row: CostAgreement) -> AgreedCosts:
    return AgreedCosts(row.rate_percent, row.minimum_cents, row.ground)
