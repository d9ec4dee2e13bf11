"""What the ledger already knows, for whoever brings something in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from tijdig.ledger.models import BookBalance, Invoice
from tijdig.tenants.bulk import execute
from tijdig.tenants.scope import active_administration

KNOWN_FIELDS = (
    "kind",
    "number",
    "issued_on",
    "due_on",
    "currency",
    "invoiced_cents",
    "order_reference",
    "customer_reference",
    "payment_reference",
    "credited_number",
    "by_direct_debit",
    "g_account_iban",
    "g_account_cents",
    "vat_cents",
    "term",
)


def load_known_invoices(numbers: Collection[str]) -> list[dict[str, Any]]:
    """Invoices with these numbers: ids of invoice, item and debtor, and KNOWN_FIELDS."""
    columns = {
        "kind": "open_item__kind",
        "currency": "open_item__currency",
    }
    rows = Invoice.objects.filter(number__in=numbers).values_list(
        "id",
        "open_item_id",
        "open_item__debtor_id",
        *(columns.get(field, field) for field in KNOWN_FIELDS),
    )
    names = ("invoice_id", "open_item_id", "debtor_id", *KNOWN_FIELDS)
    return [dict(zip(names, row, strict=True)) for row in rows]


def list_gone_from_list(
    source_id: UUID, *, as_of: date, still_there: Collection[UUID]
) -> tuple[UUID, ...]:
    """Items that an earlier full list of this source held, and this one, as of a day, does not."""
    found = BookBalance.objects.filter(source_id=source_id, gone=False, as_of__lte=as_of)
    return tuple(
        item_id
        for item_id in found.values_list("open_item_id", flat=True)
        if item_id not in still_there
    )


def list_unlike(source_id: UUID, stated: Mapping[UUID, int], *, is_full: bool) -> tuple[UUID, ...]:
    """Open items of which this source said other cents last than `stated` does.

    Also those that are not in it, where it `is_full`.
    """
    said = BookBalance.objects.filter(
        source_id=source_id, gone=False, open_item__closed_on__isnull=True
    )
    return tuple(
        item_id
        for item_id, cents in said.order_by("id").values_list("open_item_id", "open_cents")
        if (stated[item_id] != cents if item_id in stated else is_full)
    )


def find_latest_list(source_id: UUID) -> tuple[date, UUID] | None:
    """The newest day that a list of this source spoke of, and the last import of that day."""
    newest = BookBalance.objects.filter(source_id=source_id).order_by("-as_of", "-import_id")
    return newest.values_list("as_of", "import_id").first()


def list_without_balance(item_ids: Collection[UUID]) -> tuple[UUID, ...]:
    """Those of these items of which no list has said anything yet."""
    known = BookBalance.objects.filter(open_item_id__in=list(item_ids))
    said = set(known.values_list("open_item_id", flat=True))
    return tuple(item_id for item_id in item_ids if item_id not in said)


@dataclass(frozen=True, slots=True)
class ItemForBank:
    """An item that a payment may mean, as the two truths about it have it.

    `unseen_cents` is what the bank has not seen paid, `in_books_cents` the part of that which the
    books have settled (negative for a claim), on `books_as_of` or earlier.
    """

    item_id: UUID
    debtor_id: UUID
    number: str
    unseen_cents: int
    in_books_cents: int
    books_as_of: date | None


def load_items_for_bank() -> list[ItemForBank]:
    """Items that a payment may mean.

    What only the books have settled still counts: the bank confirms it later. Paid invoices are
    there with nil: a payment that names one is not another's.
    """
    rows = execute(
        """
        SELECT item.id, item.debtor_id, coalesce(invoice.number, ''), balance.unseen,
               balance.in_books, books.as_of
        FROM tijdig_openitem item
        LEFT JOIN tijdig_invoice invoice
          ON invoice.administration_id = item.administration_id AND invoice.open_item_id = item.id
        LEFT JOIN tijdig_bookbalance books
          ON books.administration_id = item.administration_id AND books.open_item_id = item.id
        JOIN (
            SELECT open_item_id,
                   coalesce(sum(cents) FILTER (WHERE kind <> 'settled_in_books'), 0)::bigint
                       AS unseen,
                   coalesce(sum(cents) FILTER (WHERE kind = 'settled_in_books'), 0)::bigint
                       AS in_books
            FROM tijdig_entry WHERE administration_id = %s GROUP BY open_item_id
        ) balance ON balance.open_item_id = item.id
        WHERE item.administration_id = %s AND item.currency = 'EUR'
        ORDER BY item.id
        """,
        [active_administration(), active_administration()],
    )
    return [ItemForBank(*row) for row in rows.fetchall()]


def load_known_ibans() -> list[tuple[str, UUID]]:
    """Every account from which a debtor is known to pay."""
    rows = execute(
        "SELECT iban, debtor_id FROM tijdig_debtoriban WHERE administration_id = %s",
        [active_administration()],
    )
    return rows.fetchall()
