"""Disputes: what each category pauses, and by when we owe an answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from tijdig.core.calendar import add_working_days
from tijdig.core.facts import SetAside, Stop
from tijdig.core.money import format_euros
from tijdig.core.problem import Sentence
from tijdig.core.stops import say_day

# The stop of what we said that we credit.
CREDIT_STOP = "credit_promised"

PauseRule = Literal["part", "invoice", "debtor"]
Category = Literal[
    "not_delivered",
    "defective",
    "price",
    "quantity",
    "not_ordered",
    "wrong_details",
    "unknown_sender",
    "other",
]


@dataclass(frozen=True, slots=True)
class CategoryRule:
    """What a category pauses (the part, the invoice, everything), and the days for an answer."""

    pauses: PauseRule
    answer_working_days: int
    name: Sentence


@dataclass(frozen=True, slots=True)
class AcceptedPart:
    """What we said that we credit of an invoice, since the day on which it was disputed."""

    dispute_id: UUID
    opened_on: date
    cents: int


@dataclass(frozen=True, slots=True)
class CreditMade:
    """A credit note that names the invoice, and the day on which it came in; `cents` above nil.

    Its id and that of a dispute were made in order of time: they tell which came first that day.
    """

    on: date
    cents: int
    credit_id: UUID


CATEGORIES: Mapping[str, CategoryRule] = {
    "not_delivered": CategoryRule("invoice", 10, Sentence("niet geleverd", "not delivered")),
    "defective": CategoryRule("part", 15, Sentence("niet goed geleverd", "not delivered well")),
    "price": CategoryRule("part", 10, Sentence("prijs klopt niet", "price is not right")),
    "quantity": CategoryRule("part", 10, Sentence("aantal klopt niet", "quantity is not right")),
    "not_ordered": CategoryRule("invoice", 10, Sentence("niet besteld", "not ordered")),
    "wrong_details": CategoryRule(
        "invoice", 5, Sentence("gegevens op de factuur kloppen niet", "details are not right")
    ),
    "unknown_sender": CategoryRule(
        "debtor", 5, Sentence("kent ons of de factuur niet", "does not know us or the invoice")
    ),
    "other": CategoryRule("invoice", 10, Sentence("iets anders", "something else")),
}
ROOT_CAUSES: Mapping[str, Sentence] = {
    "delivery": Sentence("levering", "delivery"),
    "product": Sentence("product of dienst", "product or service"),
    "price": Sentence("prijs of afspraak", "price or agreement"),
    "our_paperwork": Sentence("onze administratie", "our paperwork"),
    "their_paperwork": Sentence("administratie van de klant", "the customer's paperwork"),
    "misunderstanding": Sentence("misverstand", "misunderstanding"),
    "none": Sentence("geen: het bezwaar klopte niet", "none: the objection was not right"),
}


def compute_deadline(category: str, *, today: date) -> date:
    """The last day for an answer: so many working days from today, by category."""
    return add_working_days(today, CATEGORIES[category].answer_working_days)


def share_credits(parts: Iterable[AcceptedPart], credits_: Iterable[CreditMade]) -> dict[UUID, int]:
    """What is still to be credited of each part of one invoice: every credit counts once.

    A credit is for a part that was disputed by then: of the same amount before another, the oldest
    first. What is more than the parts ask is for none of them.
    """
    ordered = sorted(parts, key=lambda one: (one.opened_on, one.dispute_id))
    left = {one.dispute_id: one.cents for one in ordered}
    for credit in sorted(credits_, key=lambda one: (one.on, one.cents, one.credit_id)):
        came = (credit.on, credit.credit_id)
        waiting = [one.dispute_id for one in ordered if (one.opened_on, one.dispute_id) < came]
        cents = credit.cents
        for dispute_id in sorted(waiting, key=lambda one: left[one] != credit.cents):
            used = min(left[dispute_id], cents)
            left[dispute_id] -= used
            cents -= used
    return left


def make_dispute_stop(
    number: str,
    cents: int,
    category: str,
    *,
    owner: str,
    deadline_on: date,
    today: date = date.min,
) -> Stop:
    """An open dispute as a stop: it ends when somebody has answered, not by itself."""
    name = CATEGORIES[category].name
    nl, en = say_day(deadline_on, "nl"), say_day(deadline_on, "en")
    answers = (f"{owner} antwoordt uiterlijk op {nl}.", f"{owner} answers by {en}.")
    if today > deadline_on:
        answers = (
            f"{owner} had uiterlijk op {nl} moeten antwoorden.",
            f"{owner} should have answered by {en}.",
        )
    return Stop(
        "dispute",
        Sentence(
            f"Niets gedaan: factuur {number} is betwist voor {format_euros(cents)} ({name.nl}). "
            f"{answers[0]}",
            f"Nothing done: invoice {number} is disputed for {format_euros(cents)} ({name.en}). "
            f"{answers[1]}",
        ),
    )


def make_credit_stop(number: str, cents: int) -> Stop:
    """An accepted dispute as a stop, until the credit note is there."""
    return Stop(
        CREDIT_STOP,
        Sentence(
            f"Niets gedaan: wij crediteren {format_euros(cents)} van factuur {number}. "
            "De creditnota is er nog niet.",
            f"Nothing done: we credit {format_euros(cents)} of invoice {number}. "
            "The credit note is not there yet.",
        ),
    )


def set_aside_disputed(stop: Stop, category: str, cents: int) -> SetAside:
    """What an open dispute takes out of its invoice: the part, or all of it."""
    return SetAside(stop, cents if CATEGORIES[category].pauses == "part" else None)
