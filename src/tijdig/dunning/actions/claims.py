"""Claim costs and interest with the last demand: found in bulk, booked, and decided again."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from tijdig.core.decision import Decision
from tijdig.core.dunning import decide
from tijdig.core.facts import DebtorFacts
from tijdig.core.policy import Policy
from tijdig.core.problem import Sentence
from tijdig.dunning.actions.voiding import void_early_letters, void_untrue_letters
from tijdig.dunning.queries.due_claims import Pairs, find_due_claims
from tijdig.dunning.queries.facts import load_facts
from tijdig.ledger.actions.claims import book_claims
from tijdig.ledger.actions.taking_back import take_back_claims

ACTOR = "tijdig"

_LESS = Sentence(
    "Volgens wat nu bekend is, is er minder verschuldigd.", "By what is known now, less is owed."
)


def settle_claims(
    pairs: Sequence[tuple[DebtorFacts, Decision]], policy: Policy, *, today: date, now: datetime
) -> list[UUID]:
    """Book what these debtors owe beside their invoices now; of whom anything changed.

    What was asked for too much is taken back first, and letters that went out before the default,
    or asked what could not be asked, have no effect any more. The caller locks the debtors. Nothing
    happens where nobody gets a last demand, had such a letter, or has claim lines.
    """
    everybody = [facts for facts, _ in pairs]
    early = void_early_letters(everybody, policy.rules, today=today, now=now, actor=ACTOR)
    early |= void_untrue_letters(everybody, today=today, now=now, actor=ACTOR)
    pairs = [pair for pair in pairs if pair[0].debtor_id not in early]
    due = find_due_claims(pairs, policy, today=today)
    changed = {*early, *due.excess, *(one.debtor_id for one in due.claims)}
    take_back_claims(
        {item_id: cents for one in due.excess.values() for item_id, cents in one.items()},
        because=_LESS,
        today=today,
        now=now,
        actor=ACTOR,
    )
    book_claims(due.claims, today=today, now=now, actor=ACTOR)
    return sorted(changed)


def claim_and_decide(
    pairs: Pairs, policy: Policy, *, today: date, now: datetime, rehearsal: bool = False
) -> Pairs:
    """The decisions after `settle_claims`: those debtors are decided again."""
    changed = settle_claims(pairs, policy, today=today, now=now)
    if not changed:
        return pairs
    again = load_facts(changed, today=today, rehearsal=rehearsal)
    decided = {facts.debtor_id: (facts, decide(facts, policy, today=today)) for facts in again}
    return [decided.get(facts.debtor_id, (facts, one)) for facts, one in pairs]
