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
    debtor_id: UUID,
    *,
    how: str,
    number: str,
    all_open: bool = False,
    today: date,
    now: datetime,
    actor: str,
) -> int:
    """The term of one invoice, or of all open ones where `number` is empty; how many were changed.

    `all_open` takes the open ones along with the one that is named.

    One that is named may have been paid: costs and interest over it rest on its default. A file
    that states the same due date leaves it; one with another day begins anew. Refuses: an answer
    that is none of the four, no invoice of that number, and where none is open.
    """
    if how not in TERM_OF:
        raise Refusal("Kies hoe de termijn is afgesproken.", "Choose how the term was agreed.")
    lock_debtors([debtor_id])
    item_ids = _list_items(debtor_id, number, all_open=all_open or not number)
    invoices = Invoice.objects.filter(open_item_id__in=item_ids)
    numbers = sorted(invoices.values_list("number", flat=True))
    if not numbers:
        raise Refusal("Er is geen factuur waarvoor dit kan.", "No invoice can have this.")
    invoices.update(term=TERM_OF[how])
    touch_debtors([debtor_id])
    details = {"how": how, "invoices": numbers}
    happened = Happened("term_said", "debtor", debtor_id, debtor_id, details)
    record([happened], today=today, now=now, actor=actor)
    return len(numbers)


def _list_items(debtor_id: UUID, number: str, *, all_open: bool) -> list[UUID]:
    """The debtor's invoice of this number, and all his open ones where those are taken along."""
    own = OpenItem.objects.filter(debtor_id=debtor_id, kind="invoice")
    item_ids: set[UUID] = set()
    if number:
        named = Invoice.objects.filter(number=number).values_list("open_item_id", flat=True)
        item_ids.update(own.filter(id__in=list(named)).values_list("id", flat=True))
    if all_open:
        item_ids.update(own.filter(closed_on=None).values_list("id", flat=True))
    return sorted(item_ids)
