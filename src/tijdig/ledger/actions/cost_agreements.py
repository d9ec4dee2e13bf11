"""Record that a business agreed other collection costs than the scale, and that it is over."""

from datetime import date, datetime
from uuid import UUID

from tijdig.core.law.agreed_costs import AgreedCosts, refuse_bad_agreement, refuse_unfit_party
from tijdig.core.money import format_euros, format_percent
from tijdig.ledger.actions.posting import lock_debtors, touch_debtors
from tijdig.ledger.belongings.models import CostAgreement
from tijdig.ledger.queries.cost_agreements import find_agreement
from tijdig.ledger.queries.kinds import load_kinds
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record


def agree_costs(
    debtor_id: UUID, agreed: AgreedCosts, *, today: date, now: datetime, actor: str
) -> bool:
    """From now on these costs hold for this debtor; whether that changed anything.

    What was asked before stays as it is. Refuses: a consumer or a debtor of unknown kind, and
    figures out of bounds.
    """
    lock_debtors([debtor_id])
    refuse_unfit_party(load_kinds([debtor_id])[debtor_id])
    refuse_bad_agreement(agreed)
    before = find_agreement(debtor_id)
    if before is not None and before.agreed == agreed:
        return False
    _end(debtor_id, today=today, actor=actor)
    CostAgreement.objects.create(
        administration_id=active_administration(),
        debtor_id=debtor_id,
        rate_percent=agreed.rate_percent,
        minimum_cents=agreed.minimum_cents,
        ground=agreed.ground,
        set_on=today,
        set_by=actor[:100],
    )
    was = before.agreed if before else None
    _remember(debtor_id, was, agreed, today=today, now=now, actor=actor)
    return True


def end_agreement(debtor_id: UUID, *, today: date, now: datetime, actor: str) -> bool:
    """From now on the creditor's general rule holds for this debtor; whether anything stood."""
    lock_debtors([debtor_id])
    before = find_agreement(debtor_id)
    if before is None:
        return False
    _end(debtor_id, today=today, actor=actor)
    _remember(debtor_id, before.agreed, None, today=today, now=now, actor=actor)
    return True


def _end(debtor_id: UUID, *, today: date, actor: str) -> None:
    standing = CostAgreement.objects.filter(debtor_id=debtor_id, ended_on=None)
    standing.update(ended_on=today, ended_by=actor[:100])


def _remember(
    debtor_id: UUID,
    before: AgreedCosts | None,
    after: AgreedCosts | None,
    *,
    today: date,
    now: datetime,
    actor: str,
) -> None:
    touch_debtors([debtor_id])
    changes = {"agreed_costs": (_say(before), _say(after))}
    happened = Happened("debtor_changed", "debtor", debtor_id, debtor_id, {"changes": changes})
    record([happened], today=today, now=now, actor=actor)


def _say(agreed: AgreedCosts | None) -> str:
    if agreed is None:
        return ""
    minimum = format_euros(agreed.minimum_cents)
    return f"{format_percent(agreed.rate_percent)}, ≥ {minimum} ({agreed.ground})"
