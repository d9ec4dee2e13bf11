"""Debtors and invoices in lists: by key, with balances, counted no further than asked."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from uuid import UUID

from tijdig.ledger.queries.sql import INVOICES, balance_of, fetch
from tijdig.ledger.queries.words import MOST_NAMED, Found, holds
from tijdig.tenants.scope import active_administration

DebtorTab = Literal["all", "open", "overdue", "attention"]
InvoiceTab = Literal["all", "open", "overdue", "attention"]
ATTENTION_REASONS = (
    "no_address",
    "not_in_default",
    "bank_not_read",
    "below_minimum",
    "after_last_demand",
    "in_doubt_waits",
    "stop_incomplete_invoice",
    "stop_dead_address",
    "stop_insolvency_over",
    "stop_rest_overlong",
    "stop_bewind",
    "stop_curatele",
)


@dataclass(frozen=True, slots=True)
class DebtorRow:
    """A debtor in the list, in euros; `oldest_due_on` is that of his oldest open invoice.

    An invoice that is due before it was written is not late, and not counted as the oldest:
    `has_wrong_due_date` tells that there is one.
    """

    id: UUID
    number: str
    name: str
    kind: str
    next_look_on: date | None
    standing_reason: str
    open_cents: int
    overdue_cents: int
    oldest_due_on: date | None
    has_wrong_due_date: bool


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


# Nobody is late by a due date before the invoice itself.
_IS_LATE = "(v.due_on < %(today)s AND v.due_on >= v.issued_on)"
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
    "overdue": f"EXISTS ({_OPEN_ITEM} AND {_IS_LATE})",
    "attention": f"(d.id IN ({_STANDING_STILL}) OR EXISTS ({_DIFFERENCE}))",
}
_DEBTORS_FOUND = {
    "all": "true",
    "ids": "d.id = ANY(%(ids)s::uuid[])",
    "words": f"""({holds("d.name")} OR {holds("d.number")}
        OR EXISTS (SELECT FROM tijdig_contact c WHERE c.administration_id = d.administration_id
                   AND c.debtor_id = d.id AND {holds("c.email")}))""",
}
_INVOICE_TABS: dict[InvoiceTab, str] = {
    "all": "true",
    "open": "i.closed_on IS NULL",
    "overdue": f"i.closed_on IS NULL AND i.kind = 'invoice' AND {_IS_LATE}",
    "attention": """EXISTS (SELECT FROM tijdig_bookbalance b WHERE b.differs
        AND b.administration_id = v.administration_id AND b.open_item_id = v.open_item_id)""",
}
# One invoice after the other in the order asked for: with a limit that is soon reached, joining all
# of them first, as the planner would, takes a hundred times as long.
_INVOICES_IN_TURN = """
    FROM tijdig_invoice v
    CROSS JOIN LATERAL (
        SELECT item.* FROM tijdig_openitem item
        WHERE item.administration_id = v.administration_id AND item.id = v.open_item_id OFFSET 0) i
    CROSS JOIN LATERAL (
        SELECT debtor.* FROM tijdig_debtor debtor
        WHERE debtor.administration_id = i.administration_id AND debtor.id = i.debtor_id
        OFFSET 0) d
"""
_OPEN_ITEMS = """
    SELECT count(*) FROM (
        SELECT FROM tijdig_openitem i
        WHERE i.administration_id = %(administration)s AND i.closed_on IS NULL
        LIMIT %(most)s) counted
"""
_INVOICES_FOUND = {
    "all": "true",
    "number": "v.number >= %(search)s AND v.number < %(beyond)s",
    "ids": "v.id = ANY(%(ids)s::uuid[])",
    "words": f"""({holds("v.number")} OR {holds("v.order_reference")}
        OR {holds("v.customer_reference")} OR {holds("d.name")})""",
}


def list_debtors(
    *,
    tab: DebtorTab,
    found: Found,
    after: tuple[str, str] | None,
    today: date,
    limit: int,
) -> tuple[DebtorRow, ...]:
    """Debtors by name with what they owe; `after` is the name and id of the last one seen."""
    name, last_id = after or ("", "")
    onward = "AND (d.name, d.id) > (%(name)s, %(id)s)" if after else ""
    sql = f"""
        WITH page AS (
            SELECT d.administration_id, d.id, d.number, d.name, d.kind
            FROM tijdig_debtor d
            WHERE d.administration_id = %(administration)s AND {_DEBTOR_TABS[tab]}
              AND {_DEBTORS_FOUND[found.by]} {onward}
            ORDER BY d.name, d.id LIMIT %(limit)s
        )
        SELECT page.id, page.number, page.name, page.kind, look.next_look_on,
               look.standing_reason, coalesce(sums.open, 0)::bigint,
               coalesce(sums.overdue, 0)::bigint, sums.oldest,
               coalesce(sums.is_wrong, false)
        FROM page
        JOIN tijdig_look look
          ON look.administration_id = page.administration_id AND look.id = page.id
        LEFT JOIN LATERAL (
            SELECT sum(item.cents) AS open,
                   sum(item.cents) FILTER (WHERE item.is_late) AS overdue,
                   min(item.due_on) FILTER (WHERE item.kind = 'invoice' AND NOT item.is_wrong)
                       AS oldest,
                   bool_or(item.kind = 'invoice' AND item.is_wrong) AS is_wrong
            FROM (
                SELECT i.kind, v.due_on, {balance_of("i", "i.id")} AS cents,
                       i.kind = 'invoice' AND {_IS_LATE} AS is_late,
                       v.due_on < v.issued_on AS is_wrong
                FROM tijdig_openitem i LEFT JOIN tijdig_invoice v
                  ON v.administration_id = i.administration_id AND v.open_item_id = i.id
                WHERE i.administration_id = page.administration_id
                  AND i.debtor_id = page.id AND i.closed_on IS NULL AND i.currency = 'EUR'
            ) item
        ) sums ON true
        ORDER BY page.name, page.id
    """
    asked = {**_asked(found, today), "name": name, "id": last_id, "limit": limit}
    return tuple(DebtorRow(*row) for row in fetch(sql, asked))


def count_debtors(*, tab: DebtorTab, found: Found, today: date, up_to: int) -> int:
    """How many debtors a list holds; counting stops at `up_to`."""
    sql = f"""
        SELECT count(*) FROM (
            SELECT FROM tijdig_debtor d
            WHERE d.administration_id = %(administration)s AND {_DEBTOR_TABS[tab]}
              AND {_DEBTORS_FOUND[found.by]} LIMIT %(limit)s) counted
    """
    return int(fetch(sql, {**_asked(found, today), "limit": up_to})[0][0])


def list_invoices(
    *,
    tab: InvoiceTab,
    found: Found,
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
    asked = {**_asked(found, today), "due_on": due_on, "id": last_id, "limit": limit}
    sql = f"""
        SELECT v.id, v.number, i.kind, d.number, d.name, v.issued_on, v.due_on,
               v.invoiced_cents, {balance_of("v", "v.open_item_id")}, i.closed_on,
               i.currency
        {_choose_walk(tab, found)}
        WHERE v.administration_id = %(administration)s AND {_INVOICE_TABS[tab]}
          AND {_INVOICES_FOUND[found.by]} {onward}
        ORDER BY v.due_on DESC, v.id LIMIT %(limit)s
    """
    return tuple(InvoiceRow(*row) for row in fetch(sql, asked))


def count_invoices(*, tab: InvoiceTab, found: Found, today: date, up_to: int) -> int:
    """How many invoices a list holds; counting stops at `up_to`."""
    if found.by == "words":
        # Those already found may be enough: counting on means looking at one after the other.
        named = count_invoices(tab=tab, found=replace(found, by="ids"), today=today, up_to=up_to)
        if named == up_to:
            return named
    # Joined only where the tab needs it: a capped count must not read a book of a million.
    is_plain = tab in {"all", "attention"} and found.by != "words"
    sql = f"""
        SELECT count(*) FROM (
            SELECT {"FROM tijdig_invoice v" if is_plain else _choose_walk(tab, found)}
            WHERE v.administration_id = %(administration)s
              AND {_INVOICE_TABS[tab]} AND {_INVOICES_FOUND[found.by]} LIMIT %(limit)s) counted
    """
    return int(fetch(sql, {**_asked(found, today), "limit": up_to})[0][0])


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


def list_paid_with_claims(debtor_id: UUID) -> tuple[InvoiceRow, ...]:
    """A debtor's paid invoices of which costs or interest are still open, oldest first."""
    sql = f"""
        SELECT v.id, v.number, i.kind, d.number, d.name, v.issued_on, v.due_on, v.invoiced_cents,
               0::bigint, i.closed_on, i.currency
        {INVOICES} WHERE i.administration_id = %(administration)s
          AND i.debtor_id = %(debtor)s AND i.closed_on IS NOT NULL AND i.kind = 'invoice'
          AND EXISTS (
            SELECT FROM tijdig_claimpart part
            JOIN tijdig_claimline line
              ON line.administration_id = part.administration_id AND line.id = part.line_id
            JOIN tijdig_openitem owed
              ON owed.administration_id = line.administration_id AND owed.id = line.open_item_id
            WHERE part.administration_id = i.administration_id AND part.open_item_id = i.id
              AND owed.closed_on IS NULL)
        ORDER BY v.due_on, v.id
    """
    asked = {"administration": active_administration(), "debtor": debtor_id}
    return tuple(InvoiceRow(*row) for row in fetch(sql, asked))


def _choose_walk(tab: InvoiceTab, found: Found) -> str:
    """How the rows of a list are come by: in turn where many of them are in it, else by a plan."""
    if found.by in {"number", "ids"} or tab == "attention":
        return INVOICES
    if tab in {"open", "overdue"} and fetch(_OPEN_ITEMS, found.asked)[0][0] <= MOST_NAMED:
        return INVOICES
    return _INVOICES_IN_TURN


def _asked(found: Found, today: date) -> dict[str, object]:
    return {**found.asked, "today": today, "attention": list(ATTENTION_REASONS)}
