"""Record which interest was agreed, with a debtor or in the terms, and that it is over."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import Q

from tijdig.core.law.agreed_interest import (
    AgreedInterest,
    describe_agreed_interest,
    refuse_bad_interest,
    refuse_unreviewed,
)
from tijdig.ledger.actions.looks import look_at_everybody
from tijdig.ledger.actions.posting import lock_debtors, touch_debtors
from tijdig.ledger.belongings.models import InterestAgreement
from tijdig.ledger.queries.interest_agreements import find_interest_agreement
from tijdig.ledger.queries.kinds import load_kinds
from tijdig.tenants.actions import lock_administration
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record


def agree_interest(
    debtor_id: UUID | None, agreed: AgreedInterest, *, today: date, now: datetime, actor: str
) -> bool:
    """From its first day on this interest holds for the debtor's invoices; whether that is new.

    Without a debtor it stands in the creditor's terms: for businesses and public bodies. Interest
    over such invoices that was asked for already is held against it by the next run.
    Refuses: figures out of bounds, and a consumer's that nobody reviewed.
    """
    _lock(debtor_id)
    refuse_bad_interest(agreed, today=today)
    if debtor_id is not None:
        refuse_unreviewed(agreed, kind=load_kinds([debtor_id])[debtor_id])
    before = find_interest_agreement(debtor_id)
    if before is not None and before.agreed == agreed:
        return False
    _end(debtor_id, until_on=agreed.from_on, actor=actor)
    InterestAgreement.objects.create(
        administration_id=active_administration(),
        debtor_id=debtor_id,
        rate_percent=agreed.rate_percent,
        per=agreed.per,
        is_simple=agreed.is_simple,
        day_count=agreed.day_count,
        is_reviewed=agreed.is_reviewed,
        ground=agreed.ground,
        from_on=agreed.from_on,
        set_on=today,
        set_by=actor[:100],
    )
    was = before.agreed if before else None
    _remember(debtor_id, was, agreed, today=today, now=now, actor=actor)
    return True


def end_interest_agreement(
    debtor_id: UUID | None, *, was_mistake: bool, today: date, now: datetime, actor: str
) -> bool:
    """It holds no more for invoices from today on, or of a mistake for none; whether any stood."""
    _lock(debtor_id)
    before = find_interest_agreement(debtor_id)
    if before is None:
        return False
    until_on = before.agreed.from_on if was_mistake else today
    _end(debtor_id, until_on=until_on, actor=actor)
    _remember(debtor_id, before.agreed, None, today=today, now=now, actor=actor)
    return True


def _lock(debtor_id: UUID | None) -> None:
    if debtor_id is None:
        lock_administration()
    else:
        lock_debtors([debtor_id])


def _end(debtor_id: UUID | None, *, until_on: date, actor: str) -> None:
    for row in InterestAgreement.objects.filter(Q(debtor_id=debtor_id), until_on=None):
        row.until_on = max(until_on, row.from_on)
        row.ended_by = actor[:100]
        row.save(update_fields=["until_on", "ended_by"])


def _remember(
    debtor_id: UUID | None,
    before: AgreedInterest | None,
    after: AgreedInterest | None,
    *,
    today: date,
    now: datetime,
    actor: str,
) -> None:
    changes = {"agreed_interest": (_say(before), _say(after))}
    if debtor_id is None:
        look_at_everybody()
        told = ("law_declared", "administration", active_administration())
    else:
        touch_debtors([debtor_id])
        told = ("debtor_changed", "debtor", debtor_id)
    happened = Happened(*told, debtor_id, {"changes": changes})
    record([happened], today=today, now=now, actor=actor)


def _say(agreed: AgreedInterest | None) -> str:
    return "" if agreed is None else describe_agreed_interest(agreed).nl
