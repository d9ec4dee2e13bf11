"""The days of a collection: when it may be collected, and by when it must have been announced."""

from datetime import date, time
from typing import Final

from tijdig.core.calendar import (
    add_banking_days,
    add_days,
    add_months,
    format_day,
    is_banking_day,
    next_banking_day,
)
from tijdig.core.direct_debits.banks import BankProfile
from tijdig.core.direct_debits.mandates import Mandate, Objection, check_mandate
from tijdig.core.direct_debits.scheme import (
    ANNOUNCE_DAYS,
    REFUND_SETTLED_BANKING_DAYS,
    REFUND_WEEKS,
    RETURN_BANKING_DAYS_B2B,
    UNAUTHORISED_MONTHS,
    Scheme,
)
from tijdig.core.law.dated import get_value
from tijdig.core.money import format_count
from tijdig.core.problem import Refusal, Sentence

USUAL_ANNOUNCE_DAYS: Final = ANNOUNCE_DAYS.rows[-1].value
_FEWEST_ANNOUNCE_DAYS: Final = 1
_MOST_ANNOUNCE_DAYS: Final = 90
_DAYS_A_WEEK: Final = 7


def earliest_collection_day(bank: BankProfile, *, today: date, at: time) -> date:
    """The first day that a bank can collect on when the file is handed in now.

    `at` is the local time of day. A file of a weekend, a closing day or after the bank's hour
    counts as the next banking day's; the day itself is a banking day (TARGET).
    """
    handed_in_on = next_banking_day(today)
    if handed_in_on == today and at >= bank.cut_off:
        handed_in_on = add_banking_days(today, 1)
    return add_banking_days(handed_in_on, bank.lead_days)


def announce_by(collect_on: date, *, days_agreed: int = USUAL_ANNOUNCE_DAYS) -> date:
    """The last day on which the debtor must have been told the amount and the day.

    14 calendar days before, or the term that was agreed, from 1 to 90 days. Refuses: another term.
    Source: SDD Rulebook, pre-notification.
    """
    if not _FEWEST_ANNOUNCE_DAYS <= days_agreed <= _MOST_ANNOUNCE_DAYS:
        raise Refusal(
            f"Een incasso kondigt u {_FEWEST_ANNOUNCE_DAYS} tot {_MOST_ANNOUNCE_DAYS} dagen vooraf"
            f" aan, niet {days_agreed}. Kies een ander aantal dagen.",
            f"A collection is announced {_FEWEST_ANNOUNCE_DAYS} to {_MOST_ANNOUNCE_DAYS} days"
            f" before, not {days_agreed}. Choose another number of days.",
        )
    return add_days(collect_on, -days_agreed)


def may_collect(
    mandate: Mandate,
    *,
    collect_on: date,
    announced_on: date | None,
    bank: BankProfile,
    today: date,
    at: time,
    days_agreed: int = USUAL_ANNOUNCE_DAYS,
) -> Objection | None:
    """The first reason why this collection may not go into a file now; None when it may.

    `announced_on` is the day on which the announcement of this amount and day went out, None where
    it did not.
    """
    if not is_banking_day(collect_on):
        return _object("not_a_banking_day", collect_on, next_banking_day(collect_on))
    earliest_on = earliest_collection_day(bank, today=today, at=at)
    if collect_on < earliest_on:
        return _object("too_early", collect_on, earliest_on)
    if announced_on is None:
        return Objection("not_announced", _NOT_ANNOUNCED)
    if announced_on > announce_by(collect_on, days_agreed=days_agreed):
        return _object_late(announced_on, days_agreed)
    return check_mandate(mandate, today=collect_on)


def firm_from(collected_on: date, scheme: Scheme, *, has_mandate: bool = True) -> date:
    """The first day on which the money of a collection can no longer be taken back.

    Core: eight weeks after the debit, and two banking days for the refund to arrive. B2B: three
    banking days, within which the bank may return it. Without a valid mandate the payer has
    thirteen months, in both schemes. Law: BW 7:526, 7:531.
    """
    if not has_mandate:
        months = UNAUTHORISED_MONTHS.rows[-1].value
        return add_days(add_months(collected_on, months), 1)
    if scheme == "b2b":
        days = RETURN_BANKING_DAYS_B2B.rows[-1].value
        return add_days(add_banking_days(collected_on, days), 1)
    last_on = add_days(collected_on, get_value(REFUND_WEEKS, collected_on) * _DAYS_A_WEEK)
    return add_days(add_banking_days(last_on, REFUND_SETTLED_BANKING_DAYS.rows[-1].value), 1)


def _object(code: str, collect_on: date, better_on: date) -> Objection:
    day_nl, day_en = format_day(collect_on, "nl"), format_day(collect_on, "en")
    better_nl, better_en = format_day(better_on, "nl"), format_day(better_on, "en")
    if code == "too_early":
        return Objection(
            "too_early",
            Sentence(
                f"De bank kan op {day_nl} nog niet incasseren. Kies {better_nl} of later.",
                f"The bank cannot collect on {day_en} yet. Choose {better_en} or later.",
            ),
        )
    return Objection(
        "not_a_banking_day",
        Sentence(
            f"Op {day_nl} zijn de banken dicht. Kies {better_nl}.",
            f"The banks are closed on {day_en}. Choose {better_en}.",
        ),
    )


def _object_late(announced_on: date, days_agreed: int) -> Objection:
    on = next_banking_day(add_days(announced_on, days_agreed))
    return Objection(
        "announced_late",
        Sentence(
            "De incasso is te laat aangekondigd: dat moet"
            f" {format_count(days_agreed, 'dag', 'dagen')} vooraf. Incasseer op"
            f" {format_day(on, 'nl')} of later.",
            "The collection was announced too late: it must be"
            f" {format_count(days_agreed, 'day', 'days')} before. Collect on"
            f" {format_day(on, 'en')} or later.",
        ),
    )


_NOT_ANNOUNCED: Final = Sentence(
    "De incasso is nog niet aangekondigd. Stuur de debiteur eerst het bedrag en de dag.",
    "The collection has not been announced. Send the debtor the amount and the day first.",
)
