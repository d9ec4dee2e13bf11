"""What may be collected, on which day, and what a debtor is told of it."""

from dataclasses import replace
from datetime import date, time, timedelta
from uuid import UUID

import pytest
from tests.core.debtor_facts import make_credit, make_facts, make_invoice, make_plan

from tijdig.core.direct_debits.banks import DEFAULT_BANK
from tijdig.core.direct_debits.collecting import (
    choose_collection_day,
    find_collectable,
    list_to_announce,
    make_collection_aside,
)
from tijdig.core.direct_debits.planned import PlannedCollection
from tijdig.core.dunning import decide
from tijdig.core.facts import DebtorFacts, OpenItem, SetAside, Stop
from tijdig.core.policy import DEFAULT_POLICY
from tijdig.core.problem import Sentence

TODAY = date(2026, 3, 2)
DUE = date(2026, 3, 19)
MORNING = time(8)
WHY = Sentence("Daarom.", "Therefore.")


def plan(item: OpenItem, **changes: object) -> PlannedCollection:
    usual: dict[str, object] = {
        "item_id": item.item_id,
        "collect_on": DUE,
        "cents": item.open_cents,
        "scheme": "core",
        "mandate_reference": "M-1",
        "creditor_id": "NL69ZZZ123456780000",
        "iban": "NL20INGB0001234567",
    }
    return PlannedCollection(**{**usual, **changes})  # type: ignore[arg-type]


def collected(*items: OpenItem, **changes: object) -> DebtorFacts:
    """The facts with a collection planned for each invoice."""
    planned = [plan(item, **changes) for item in items if item.kind == "invoice"]
    aside = tuple(
        replace(item, set_asides=(*item.set_asides, make_collection_aside(item.number, one)))
        for item, one in zip(items, planned, strict=True)
    )
    return replace(make_facts(*aside), collections=tuple(planned))


def test_credits_are_taken_off_before_anything_is_collected() -> None:
    invoice = make_invoice("1", DUE, 12_100)
    found = find_collectable(make_facts(invoice, make_credit(cents=-2_100)), today=TODAY)
    assert (found.cents, found.left_out) == ({invoice.item_id: 10_000}, {})
    covered = find_collectable(make_facts(invoice, make_credit(cents=-12_100)), today=TODAY)
    assert (covered.cents, list(covered.left_out)) == ({}, [invoice.item_id])


@pytest.mark.parametrize("depth", ["all", "reminders"])
def test_whatever_keeps_a_reminder_in_keeps_a_collection_in(depth: str) -> None:
    invoice = make_invoice("1", DUE)
    stop = Stop("hold", WHY, depth=depth)  # type: ignore[arg-type]
    doubted = replace(invoice, doubts=(Stop("possible_payment", WHY),))
    disputed = replace(invoice, set_asides=(SetAside(Stop("dispute", WHY), 100),))
    for facts in (
        replace(make_facts(invoice), stops=(stop,)),
        make_facts(doubted),
        make_facts(disputed),
    ):
        assert find_collectable(facts, today=TODAY).left_out == {invoice.item_id: WHY}


def test_a_stop_of_firm_messages_only_lets_a_collection_go_on() -> None:
    invoice = make_invoice("1", DUE)
    facts = replace(make_facts(invoice), stops=(Stop("vulnerable", WHY, depth="firm"),))
    assert find_collectable(facts, today=TODAY).cents == {invoice.item_id: 12_100}


def test_an_invoice_in_a_plan_is_not_collected() -> None:
    invoice = make_invoice("1", DUE)
    facts = replace(make_facts(invoice), plans=(make_plan(invoice, agreed_on=TODAY, first_on=DUE),))
    assert list(find_collectable(facts, today=TODAY).left_out) == [invoice.item_id]


@pytest.mark.parametrize(
    ("due_on", "announced_on", "not_before", "expected"),
    [
        (DUE, None, None, DUE),
        (date(2026, 3, 10), None, None, date(2026, 3, 16)),
        (date(2026, 3, 10), date(2026, 2, 20), None, date(2026, 3, 10)),
        (date(2026, 4, 3), date(2026, 2, 20), None, date(2026, 4, 7)),
        (DUE, None, date(2026, 4, 1), date(2026, 4, 1)),
        (date(2026, 1, 1), date(2026, 1, 1), None, date(2026, 3, 4)),
    ],
)
def test_the_day_is_never_before_due_date_bank_or_announcement(
    due_on: date, announced_on: date | None, not_before: date | None, expected: date
) -> None:
    day = choose_collection_day(
        due_on=due_on,
        announced_on=announced_on,
        notice_days=14,
        bank=DEFAULT_BANK,
        today=TODAY,
        at=MORNING,
        not_before=not_before,
    )
    assert day == expected


def test_all_collections_of_a_day_are_announced_in_one_message() -> None:
    items = (make_invoice("1", DUE), make_invoice("2", DUE - timedelta(days=1), 5_000))
    decision = decide(collected(*items), DEFAULT_POLICY, today=TODAY)
    assert (decision.outcome, decision.reason, decision.total_cents) == (
        "message",
        "debit_due",
        17_100,
    )
    assert decision.because.nl == "Aankondiging: op 19 maart 2026 incasseren wij € 171,00."
    assert decision.listed == ((items[1].item_id, 5_000), (items[0].item_id, 12_100))
    assert decision.step is not None
    assert decision.step.key == "debit-20260319"


def test_who_was_told_is_told_no_more_and_why_says_when() -> None:
    facts = collected(make_invoice("1", DUE), announced_on=TODAY)
    decision = decide(facts, DEFAULT_POLICY, today=TODAY)
    assert (decision.outcome, decision.reason) == ("nothing", "stop_direct_debit")
    assert decision.because.nl == (
        "Niets gedaan: factuur 1 wordt op 19 maart 2026 geïncasseerd (€ 121,00)."
    )
    # Five banking days after the nineteenth the bank can send nothing back any more.
    assert decision.next_look_on == date(2026, 3, 27)


def test_a_weekend_announces_nothing_and_monday_does() -> None:
    saturday = date(2026, 2, 28)
    decision = decide(collected(make_invoice("1", DUE)), DEFAULT_POLICY, today=saturday)
    assert (decision.outcome, decision.next_look_on) == ("nothing", TODAY)


def test_without_an_address_nothing_is_announced_and_the_decision_says_so() -> None:
    facts = replace(collected(make_invoice("1", DUE)), email="", has_postal_address=False)
    decision = decide(facts, DEFAULT_POLICY, today=TODAY)
    assert (decision.outcome, decision.reason) == ("nothing", "no_address")


def test_another_invoice_of_the_debtor_goes_on() -> None:
    late = make_invoice("1", TODAY - timedelta(days=10))
    collecting = collected(make_invoice("2", DUE), announced_on=TODAY)
    facts = replace(collecting, items=(late, *collecting.items))
    decision = decide(facts, DEFAULT_POLICY, today=TODAY)
    assert (decision.reason, decision.listed) == ("reminder_due", ((late.item_id, 12_100),))


def test_what_the_bank_has_is_announced_no_more() -> None:
    facts = collected(make_invoice("1", DUE), is_handed_over=True)
    assert list_to_announce(facts, today=TODAY) == ()
    assert UUID(int=101) in {one.item_id for one in facts.collections}


@pytest.mark.parametrize(
    ("scheme", "until_on"), [("core", date(2026, 3, 26)), ("b2b", date(2026, 3, 24))]
)
def test_reminders_rest_as_long_as_the_bank_may_send_it_back(scheme: str, until_on: date) -> None:
    aside = make_collection_aside("1", plan(make_invoice("1", DUE), scheme=scheme))
    assert aside.stop.until_on == until_on
