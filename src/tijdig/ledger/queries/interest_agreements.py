"""Interest that was agreed with debtors, and in the creditor's terms."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal, cast
from uuid import UUID

from django.db.models import Q

from tijdig.core.law.agreed_interest import AgreedInterest
from tijdig.core.law.interest import DayCount
from tijdig.ledger.belongings.models import InterestAgreement


@dataclass(frozen=True, slots=True)
class InterestAgreementRow:
    """What was agreed, and who recorded it on which day."""

    agreed: AgreedInterest
    set_on: date
    set_by: str


def load_agreed_interest(debtor_ids: Collection[UUID]) -> dict[UUID, tuple[AgreedInterest, ...]]:
    """Per debtor what was agreed with him and what the terms say, the last one first.

    Also what has ended: it holds for invoices of before.
    """
    rows = list(
        InterestAgreement.objects.filter(
            Q(debtor_id__in=list(debtor_ids)) | Q(debtor_id=None)
        ).order_by("-set_on", "-id")
    )
    return {
        debtor_id: tuple(_describe(row) for row in rows if row.debtor_id in {debtor_id, None})
        for debtor_id in debtor_ids
    }


def find_interest_agreement(debtor_id: UUID | None) -> InterestAgreementRow | None:
    """What stands with this debtor, or in the terms for None; None where nothing does."""
    row = InterestAgreement.objects.filter(Q(debtor_id=debtor_id), until_on=None).first()
    return None if row is None else InterestAgreementRow(_describe(row), row.set_on, row.set_by)


def _describe(row: InterestAgreement) -> AgreedInterest:
    return AgreedInterest(
        rate_percent=row.rate_percent,
        per=cast("Literal['year', 'month']", row.per),
        is_simple=row.is_simple,
        ground=row.ground,
        from_on=row.from_on,
        until_on=row.until_on,
        day_count=cast("DayCount", row.day_count),
        is_own=row.debtor_id is not None,
        is_reviewed=row.is_reviewed,
    )
