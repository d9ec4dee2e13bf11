"""The answer to who was right: it says what is left, and asks for nothing that is not sure."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from tests.core.debtor_facts import make_credit, make_facts, make_invoice

from tijdig.core.case_messages import CaseMessage, make_case_key
from tijdig.core.decision import Decision
from tijdig.core.disputes import make_credit_stop, make_dispute_stop, set_aside_disputed
from tijdig.core.dunning import decide
from tijdig.core.facts import OpenItem, SetAside
from tijdig.core.own_side import make_payment_doubt
from tijdig.core.policy import DEFAULT_POLICY

TODAY = date(2026, 3, 12)  # a Thursday
LATE = make_invoice(due_on=date(2026, 3, 2))  # € 121,00
CREDIT = SetAside(make_credit_stop("1", 4_000), 4_000)


def disputed(cents: int) -> SetAside:
    stop = make_dispute_stop("1", cents, "price", owner="Sanne", deadline_on=date(2026, 3, 30))
    return set_aside_disputed(stop, "price", cents)


def answer(item: OpenItem, *others: OpenItem) -> Decision:
    """What goes out to who was right about € 40,00."""
    key = make_case_key(UUID(int=6), "dispute_accepted")
    message = CaseMessage(
        key, "dispute_accepted", TODAY, TODAY, item.item_id, cents=4_000, answer="Dat klopt."
    )
    facts = replace(make_facts(item, *others), case_messages=(message,))
    decision = decide(facts, DEFAULT_POLICY, today=TODAY)
    assert decision.step is not None
    assert decision.step.text == "dispute_accepted"
    return decision


def leaves_rest(decision: Decision) -> bool:
    assert decision.case_message is not None
    return decision.case_message.leaves_rest


def test_who_still_disputes_the_rest_is_not_told_that_he_owes_nothing() -> None:
    decision = answer(replace(LATE, set_asides=(CREDIT, disputed(8_100))))
    assert (decision.total_cents, decision.pay_by_on) == (0, None)
    assert leaves_rest(decision)
    assert decision.because.nl == (
        "Antwoord op het bezwaar over factuur 1: wij crediteren € 40,00; wij vragen nu niets, en "
        "over de rest loopt nog iets."
    )


def test_who_still_disputes_a_part_is_asked_for_what_is_left_and_told_that_it_is_not_all() -> None:
    decision = answer(replace(LATE, set_asides=(CREDIT, disputed(3_000))))
    assert decision.total_cents == 5_100
    assert leaves_rest(decision)
    assert decision.because.nl.endswith("wij vragen nu € 51,00, en over de rest loopt nog iets.")


def test_money_that_waits_to_be_matched_may_be_the_rest_so_nothing_is_asked() -> None:
    doubt = make_payment_doubt(8_100, date(2026, 3, 10))
    decision = answer(replace(LATE, set_asides=(CREDIT,), doubts=(doubt,)))
    assert (decision.total_cents, decision.pay_by_on) == (0, None)
    assert leaves_rest(decision)


def test_what_is_credited_to_the_last_cent_leaves_no_rest() -> None:
    """Two objections, both right; or the rest is covered by a credit note that came before."""
    both = (CREDIT, SetAside(make_credit_stop("1", 8_100), 8_100))
    assert not leaves_rest(answer(replace(LATE, set_asides=both)))
    covered = answer(replace(LATE, set_asides=(CREDIT,)), make_credit(cents=-8_100))
    assert (covered.total_cents, leaves_rest(covered)) == (0, False)


def test_what_is_asked_in_full_leaves_no_rest() -> None:
    decision = answer(replace(LATE, set_asides=(CREDIT,)))
    assert (decision.total_cents, leaves_rest(decision)) == (8_100, False)
