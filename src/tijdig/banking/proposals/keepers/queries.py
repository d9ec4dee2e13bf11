"""Whose money is it when nothing of it is open: invoices named that were settled, and debtors."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from tijdig.banking.proposals.queries import LineDetail
from tijdig.core.matching.book import Spoken
from tijdig.core.matching.records import Payment
from tijdig.core.matching.spelling import parse_number
from tijdig.core.references import normalise_reference
from tijdig.ledger.belongings.models import DebtorIban
from tijdig.ledger.models import Debtor, Invoice
from tijdig.ledger.queries.for_matching import ask_items_by_number

SHOWN_AT_MOST = 12


@dataclass(frozen=True, slots=True)
class SettledInvoice:
    """An invoice that the payer names and of which nothing is open any more."""

    number: str
    debtor_number: str
    debtor_name: str
    settled_on: date | None


@dataclass(frozen=True, slots=True)
class Keeper:
    """A debtor whose money the payment may be; `is_likely` where account or words point to him."""

    id: UUID
    number: str
    name: str
    is_likely: bool


def list_settled(line: LineDetail) -> tuple[SettledInvoice, ...]:
    """Settled invoices whose number stands in the payer's words, by number."""
    said = Payment(line.id, line.booked_on, "", line.cents, "", line.words, line.counter_iban)
    spoken = Spoken([said])
    rows = ask_items_by_number(spoken.digits)()
    named = [
        item_id
        for item_id, number in rows
        if parse_number(number).plain and spoken.is_named(number)
    ]
    settled = (
        Invoice.objects.filter(open_item_id__in=named)
        .exclude(open_item__closed_on=None)
        .order_by("number")
        .values_list(
            "number", "open_item__debtor__number", "open_item__debtor__name", "open_item__closed_on"
        )
    )
    return tuple(SettledInvoice(*row) for row in settled[:SHOWN_AT_MOST])


def list_keepers(
    line: LineDetail, settled: Iterable[SettledInvoice], *, search: str
) -> tuple[Keeper, ...]:
    """Debtors to whom account, words or proposals point, then what a search finds; by name."""
    iban = normalise_reference(line.counter_iban)
    owners = DebtorIban.objects.filter(iban=iban).exclude(iban="").values("debtor_id")
    numbers = {one.debtor_number for one in settled} | {one.debtor_number for one in line.proposals}
    likely = _list_by_name(Q(id__in=owners) | Q(number__in=numbers))
    found = _list_by_name(Q(name__icontains=search) | Q(number__iexact=search)) if search else []
    others = [row for row in found if row not in likely]
    keepers = [Keeper(*row, True) for row in likely] + [Keeper(*row, False) for row in others]
    return tuple(keepers[:SHOWN_AT_MOST])


def _list_by_name(wanted: Q) -> list[tuple[UUID, str, str]]:
    rows = Debtor.objects.filter(wanted).order_by("name", "id").values_list("id", "number", "name")
    return list(rows[:SHOWN_AT_MOST])
