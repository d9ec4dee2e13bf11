"""What debtors owe beside their invoices now, and how decisions are once it has been booked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from tijdig.core.claim_lines import NewClaim
from tijdig.core.claims import (
    Claimed,
    add_claims,
    compute_due_claims,
    find_letters_to_claim,
    take_back,
)
from tijdig.core.creditor_rules import is_consumer
from tijdig.core.decision import Decision
from tijdig.core.dunning import decide
from tijdig.core.excess_costs import find_excess_costs
from tijdig.core.facts import DebtorFacts
from tijdig.core.interest_claims import find_excess_interest
from tijdig.core.law.agreed_costs import AgreedCosts
from tijdig.core.policy import Policy
from tijdig.core.posting import void_letters
from tijdig.core.stops import find_blocking
from tijdig.dunning.queries.booked_costs import load_booked_costs
from tijdig.dunning.queries.claims import load_balances_on, load_claimed
from tijdig.dunning.queries.void_letters import find_untrue_of
from tijdig.ledger.queries.cost_agreements import load_agreed_costs
from tijdig.tenants.ids import new_ids

Pairs = list[tuple[DebtorFacts, Decision]]


@dataclass(frozen=True, slots=True)
class DueClaims:
    """New claims, and per debtor and claim line what is taken back."""

    claims: tuple[NewClaim, ...] = ()
    excess: Mapping[UUID, Mapping[UUID, int]] = field(default_factory=dict)


def decide_as_if_claimed(pairs: Pairs, policy: Policy, *, today: date) -> Pairs:
    """Facts and decisions as they are once the claims have been booked; nothing is written.

    Letters that prove to have asked what could not be asked have no effect in them.
    """
    pairs = _decide_without_untrue(pairs, policy, today=today)
    due = find_due_claims(pairs, policy, today=today)
    if not due.claims and not due.excess:
        return pairs
    claims: dict[UUID, list[NewClaim]] = {}
    for claim in due.claims:
        claims.setdefault(claim.debtor_id, []).append(claim)
    as_if = []
    for facts, decision in pairs:
        own, excess = claims.get(facts.debtor_id, []), due.excess.get(facts.debtor_id, {})
        if own or excess:
            booked = add_claims(take_back(facts, excess), own, new_ids(len(own)))
            as_if.append((booked, decide(booked, policy, today=today)))
        else:
            as_if.append((facts, decision))
    return as_if


def _decide_without_untrue(pairs: Pairs, policy: Policy, *, today: date) -> Pairs:
    untrue = find_untrue_of(facts for facts, _ in pairs)
    if not untrue:
        return pairs
    whose = set(untrue.values())
    void = [
        void_letters(facts, untrue.keys()) if facts.debtor_id in whose else facts
        for facts, _ in pairs
    ]
    return [
        (facts, decide(facts, policy, today=today) if facts.debtor_id in whose else decision)
        for facts, (_, decision) in zip(void, pairs, strict=True)
    ]


def find_due_claims(
    pairs: Sequence[tuple[DebtorFacts, Decision]], policy: Policy, *, today: date
) -> DueClaims:
    """The claims that go with the last demands of today, and with letters that have expired.

    What was asked for too much, of costs and of interest, is looked for after a last demand.
    """
    wanted = {
        facts.debtor_id
        for facts, decision in pairs
        if _is_claimed_with(facts, decision, today=today)
    }
    demands = tuple(step.key for step in policy.steps if step.phase == "last_demand")
    looked_at = [
        facts
        for facts, _ in pairs
        if (wanted and facts.debtor_id in wanted) or _may_have_claims(facts, demands)
    ]
    if not looked_at:
        return DueClaims()
    claimed = load_claimed([facts.debtor_id for facts in looked_at])
    balances = load_balances_on(
        [
            (notice.item_id, notice.last_day)
            for facts in looked_at
            if facts.debtor_id in wanted
            for letter in find_letters_to_claim(
                facts, policy.rules, claimed[facts.debtor_id], today=today
            ).values()
            for notice in letter
            if notice.last_day is not None
        ]
    )
    agreed = load_agreed_costs([facts.debtor_id for facts in looked_at])
    claims = tuple(
        claim
        for facts in looked_at
        if facts.debtor_id in wanted
        for claim in compute_due_claims(
            facts,
            policy.rules,
            claimed=claimed[facts.debtor_id],
            balances=balances,
            agreed=agreed.get(facts.debtor_id),
            today=today,
        )
    )
    return DueClaims(claims, _find_excess(looked_at, claimed, agreed, policy, today=today))


def _find_excess(
    looked_at: Sequence[DebtorFacts],
    claimed: Mapping[UUID, Claimed],
    agreed: Mapping[UUID, AgreedCosts],
    policy: Policy,
    *,
    today: date,
) -> dict[UUID, Mapping[UUID, int]]:
    booked = load_booked_costs([facts.debtor_id for facts in looked_at])
    found: dict[UUID, Mapping[UUID, int]] = {}
    for facts in looked_at:
        debtor_id, rules = facts.debtor_id, policy.rules
        accounts = claimed[debtor_id].accounts
        over = find_excess_interest(facts, rules, accounts, today=today)
        if costs := booked.get(debtor_id):
            own = agreed.get(debtor_id)
            over |= find_excess_costs(facts, rules, costs, agreed=own, today=today)
        if over:
            found[debtor_id] = over
    return found


def _may_have_claims(facts: DebtorFacts, demands: tuple[str, ...]) -> bool:
    """Whether something was claimed before, also when it has been paid by now."""
    if "claim" in [item.kind for item in facts.items]:
        return True
    return bool([one for one in facts.contacts if one.step_key.startswith(demands)])


def _is_claimed_with(facts: DebtorFacts, decision: Decision, *, today: date) -> bool:
    if decision.step is not None and decision.step.phase == "last_demand":
        return decision.outcome == "message"
    # A newer invoice had a letter of its own after the last demand. What holds a last demand back
    # holds its costs too: nobody adds them in silence.
    return (
        decision.reason == "after_last_demand"
        and is_consumer(facts.kind)
        and find_blocking(facts.stops, "last_demand", today=today) is None
        and any(notice.kind == "veertiendagenbrief" for notice in facts.notices)
    )
