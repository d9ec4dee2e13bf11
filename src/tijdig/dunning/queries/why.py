"""Why: the decision that held for a debtor on a day."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from tijdig.core.dunning import decide
from tijdig.core.problem import Sentence
from tijdig.dunning.models import Decision
from tijdig.dunning.queries.due_claims import decide_as_if_claimed
from tijdig.dunning.queries.facts import load_facts
from tijdig.dunning.queries.policies import load_policy
from tijdig.dunning.queries.runs import list_real_runs
from tijdig.dunning.record import describe_facts
from tijdig.ledger.belongings.models import Look
from tijdig.ledger.models import Debtor
from tijdig.tenants.queries import load_administration


@dataclass(frozen=True, slots=True)
class Why:
    """A decision with the facts it was made on; `decided_on` is None where it was not made yet."""

    decided_on: date | None
    outcome: str
    reason: str
    because: Sentence
    step_key: str
    next_look_on: date | None
    facts: Mapping[str, Any]


def explain_day(number: str, *, on: date) -> Why | None:
    """What was decided about the debtor with this number on a day; None for an unknown number.

    A decision holds until the next look. Where no run has looked at him by that day, or the next
    look is due and no run came, what a run of that day would decide.
    """
    debtor = Debtor.objects.filter(number=number).first()
    if debtor is None:
        return None
    made = Decision.objects.filter(debtor_id=debtor.id, on__lte=on).order_by("-on", "-id").first()
    if made is not None and not _is_look_due(debtor.id, on=on):
        return Why(
            made.on,
            made.outcome,
            made.reason,
            Sentence(made.because_nl, made.because_en),
            made.step_key,
            made.next_look_on,
            json.loads(made.facts),
        )
    policy = load_policy()
    rehearsal = not load_administration().sending_on
    (facts,) = load_facts([debtor.id], today=on, rehearsal=rehearsal)
    pair = (facts, decide(facts, policy, today=on))
    ((facts, decision),) = decide_as_if_claimed([pair], policy, today=on)
    return Why(
        None,
        decision.outcome,
        decision.reason,
        decision.because,
        decision.step.key if decision.step else "",
        decision.next_look_on,
        json.loads(describe_facts(facts, policy)),
    )


def _is_look_due(debtor_id: UUID, *, on: date) -> bool:
    """Whether a run of this day would still look at him: a day that a run has seen is history."""
    if not Look.objects.filter(id=debtor_id, next_look_on__lte=on).exists():
        return False
    return not list_real_runs().filter(on__gte=on).exists()
