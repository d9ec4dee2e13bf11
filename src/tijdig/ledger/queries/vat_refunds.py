"""VAT on invoices that nobody paid for a year: what to ask back, and what to pay back later."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from tijdig.core.calendar import add_days, add_months
from tijdig.core.law.tables import VAT_REFUND_YEARS
from tijdig.core.law.vat_refund import (
    VatRefund,
    compute_open_vat,
    compute_unagreed_due_day,
)
from tijdig.ledger.queries.sql import INVOICES, fetch
from tijdig.tenants.scope import active_administration

MOST_ROWS = 5000
_MONTHS = VAT_REFUND_YEARS.rows[-1].value * 12
_WRITTEN_ON = VAT_REFUND_YEARS.rows[-1].from_on
_UNAGREED_DAYS = (compute_unagreed_due_day(add_days(_WRITTEN_ON, 1)) - _WRITTEN_ON).days


@dataclass(frozen=True, slots=True)
class UnpaidYear:
    """An invoice of which a year has passed since its last day to pay, in euros.

    `due_on` is that day for VAT, `term` says how it came about. `open_cents` is what was open at
    the end of `year_over_on`, VAT included; `later_cents` what was received after it, up to
    today. `vat_cents` is the VAT of the invoice, None where its file did not say it. What credit
    notes took off the invoice by then, set off or not, is in none of these, nor their VAT.
    """

    invoice_number: str
    debtor_number: str
    debtor_name: str
    debtor_vat_number: str
    issued_on: date
    due_on: date
    term: str
    invoiced_cents: int
    open_cents: int
    year_over_on: date
    later_cents: int
    vat_cents: int | None
    item_id: UUID
    debtor_id: UUID

    @property
    def earlier_cents(self) -> int:
        """What was paid, credited or settled before the year was over."""
        return self.invoiced_cents - self.open_cents

    @property
    def net_cents(self) -> int | None:
        """What was open at the end of the year, without VAT."""
        refund = self.refund_cents
        return None if refund is None else self.open_cents - refund

    @property
    def refund_cents(self) -> int | None:
        """The VAT to ask back."""
        return compute_open_vat(
            self.open_cents, gross_cents=self.invoiced_cents, vat_cents=self.vat_cents
        )


@dataclass(frozen=True, slots=True)
class LateReceipt:
    """Money on an invoice more than a year after its last day to pay; below zero when reversed.

    `kind` is that of the entry: what only the books tell has the day on which they told it; once
    the bank shows it, it has the bank's day and stands there once.
    `left_cents` is what was open after it.
    """

    invoice_number: str
    debtor_number: str
    debtor_name: str
    due_on: date
    year_over_on: date
    received_on: date
    kind: str
    cents: int
    invoiced_cents: int
    vat_cents: int | None
    left_cents: int

    @property
    def owed_cents(self) -> int | None:
        """The VAT to pay again; below zero when money went back."""
        left, before = (
            compute_open_vat(cents, gross_cents=self.invoiced_cents, vat_cents=self.vat_cents)
            for cents in (self.left_cents, self.left_cents + self.cents)
        )
        return None if left is None or before is None else before - left


# What a debtor paid, by whatever way it became known; money that went back counts against it.
_MONEY = "e.kind IN ('paid', 'reversed', 'refunded', 'settled_in_books', 'set_off')"
# The day on the invoice, or else as was agreed. One that names none: thirty days after receipt, on
# the day after it was written, whatever term we count with.
_LAST_DAY = """(CASE WHEN v.term = 'assumed' THEN v.issued_on + %(unagreed_days)s::int
                     ELSE v.due_on END)"""
# What was settled before the invoice came into these books has no known day: it counts as early.
_DAY = f"""(CASE WHEN e.kind = 'settled_in_books' AND e.on = v.imported_on
               THEN {_LAST_DAY} ELSE e.on END)"""
_YEAR_OVER = f"({_LAST_DAY} + make_interval(months => %(months)s))::date"
# Two truths for one payment are one receipt: what the bank shows of what the books had settled has
# the bank's day, and the oldest word of the books about it tells nothing more. A match that was
# taken back, which the odd round of its line says, was never there. That a credit note which counts
# already was set off against the invoice, which both say of one source, is no money either.
_ENTRIES = """
    CROSS JOIN LATERAL (
        SELECT told.id, told.on, told.kind, told.cents,
               sum(told.cents) OVER (ORDER BY told.on, told.id)::bigint AS left_cents
        FROM (
            SELECT two.id, two.on, two.kind, (CASE
                       WHEN two.kind <> 'settled_in_books' THEN two.cents
                       WHEN two.source_kind = 'bank_line' THEN 0
                       WHEN sign(two.cents) = sign(coalesce(two.seen, 0)) THEN two.cents
                       ELSE sign(two.cents) * least(abs(two.cents),
                            greatest(two.until_here - abs(coalesce(two.seen, 0)), 0))
                   END)::bigint AS cents
            FROM (
                SELECT one.*,
                       sum(one.cents) FILTER (
                            WHERE one.kind = 'settled_in_books'
                              AND one.source_kind = 'bank_line') OVER () AS seen,
                       sum(abs(one.cents)) OVER (
                            PARTITION BY one.kind, one.source_kind = 'bank_line', sign(one.cents)
                            ORDER BY one.on, one.id) AS until_here
                FROM (
                    SELECT entry.id, entry.on, entry.kind, entry.source_kind, (CASE
                               WHEN sign(entry.cents) = -sign(mirror.cents)
                               THEN sign(entry.cents)
                                    * greatest(abs(entry.cents) - abs(mirror.cents), 0)
                               ELSE entry.cents END) AS cents,
                           entry.source_kind = 'bank_line' AND bool_or(
                                entry.source_round %% 2 = 1) OVER (
                                PARTITION BY entry.source_kind, entry.source_id,
                                             entry.source_round / 2) AS was_undone
                    FROM tijdig_entry entry
                    LEFT JOIN LATERAL (
                        SELECT sum(other.cents) AS cents FROM tijdig_entry other
                        WHERE other.administration_id = entry.administration_id
                          AND other.open_item_id = ANY(credit.item_ids)
                          AND other.kind = entry.kind AND other.source_kind = entry.source_kind
                          AND other.source_id = entry.source_id
                          AND other.source_round = entry.source_round
                    ) mirror ON entry.kind IN ('set_off', 'settled_in_books')
                    WHERE entry.administration_id = v.administration_id
                      AND entry.open_item_id = v.open_item_id
                ) one
                WHERE NOT one.was_undone
            ) two
        ) told
        WHERE told.cents <> 0
    ) e
"""

# Credit notes that name the invoice, written before its year was over: the VAT of each was deducted
# when it was written, so neither it nor its amount comes back once more, whether it was set off or
# not. Below zero; the VAT may be unknown.
_CREDIT = f"""
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(note.cents), 0)::bigint AS cents, array_agg(note.item_id) AS item_ids,
               CASE WHEN bool_and(note.vat_cents IS NOT NULL) IS NOT FALSE
                    THEN coalesce(sum(note.vat_cents), 0)::bigint END AS vat_cents
        FROM (
            SELECT item.id AS item_id, written.vat_cents, entry.cents
            FROM tijdig_openitem item
            JOIN tijdig_invoice written ON written.administration_id = item.administration_id
              AND written.open_item_id = item.id
            JOIN tijdig_entry entry ON entry.administration_id = item.administration_id
              AND entry.open_item_id = item.id AND entry.kind = 'credited'
              AND entry.on <= {_YEAR_OVER}
            WHERE item.administration_id = v.administration_id AND item.debtor_id = i.debtor_id
              AND item.kind = 'credit_note' AND written.credited_number = v.number
        ) note
    ) credit
"""


def list_unpaid_years(period: VatRefund) -> tuple[UnpaidYear, ...]:
    """Invoices whose year ends in the period and that were open on that day. At most 5,000."""
    sql = f"""
        SELECT v.number, d.number, d.name, d.vat_number, v.issued_on, {_LAST_DAY}, v.term,
               v.invoiced_cents + credit.cents,
               coalesce(sum(e.cents) FILTER (WHERE {_DAY} <= {_YEAR_OVER}), 0)::bigint
                   + credit.cents AS then_open,
               {_YEAR_OVER},
               coalesce(-sum(e.cents) FILTER (WHERE {_DAY} > {_YEAR_OVER} AND {_MONEY}), 0)::bigint,
               v.vat_cents + credit.vat_cents, i.id, d.id
        {INVOICES} {_CREDIT} {_ENTRIES}
        WHERE v.administration_id = %(administration)s AND i.kind = 'invoice'
          AND i.currency = 'EUR' AND {_LAST_DAY} >= %(from_on)s AND {_LAST_DAY} < %(until)s
        GROUP BY v.administration_id, v.id, d.administration_id, d.id, i.administration_id, i.id,
                 credit.cents, credit.vat_cents, credit.item_ids
        HAVING coalesce(sum(e.cents) FILTER (WHERE {_DAY} <= {_YEAR_OVER}), 0) > -credit.cents
        ORDER BY {_LAST_DAY}, v.number LIMIT %(limit)s
    """
    asked = {
        **_asked(),
        "from_on": add_months(period.from_on, -_MONTHS),
        "until": add_months(period.until, -_MONTHS),
    }
    return tuple(UnpaidYear(*row) for row in fetch(sql, asked))


def list_late_receipts(period: VatRefund) -> tuple[LateReceipt, ...]:
    """Money received in the period on invoices whose year was over then: VAT is owed on it again.

    At most 5,000, by day.
    """
    sql = f"""
        SELECT v.number, d.number, d.name, {_LAST_DAY}, {_YEAR_OVER}, e.on, e.kind,
               (-e.cents)::bigint, v.invoiced_cents + credit.cents, v.vat_cents + credit.vat_cents,
               e.left_cents + credit.cents
        {INVOICES} {_CREDIT} {_ENTRIES}
        WHERE v.administration_id = %(administration)s AND i.kind = 'invoice'
          AND i.currency = 'EUR' AND {_MONEY} AND {_DAY} > {_YEAR_OVER}
          AND e.on >= %(from_on)s AND e.on < %(until)s
          AND {_LAST_DAY} < %(due_before)s AND {_LAST_DAY} >= %(rule_from)s
          AND EXISTS (SELECT FROM tijdig_entry late
               WHERE late.administration_id = v.administration_id
                 AND late.open_item_id = v.open_item_id
                 AND late.on >= %(from_on)s AND late.on < %(until)s)
        ORDER BY e.on, v.number, e.id LIMIT %(limit)s
    """
    asked = {
        **_asked(),
        "from_on": period.from_on,
        "until": period.until,
        "due_before": add_months(period.until, -_MONTHS),
        "rule_from": VAT_REFUND_YEARS.rows[0].from_on,
    }
    return tuple(LateReceipt(*row) for row in fetch(sql, asked))


def _asked() -> dict[str, object]:
    return {
        "administration": active_administration(),
        "months": _MONTHS,
        "unagreed_days": _UNAGREED_DAYS,
        "limit": MOST_ROWS,
    }
