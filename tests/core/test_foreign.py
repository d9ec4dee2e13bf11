"""An invoice in another currency beside invoices in euros is named, and asked for by nobody."""

from datetime import date

from tests.core.debtor_facts import make_facts, make_invoice

from tijdig.core.dunning import decide
from tijdig.core.policy import DEFAULT_POLICY

LATE_ON = date(2026, 3, 17)
TODAY = date(2026, 3, 18)
SAID = " Ook te laat, maar niet in euro: A-1. Daar vraagt Tijdig niet om."


def test_what_is_late_in_another_currency_is_named_from_the_day_after() -> None:
    own = make_invoice("1", due_on=date(2026, 6, 1))
    bare = make_facts(own)
    facts = make_facts(own, foreign=(("A-1", LATE_ON), ("A-2", date(2026, 4, 30))))
    before = decide(facts, DEFAULT_POLICY, today=LATE_ON)
    assert before.because == decide(bare, DEFAULT_POLICY, today=LATE_ON).because
    assert before.next_look_on == TODAY
    after = decide(facts, DEFAULT_POLICY, today=TODAY)
    same = decide(bare, DEFAULT_POLICY, today=TODAY)
    assert (after.outcome, after.reason) == (same.outcome, same.reason)
    assert after.because.nl == same.because.nl + SAID
    assert after.because.en.endswith(
        "Also late, but not in euros: A-1. Tijdig does not ask for it."
    )
    assert after.next_look_on == date(2026, 5, 1)


def test_a_message_asks_for_the_euros_alone() -> None:
    own = make_invoice("1", due_on=date(2026, 3, 10), cents=4_000)
    facts = make_facts(own, foreign=(("A-1", LATE_ON),))
    decision = decide(facts, DEFAULT_POLICY, today=TODAY)
    assert (decision.outcome, decision.total_cents) == ("message", 4_000)
    assert decision.because.nl.endswith(SAID)
