"""How the term of an invoice was agreed, as a person says it."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from tijdig.core.problem import Refusal
from tijdig.ledger.actions.posting import lock_debtors, touch_debtors
from tijdig.ledger.models import Invoice, OpenItem
from tijdig.timeline.actions import Happened, record

# What each answer makes of the term: only what was agreed beforehand is (BW 6:83 under a).
TERM_OF: Mapping[str, str] = {
    "contract": Invoice.Term.AGREED,
    "general_terms": Invoice.Term.AGREED,
    "invoice": Invoice.Term.STATED,
    "none": Invoice.Term.ASSUMED,
}


def say_how_agreed(
    debtor_id: UUID, *, how: str, number: str, today: date, now: datetime, actor: str
) -> int:
    """The term of one open invoice, or of all where `number` is empty; how many were changed.

    A file that states the same due date leaves it; one with another day begins anew. Refuses: an
    answer that is none of the four, and an invoice that is not open.
    """
    if how not in TERM_OF:
        raise Refusal("Kies hoe de termijn is afgesproken.", "Choose how the term was agreed.")
    lock_debtors([debtor_id])
    still = OpenItem.objects.filter(debtor_id=debtor_id, closed_on=None, kind="invoice")
    invoices = Invoice.objects.filter(open_item_id__in=still.values("id"))
    if number:
        invoices = invoices.filter(number=number)
    numbers = sorted(invoices.values_list("number", flat=True))
    if not numbers:
        raise Refusal("Deze factuur staat niet meer open.", "This invoice is not open any more.")
    invoices.update(term=TERM_OF[how])
    touch_debtors([debtor_id])
    details = {"how": how, "invoices": numbers}
    happened = Happened("term_said", "debtor", debtor_id, debtor_id, details)
    record([happened], today=today, now=now, actor=actor)
    return len(numbers)
