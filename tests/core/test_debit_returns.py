"""What follows on a collection that came back: per reason, and on which day it is tried again."""

from datetime import date

import pytest

from tijdig.core.direct_debits.banks import find_bank
from tijdig.core.direct_debits.pay_days import guess_pay_day
from tijdig.core.direct_debits.returns import (
    AnswerKind,
    RetryTerms,
    ReturnAnswer,
    answer_return,
    choose_retry_day,
)
from tijdig.core.problem import Sentence

TODAY = date(2026, 11, 26)  # a Thursday
LAST_WEEK = date(2026, 11, 19)
ABN = find_bank("NL91ABNA0417164300")
FAST = RetryTerms(bank=ABN, announce_days=1)


@pytest.mark.parametrize(
    ("codes", "kind", "holds"),
    [
        ("AM04 ED05 TM01", "retry", False),
        ("AC04 AC13 MD01", "ask_new_mandate", True),
        ("AC01", "correct_data", True),
        ("AG02 BE01 BE04 BE05 BE06 BE07 CNOR DT01 FF01 FF05 MD02 RC01", "correct_data", False),
        ("RR01 RR02 RR03", "correct_data", False),
        ("AC06 AG01 DNOR MD06 MD07 MS02 MS03 RR04 SL01", "stop", True),
        ("AM05", "stop", False),
        ("XXXX NARR 541", "stop", True),
    ],
)
def test_every_reason_has_its_answer(codes: str, kind: AnswerKind, holds: bool) -> None:
    """Worked out from the table of reason codes: retried are AM04, ED05 and TM01 only."""
    for code in codes.split():
        answer = answer_return(code, attempts=1, collect_on=LAST_WEEK, today=TODAY, terms=FAST)
        assert (answer.kind, answer.holds_mandate) == (kind, holds), code
        assert (answer.retry_on is None) == (kind != "retry"), code
        assert answer.because.nl.endswith(".")
        assert answer.because.en.endswith(".")


@pytest.mark.parametrize("code", ["MD01", "MD06", "MD07", "MS02", "SL01", "AC04", "AC06", ""])
@pytest.mark.parametrize("attempts", [0, 1, 5])
def test_a_refusal_is_never_tried_again(code: str, attempts: int) -> None:
    terms = RetryTerms(bank=ABN, announce_days=1, most_retries=9)
    answer = answer_return(code, attempts=attempts, collect_on=LAST_WEEK, today=TODAY, terms=terms)
    assert answer.kind != "retry"
    assert answer.retry_on is None
    assert answer.holds_mandate


def test_a_reason_that_the_bank_does_not_give_asks_for_contact() -> None:
    assert answer_return("", attempts=1, collect_on=LAST_WEEK, today=TODAY) == ReturnAnswer(
        "stop",
        Sentence(
            "De bank noemt geen reden die wij kennen. Neem contact op met de debiteur voordat u"
            " opnieuw incasseert.",
            "The bank gives no reason that we know. Contact the debtor before you collect again.",
        ),
        holds_mandate=True,
    )


def test_too_little_money_is_tried_again_once_and_then_no_more() -> None:
    terms = RetryTerms(bank=ABN, announce_days=1, pay_day=25)
    assert answer_return(
        "AM04", attempts=1, collect_on=LAST_WEEK, today=TODAY, terms=terms
    ) == ReturnAnswer(
        "retry",
        Sentence(
            "Er stond te weinig geld op de rekening. Wij incasseren opnieuw op 28 december 2026 en"
            " kondigen dat aan.",
            "The balance was too low. We collect again on 28 December 2026 and announce that.",
        ),
        date(2026, 12, 28),
    )
    assert answer_return(
        "AM04", attempts=2, collect_on=LAST_WEEK, today=TODAY, terms=terms
    ) == ReturnAnswer(
        "stop",
        Sentence(
            "Er stond te weinig geld op de rekening. Wij hebben 2 keer geïncasseerd en doen dat"
            " niet nog eens. Spreek met de debiteur een andere manier van betalen af.",
            "The balance was too low. We collected 2 times and do not do it again. Agree another"
            " way of paying with the debtor.",
        ),
        holds_mandate=True,
    )


@pytest.mark.parametrize(
    ("terms", "retry_on"),
    [
        # Announced on Friday 27 November, 14 days: 11 December.
        (RetryTerms(bank=ABN), date(2026, 12, 11)),
        # One day agreed: five banking days of rest count, until 3 December.
        (FAST, date(2026, 12, 3)),
        (RetryTerms(bank=ABN, announce_days=1, wait_banking_days=0), date(2026, 12, 1)),
        # The day after pay day, but in the month in which all terms have run.
        (RetryTerms(bank=ABN, announce_days=1, pay_day=23), date(2026, 12, 24)),
        (RetryTerms(bank=ABN, announce_days=1, pay_day=3), date(2026, 12, 4)),
        (RetryTerms(bank=ABN, announce_days=1, pay_day=2), date(2026, 12, 3)),
        (RetryTerms(bank=ABN, announce_days=1, pay_day=1), date(2027, 1, 4)),
        (RetryTerms(bank=ABN, announce_days=1, pay_day=31), date(2027, 1, 4)),
        (RetryTerms(bank=ABN, announce_days=1, pay_day=30), date(2026, 12, 31)),
        # Christmas closes the banks until Monday the 28th.
        (RetryTerms(bank=ABN, announce_days=28), date(2026, 12, 28)),
    ],
)
def test_the_day_of_the_second_attempt(terms: RetryTerms, retry_on: date) -> None:
    assert choose_retry_day(collect_on=LAST_WEEK, today=TODAY, terms=terms) == retry_on


def test_what_was_nobodys_will_waits_for_the_announcement_only() -> None:
    terms = RetryTerms(bank=ABN, announce_days=1, pay_day=23)
    for code in ("ED05", "TM01"):
        answer = answer_return(code, attempts=1, collect_on=LAST_WEEK, today=TODAY, terms=terms)
        assert answer.retry_on == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("days", "pay_day"),
    [
        ([], None),
        (["2026-01-25", "2026-02-25"], None),  # two months are no habit
        (["2026-01-25", "2026-02-24", "2026-03-26"], 25),
        (["2026-01-25", "2026-01-26", "2026-01-27"], None),  # one month only
        (["2026-01-31", "2026-02-28", "2026-04-01"], 31),  # around the turn of the month
        (["2026-01-05", "2026-02-15", "2026-03-25"], None),
        (["2026-01-25", "2026-02-25", "2026-03-25", "2026-04-10"], 25),
        (["2026-01-25", "2026-02-25", "2026-03-10", "2026-04-10"], None),
        (["2026-01-25"] * 9 + ["2026-02-25", "2026-03-03"], 25),  # one day counts once
    ],
)
def test_a_pay_day_is_a_habit(days: list[str], pay_day: int | None) -> None:
    assert guess_pay_day(date.fromisoformat(day) for day in days) == pay_day


@pytest.mark.parametrize(
    ("code", "retry_on"), [("TM01", date(2026, 12, 14)), ("AM04", date(2026, 12, 21))]
)
def test_a_refusal_days_ahead_is_not_tried_before_the_day_itself(code: str, retry_on: date) -> None:
    """The invoice is due on the day of the collection: sooner would be too soon."""
    collect_on = date(2026, 12, 14)
    answer = answer_return(code, attempts=1, collect_on=collect_on, today=TODAY, terms=FAST)
    assert answer.retry_on == retry_on


@pytest.mark.parametrize(
    ("code", "kind", "holds", "word"),
    [
        ("MD01", "correct_data", True, "meldt de betaler haar zelf aan bij zijn bank"),
        ("MD02", "correct_data", False, "heeft aangemeld"),
        ("MD06", "stop", True, "kan de betaler niet terug laten boeken"),
    ],
)
def test_a_b2b_collection_has_answers_of_its_own(
    code: str, kind: AnswerKind, holds: bool, word: str
) -> None:
    asked = {"attempts": 1, "collect_on": LAST_WEEK, "today": TODAY, "terms": FAST}
    answer = answer_return(code, **asked, scheme="b2b")  # type: ignore[arg-type]
    assert (answer.kind, answer.holds_mandate, answer.retry_on) == (kind, holds, None)
    assert word in answer.because.nl
    assert answer != answer_return(code, **asked)  # type: ignore[arg-type]


def test_other_reasons_are_answered_alike_in_both_schemes() -> None:
    asked = {"attempts": 1, "collect_on": LAST_WEEK, "today": TODAY, "terms": FAST}
    for code in ("AM04", "AC04", "AC13", "MS02", "MD07", ""):
        assert answer_return(code, **asked, scheme="b2b") == answer_return(code, **asked)  # type: ignore[arg-type]
