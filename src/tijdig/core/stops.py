"""Stops: which hold on a day, what they hold back, and each in one sentence."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from tijdig.core.calendar import add_days, format_day
from tijdig.core.facts import DebtorFacts, OpenItem, Stop, StopDepth
from tijdig.core.policy import Phase
from tijdig.core.problem import Refusal, Sentence

# What still goes out under a stop of this depth; what is not named here does not.
_GOES_ON: Mapping[StopDepth, frozenset[Phase]] = {
    "all": frozenset(),
    "own": frozenset({"case"}),
    "reminders": frozenset({"before_due", "plan", "case"}),
    "firm": frozenset({"before_due", "plan", "case", "debit", "reminder", "call"}),
}

# A year mistyped must not leave a debtor alone for ever.
LONGEST_STOP_DAYS = 366


def refuse_beyond_a_year(until_on: date, *, since: date) -> None:
    """Nothing, where a stop ends at most a year after the day `since`.

    Refuses: a later end, with the last day that can be chosen.
    """
    last_on = add_days(since, LONGEST_STOP_DAYS)
    if until_on > last_on:
        raise Refusal(
            "Dit kan hoogstens een jaar vooruit. "
            f"Kies een dag tot en met {format_day(last_on, 'nl')}.",
            "This can go a year ahead at most. "
            f"Choose a day up to and including {format_day(last_on, 'en')}.",
        )


def say_day(day: date, language: str) -> str:
    """A day in words, as sentences about stops write it."""
    return format_day(day, language)


def say_who_does(owner: str, deadline_on: date, *, today: date) -> Sentence:
    """Who does what was told before this, and by when; after that day, that it was to be done."""
    nl, en = say_day(deadline_on, "nl"), say_day(deadline_on, "en")
    if today > deadline_on:
        return Sentence(
            f"{owner} had dat uiterlijk op {nl} moeten doen.",
            f"{owner} should have done so by {en}.",
        )
    return Sentence(f"{owner} doet dat uiterlijk op {nl}.", f"{owner} does so by {en}.")


def is_active(stop: Stop, *, today: date) -> bool:
    """Whether the stop holds on this day; its first and last day are in it."""
    if stop.from_on is not None and stop.from_on > today:
        return False
    return stop.until_on is None or stop.until_on >= today


def holds_back(stop: Stop, phase: Phase) -> bool:
    """Whether the stop holds this phase back, on the days that it holds."""
    return phase not in _GOES_ON[stop.depth]


def find_blocking(stops: Iterable[Stop], phase: Phase | None, *, today: date) -> Stop | None:
    """The stop that holds this phase back longest; without a phase, one that holds all back.

    Which of several is told does not hang on their order.
    """
    found = [
        stop
        for stop in stops
        if is_active(stop, today=today)
        and (stop.depth == "all" if phase is None else holds_back(stop, phase))
    ]
    return max(found, key=_length, default=None)


def find_end(stop: Stop) -> date | None:
    """The first day on which the stop does not hold any more; None for one without an end."""
    return None if stop.until_on is None else add_days(stop.until_on, 1)


def take_out_set_asides(
    items: Iterable[OpenItem], *, today: date
) -> tuple[tuple[OpenItem, ...], tuple[Stop, ...]]:
    """The items with only what may be asked on this day, and the stops that took out the rest.

    Credits stay whole. What is set aside twice is taken out once where it is all of the item.
    """
    asked: list[OpenItem] = []
    stops: list[Stop] = []
    for item in items:
        active = [one for one in item.set_asides if is_active(one.stop, today=today)]
        if not active or item.open_cents <= 0:
            asked.append(item)
            continue
        stops += [one.stop for one in active]
        aside = sum(item.open_cents if one.cents is None else one.cents for one in active)
        left = max(item.open_cents - aside, 0)
        if left > 0:
            asked.append(replace(item, open_cents=left))
    return tuple(asked), tuple(stops)


def find_longest(stops: Iterable[Stop]) -> Stop | None:
    """The stop that ends last; None of none."""
    return max(stops, key=_length, default=None)


def find_first_end(stops: Iterable[Stop]) -> date | None:
    """The first day on which one of these stops is over; None when none ends by itself."""
    return min((end for stop in stops if (end := find_end(stop))), default=None)


def find_next_start(facts: DebtorFacts, *, today: date) -> date | None:
    """The first day ahead on which a stop of a debtor or of one of his items begins."""
    stops = list(facts.stops)
    for item in facts.items:
        if item.set_asides:
            stops += [one.stop for one in item.set_asides]
    if not stops:
        return None
    days = [stop.from_on for stop in stops if stop.from_on is not None and stop.from_on > today]
    return min(days, default=None)


def make_hold_stop(
    *,
    scope: str,
    number: str,
    depth: StopDepth,
    reason: str,
    author: str,
    from_on: date,
    until_on: date,
) -> Stop:
    """A pause that a person set: on an invoice, a debtor, or the whole administration."""
    what = {
        "invoice": (f"factuur {number}", f"invoice {number}"),
        "debtor": ("deze debiteur", "this debtor"),
        "administration": ("alle debiteuren", "all debtors"),
    }[scope]
    only = (" voor herinneringen", " for reminders") if depth == "reminders" else ("", "")
    return Stop(
        "hold",
        Sentence(
            f"Niets gedaan: {author} heeft {what[0]} gepauzeerd{only[0]} tot en met "
            f"{say_day(until_on, 'nl')} ({reason}).",
            f"Nothing done: {author} paused {what[1]}{only[1]} up to and including "
            f"{say_day(until_on, 'en')} ({reason}).",
        ),
        until_on=until_on,
        from_on=from_on,
        depth=depth,
    )


def make_reply_stop(
    *, received_on: date, owner: str, deadline_on: date, today: date = date.min
) -> Stop:
    """A reply that nobody has handled: it ends when somebody has, not by itself."""
    does = say_who_does(owner, deadline_on, today=today)
    return Stop(
        "reply",
        Sentence(
            f"Niets gedaan: de debiteur reageerde op {say_day(received_on, 'nl')} en dat is nog "
            f"niet afgehandeld. {does.nl}",
            f"Nothing done: the debtor replied on {say_day(received_on, 'en')} and nobody has "
            f"handled it yet. {does.en}",
        ),
    )


def make_outcome_stop(way: str, *, decided_by: str, until_on: date | None, to: str = "") -> Stop:
    """What a person decided after the last demand, as a stop for the items of that day."""
    day = (say_day(until_on, "nl"), say_day(until_on, "en")) if until_on else ("", "")
    said = {
        "suspend": (
            f"{decided_by} laat het rusten tot en met {day[0]}",
            f"{decided_by} lets it rest up to and including {day[1]}",
        ),
        "credit": (
            f"{decided_by} crediteert dit; wat nog openstaat, is nog niet gecrediteerd",
            f"{decided_by} credits this; what is still open has not been credited yet",
        ),
        "waive": (
            f"{decided_by} boekt dit af; de boekhouding laat dat nog niet zien",
            f"{decided_by} writes this off; the books do not show it yet",
        ),
        "hand_over": (
            f"{decided_by} heeft dit overgedragen{f' aan {to}' if to else ''}",
            f"{decided_by} handed this over{f' to {to}' if to else ''}",
        ),
    }[way]
    because = Sentence(f"Niets gedaan: {said[0]}.", f"Nothing done: {said[1]}.")
    return Stop(f"after_{way}", because, until_on=until_on)


def make_differing_stop(names: str) -> Stop:
    """The books and the bank disagree on these invoices."""
    return Stop(
        "books_differ",
        Sentence(
            f"Niets gedaan: over {names} zijn boekhouding en bank het niet eens, of de "
            "laatste lijst liet een vraag open. Iemand moet dat nakijken.",
            f"Nothing done: on {names} the books and the bank disagree, or the last list "
            "left a question. Someone has to check.",
        ),
    )


def make_undelivered_stop(on: date) -> Stop:
    """The message of a day could not be sent, and nobody looked at it yet."""
    nl, en = say_day(on, "nl"), say_day(on, "en")
    return Stop(
        "delivery_failed",
        Sentence(
            f"Niets gedaan: het bericht van {nl} kon niet worden verstuurd. Iemand moet kiezen wat"
            " er nu gebeurt.",
            f"Nothing done: the message of {en} could not be sent. Someone has to choose what"
            " happens now.",
        ),
    )


def make_foreign_stop(names: str) -> Stop:
    """All that is open, these invoices, is in another currency."""
    return Stop(
        "foreign_currency",
        Sentence(
            f"Niets gedaan: {names} is niet in euro. Tijdig maant alleen in euro aan.",
            f"Nothing done: {names} is not in euros. Tijdig reminds in euros only.",
        ),
    )


def _length(stop: Stop) -> tuple[date, str, str]:
    return (stop.until_on or date.max, stop.kind, stop.because.nl)
