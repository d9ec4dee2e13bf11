"""Open items come to be, and what the books say of them is kept beside the ledger."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tijdig.ledger.actions.posting import NewEntry, post, touch_debtors
from tijdig.ledger.belongings.models import InvoiceDocument
from tijdig.ledger.models import BookBalance, Entry, Invoice, OpenItem
from tijdig.ledger.queries.item_owners import load_item_owners
from tijdig.tenants.bulk import execute, insert_rows, update_rows
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import active_administration

# Booked money that is younger than this may not have reached the bookkeeping's list yet.
BOOKS_LAG_DAYS = 5


@dataclass(frozen=True, slots=True)
class NewInvoice:
    """An invoice or credit note before it is stored; `claim_cents` is what remains to be paid."""

    debtor_id: UUID
    kind: str
    number: str
    issued_on: date
    due_on: date
    term: str
    currency: str
    invoiced_cents: int
    claim_cents: int
    import_id: UUID
    order_reference: str = ""
    customer_reference: str = ""
    payment_reference: str = ""
    credited_number: str = ""
    by_direct_debit: bool = False
    g_account_iban: str = ""
    g_account_cents: int | None = None
    vat_cents: int | None = None
    terms_note: str = ""
    discount_cents: int = 0
    discount_until: date | None = None


@dataclass(frozen=True, slots=True)
class StatedBalance:
    """What a list of open items says is open on an item, as of a day."""

    open_item_id: UUID
    as_of: date
    open_cents: int
    import_id: UUID
    source_id: UUID | None
    gone: bool = False


_INVOICE_COLUMNS = (
    "number issued_on due_on term invoiced_cents order_reference customer_reference "
    "payment_reference credited_number by_direct_debit g_account_iban g_account_cents vat_cents "
    "terms_note discount_cents discount_until"
).split()


def open_invoices(
    new: Sequence[NewInvoice], *, today: date, now: datetime
) -> tuple[tuple[UUID, UUID], ...]:
    """Store invoices with their items and first entries; `(item id, invoice id)` in order."""
    administration_id = active_administration()
    ids = [(new_id(), new_id()) for _ in new]
    insert_rows(
        OpenItem,
        "id administration debtor kind currency closed_on reopen_count".split(),
        [
            (
                item_id,
                administration_id,
                one.debtor_id,
                one.kind,
                one.currency,
                None if one.claim_cents else today,
                0,
            )
            for (item_id, _), one in zip(ids, new, strict=True)
        ],
    )
    insert_rows(
        Invoice,
        ["id", "administration", "open_item", "imported_on", *_INVOICE_COLUMNS],
        [
            (
                invoice_id,
                administration_id,
                item_id,
                today,
                *(getattr(one, column) for column in _INVOICE_COLUMNS),
            )
            for (item_id, invoice_id), one in zip(ids, new, strict=True)
        ],
    )
    _post_first_entries(new, [item_id for item_id, _ in ids], now=now)
    touch_debtors({one.debtor_id for one in new})
    return tuple(ids)


def change_invoices(changes: Mapping[UUID, Mapping[str, object]]) -> None:
    """Take over what the books changed on invoices (by invoice id): terms and references."""
    changed = Invoice.objects.filter(id__in=list(changes)).select_related("open_item")
    for invoice in changed:
        for field, value in changes[invoice.id].items():
            setattr(invoice, field, value)
    columns = [column for column in _INVOICE_COLUMNS if column != "number"]
    update_rows(
        Invoice,
        columns,
        [(one.id, *(getattr(one, column) for column in columns)) for one in changed],
    )
    touch_debtors({one.open_item.debtor_id for one in changed})


def keep_documents(documents: Iterable[tuple[UUID, str, str, str, bytes]]) -> None:
    """Keep what came with invoices: `(invoice id, name, media type, hash, content)` each."""
    administration_id = active_administration()
    insert_rows(
        InvoiceDocument,
        "id administration invoice name media_type content_hash content".split(),
        [(new_id(), administration_id, *document) for document in documents],
        unless_there=True,
    )


def state_balances(
    stated: Sequence[StatedBalance], *, today: date, now: datetime
) -> frozenset[UUID]:
    """Keep what the books say is open, and bring the ledger to it where the books know more.

    Money that the books have seen and the bank has not is booked as settled in the books. Where
    the books leave more open than the ledger, earlier such bookings are taken back; what then
    still differs, and is not just younger than the list, is marked: it holds the debtor.
    An older list than the last one says nothing. At most one balance per item. Gives the items of
    which the books said another amount before.
    """
    known = {
        one.open_item_id: one
        for one in BookBalance.objects.filter(open_item_id__in=[s.open_item_id for s in stated])
    }
    fresh = [
        one
        for one in stated
        if one.open_item_id not in known or known[one.open_item_id].as_of <= one.as_of
    ]
    moved = _find_moved(fresh, known)
    standings = load_standings([one.open_item_id for one in fresh])
    entries, rows = [], []
    for one in fresh:
        standing = standings[one.open_item_id]
        correction = _correction(one.open_cents, standing)
        if correction:
            entries.append(
                NewEntry(
                    one.open_item_id,
                    "settled_in_books",
                    correction,
                    one.as_of,
                    "import",
                    one.import_id,
                )
            )
        rest = one.open_cents - standing.balance_cents - correction
        recent = standing.last_paid_on is not None and (
            (one.as_of - standing.last_paid_on).days < BOOKS_LAG_DAYS
        )
        rows.append((one, rest != 0 and not recent))
    _store_balances(rows, known)
    post(entries, today=today, now=now)
    _touch_debtors_of(
        one.open_item_id
        for one, differs in rows
        if differs != (one.open_item_id in known and known[one.open_item_id].differs)
    )
    return moved


def _find_moved(
    stated: Sequence[StatedBalance], known: Mapping[UUID, BookBalance]
) -> frozenset[UUID]:
    return frozenset(
        one.open_item_id
        for one in stated
        if one.open_item_id in known and known[one.open_item_id].open_cents != one.open_cents
    )


def hold_for_difference(item_ids: Sequence[UUID]) -> None:
    """What the books say of these items is not sure: their debtors are left alone for now."""
    BookBalance.objects.filter(open_item_id__in=item_ids).update(differs=True)
    _touch_debtors_of(item_ids)


@dataclass(frozen=True, slots=True)
class Standing:
    """An item's balance in the ledger, the part settled by the books alone, its last payment.

    `last_paid_on` is that of the bank, the day on which it booked it, and counts set-off too.
    """

    balance_cents: int
    in_books_cents: int
    last_paid_on: date | None
    is_credit: bool


def load_standings(item_ids: Sequence[UUID]) -> dict[UUID, Standing]:
    """The standing of each of these items; every one of them has an entry."""
    rows = execute(
        """
        SELECT entry.open_item_id, sum(entry.cents)::bigint,
               coalesce(sum(entry.cents) FILTER (
                    WHERE entry.kind = 'settled_in_books'), 0)::bigint,
               max(greatest(entry.on, line.booked_on)) FILTER (
                    WHERE entry.kind IN ('paid', 'set_off')),
               bool_or(entry.kind = 'credited')
        FROM tijdig_entry entry
        LEFT JOIN LATERAL (
            SELECT bank.booked_on FROM tijdig_bankline bank
            WHERE entry.source_kind = 'bank_line' AND bank.id = entry.source_id
              AND bank.administration_id = entry.administration_id
            OFFSET 0
        ) line ON true
        WHERE entry.administration_id = %s AND entry.open_item_id = ANY(%s)
        GROUP BY entry.open_item_id
        """,
        [active_administration(), list(item_ids)],
    )
    return {row[0]: Standing(*row[1:]) for row in rows.fetchall()}


def _touch_debtors_of(item_ids: Iterable[UUID]) -> None:
    touch_debtors({one.debtor_id for one in load_item_owners({*item_ids})})


def _post_first_entries(
    new: Sequence[NewInvoice], item_ids: Sequence[UUID], *, now: datetime
) -> None:
    administration_id = active_administration()
    insert_rows(
        Entry,
        "id administration open_item kind cents on source_kind source_id recorded_at".split(),
        [
            (
                new_id(),
                administration_id,
                item_id,
                "credited" if one.claim_cents < 0 else "invoiced",
                one.claim_cents,
                one.issued_on,
                "import",
                one.import_id,
                now,
            )
            for item_id, one in zip(item_ids, new, strict=True)
        ],
    )


def _correction(open_cents: int, standing: Standing) -> int:
    """The cents to book as settled in the books, so that the ledger follows what they know.

    Where they leave more open than the ledger, only what they settled before is taken back: the
    bank has seen the rest. More open is more to pay, and for a credit note more to deduct.
    """
    difference = open_cents - standing.balance_cents
    if standing.is_credit:
        return max(difference, min(-standing.in_books_cents, 0)) if difference < 0 else difference
    return min(difference, max(-standing.in_books_cents, 0)) if difference > 0 else difference


def _store_balances(
    rows: Sequence[tuple[StatedBalance, bool]], known: Mapping[UUID, BookBalance]
) -> None:
    administration_id = active_administration()
    insert_rows(
        BookBalance,
        "id administration open_item as_of open_cents import_id source_id gone differs".split(),
        [
            (
                new_id(),
                administration_id,
                one.open_item_id,
                one.as_of,
                one.open_cents,
                one.import_id,
                one.source_id,
                one.gone,
                differs,
            )
            for one, differs in rows
            if one.open_item_id not in known
        ],
    )
    update_rows(
        BookBalance,
        ("as_of", "open_cents", "import_id", "source_id", "gone", "differs"),
        [
            (
                known[one.open_item_id].id,
                one.as_of,
                one.open_cents,
                one.import_id,
                one.source_id,
                one.gone,
                differs,
            )
            for one, differs in rows
            if one.open_item_id in known
        ],
    )
