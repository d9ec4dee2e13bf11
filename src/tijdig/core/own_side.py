"""Our own side, checked before the first contact about an invoice that is late.

What the books do not tell is unknown, and unknown is not failed. An open complaint and a reply that
nobody has handled are stops already; so is an address that cannot be reached.
"""

from datetime import date

from tijdig.core.facts import Stop
from tijdig.core.money import format_euros
from tijdig.core.problem import Sentence
from tijdig.core.stops import say_day


def make_payment_doubt(cents: int, booked_on: date) -> Stop:
    """Money that is not matched and could be for this invoice: a task, not a reminder."""
    amount = format_euros(cents)
    return Stop(
        "possible_payment",
        Sentence(
            f"Niets gedaan: de {amount} die op {say_day(booked_on, 'nl')} binnenkwam, kan voor "
            "deze factuur zijn. Koppel die betaling eerst.",
            f"Nothing done: the {amount} that came in on {say_day(booked_on, 'en')} could be for "
            "this invoice. Match that payment first.",
        ),
    )


def make_invoice_doubt(number: str) -> Stop:
    """An invoice that cannot be right as it stands: it was due before it was written."""
    return Stop(
        "incomplete_invoice",
        Sentence(
            f"Niets gedaan: de vervaldatum van factuur {number} ligt vóór de factuurdatum. "
            "Verbeter dit eerst in de boekhouding.",
            f"Nothing done: invoice {number} is due before it was written. "
            "Mend this in the books first.",
        ),
    )
