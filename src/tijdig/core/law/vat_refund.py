"""VAT back on what a customer does not pay: in which return, how much, and what goes back later."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from tijdig.core.calendar import add_days, add_months, format_day
from tijdig.core.law.dated import get_value, refuse_far_days
from tijdig.core.law.tables import DEFAULT_TERM_DAYS, VAT_REFUND_YEARS
from tijdig.core.money import format_euros, round_cents
from tijdig.core.problem import Refusal, Sentence

Filing = Literal["month", "quarter", "year"]

_MONTHS_IN_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class VatRefund:
    """The return in which the VAT of an unpaid invoice is asked back.

    `year_over_on` is the day on which one year after the last day to pay has passed.
    """

    year_over_on: date
    period: str
    from_on: date
    until: date


def compute_vat_refund(due_on: date, *, filing: Filing) -> VatRefund:
    """The period of the return in which the year after the last day to pay ends.

    `period` is `2021-09`, `2021-Q3` or `2021`; it runs from `from_on` to `until` (excluded).
    Refuses: a due date before 1 January 2017, when the rule of one year did not hold yet.
    Law: Wet OB 1968 art. 29. Vectors: tests/law/vat_refund.toml
    """
    refuse_far_days(due_on)
    years = get_value(VAT_REFUND_YEARS, due_on)
    return compute_period(add_months(due_on, years * _MONTHS_IN_A_YEAR), filing=filing)


def explain_vat_refund(refund: VatRefund, due_on: date) -> Sentence:
    """Why the VAT is asked back in this return. Law: Wet OB 1968 art. 29."""
    due, over = due_on, refund.year_over_on
    return Sentence(
        f"Uiterlijk op {format_day(due, 'nl')} moest worden betaald. Een jaar later, op"
        f" {format_day(over, 'nl')}, geldt de factuur als oninbaar: de btw komt terug in de"
        f" aangifte over {refund.period} ({VAT_REFUND_YEARS.article}).",
        f"Payment was due on {format_day(due, 'en')}. One year later, on"
        f" {format_day(over, 'en')}, the invoice counts as a bad debt: the VAT comes back in the"
        f" return of {refund.period} ({VAT_REFUND_YEARS.article}).",
    )


def compute_period(day: date, *, filing: Filing) -> VatRefund:
    """The period of the return in which a day falls."""
    period, from_on, months = _name_period(day, filing)
    return VatRefund(day, period, from_on, add_months(from_on, months))


def compute_unagreed_due_day(received_on: date) -> date:
    """The last day to pay for VAT where none was agreed: 30 days after receipt."""
    return add_days(received_on, get_value(DEFAULT_TERM_DAYS, received_on))


def split_vat(paid_cents: int, *, gross_cents: int, vat_cents: int) -> int:
    """The VAT in a payment, in proportion to the invoice: what goes back when money comes later.

    Refuses: amounts that cannot be of one invoice.
    """
    if not 0 <= vat_cents < gross_cents or not 0 <= paid_cents <= gross_cents:
        raise Refusal(
            f"De btw van {format_euros(vat_cents)} en de betaling van {format_euros(paid_cents)}"
            f" horen niet bij een factuur van {format_euros(gross_cents)}.",
            f"VAT of {format_euros(vat_cents)} and a payment of {format_euros(paid_cents)} do not"
            f" belong to an invoice of {format_euros(gross_cents)}.",
        )
    return round_cents(Fraction(paid_cents * vat_cents, gross_cents))


def compute_open_vat(open_cents: int, *, gross_cents: int, vat_cents: int | None) -> int | None:
    """The VAT in what is open of an invoice, in proportion; None where its VAT is not known.

    What goes back when money comes is the difference of two of these, so that all receipts
    together give back exactly what was refunded. Amounts beyond the invoice count as its bounds.
    """
    if vat_cents is None or not 0 <= vat_cents < gross_cents:
        return None
    within = min(max(open_cents, 0), gross_cents)
    return split_vat(within, gross_cents=gross_cents, vat_cents=vat_cents)


def _name_period(day: date, filing: Filing) -> tuple[str, date, int]:
    """The name of the period around a day, its first day, and how many months it has."""
    if filing == "year":
        return f"{day.year:04d}", date(day.year, 1, 1), 12
    if filing == "month":
        return f"{day:%Y-%m}", day.replace(day=1), 1
    quarter = (day.month - 1) // 3
    return f"{day.year:04d}-Q{quarter + 1}", date(day.year, quarter * 3 + 1, 1), 3
