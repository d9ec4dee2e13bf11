"""Money kept for a debtor: by when somebody has set it off or paid it back."""

from datetime import date

from tijdig.core.calendar import add_working_days

# Our own term, as for an objection; the law lets him ask for it at once (BW 6:203).
KEPT_MONEY_WORKING_DAYS = 10


def compute_kept_money_deadline(received_on: date) -> date:
    """The last day for it: so many working days from the day on which the money came."""
    return add_working_days(received_on, KEPT_MONEY_WORKING_DAYS)


def is_kept_money_late(received_on: date, left_cents: int, *, today: date) -> bool:
    """Whether it waits too long: its last day is over, or more of it went than there is."""
    is_over = compute_kept_money_deadline(received_on) < today
    return left_cents < 0 or (left_cents > 0 and is_over)
