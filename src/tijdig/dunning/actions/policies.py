"""Write a policy: a change is a new version, and everybody is looked at again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from tijdig.core.policy import DEFAULT_POLICY, Policy
from tijdig.core.policy_changes import describe_changes, is_behind, renew
from tijdig.core.problem import Refusal
from tijdig.dunning.models import PolicyStep, PolicyVersion
from tijdig.dunning.queries.policies import load_policy
from tijdig.ledger.actions.looks import look_at_everybody
from tijdig.messaging.actions.states import decide_again
from tijdig.tenants.actions import lock_administration
from tijdig.tenants.scope import active_administration
from tijdig.timeline.actions import Happened, record

LIMITS = frozenset(
    ["min_gap_days", "min_amount_cents", "call_lapse_working_days", "direct_debit_rest_days"]
)


def adopt(policy: Policy, *, now: datetime, actor: str) -> None:
    """Store a policy as the version in force."""
    administration_id = active_administration()
    version = PolicyVersion.objects.create(
        administration_id=administration_id,
        version=policy.version,
        name=policy.name,
        min_gap_days=policy.min_gap_days,
        min_amount_cents=policy.min_amount_cents,
        call_lapse_working_days=policy.call_lapse_working_days,
        direct_debit_rest_days=policy.direct_debit_rest_days,
        made_at=now,
        made_by=actor,
    )
    PolicyStep.objects.bulk_create(
        PolicyStep(
            administration_id=administration_id,
            policy_id=version.id,
            key=step.key,
            phase=step.phase,
            tone=step.tone,
            offset_days=step.offset_days,
            channels=list(step.channels),
            text=step.text,
            term_days=step.term_days,
            audience=step.audience,
        )
        for step in policy.steps
    )


def change(changes: Mapping[str, int], *, today: date, now: datetime, actor: str) -> None:
    """A new version with other limits. Refuses what is not a limit, and negative numbers."""
    unknown = set(changes) - LIMITS
    if unknown or any(value < 0 for value in changes.values()):
        raise Refusal(
            "Vul bij elk van de grenzen een getal van nul of meer in.",
            "Fill in a number of nought or more for each of the limits.",
        )
    lock_administration()
    before = load_policy()
    what = {
        name: (getattr(before, name), value)
        for name, value in changes.items()
        if getattr(before, name) != value
    }
    if not what:
        return
    adopt(
        replace(before, version=before.version + 1, **dict(changes)),  # type: ignore[arg-type]
        now=now,
        actor=actor,
    )
    _remember({"changes": what}, today=today, now=now, actor=actor)


def adopt_newest(*, today: date, now: datetime, actor: str) -> bool:
    """A new version with the steps of the default policy and the limits as they are.

    Whether there was anything newer. "Waarom?" of past days keeps the version of then.
    """
    lock_administration()
    before = load_policy()
    if not is_behind(before, DEFAULT_POLICY):
        return False
    adopt(renew(before, DEFAULT_POLICY), now=now, actor=actor)
    told = [one.nl for one in describe_changes(before, DEFAULT_POLICY)]
    _remember({"steps": told}, today=today, now=now, actor=actor)
    return True


def _remember(details: Mapping[str, object], *, today: date, now: datetime, actor: str) -> None:
    """Everybody is looked at again under the new version, and the audit trail says who made it.

    What was written and has not left is decided again.
    """
    look_at_everybody()
    decide_again()
    happened = Happened(
        "policy_changed", "administration", active_administration(), None, dict(details)
    )
    record([happened], today=today, now=now, actor=actor)
