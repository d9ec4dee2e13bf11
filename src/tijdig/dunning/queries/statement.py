"""The claim statement of a debtor: principal, costs and interest, each with its ground."""

from datetime import date
from uuid import UUID

from tijdig.core.claims import compute_due_claims
from tijdig.core.problem import Refusal
from tijdig.dunning.queries.claims import load_claimed
from tijdig.dunning.queries.facts import load_facts
from tijdig.dunning.queries.policies import load_policy
from tijdig.messaging.composing import load_statement
from tijdig.messaging.letters import render_letter


def compute_running_interest(debtor_id: UUID, *, today: date) -> int:
    """Interest up to and including today that was not claimed yet, as the creditor claims it."""
    policy = load_policy()
    claimed = load_claimed([debtor_id])[debtor_id]
    claims = [
        claim
        for facts in load_facts([debtor_id], today=today, rehearsal=False)
        for claim in compute_due_claims(
            facts, policy.rules, claimed=claimed, balances={}, today=today
        )
        if claim.kind == "interest"
    ]
    return sum(claim.cents for claim in claims)


def render_statement(debtor_id: UUID, *, today: date) -> bytes:
    """The statement as PDF. Refuses: a debtor who has nothing to pay."""
    composition = load_statement(debtor_id, written_on=today)
    if composition is None:
        raise Refusal(
            "Er staat niets open. Er valt dus niets te specificeren.",
            "Nothing is open. So there is nothing to specify.",
        )
    return render_letter(composition)
