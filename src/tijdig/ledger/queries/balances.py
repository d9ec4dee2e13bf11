"""Entries, sums and counts."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from tijdig.ledger.belongings.models import Look
from tijdig.ledger.models import BookBalance, Debtor
from tijdig.ledger.queries.sql import fetch
from tijdig.tenants.scope import active_administration


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry in a history, with the number of the invoice it stands on (else empty)."""

    id: UUID
    kind: str
    cents: int
    on: date
    recorded_at: datetime
    source_kind: str
    source_id: UUID
    invoice_number: str

    @property
    def is_confirmation(self) -> bool:
        """Whether the bank shows money that the books had settled: it counts once."""
        return self.kind == "settled_in_books" and self.source_kind == "bank_line"


@dataclass(frozen=True, slots=True)
class Totals:
    """What is open in the administration, and how much of it is late."""

    open_cents: int
    overdue_cents: int
    open_count: int
    overdue_count: int


def list_entries_of_item(item_id: UUID) -> tuple[EntryRow, ...]:
    """Every entry on an item, oldest first."""
    return _list_entries("e.open_item_id = %(id)s", item_id, order='e."on", e.recorded_at, e.id')


def list_entries_of_debtor(debtor_id: UUID, *, limit: int) -> tuple[EntryRow, ...]:
    """The latest entries on a debtor's items, newest first."""
    order = 'e."on" DESC, e.recorded_at DESC, e.id DESC'
    return _list_entries("i.debtor_id = %(id)s", debtor_id, order=order, limit=limit)


def compute_unapplied_cents(debtor_id: UUID) -> int:
    """Money of this debtor that is not yet set against an invoice; nil or negative."""
    sql = """
        SELECT coalesce(sum(e.cents), 0)::bigint FROM tijdig_openitem i JOIN tijdig_entry e
          ON e.administration_id = i.administration_id AND e.open_item_id = i.id
        WHERE i.administration_id = %(administration)s AND i.debtor_id = %(debtor)s
          AND i.closed_on IS NULL AND i.kind = 'unapplied'
    """
    asked = {"administration": active_administration(), "debtor": debtor_id}
    return int(fetch(sql, asked)[0][0])


def compute_totals(*, today: date) -> Totals:
    """What is open and what is late, in euros, over the whole administration."""
    sql = """
        SELECT coalesce(sum(cents), 0)::bigint,
               coalesce(sum(cents) FILTER (WHERE due_on < %(today)s), 0)::bigint,
               coalesce(sum(invoices), 0)::bigint,
               coalesce(sum(invoices) FILTER (WHERE due_on < %(today)s), 0)::bigint
        FROM tijdig_openchange WHERE administration_id = %(administration)s
    """
    return Totals(*fetch(sql, {"administration": active_administration(), "today": today})[0])


def count_by_standing_reason(reasons: tuple[str, ...]) -> dict[str, int]:
    """How many debtors stand still for each of these reasons."""
    sql = """
        SELECT standing_reason, count(*) FROM tijdig_look
        WHERE administration_id = %(administration)s AND standing_reason = ANY(%(reasons)s)
        GROUP BY standing_reason
    """
    asked = {"administration": active_administration(), "reasons": list(reasons)}
    return {str(reason): int(count) for reason, count in fetch(sql, asked)}


def count_differences() -> int:
    """On how many invoices the books and the ledger do not agree."""
    return BookBalance.objects.filter(differs=True).count()


def list_debtor_ids_due(*, until: date, limit: int) -> tuple[UUID, ...]:
    """Debtors for whom something could be due up to and including a day, the first due first."""
    due = Look.objects.filter(next_look_on__lte=until).order_by("next_look_on", "id")
    return tuple(due.values_list("id", flat=True)[:limit])


def list_debtor_names(ids: tuple[UUID, ...]) -> dict[UUID, tuple[str, str]]:
    """Number and name of these debtors, by id."""
    rows = Debtor.objects.filter(id__in=ids).values_list("id", "number", "name")
    return {row[0]: (row[1], row[2]) for row in rows}


def list_invoice_numbers(item_ids: tuple[UUID, ...]) -> dict[UUID, str]:
    """The invoice number of each of these open items, by item."""
    sql = """
        SELECT open_item_id, number FROM tijdig_invoice
        WHERE administration_id = %(administration)s AND open_item_id = ANY(%(items)s)
    """
    asked = {"administration": active_administration(), "items": list(item_ids)}
    return {row[0]: str(row[1]) for row in fetch(sql, asked)}


def _list_entries(
    where: str, wanted_id: UUID, *, order: str, limit: int = 1000
) -> tuple[EntryRow, ...]:
    sql = f"""
        SELECT e.id, e.kind, e.cents, e."on", e.recorded_at, e.source_kind, e.source_id,
               coalesce(v.number, '')
        FROM tijdig_entry e
        JOIN tijdig_openitem i
          ON i.administration_id = e.administration_id AND i.id = e.open_item_id
        LEFT JOIN tijdig_invoice v
          ON v.administration_id = e.administration_id AND v.open_item_id = e.open_item_id
        WHERE e.administration_id = %(administration)s AND {where}
        ORDER BY {order} LIMIT %(limit)s
    """
    asked = {"administration": active_administration(), "id": wanted_id, "limit": limit}
    return tuple(EntryRow(*row) for row in fetch(sql, asked))
