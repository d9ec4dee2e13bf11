"""What a fourteen-day letter does after the answer to an objection."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.core.debtor_facts import SAID, make_facts, make_invoice

from tijdig.core.case_messages import CaseMessage, LetterAfterAnswer, make_case_key
from tijdig.core.dunning import decide
from tijdig.core.facts import DebtorFacts, Stop
from tijdig.core.notices import PastNotice
from tijdig.core.policy import DEFAULT_POLICY

DAY = timedelta(days=1)
INVOICE = make_invoice(due_on=date(2026, 3, 2))
SENT_ON, LAST_DAY, TODAY = date(2026, 3, 24), date(2026, 4, 13), date(2026, 3, 30)
LETTER = PastNotice(
    kind="veertiendagenbrief",
    item_id=INVOICE.item_id,
    message_id=UUID(int=2),
    amount_cents=12_100,
    sent_on=SENT_ON,
    received_on=date(2026, 3, 26),
    last_day=LAST_DAY,
    costs_cents=4_000,
)
DEFAULT = replace(
    LETTER,
    kind="ingebrekestelling",
    message_id=UUID(int=3),
    sent_on=date(2026, 3, 9),
    received_on=date(2026, 3, 9),
    last_day=date(2026, 3, 23),
    costs_cents=0,
)
NAMED = LetterAfterAnswer(SENT_ON, 4_000)


def find_letter(
    letter: PastNotice, *, today: date = TODAY, **more: object
) -> LetterAfterAnswer | None:
    """What an answer of this day that declines an objection says of the letter."""
    key = make_case_key(UUID(int=6), "dispute_declined")
    message = CaseMessage(
        key, "dispute_declined", today, today, INVOICE.item_id, cents=12_100, answer="Nee."
    )
    facts: DebtorFacts = replace(
        make_facts(INVOICE, **{"kind": "consumer", **more}),
        notices=(DEFAULT, letter),
        case_messages=(message,),
    )
    decision = decide(facts, DEFAULT_POLICY, today=today)
    assert decision.case_message is not None
    return decision.case_message.letter


def hold(until_on: date | None) -> tuple[Stop, ...]:
    return (Stop("vulnerable", SAID, until_on=until_on, depth="firm"),)


@pytest.mark.parametrize(
    ("letter", "more", "expected"),
    [
        (LETTER, {}, NAMED),
        (LETTER, {"kind": "unknown"}, NAMED),
        (LETTER, {"kind": "business"}, None),
        (replace(LETTER, received_on=None), {}, None),
        (replace(LETTER, is_unposted=True), {}, None),
        (replace(LETTER, is_void=True), {}, None),
        (replace(LETTER, claimed_cents=4_000), {}, None),
        # It came before the default: it is none.
        (replace(LETTER, sent_on=date(2026, 3, 20)), {}, None),
        # What holds the last demand back for now is over one day, what has no end is not.
        (LETTER, {"stops": hold(LAST_DAY)}, NAMED),
        (LETTER, {"stops": hold(None)}, None),
    ],
)
def test_costs_are_named_where_they_would_follow(
    letter: PastNotice, more: dict[str, object], expected: LetterAfterAnswer | None
) -> None:
    assert find_letter(letter, **more) == expected


@pytest.mark.parametrize(
    ("today", "cents"),
    [
        # Seven days end before the last day of the letter, or after it, or it was over before.
        (date(2026, 4, 2), 4_000),
        (date(2026, 4, 7), 0),
        (LAST_DAY, 0),
        (LAST_DAY + DAY, 4_000),
    ],
)
def test_a_later_day_within_the_term_brings_a_new_letter_first(today: date, cents: int) -> None:
    assert find_letter(LETTER, today=today) == LetterAfterAnswer(SENT_ON, cents)
