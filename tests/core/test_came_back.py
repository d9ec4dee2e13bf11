"""What came back was not said: a reminder, a last demand and what a plan says go anew."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.core.debtor_facts import SAID, make_contact, make_facts, make_invoice, make_plan

from tijdig.core.dunning import decide, forecast
from tijdig.core.facts import DebtorFacts, Stop
from tijdig.core.notices import PastNotice
from tijdig.core.own_side import list_doubts
from tijdig.core.plan_steps import judge_plan_of
from tijdig.core.policy import DEFAULT_POLICY
from tijdig.core.tray import PrintedLetter, judge_printed

TODAY = date(2026, 3, 12)  # a Thursday
INVOICE = make_invoice(due_on=date(2026, 2, 2))
REMINDED = make_contact("reminder", date(2026, 2, 9), pay_by_on=date(2026, 2, 16))
CALLED = make_contact("call", date(2026, 2, 17), "call_done")
DEMANDED = make_contact("last_demand", date(2026, 3, 4), pay_by_on=date(2026, 3, 18))


def back(*contacts, **more) -> DebtorFacts:
    """A business whose last message came back, and that can be written to by letter."""
    contacts = (*contacts[:-1], replace(contacts[-1], came_back=True))
    return make_facts(
        INVOICE, contacts=contacts, **{"email_failed": True, "preferred_channel": "letter", **more}
    )


def list_keys(facts: DebtorFacts) -> list[tuple[str, str]]:
    ahead = forecast(facts, DEFAULT_POLICY, today=TODAY)
    return [(one.step.key, one.channel or "") for one in ahead if one.step]


def test_a_reminder_that_came_back_goes_by_letter_before_anything_firmer() -> None:
    assert list_keys(back(REMINDED)) == [
        ("reminder_anew", "letter"),
        ("call", "phone"),
        ("last_demand", "letter"),
    ]
    assert decide(back(REMINDED), DEFAULT_POLICY, today=TODAY).because.nl == (
        "Herinnering per brief: factuur 1 (€ 121,00) is 38 dagen te laat. Het bericht van 9 "
        "februari 2026 kwam terug, dus die stap gaat opnieuw."
    )


UNCALLED = make_contact("call", date(2026, 2, 17), "call_open")
LOST = replace(REMINDED, came_back=True)
LOST_DEMAND = replace(DEMANDED, came_back=True)


def test_a_call_that_nobody_made_does_not_stand_for_a_reminder_that_came_back() -> None:
    facts = make_facts(INVOICE, contacts=(LOST, UNCALLED), preferred_channel="letter")
    assert list_keys(facts) == [("reminder_anew", "letter"), ("last_demand", "letter")]
    anew = make_contact("reminder_anew", date(2026, 3, 3), channel="letter")
    facts = replace(facts, contacts=(*facts.contacts, anew))
    assert list_keys(facts) == [("last_demand", "letter")]
    facts = replace(facts, contacts=(LOST, UNCALLED, replace(anew, came_back=True)))
    assert list_keys(facts)[0] == ("reminder_anew2", "letter")


def test_a_call_that_was_made_stands_for_a_reminder_that_came_back() -> None:
    facts = make_facts(INVOICE, contacts=(LOST, CALLED))
    assert list_keys(facts) == [("last_demand", "email")]
    facts = replace(facts, contacts=(LOST, CALLED, LOST_DEMAND))
    assert list_keys(facts) == [("last_demand_anew", "email")]


def test_where_nothing_reached_him_he_is_reminded_before_the_last_demand_goes_anew() -> None:
    facts = make_facts(INVOICE, contacts=(LOST, UNCALLED, LOST_DEMAND))
    assert list_keys(facts) == [("reminder_anew", "email"), ("last_demand_anew", "email")]


@pytest.mark.parametrize("letter", ["veertiendagenbrief", None])
def test_a_consumer_too_is_reminded_anew_before_a_letter_about_costs(letter: str | None) -> None:
    more = [make_contact(letter, date(2026, 3, 4), came_back=True)] if letter else []
    facts = make_facts(INVOICE, kind="consumer", contacts=(LOST, UNCALLED, *more))
    assert list_keys(facts)[0] == ("reminder_anew", "email")


def test_a_call_that_nobody_made_did_not_tell_him_of_an_invoice_in_doubt() -> None:
    doubted = replace(INVOICE, doubts=(Stop("dead_address", SAID),))
    assert list_doubts(doubted, (LOST, UNCALLED))
    assert not list_doubts(doubted, (LOST, CALLED))


def test_what_goes_again_is_told_only_where_it_goes() -> None:
    came, again = "Het bericht van 9 februari 2026 kwam terug", ", dus die stap gaat opnieuw."
    told = decide(back(REMINDED), DEFAULT_POLICY, today=TODAY).because.nl
    assert told.endswith(came + again)
    called = make_facts(INVOICE, contacts=(LOST, UNCALLED))
    told = decide(called, DEFAULT_POLICY, today=TODAY).because.nl
    assert told.startswith("Het telefoontje van 17 februari 2026 is niet")
    assert told.endswith(came + again)
    nowhere = decide(back(REMINDED, has_postal_address=False), DEFAULT_POLICY, today=TODAY)
    assert nowhere.reason == "no_address"
    assert nowhere.because.nl.endswith(f"{came}.")
    assert nowhere.because.en.endswith("The message of 9 February 2026 came back.")
    # Where he was called since, the last demand is next: nothing goes again.
    reached = make_facts(INVOICE, contacts=(LOST, CALLED))
    assert "kwam terug" not in decide(reached, DEFAULT_POLICY, today=TODAY).because.nl


def test_what_the_law_puts_in_place_of_a_last_demand_is_not_that_step_again() -> None:
    letter = make_contact("veertiendagenbrief", date(2026, 2, 24), channel="letter")
    sent = (INVOICE.open_cents, letter.on)
    void = PastNotice("veertiendagenbrief", INVOICE.item_id, UUID(int=1), *sent, is_void=True)
    facts = back(REMINDED, letter, DEMANDED, kind="consumer", notices=(void,))
    decision = decide(facts, DEFAULT_POLICY, today=TODAY)
    assert decision.step is not None
    assert decision.step.key == "reminder_again"
    assert decision.because.nl.endswith("Het bericht van 4 maart 2026 kwam terug.")


AGAIN_ON = date(2026, 2, 24)
AGAIN = make_contact("reminder_again", AGAIN_ON, pay_by_on=date(2026, 3, 3))


@pytest.mark.parametrize("is_lost", [True, False])
def test_a_reminder_once_more_that_did_not_count_goes_again_until_one_does(is_lost: bool) -> None:
    """It came back; or he moved, or somebody acts for him: then its notice is void."""
    void = PastNotice("ingebrekestelling", INVOICE.item_id, UUID(int=1), 1, AGAIN_ON, is_void=True)
    contacts = (REMINDED, CALLED, replace(AGAIN, came_back=is_lost))
    facts = make_facts(
        INVOICE, kind="consumer", contacts=contacts, notices=() if is_lost else (void,)
    )
    assert list_keys(facts)[:2] == [("reminder_again2", "email"), ("veertiendagenbrief", "letter")]
    second = replace(AGAIN, step_key="reminder_again2", on=date(2026, 3, 4), came_back=True)
    facts = replace(facts, contacts=(*contacts, second))
    assert list_keys(facts)[0] == ("reminder_again3", "email")
    nowhere = replace(facts, email_failed=True, has_postal_address=False)
    assert decide(nowhere, DEFAULT_POLICY, today=date(2026, 3, 20)).reason == "no_address"


def test_a_reminder_once_more_that_reached_him_and_did_not_count_waits_for_a_person() -> None:
    facts = make_facts(INVOICE, kind="consumer", contacts=(REMINDED, CALLED, AGAIN))
    assert decide(facts, DEFAULT_POLICY, today=TODAY).reason == "not_in_default"


def test_a_last_demand_that_came_back_goes_anew_with_a_term_of_its_own() -> None:
    facts = back(REMINDED, CALLED, DEMANDED)
    assert list_keys(facts) == [("last_demand_anew", "letter")]
    # The gap between contacts counts, the days that nobody got do not.
    decision = forecast(facts, DEFAULT_POLICY, today=TODAY)[0]
    assert (decision.on, decision.pay_by_on) == (TODAY, TODAY + timedelta(days=14))


def test_without_another_way_nothing_says_that_the_last_term_is_over() -> None:
    facts = back(REMINDED, CALLED, DEMANDED, has_postal_address=False)
    decision = decide(facts, DEFAULT_POLICY, today=date(2026, 3, 30))
    assert (decision.outcome, decision.reason) == ("nothing", "no_address")
    assert "verlopen" not in decision.because.nl


def test_each_time_that_it_comes_back_it_goes_anew_under_a_key_of_its_own() -> None:
    anew = make_contact("last_demand_anew", date(2026, 3, 4), channel="letter")
    facts = back(REMINDED, CALLED, replace(DEMANDED, came_back=True), anew)
    facts = replace(facts, email_failed=False, email="nieuw@example.test")
    assert list_keys(facts) == [("last_demand_anew2", "letter")]
    arrived = replace(facts, contacts=(*facts.contacts[:-1], anew))
    assert list_keys(arrived) == []
    assert decide(arrived, DEFAULT_POLICY, today=TODAY).reason == "after_last_demand"


def test_a_message_anew_that_is_in_doubt_holds_only_where_the_first_would() -> None:
    for key, reason in (("reminder_anew", "min_gap"), ("last_demand_anew", "in_doubt_waits")):
        doubted = make_contact(key, TODAY - timedelta(days=1), "in_doubt")
        first = replace(REMINDED if key.startswith("reminder") else DEMANDED, came_back=True)
        facts = make_facts(INVOICE, contacts=(first, doubted))
        assert decide(facts, DEFAULT_POLICY, today=TODAY).reason == reason


def test_a_notice_that_came_back_is_not_said_again() -> None:
    notice = make_contact("notice", date(2026, 1, 30))
    assert list_keys(back(notice))[0] == ("reminder", "letter")


PLANNED = make_invoice(due_on=date(2026, 2, 20))
PLAN = make_plan(PLANNED, agreed_on=date(2026, 3, 2), first_on=date(2026, 3, 16))
CONFIRMED = make_contact(f"plan-{PLAN.key}-confirmed-0", date(2026, 3, 2))
NUDGE = make_contact(
    f"plan-{PLAN.key}-nudge-1", date(2026, 3, 19), pay_by_on=date(2026, 3, 26), came_back=True
)
LATER = date(2026, 4, 9)


def test_a_plan_does_not_lapse_on_a_nudge_that_came_back() -> None:
    assert judge_plan_of(PLAN, (NUDGE,), today=LATER).state == "late"
    assert judge_plan_of(PLAN, (replace(NUDGE, came_back=False),), today=LATER).state == "broken"


@pytest.mark.parametrize("times", [1, 2])
def test_a_nudge_that_came_back_is_said_again_and_counts_then(times: int) -> None:
    keys = [NUDGE.step_key, f"{NUDGE.step_key}b", f"{NUDGE.step_key}c"]
    gone = [replace(NUDGE, step_key=key) for key in keys[:times]]
    facts = make_facts(PLANNED, contacts=(CONFIRMED, *gone), plans=(PLAN,))
    decision = decide(facts, DEFAULT_POLICY, today=LATER)
    assert decision.step is not None
    assert (decision.step.text, decision.step.key) == ("plan_nudge", keys[times])
    arrived = make_contact(keys[times], LATER, pay_by_on=date(2026, 4, 16))
    facts = replace(facts, contacts=(*facts.contacts, arrived))
    assert decide(facts, DEFAULT_POLICY, today=date(2026, 4, 10)).reason == "stop_plan"
    assert judge_plan_of(PLAN, facts.contacts, today=date(2026, 4, 20)).state == "broken"


def test_a_nudge_that_is_printed_anew_may_be_posted_until_its_term_is_paid() -> None:
    anew = make_contact(f"{NUDGE.step_key}b", LATER, channel="letter", is_unposted=True)
    facts = make_facts(PLANNED, contacts=(CONFIRMED, NUDGE, anew), plans=(PLAN,))
    letter = PrintedLetter(anew.step_key, "plan", ((PLANNED.item_id, 6_050),))
    assert judge_printed(letter, facts, today=LATER) is None
    paid = replace(facts, plans=(replace(PLAN, covered_cents=6_050),))
    assert judge_printed(letter, paid, today=LATER) == "owed_less"


def test_a_confirmation_that_came_back_is_said_again() -> None:
    facts = make_facts(PLANNED, contacts=(replace(CONFIRMED, came_back=True),), plans=(PLAN,))
    decision = decide(facts, DEFAULT_POLICY, today=date(2026, 3, 9))
    assert decision.step is not None
    assert decision.step.text == "plan_confirmed"
    assert len(decision.step.key) <= 30


def test_a_term_that_has_passed_is_told_as_past() -> None:
    nudge = replace(NUDGE, came_back=False)
    facts = make_facts(PLANNED, contacts=(CONFIRMED, nudge), plans=(PLAN,))
    because = decide(facts, DEFAULT_POLICY, today=date(2026, 3, 20)).because
    assert "Termijn 1 van € 60,50 verviel op 16 maart 2026." in because.nl
    assert "Term 1 of € 60,50 was due on 16 March 2026." in because.en
