"""Claim costs and interest with the last demand: found in bulk, booked, and decided again."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from tijdig.core.claim_lines import NewClaim
from tijdig.core.claims import add_claims, compute_due_claims, find_letters_to_claim
from tijdig.core.creditor_rules import is_consumer
from tijdig.core.decision import Decision
from tijdig.core.dunning import decide
from tijdig.core.facts import DebtorFacts
from tijdig.core.policy import Policy
from tijdig.dunning.queries.claims import load_balances_on, load_claimed
from tijdig.dunning.queries.facts import load_facts
from tijdig.ledger.actions.claims import book_claims
from tijdig.tenants.ids import new_ids

ACTOR = "tijdig"
_Pairs = list[tuple[DebtorFacts, Decision]]


def claim_and_decide(pairs: _Pairs, policy: Policy, *, today: date, now: datetime) -> _Pairs:
    """Book what these debtors owe beside their invoices now, and decide those debtors again.

    The caller locks the debtors. Nothing happens where nobody gets a last demand.
    """
    claims = find_due_claims(pairs, policy, today=today)
    if not claims:
        return pairs
    book_claims(claims, today=today, now=now, actor=ACTOR)
    again = load_facts(sorted({one.debtor_id for one in claims}), today=today, rehearsal=False)
    decided = {facts.debtor_id: (facts, decide(facts, policy, today=today)) for facts in again}
    return [decided.get(facts.debtor_id, (facts, one)) for facts, one in pairs]


def decide_as_if_claimed(pairs: _Pairs, policy: Policy, *, today: date) -> _Pairs:
    """The decisions as they are once the claims have been booked; nothing is written."""
    claims: dict[UUID, list[NewClaim]] = {}
    for claim in find_due_claims(pairs, policy, today=today):
        claims.setdefault(claim.debtor_id, []).append(claim)
    as_if = []
    for facts, decision in pairs:
        if own := claims.get(facts.debtor_id):
            booked = add_claims(facts, own, new_ids(len(own)))
            as_if.append((facts, decide(booked, policy, today=today)))
        else:
            as_if.append((facts, decision))
    return as_if


def find_due_claims(
    pairs: Sequence[tuple[DebtorFacts, Decision]], policy: Policy, *, today: date
) -> tuple[NewClaim, ...]:
    """The claims that go with the last demands of today, and with letters that have expired."""
    wanted = [facts for facts, decision in pairs if _is_claimed_with(facts, decision)]
    if not wanted:
        return ()
    claimed = load_claimed([facts.debtor_id for facts in wanted])
    balances = load_balances_on(
        [
            (notice.item_id, notice.last_day)
            for facts in wanted
            for letter in find_letters_to_claim(
                facts, claimed[facts.debtor_id], today=today
            ).values()
            for notice in letter
            if notice.last_day is not None
        ]
    )
    return tuple(
        claim
        for facts in wanted
        for claim in compute_due_claims(
            facts,
            policy.rules,
            claimed=claimed[facts.debtor_id],
            balances=balances,
            today=today,
        )
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
