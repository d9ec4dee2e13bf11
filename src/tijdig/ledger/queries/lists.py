"""Debtors and invoices in lists: by key, with balances, counted no further than asked."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from tijdig.ledger.queries.sql import INVOICES, balance_of, fetch
from tijdig.tenants.scope import active_administration

DebtorTab = Literal["all", "open", "overdue", "attention"]
InvoiceTab = Literal["all", "open", "overdue", "attention"]
ATTENTION_REASONS = (
    "no_address",
    "below_minimum",
    "after_last_demand",
    "in_doubt_waits",
    "stop_incomplete_invoice",
)


@dataclass(frozen=True, slots=True)
class DebtorRow:
    """A debtor in the list, in euros; `oldest_due_on` is that of his oldest open invoice."""

    id: UUID
    number: str
    name: str
    kind: str
    next_look_on: date | None
    standing_reason: str
    open_cents: int
    overdue_cents: int
    oldest_due_on: date | None


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """An invoice or credit note in a list; `open_cents` is signed, as the ledger has it."""

    id: UUID
    number: str
    kind: str
    debtor_number: str
    debtor_name: str
    issued_on: date
    due_on: date
    invoiced_cents: int
    open_cents: int
    closed_on: date | None
    currency: str


_OPEN_ITEM = """
    SELECT FROM tijdig_openitem i JOIN tijdig_invoice v
      ON v.administration_id = i.administration_id AND v.open_item_id = i.id
    WHERE i.administration_id = d.administration_id AND i.debtor_id = d.id
      AND i.closed_on IS NULL AND i.kind = 'invoice'
"""
_DIFFERENCE = """
    SELECT FROM tijdig_openitem i JOIN tijdig_bookbalance b
      ON b.administration_id = i.administration_id AND b.open_item_id = i.id AND b.differs
    WHERE i.administration_id = d.administration_id AND i.debtor_id = d.id
"""
_STANDING_STILL = """
    SELECT look.id FROM tijdig_look look
    WHERE look.administration_id = %(administration)s AND look.standing_reason = ANY(%(attention)s)
"""
_DEBTOR_TABS: dict[DebtorTab, str] = {
    "all": "true",
    "open": f"EXISTS ({_OPEN_ITEM})",
    "overdue": f"EXISTS ({_OPEN_ITEM} AND v.due_on < %(today)s)",
    "attention": f"(d.id IN ({_STANDING_STILL}) OR EXISTS ({_DIFFERENCE}))",
}
_DEBTOR_SEARCH = (
    "(%(search)s = '' OR d.name ILIKE %(pattern)s OR d.number ILIKE %(pattern)s"
    " OR EXISTS (SELECT FROM tijdig_contact c WHERE c.administration_id = d.administration_id"
    " AND c.debtor_id = d.id AND c.email ILIKE %(pattern)s))"
)
_INVOICE_TABS: dict[InvoiceTab, str] = {
    "all": "true",
    "open": "i.closed_on IS NULL",
    "overdue": "i.closed_on IS NULL AND i.kind = 'invoice' AND v.due_on < %(today)s",
    "attention": """EXISTS (SELECT FROM tijdig_bookbalance b WHERE b.differs
        AND b.administration_id = v.administration_id AND b.open_item_id = v.open_item_id)""",
}
_ITEM_OF_INVOICE = """
    JOIN tijdig_openitem i
      ON i.administration_id = v.administration_id AND i.id = v.open_item_id
"""
_BY_NUMBER = "v.number >= %(search)s AND v.number < %(beyond)s"
_ANYWHERE = """v.id IN (
    SELECT w.id FROM tijdig_invoice w
    WHERE w.administration_id = %(administration)s
      AND (w.number ILIKE %(pattern)s OR w.order_reference ILIKE %(pattern)s
           OR w.customer_reference ILIKE %(pattern)s)
    UNION
    SELECT w.id FROM tijdig_debtor named
    JOIN tijdig_openitem owed
      ON owed.administration_id = named.administration_id AND owed.debtor_id = named.id
    JOIN tijdig_invoice w
      ON w.administration_id = owed.administration_id AND w.open_item_id = owed.id
    WHERE named.administration_id = %(administration)s AND named.name ILIKE %(pattern)s)
"""


def list_debtors(
    *,
    tab: DebtorTab,
    search: str,
    after: tuple[str, str] | None,
    today: date,
    limit: int,
) -> tuple[DebtorRow, ...]:
    """Debtors by name with what they owe; `after` is the name and id of the last one seen."""
    name, last_id = after or ("", "")
    sql = f"""
        WITH page AS (
            SELECT d.administration_id, d.id, d.number, d.name, d.kind
            FROM tijdig_debtor d
            WHERE d.administration_id = %(administration)s AND {_DEBTOR_TABS[tab]}
              AND {_DEBTOR_SEARCH} {"AND (d.name, d.id) > (%(name)s, %(id)s)" if after else ""}
            ORDER BY d.name, d.id LIMIT %(limit)s
        )
        SELECT page.id, page.number, page.name, page.kind, look.next_look_on,
               look.standing_reason, coalesce(sums.open, 0)::bigint,
               coalesce(sums.overdue, 0)::bigint, sums.oldest
        FROM page
        JOIN tijdig_look look
          ON look.administration_id = page.administration_id AND look.id = page.id
        LEFT JOIN LATERAL (
            SELECT sum(item.cents) AS open,
                   sum(item.cents) FILTER (WHERE item.is_late) AS overdue,
                   min(item.due_on) FILTER (WHERE item.kind = 'invoice') AS oldest
            FROM (
                SELECT i.kind, v.due_on, {balance_of("i", "i.id")} AS cents,
                       i.kind = 'invoice' AND v.due_on < %(today)s AS is_late
                FROM tijdig_openitem i LEFT JOIN tijdig_invoice v
                  ON v.administration_id = i.administration_id AND v.open_item_id = i.id
                WHERE i.administration_id = page.administration_id
                  AND i.debtor_id = page.id AND i.closed_on IS NULL AND i.currency = 'EUR'
            ) item
        ) sums ON true
        ORDER BY page.name, page.id
    """
    asked = {**_asked(search, today), "name": name, "id": last_id, "limit": limit}
    return tuple(DebtorRow(*row) for row in fetch(sql, asked))


def count_debtors(*, tab: DebtorTab, search: str, today: date, up_to: int) -> int:
    """How many debtors a list holds; counting stops at `up_to`."""
    sql = f"""
        SELECT count(*) FROM (
            SELECT FROM tijdig_debtor d
            WHERE d.administration_id = %(administration)s AND {_DEBTOR_TABS[tab]}
              AND {_DEBTOR_SEARCH} LIMIT %(limit)s) found
    """
    return int(fetch(sql, {**_asked(search, today), "limit": up_to})[0][0])


def list_invoices(
    *,
    tab: InvoiceTab,
    search: str,
    after: tuple[str, str] | None,
    today: date,
    limit: int,
) -> tuple[InvoiceRow, ...]:
    """Invoices, latest due date first; `after` is the due date and id of the last one seen."""
    due_on, last_id = after or ("", "")
    onward = (
        "AND (v.due_on < %(due_on)s::date OR (v.due_on = %(due_on)s::date AND v.id > %(id)s))"
        if after
        else ""
    )
    asked = {**_asked(search, today), "due_on": due_on, "id": last_id, "limit": limit}
    sql = f"""
        SELECT v.id, v.number, i.kind, d.number, d.name, v.issued_on, v.due_on,
               v.invoiced_cents, {balance_of("v", "v.open_item_id")}, i.closed_on,
               i.currency
        {INVOICES}
        WHERE v.administration_id = %(administration)s AND {_INVOICE_TABS[tab]}
          AND {_invoices_found(asked)} {onward}
        ORDER BY v.due_on DESC, v.id LIMIT %(limit)s
    """
    return tuple(InvoiceRow(*row) for row in fetch(sql, asked))


def count_invoices(*, tab: InvoiceTab, search: str, today: date, up_to: int) -> int:
    """How many invoices a list holds; counting stops at `up_to`."""
    asked = {**_asked(search, today), "limit": up_to}
    # Joined only where the tab needs it: a capped count must not read a book of a million.
    items = "" if tab in {"all", "attention"} else _ITEM_OF_INVOICE
    sql = f"""
        SELECT count(*) FROM (
            SELECT FROM tijdig_invoice v {items}
            WHERE v.administration_id = %(administration)s
              AND {_INVOICE_TABS[tab]} AND {_invoices_found(asked)} LIMIT %(limit)s) found
    """
    return int(fetch(sql, asked)[0][0])


def list_invoices_of(debtor_id: UUID, *, closed_limit: int) -> tuple[InvoiceRow, ...]:
    """A debtor's open invoices and credit notes, oldest first, then the latest closed ones."""
    sql = f"""
        (SELECT v.id, v.number, i.kind, d.number, d.name, v.issued_on, v.due_on, v.invoiced_cents,
                {balance_of("v", "v.open_item_id")}, i.closed_on,
               i.currency
         {INVOICES} WHERE i.administration_id = %(administration)s
           AND i.debtor_id = %(debtor)s AND i.closed_on IS NULL
         ORDER BY v.due_on, v.id)
        UNION ALL
        (SELECT v.id, v.number, i.kind, d.number, d.name, v.issued_on, v.due_on, v.invoiced_cents,
                0::bigint, i.closed_on, i.currency
         {INVOICES} WHERE i.administration_id = %(administration)s
           AND i.debtor_id = %(debtor)s AND i.closed_on IS NOT NULL
         ORDER BY i.closed_on DESC, v.id LIMIT %(limit)s)
    """
    asked = {"administration": active_administration(), "debtor": debtor_id, "limit": closed_limit}
    return tuple(InvoiceRow(*row) for row in fetch(sql, asked))


def _invoices_found(asked: dict[str, object]) -> str:
    """The condition for the words searched: a number that begins with them, else anywhere.

    The number is the common case, and its index answers at once.
    """
    if not asked["search"]:
        return "true"
    sql = f"""
        SELECT EXISTS (SELECT FROM tijdig_invoice v
                       WHERE v.administration_id = %(administration)s AND {_BY_NUMBER})
    """
    return _BY_NUMBER if fetch(sql, asked)[0][0] else _ANYWHERE


def _asked(search: str, today: date) -> dict[str, object]:
    escaped = search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return {
        "administration": active_administration(),
        "search": search,
        "pattern": f"%{escaped}%",
        "beyond": f"{search}\U0010ffff",
        "today": today,
        "attention": list(ATTENTION_REASONS),
    }
