"""Waarom?: the decision that held on any day, with the facts that it was made on."""

from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tijdig.core.problem import Sentence
from tijdig.core.reasons import describe_reason
from tijdig.desk.facts_table import describe_facts
from tijdig.desk.lateness import describe_offset
from tijdig.dunning.queries.pages import find_days_around, find_decision, was_rehearsed
from tijdig.dunning.queries.policies import find_policy
from tijdig.ledger.queries.cards import find_debtor
from tijdig.web.labels import OUTCOMES, PHASES, label_of, name_step
from tijdig.web.rights import Desk, at_desk


@require_safe
@at_desk
def why(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    """The decision of a day, in words; a day that does not read as one is today."""
    card = find_debtor(number)
    if card is None:
        raise Http404
    day = _read_day(request.GET.get("dag", ""), otherwise=desk.today)
    decision = find_decision(card.id, on=day)
    earlier_on, later_on = find_days_around(card.id, on=day)
    context = {
        "section": "debtors",
        "card": card,
        "day": day,
        "day_before": day - timedelta(days=1),
        "day_after": day + timedelta(days=1) if day < desk.today else None,
        "earlier_on": earlier_on,
        "later_on": later_on,
        "decision": decision,
    }
    if decision is not None:
        because = Sentence(decision.because_nl, decision.because_en)
        meaning = describe_reason(decision.reason)
        context |= {
            "because": because,
            "meaning": None if meaning.nl in because.nl else meaning,
            "outcome": label_of(OUTCOMES, decision.outcome),
            "step": name_step(decision.step_key) if decision.step_key else None,
            "rehearsed": was_rehearsed(decision),
            "sheet": describe_facts(decision.facts),
            **_describe_policy(decision.policy_version),
        }
    return render(request, "desk/debtor/why.html", context)


def _read_day(told: str, *, otherwise: date) -> date:
    try:
        return date.fromisoformat(told)
    except ValueError:
        return otherwise


def _describe_policy(version: int) -> dict[str, object]:
    """The policy of then, with the day of each step counted from the due date."""
    policy = find_policy(version)
    if policy is None:
        return {}
    steps = [
        (label_of(PHASES, step.phase), describe_offset(step.offset_days)) for step in policy.steps
    ]
    return {"policy": policy, "steps": steps}
