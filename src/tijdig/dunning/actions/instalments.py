"""Lower costs whose invoices a person knows to be instalments of one agreement."""

from datetime import date, datetime
from uuid import UUID

from tijdig.core.problem import Refusal, Sentence
from tijdig.dunning.queries.instalments import find_costs_to_check
from tijdig.ledger.actions.posting import lock_debtors
from tijdig.ledger.actions.taking_back import take_back_claims
from tijdig.ledger.queries.claims import list_claim_lines

_BECAUSE = Sentence(
    "De facturen zijn termijnen van één overeenkomst (Besluit BIK art. 2a).",
    "The invoices are instalments of one agreement (Besluit BIK art. 2a).",
)


def lower_costs(debtor_id: UUID, line_id: UUID, *, today: date, now: datetime, actor: str) -> int:
    """The cents that this line of costs claims from now on; the rest is taken back.

    Refuses: a line of which nothing is open, or that is not too high for instalments.
    """
    lock_debtors([debtor_id])
    rows = {one.id: one for one in list_claim_lines(debtor_id)}
    most = find_costs_to_check(tuple(rows.values())).get(line_id)
    if most is None:
        raise Refusal(
            "Deze kosten zijn al niet hoger dan voor termijnen mag. Er is niets veranderd.",
            "These costs are no higher than for instalments already. Nothing was changed.",
        )
    row = rows[line_id]
    excess = row.claimed_cents - row.waived_cents - row.withdrawn_cents - most
    take_back_claims({row.item_id: excess}, because=_BECAUSE, today=today, now=now, actor=actor)
    return most
