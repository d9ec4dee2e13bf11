"""Claim costs and interest with the last demand: found in bulk, booked, and decided again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
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
from tijdig.core.facts import DebtorFacts
from tijdig.core.interest_claims import find_excess_interest
from tijdig.core.policy import Policy
from tijdig.core.problem import Sentence
from tijdig.dunning.queries.claims import load_balances_on, load_claimed
from tijdig.dunning.queries.facts import load_facts
from tijdig.ledger.actions.claims import book_claims
from tijdig.ledger.actions.interest import take_back_interest
from tijdig.ledger.queries.cost_agreements import load_agreed_costs
from tijdig.tenants.ids import new_ids

ACTOR = "tijdig"

_EARLIER = Sentence("Er is eerder betaald dan bekend was.", "It was paid earlier than was known.")
_Pairs = list[tuple[DebtorFacts, Decision]]


@dataclass(frozen=True, slots=True)
class _Due:
    """New claims, and per debtor and claim line what is taken back."""

    claims: tuple[NewClaim, ...] = ()
    excess: Mapping[UUID, Mapping[UUID, int]] = field(default_factory=dict)


def claim_and_decide(
    pairs: _Pairs, policy: Policy, *, today: date, now: datetime, rehearsal: bool = False
) -> _Pairs:
    """Book what these debtors owe beside their invoices now, and decide those debtors again.

    Interest that was asked for too much is taken back first. The caller locks the debtors. Nothing
    happens where nobody gets a last demand or has claim lines.
    """
    due = _find_due(pairs, policy, today=today)
    changed = {*due.excess, *(one.debtor_id for one in due.claims)}
    if not changed:
        return pairs
    take_back_interest(
        {item_id: cents for one in due.excess.values() for item_id, cents in one.items()},
        because=_EARLIER,
        today=today,
        now=now,
        actor=ACTOR,
    )
    book_claims(due.claims, today=today, now=now, actor=ACTOR)
    again = load_facts(sorted(changed), today=today, rehearsal=rehearsal)
    decided = {facts.debtor_id: (facts, decide(facts, policy, today=today)) for facts in again}
    return [decided.get(facts.debtor_id, (facts, one)) for facts, one in pairs]


def decide_as_if_claimed(pairs: _Pairs, policy: Policy, *, today: date) -> _Pairs:
    """The decisions as they are once the claims have been booked; nothing is written."""
    due = _find_due(pairs, policy, today=today)
    claims: dict[UUID, list[NewClaim]] = {}
    for claim in due.claims:
        claims.setdefault(claim.debtor_id, []).append(claim)
    as_if = []
    for facts, decision in pairs:
        own, excess = claims.get(facts.debtor_id, []), due.excess.get(facts.debtor_id, {})
        if own or excess:
            booked = add_claims(take_back(facts, excess), own, new_ids(len(own)))
            as_if.append((facts, decide(booked, policy, today=today)))
        else:
            as_if.append((facts, decision))
    return as_if


def _find_due(
    pairs: Sequence[tuple[DebtorFacts, Decision]], policy: Policy, *, today: date
) -> _Due:
    """The claims that go with the last demands of today, and with letters that have expired.

    What was asked for too much is looked for after a last demand.
    """
    wanted = {facts.debtor_id for facts, decision in pairs if _is_claimed_with(facts, decision)}
    demands = tuple(step.key for step in policy.steps if step.phase == "last_demand")
    looked_at = [
        facts for facts, _ in pairs if facts.debtor_id in wanted or _may_have_claims(facts, demands)
    ]
    if not looked_at:
        return _Due()
    claimed = load_claimed([facts.debtor_id for facts in looked_at])
    balances = load_balances_on(
        [
            (notice.item_id, notice.last_day)
            for facts in looked_at
            if facts.debtor_id in wanted
            for letter in find_letters_to_claim(
                facts, claimed[facts.debtor_id], today=today
            ).values()
            for notice in letter
            if notice.last_day is not None
        ]
    )
    agreed = load_agreed_costs(wanted)
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
    return _Due(claims, _find_excess(looked_at, claimed, policy, today=today))


def _find_excess(
    looked_at: Sequence[DebtorFacts],
    claimed: Mapping[UUID, Claimed],
    policy: Policy,
    *,
    today: date,
) -> dict[UUID, Mapping[UUID, int]]:
    found = {
        facts.debtor_id: find_excess_interest(
            facts, policy.rules, claimed[facts.debtor_id].accounts, today=today
        )
        for facts in looked_at
    }
    return {debtor_id: over for debtor_id, over in found.items() if over}


def _may_have_claims(facts: DebtorFacts, demands: tuple[str, ...]) -> bool:
    """Whether something was claimed before, also when it has been paid by now."""
    return any(item.kind == "claim" for item in facts.items) or any(
        contact.step_key.startswith(demands) for contact in facts.contacts
    )


def _is_claimed_with(facts: DebtorFacts, decision: Decision) -> bool:
    if decision.step is not None and decision.step.phase == "last_demand":
        return decision.outcome == "message"
    # A newer invoice had a letter of its own after the last demand.
    return (
        decision.reason == "after_last_demand"
        and is_consumer(facts.kind)
        and any(notice.kind == "veertiendagenbrief" for notice in facts.notices)
    )
