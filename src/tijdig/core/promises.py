"""Promises to pay: when one is kept, when it is broken, and what it holds back."""

from datetime import date
from typing import Literal

from tijdig.core.calendar import add_days, add_working_days
from tijdig.core.facts import Stop
from tijdig.core.money import format_euros
from tijdig.core.problem import Refusal, Sentence
from tijdig.core.stops import say_day

PromiseState = Literal["open", "kept", "broken"]
MOST_PROMISE_DAYS = 62
# Money paid on the promised day is on the statement of the next working day, or the one after.
_BANK_WORKING_DAYS = 2


def check_promise(cents: int, on: date, *, open_cents: int, today: date) -> None:
    """Nothing when the promise can be recorded. Refuses: no money, too much, a day out of range."""
    if not 0 < cents <= open_cents:
        raise Refusal(
            f"Het beloofde bedrag ligt tussen € 0,01 en {format_euros(open_cents)}: "
            "dat staat nu open.",
            f"The promised amount is between € 0.01 and {format_euros(open_cents)}: "
            "that is open now.",
        )
    if not today <= on <= add_days(today, MOST_PROMISE_DAYS):
        raise Refusal(
            f"Een toezegging gaat over vandaag tot en met {MOST_PROMISE_DAYS} dagen vooruit. "
            "Spreek voor later een regeling of uitstel af.",
            f"A promise is for today up to {MOST_PROMISE_DAYS} days ahead. "
            "Agree on a plan or an extension for later.",
        )


def find_last_day(on: date) -> date:
    """The last day on which a promise is not broken yet: two working days for the bank."""
    return add_working_days(on, _BANK_WORKING_DAYS)


def judge_promise(
    cents: int, on: date, *, received_cents: int, left_cents: int, money_waits: bool, today: date
) -> PromiseState:
    """Kept once the promised sum came in, or nothing is left of what was promised about.

    Broken from the third working day after its day, but not while `money_waits`: a payment that is
    not matched yet and is, or could be, of this debtor.
    """
    if received_cents >= cents or left_cents <= 0:
        return "kept"
    return "broken" if today > find_last_day(on) and not money_waits else "open"


def compute_kept_percent(kept: int, broken: int) -> int | None:
    """The kept part of the promises that are over, in whole percents; None when none is."""
    return None if kept + broken == 0 else (200 * kept + kept + broken) // (2 * (kept + broken))


def make_promise_stop(cents: int, on: date, *, by: str = "") -> Stop:
    """An open promise as a stop: it ends by itself when the promise can be called broken.

    `by` is who recorded it.
    """
    last_on = find_last_day(on)
    who = _say_who(by)
    return Stop(
        "promise",
        Sentence(
            f"Niets gedaan: de debiteur zegde toe {format_euros(cents)} te betalen op "
            f"{say_day(on, 'nl')}{who.nl}. Wij wachten tot en met {say_day(last_on, 'nl')}.",
            f"Nothing done: the debtor promised to pay {format_euros(cents)} on "
            f"{say_day(on, 'en')}{who.en}. We wait up to and including {say_day(last_on, 'en')}.",
        ),
        until_on=last_on,
    )


def make_promise_wait_stop(cents: int, on: date, *, by: str = "") -> Stop:
    """A promise whose day has passed while money waits that may be for it: somebody matches it."""
    who = _say_who(by)
    return Stop(
        "promise",
        Sentence(
            f"Niets gedaan: de debiteur zegde toe {format_euros(cents)} te betalen op "
            f"{say_day(on, 'nl')}{who.nl}. Er wacht een betaling die van deze debiteur is of kan "
            "zijn. Koppel die eerst; dan pas beoordelen wij de toezegging.",
            f"Nothing done: the debtor promised to pay {format_euros(cents)} on "
            f"{say_day(on, 'en')}{who.en}. A payment waits that is or could be from this debtor. "
            "Match it first; only then do we judge the promise.",
        ),
    )


def _say_who(by: str) -> Sentence:
    """Who recorded it, between brackets; empty where nobody is named."""
    return Sentence(f" (vastgelegd door {by})", f" (recorded by {by})") if by else Sentence("", "")
