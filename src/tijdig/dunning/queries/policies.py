"""The policy in force, as the rules know it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast
from uuid import UUID

from tijdig.core.plans import RunningPlan
from tijdig.core.policy import DEFAULT_POLICY, Audience, Channel, Phase, Policy, Step, Tone
from tijdig.core.policy_changes import describe_changes, is_behind
from tijdig.core.problem import Sentence
from tijdig.dunning.models import PolicyStep, PolicyVersion
from tijdig.messaging.composing import describe_rules
from tijdig.tenants.queries import load_administration


def load_policy() -> Policy:
    """The active administration's newest policy version."""
    return _load(PolicyVersion.objects.order_by("-version")[0])


def limit_plans(
    plans: Mapping[UUID, Sequence[RunningPlan]],
) -> dict[UUID, list[RunningPlan]]:
    """The plans of debtors, each with the smallest amount that the policy in force asks."""
    least_cents = PolicyVersion.objects.order_by("-version")[0].min_amount_cents
    return {
        debtor_id: [replace(one, least_cents=least_cents) for one in own]
        for debtor_id, own in plans.items()
    }


def list_policy_changes() -> tuple[Sentence, ...]:
    """What the default policy does otherwise than an older version of it that is in force."""
    policy = load_policy()
    if not is_behind(policy, DEFAULT_POLICY):
        return ()
    return describe_changes(policy, DEFAULT_POLICY)


def find_policy(version: int) -> Policy | None:
    """The policy as it was in this version; the agency and the declarations are today's."""
    policy = PolicyVersion.objects.filter(version=version).first()
    return None if policy is None else _load(policy)


def _load(policy: PolicyVersion) -> Policy:
    administration = load_administration()
    steps = PolicyStep.objects.filter(policy_id=policy.id).order_by("offset_days")
    return Policy(
        name=policy.name,
        version=policy.version,
        steps=tuple(
            Step(
                key=step.key,
                phase=cast("Phase", step.phase),
                tone=cast("Tone", step.tone),
                offset_days=step.offset_days,
                channels=tuple(cast("list[Channel]", step.channels)),
                text=step.text,
                term_days=step.term_days,
                audience=cast("Audience", step.audience),
            )
            for step in steps
        ),
        min_gap_days=policy.min_gap_days,
        min_amount_cents=policy.min_amount_cents,
        call_lapse_working_days=policy.call_lapse_working_days,
        direct_debit_rest_days=policy.direct_debit_rest_days,
        hand_over_to=administration.hand_over_to,
        rules=replace(
            describe_rules(administration), debit_rest_days=policy.direct_debit_rest_days
        ),
    )
