"""The letter that a consumer must get before costs are due: its days, and what makes it void.

The text itself is checked in `letter_check`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from tijdig.core.calendar import add_days, format_day, list_holidays, next_working_day
from tijdig.core.law.dated import LawTable, get_value, refuse_far_days
from tijdig.core.law.tables import (
    LETTER_DAYS,
    LETTER_MARGIN_DAYS,
    POSTAL_DAYS,
    POSTAL_WEEKDAYS_WITHOUT_COLLECTION,
    POSTAL_WEEKDAYS_WITHOUT_DELIVERY,
)
from tijdig.core.problem import Refusal, Sentence

SentBy = Literal["post", "email"]


@dataclass(frozen=True, slots=True)
class LetterDays:
    """The days of a veertiendagenbrief, and how each was found.

    `last_day_on` is the last day to pay without costs by law, `costs_from_on` the day after it.
    `printed_on` is the date that a letter names: `margin_days` later and a working day, for mail
    that is late. It gives the debtor that day too: costs are due from the day after it.
    """

    received_on: date
    last_day_on: date
    costs_from_on: date
    margin_days: int
    printed_on: date
    is_proven: bool
    because: tuple[Sentence, ...]


def compute_letter_days(
    sent_on: date, *, by: SentBy, received_on: date | None = None
) -> LetterDays:
    """When a veertiendagenbrief counts as received, its last day, and from when costs are due.

    `received_on` is a proven day of receipt. Without it a letter by post counts as received by the
    postal days of the table, never on a day without delivery; an e-mail does not count at all.
    The term of fourteen days begins the day after receipt and ends on a working day.
    Refuses: an e-mail without proof of receipt, a receipt before the sending, a letter before
    1 July 2012. Law: BW 6:96 lid 6, ECLI:NL:HR:2016:2704, Algemene termijnenwet art. 1.
    Vectors: tests/law/veertiendagenbrief.toml
    """
    refuse_far_days(sent_on, received_on)
    term_days = get_value(LETTER_DAYS, sent_on)
    if received_on is None:
        if by == "email":
            raise Refusal(
                "Van een e-mail telt alleen de dag waarvan u kunt bewijzen dat hij is ontvangen."
                " Noem die dag, of stuur de brief ook per post: zonder bewijs geen kosten.",
                "An e-mail counts only from the day on which you can prove that it was received."
                " Name that day, or send the letter by post as well: without proof, no costs.",
            )
        received = compute_receipt_by_post(sent_on)
        told = _explain_post(sent_on, received)
    else:
        if received_on < sent_on:
            raise Refusal(
                f"De ontvangst ({format_day(received_on, 'nl')}) ligt voor de verzending"
                f" ({format_day(sent_on, 'nl')}).",
                f"The receipt ({format_day(received_on, 'en')}) lies before the sending"
                f" ({format_day(sent_on, 'en')}).",
            )
        received, told = received_on, _explain_proven(received_on)
    fourteenth = add_days(received, term_days)
    last = next_working_day(fourteenth)
    margin_days = get_value(LETTER_MARGIN_DAYS, sent_on)
    printed = next_working_day(add_days(last, margin_days))
    return LetterDays(
        received_on=received,
        last_day_on=last,
        costs_from_on=add_days(last, 1),
        margin_days=margin_days,
        printed_on=printed,
        is_proven=received_on is not None,
        because=(
            told,
            *_explain_term(received, term_days, fourteenth, last),
            _explain_margin(margin_days, printed),
        ),
    )


def compute_receipt_by_post(sent_on: date) -> date:
    """The day on which a letter counts as received.

    The day of posting, or the next one on which letters are collected, plus the postal days of the
    table, or the next day on which letters are delivered. Law: ECLI:NL:HR:2016:2704 rov. 3.5.
    """
    posted_on = _find_collection_day(sent_on)
    day = add_days(posted_on, get_value(POSTAL_DAYS, posted_on))
    while _is_without(day, POSTAL_WEEKDAYS_WITHOUT_DELIVERY):
        day = add_days(day, 1)
    return day


def explain_no_costs(
    *,
    today: date,
    days: LetterDays,
    void_grounds: Sequence[object],
    bank_read_until: date | None,
    is_returned: bool,
) -> Sentence | None:
    """Why a consumer owes no costs after this letter, or None when he does.

    Costs exist only after a correct letter that was not returned, whose last day is over, and when
    the bank statements read cover that day in full: money credited on it is in time.
    Law: BW 6:96 lid 6, 6:114 lid 2.
    """
    last_nl, last_en = format_day(days.last_day_on, "nl"), format_day(days.last_day_on, "en")
    if void_grounds:
        return Sentence(
            "De veertiendagenbrief is niet geldig: geen kosten. Stuur een nieuwe, juiste brief.",
            "The fourteen-day letter is void: no costs. Send a new and correct letter.",
        )
    if is_returned:
        return Sentence(
            "De veertiendagenbrief kwam terug: geen kosten. Zoek het juiste adres.",
            "The fourteen-day letter came back: no costs. Look for the right address.",
        )
    if today < days.costs_from_on:
        return Sentence(
            f"De termijn loopt tot en met {last_nl}: nog geen kosten.",
            f"The term runs up to and including {last_en}: no costs yet.",
        )
    if bank_read_until is None or bank_read_until < days.last_day_on:
        return Sentence(
            f"De afschriften lopen nog niet tot en met {last_nl}: lees ze eerst in.",
            f"The statements do not reach {last_en} yet: read them first.",
        )
    return None


def _find_collection_day(sent_on: date) -> date:
    day = sent_on
    while _is_without(day, POSTAL_WEEKDAYS_WITHOUT_COLLECTION):
        day = add_days(day, 1)
    return day


def _explain_post(sent_on: date, received_on: date) -> Sentence:
    posted_on = _find_collection_day(sent_on)
    days = get_value(POSTAL_DAYS, posted_on)
    return Sentence(
        f"Op de post van {format_day(posted_on, 'nl')}; na {days} dagen bezorgd, en nooit op"
        f" zondag, maandag of een feestdag: {format_day(received_on, 'nl')} (HR 25 november 2016,"
        " ECLI:NL:HR:2016:2704).",
        f"In the post of {format_day(posted_on, 'en')}; delivered after {days} days, and never on"
        f" a Sunday, a Monday or a holiday: {format_day(received_on, 'en')}"
        " (ECLI:NL:HR:2016:2704).",
    )


def _is_without(day: date, weekdays: LawTable[frozenset[int]]) -> bool:
    return day.weekday() in get_value(weekdays, day) or day in list_holidays(day.year)


def _explain_proven(received_on: date) -> Sentence:
    return Sentence(
        f"Bewezen ontvangen op {format_day(received_on, 'nl')} (BW 3:37 lid 3).",
        f"Proven to be received on {format_day(received_on, 'en')} (BW 3:37 lid 3).",
    )


def _explain_margin(margin_days: int, printed: date) -> Sentence:
    return Sentence(
        f"Een brief die een dag noemt, geeft {margin_days} dagen meer voor post die laat is, tot en"
        f" met een werkdag: {format_day(printed, 'nl')}. Dat is onze keuze, niet de wet. De klant"
        " heeft dan ook tot die dag.",
        f"A letter that names a day gives {margin_days} days more for mail that is late, up to and"
        f" including a working day: {format_day(printed, 'en')}. That is our choice, not the law."
        " The customer then has until that day.",
    )


def _explain_term(
    received: date, term_days: int, fourteenth: date, last: date
) -> tuple[Sentence, ...]:
    first = add_days(received, 1)
    term = Sentence(
        f"De termijn van {term_days} dagen begint op {format_day(first, 'nl')} en eindigt op"
        f" {format_day(fourteenth, 'nl')} (BW 6:96 lid 6).",
        f"The term of {term_days} days begins on {format_day(first, 'en')} and ends on"
        f" {format_day(fourteenth, 'en')} (BW 6:96 lid 6).",
    )
    if last == fourteenth:
        return (term,)
    return term, Sentence(
        f"Dat is geen werkdag: de laatste dag is {format_day(last, 'nl')} (Algemene termijnenwet"
        " art. 1).",
        f"That is no working day: the last day is {format_day(last, 'en')} (Algemene termijnenwet"
        " art. 1).",
    )
