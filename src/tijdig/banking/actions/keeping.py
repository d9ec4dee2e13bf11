"""Keep a bank line as money of a debtor, where it pays nothing that is open."""

from datetime import date, datetime
from uuid import UUID

from tijdig.banking.actions.bookings import BY_HAND
from tijdig.banking.actions.deciding import book_by_hand, load_payment, take_line
from tijdig.core.matching.records import Evidence, Proposal
from tijdig.core.problem import Refusal, Sentence
from tijdig.ledger.models import Debtor


def keep(
    line_id: UUID, debtor_id: UUID, *, remember: bool, today: date, now: datetime, actor: str
) -> None:
    """Keep a line whole as money of this debtor: for what is to come, or to pay back.

    For who paid twice, or before there was an invoice. Refuses: a debtor who is not there.
    """
    line = take_line(line_id)
    if not Debtor.objects.filter(id=debtor_id).exists():
        raise Refusal("Kies eerst een debiteur.", "Choose a customer first.")
    said = Sentence(
        f"Bewaard als geld van de debiteur door {actor}.",
        f"Kept as the customer's money by {actor}.",
    )
    proposal = Proposal(
        debtor_id=debtor_id,
        parts=(),
        certainty=0,
        kind=BY_HAND,
        evidence=(Evidence(BY_HAND, said),),
        rest_cents=load_payment(line).amount_cents,
    )
    book_by_hand(line, proposal, agreed=False, remember=remember, today=today, now=now, actor=actor)
