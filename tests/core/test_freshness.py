"""Which file is missing, for every kind of administration, over weekends and holidays."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from tijdig.core.calendar import is_banking_day, previous_banking_day
from tijdig.core.decision import Decision
from tijdig.core.freshness import (
    WAITS_FOR_FACTS,
    FreshnessLimits,
    KnownAccount,
    MissingFile,
    explain_missing_files,
    find_missing_files,
    hold_decision,
)
from tijdig.core.problem import Sentence
from tijdig.core.reasons import REASONS

MONDAY = date(2026, 3, 16)
FRIDAY = date(2026, 3, 13)
ING = "NL20INGB0001234591"


def find(
    *until: date | None, books: date | None = MONDAY, today: date = MONDAY, **limits: int | None
) -> list[tuple[str, date]]:
    accounts = [KnownAccount(ING, one) for one in until]
    missing = find_missing_files(FreshnessLimits(**limits), accounts, books, today=today)
    return [(one.kind, one.needed_on) for one in missing]


def test_on_monday_the_bank_has_to_cover_friday() -> None:
    assert find(FRIDAY) == []
    assert find(FRIDAY - timedelta(days=1)) == [("bank", FRIDAY)]
    assert find(None) == [("bank", FRIDAY)]


def test_every_account_counts() -> None:
    assert find(FRIDAY, FRIDAY - timedelta(days=3)) == [("bank", FRIDAY)]


def test_without_an_account_the_books_alone_are_judged() -> None:
    a_week_ago = date(2026, 3, 9)
    assert find(books=a_week_ago) == []
    assert find(books=a_week_ago - timedelta(days=1)) == [("books", a_week_ago)]
    assert find(books=None) == []


def test_what_is_not_asked_is_not_missing() -> None:
    assert find(None, books=date(2020, 1, 1), bank_days=None, books_days=None) == []
    assert find(date(2026, 3, 12), bank_days=2) == []


@pytest.mark.parametrize(
    ("today", "covered"),
    [
        (date(2026, 4, 7), date(2026, 4, 2)),  # after Easter: Good Friday and Monday are closed
        (date(2026, 4, 28), date(2026, 4, 27)),  # banks book on King's Day
        (date(2026, 5, 4), date(2026, 4, 30)),  # and not on 1 May
        (date(2026, 12, 28), date(2026, 12, 24)),
        (date(2027, 1, 4), date(2026, 12, 31)),
    ],
)
def test_the_banking_day_before(today: date, covered: date) -> None:
    assert previous_banking_day(today) == covered
    assert is_banking_day(covered)
    assert find(covered, today=today, books_days=None) == []


def test_what_a_run_waits_for_in_words() -> None:
    missing = (
        MissingFile("bank", ING, date(2026, 3, 14), None),
        MissingFile("books", "", date(2026, 3, 9), date(2026, 3, 2)),
    )
    assert explain_missing_files(missing) == Sentence(
        "In de wacht: wacht op het bankafschrift van ING NL..91 tot en met 14 maart 2026 en de"
        " boekhouding van 9 maart 2026 of later.",
        "Held: waits for the bank statement of ING NL..91 up to 14 March 2026 and the books as of"
        " 9 March 2026 or later.",
    )


def test_a_step_that_waits_is_looked_at_again_and_nothing_else_changes() -> None:
    missing = (MissingFile("bank", ING, FRIDAY, None),)
    because = Sentence("Herinnering.", "Reminder.")
    nothing = Decision(UUID(int=1), MONDAY, "nothing", "not_due_yet", because, 3)
    assert hold_decision(nothing, missing) is nothing
    step = Decision(UUID(int=1), MONDAY, "message", "reminder_due", because, 3)
    held = hold_decision(step, missing)
    assert (held.outcome, held.reason, held.next_look_on) == ("nothing", WAITS_FOR_FACTS, MONDAY)
    assert held.because.nl.startswith("Herinnering. In de wacht: wacht op het bankafschrift")
    assert WAITS_FOR_FACTS in REASONS
