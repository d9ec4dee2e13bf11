"""On which day money that came in counts in law."""

from datetime import date

from tijdig.core.calendar import add_months

# As long a bank can be asked to put right a payment that it carried out wrongly (BW 7:526).
_CORRECTED_WITHIN_MONTHS = 13


def find_credit_day(booked_on: date, value_on: date) -> date:
    """The day on which an incoming payment counts for interest, costs and terms.

    A payment is made when the account of the creditor is credited. Where the bank names a value day
    before its booking day, that one counts: it costs the debtor less. A value day further back than
    a bank corrects its mistakes is none, and the booking day counts. Law: BW 6:114 lid 2, 7:543.
    """
    if value_on >= booked_on:
        return booked_on
    if value_on < add_months(booked_on, -_CORRECTED_WITHIN_MONTHS):
        return booked_on
    return value_on
