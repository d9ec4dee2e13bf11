"""Why somebody has not paid, as he said himself, and what each reason does to the next step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tijdig.core.calendar import add_working_days
from tijdig.core.facts import Stop
from tijdig.core.problem import Sentence
from tijdig.core.stops import say_day

UnpaidReason = Literal["forgot", "not_received", "cannot_pay", "disputes", "says_paid", "other"]


@dataclass(frozen=True, slots=True)
class ReasonRule:
    """The working days of rest that a reason gives, and what we owe the debtor meanwhile.

    `needs_us`: without our part nothing changes, so it is a task.
    """

    rest_working_days: int
    needs_us: bool
    name: Sentence
    next_step: Sentence


UNPAID_REASONS: Mapping[str, ReasonRule] = {
    "forgot": ReasonRule(
        3, False, Sentence("vergeten", "forgotten"), Sentence("Hij betaalt nu.", "He pays now.")
    ),
    "not_received": ReasonRule(
        5,
        True,
        Sentence("factuur niet ontvangen", "invoice not received"),
        Sentence("Stuur de factuur opnieuw.", "Send the invoice again."),
    ),
    "cannot_pay": ReasonRule(
        10,
        True,
        Sentence("kan niet betalen", "cannot pay"),
        Sentence("Bied een regeling aan.", "Offer a plan."),
    ),
    "disputes": ReasonRule(
        10,
        True,
        Sentence("is het er niet mee eens", "does not agree"),
        Sentence("Leg de betwisting vast.", "Record the dispute."),
    ),
    "says_paid": ReasonRule(
        3,
        False,
        Sentence("zegt te hebben betaald", "says it is paid"),
        Sentence("Kijk op de bank.", "Look at the bank."),
    ),
    "other": ReasonRule(
        5, True, Sentence("iets anders", "something else"), Sentence("Neem contact op.", "Call.")
    ),
}


def make_reason_stop(kind: str, *, said_on: date) -> Stop:
    """A reason as a stop: some days of rest, in which we or the debtor do what it asks."""
    rule = UNPAID_REASONS[kind]
    until_on = add_working_days(said_on, rule.rest_working_days)
    return Stop(
        f"reason_{kind}",
        Sentence(
            f"Niets gedaan: de debiteur gaf op {say_day(said_on, 'nl')} een reden: {rule.name.nl}. "
            f"{rule.next_step.nl} Wij wachten tot en met {say_day(until_on, 'nl')}.",
            f"Nothing done: on {say_day(said_on, 'en')} the debtor gave a reason: {rule.name.en}. "
            f"{rule.next_step.en} We wait up to and including {say_day(until_on, 'en')}.",
        ),
        until_on=until_on,
    )
