"""The policy in force, as the rules know it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from tijdig.core.plans import RunningPlan
from tijdig.core.policy import DEFAULT_POLICY, Audience, Channel, Phase, Policy, Step, Tone
from tijdig.core.policy_changes import describe_changes, is_behind
from tijdig.core.problem import Sentence
from tijdig.dunning.models import PolicyVersion
from tijdig.messaging.composing import describe_rules
from tijdig.tenants.bulk import execute
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import active_administration

_POLICY = """
SELECT id, name, version, min_gap_days, min_amount_cents, call_lapse_working_days,
       direct_debit_rest_days
FROM tijdig_policyversion
WHERE administration_id = %s AND (%s::integer IS NULL OR version = %s)
ORDER BY version DESC LIMIT 1
"""

_STEPS = """
SELECT key, phase, tone, offset_days, channels, text, term_days, audience
FROM tijdig_policystep WHERE administration_id = %s AND policy_id = %s ORDER BY offset_days
"""


def load_policy() -> Policy:
    """The active administration's newest policy version. Raises LookupError before the first."""
    policy = _find(None)
    if policy is None:
        raise LookupError("This administration has no policy.")
    return policy


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
    return _find(version)


def find_policy_version() -> int:
    """The number of the version in force; nought before the first."""
    row = execute(
        "SELECT coalesce(max(version), 0) FROM tijdig_policyversion WHERE administration_id = %s",
        [active_administration()],
    ).fetchone()
    return int(row[0]) if row else 0


def _find(version: int | None) -> Policy | None:
    """This version, or the newest, with its steps; asked for by every run and release."""
    found = execute(_POLICY, [active_administration(), version, version]).fetchone()
    if found is None:
        return None
    policy_id, name, number, gap_days, least_cents, lapse_days, rest_days = found
    administration = load_administration()
    steps = execute(_STEPS, [active_administration(), policy_id]).fetchall()
    return Policy(
        name=name,
        version=number,
        steps=tuple(_read_step(row) for row in steps),
        min_gap_days=gap_days,
        min_amount_cents=least_cents,
        call_lapse_working_days=lapse_days,
        direct_debit_rest_days=rest_days,
        hand_over_to=administration.hand_over_to,
        rules=replace(describe_rules(administration), debit_rest_days=rest_days),
    )


def _read_step(row: Sequence[Any]) -> Step:
    key, phase, tone, offset_days, channels, text, term_days, audience = row
    return Step(
        key=key,
        phase=cast("Phase", phase),
        tone=cast("Tone", tone),
        offset_days=offset_days,
        channels=tuple(cast("list[Channel]", channels)),
        text=text,
        term_days=term_days,
        audience=cast("Audience", audience),
    )
