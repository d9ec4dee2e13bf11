"""Since when a debtor is in default with one invoice, and whether its term is too long."""

from datetime import date
from uuid import UUID

from tijdig.core.item_default import compute_item_default
from tijdig.core.law.default import PaymentTerm, check_term
from tijdig.core.problem import Refusal, Sentence
from tijdig.dunning.queries.facts import load_facts
from tijdig.dunning.queries.policies import load_policy


def explain_default(debtor_id: UUID, item_id: UUID, *, today: date) -> tuple[Sentence, ...]:
    """What the law says of an open invoice: its default, and its term where that is too long.

    Empty for an invoice that is not open, and where the law that we know has nothing to say. One
    that is due before it was written says that instead: nobody is late by a wrong date.
    """
    rules = load_policy().rules
    for facts in load_facts([debtor_id], today=today, rehearsal=False):
        for item in facts.items:
            if item.item_id != item_id or item.kind != "invoice":
                continue
            if (item.extended_from_on or item.due_on) < item.issued_on:
                return (_DUE_TOO_EARLY,)
            try:
                state = compute_item_default(item, facts, rules)
                large = facts.is_large_to_small
                term = PaymentTerm(item.issued_on, item.due_on, "stated", is_large_to_small=large)
                too_long = check_term(term, kind=facts.kind)
            except Refusal:
                return ()
            return (state.because,) if too_long is None else (state.because, too_long)
    return ()


_DUE_TOO_EARLY = Sentence(
    "De vervaldatum ligt vóór de factuurdatum. Tot dat verbeterd is, vragen wij niet om deze"
    " factuur en zeggen wij niet sinds wanneer hij te laat is.",
    "The due date lies before the invoice date. Until that is corrected we do not ask for this"
    " invoice, nor say since when it is late.",
)
