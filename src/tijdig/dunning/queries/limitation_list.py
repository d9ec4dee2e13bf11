"""What can soon not be enforced any more, or is over: invoices, and costs and interest by them."""

from datetime import date

from tijdig.dunning.queries.claim_ends import list_claim_limitations
from tijdig.dunning.queries.limitation import (
    LimitationRow,
    LimitationTab,
    list_invoice_limitations,
)


def list_limitations(*, tab: LimitationTab, today: date) -> tuple[LimitationRow, ...]:
    """Open invoices, costs and interest that end within 180 days, or have; the first to end first.

    Costs and interest stand there too where their invoice was paid. At most 2,000 of each.
    """
    is_over = tab == "over"
    rows = [
        *list_invoice_limitations(tab=tab, today=today),
        *list_claim_limitations(today=today),
    ]
    shown = [row for row in rows if (row.warning_days == 0) is is_over]
    return tuple(
        sorted(shown, key=lambda row: (row.ends_on, row.invoice_number, row.claim), reverse=is_over)
    )


def count_near_limitation(*, today: date) -> int:
    """How many open invoices and lines of costs or interest end within 180 days."""
    return len(list_limitations(tab="soon", today=today))
