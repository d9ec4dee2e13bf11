"""What a case tells its debtor: which message, on which day, and what goes on around it."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.core.debtor_facts import make_contact, make_facts, make_invoice

from tijdig.core.case_messages import CaseMessage, make_case_key
from tijdig.core.disputes import make_credit_stop
from tijdig.core.dunning import add_contact, decide, forecast
from tijdig.core.facts import DebtorFacts, SetAside, Stop
from tijdig.core.flags import make_flag_stop
from tijdig.core.policy import DEFAULT_POLICY
from tijdig.core.problem import Sentence
from tijdig.core.stops import make_hold_stop
from tijdig.core.told_stops import end_told_stops
from tijdig.core.unpaid import (
    UNPAID_REASONS,
    ReasonTold,
    compute_reason_deadline,
    make_reason_message,
    make_reason_stops,
)

INVOICE = make_invoice()  # € 121,00, due on Friday 13 March 2026
TOLD_ON = date(2026, 3, 26)  # a Thursday; the reminder went out on the 19th
REMINDED = make_contact("reminder", date(2026, 3, 19), pay_by_on=date(2026, 3, 26))
KEY = make_case_key(UUID(int=5), "invoice_again")


def told(kind: str, *, address: str = "", facts: DebtorFacts | None = None) -> DebtorFacts:
    """The debtor with a reason that he gave on the Thursday after his reminder."""
    text = UNPAID_REASONS[kind].text
    reason = ReasonTold(
        kind,
        TOLD_ON,
        compute_reason_deadline(kind, said_on=TOLD_ON),
        "Sanne",
        address,
        make_case_key(UUID(int=5), text) if text else "",
    )
    message = make_reason_message(reason)
    facts = facts or make_facts(INVOICE, contacts=(REMINDED,))
    return replace(
        facts,
        stops=(*facts.stops, *make_reason_stops(reason)),
        case_messages=(message,) if message else (),
    )


def list_ahead(facts: DebtorFacts) -> list[tuple[date, str]]:
    """The day and the text of each step to come."""
    ahead = forecast(facts, DEFAULT_POLICY, today=TOLD_ON)
    return [(one.on, one.step.text) for one in ahead if one.step]


def test_without_a_reason_the_call_is_next_and_the_last_demand_after_it() -> None:
    facts = make_facts(INVOICE, contacts=(REMINDED,))
    assert list_ahead(facts) == [(date(2026, 3, 27), "call"), (date(2026, 4, 13), "last_demand")]


def test_who_forgot_is_asked_once_more_before_anything_firmer() -> None:
    assert list_ahead(told("forgot")) == [
        (date(2026, 4, 1), "reminder_again"),
        (date(2026, 4, 9), "call"),
        (date(2026, 4, 16), "last_demand"),
    ]


@pytest.mark.parametrize(
    ("given_on", "first"),
    [(TOLD_ON, "payment_missing"), (date(2026, 3, 24), "call")],
)
def test_what_was_late_when_he_spoke_is_asked_about_although_time_was_given_since(
    given_on: date, first: str
) -> None:
    item = replace(
        INVOICE, due_on=date(2026, 4, 2), extended_from_on=INVOICE.due_on, extended_on=given_on
    )
    facts = told("says_paid", facts=make_facts(item, contacts=(REMINDED,)))
    assert next(text for on, text in list_ahead(facts) if on > item.due_on) == first


def test_a_reminder_of_what_came_after_his_word_takes_no_question_away() -> None:
    newer = make_invoice("2", issued_on=date(2026, 3, 27), due_on=date(2026, 4, 1))
    later = make_contact("reminder", date(2026, 4, 3), item="2")
    facts = told("says_paid", facts=make_facts(INVOICE, newer, contacts=(REMINDED, later)))
    decision = decide(facts, DEFAULT_POLICY, today=date(2026, 4, 14))
    assert decision.step is not None
    assert (decision.step.text, decision.listed) == (
        "payment_missing",
        ((INVOICE.item_id, 12_100),),
    )


def test_who_forgot_before_any_reminder_gets_the_friendly_one_of_the_cadence() -> None:
    facts = make_facts(make_invoice(due_on=date(2026, 3, 25)))
    assert list_ahead(told("forgot", facts=facts))[:2] == [
        (date(2026, 4, 1), "reminder"),
        (date(2026, 4, 9), "call"),
    ]


def test_who_did_not_get_the_invoice_gets_a_copy_at_once_and_time_that_counts_from_it() -> None:
    facts = told("not_received", address="Administratie@example.test")
    decision = decide(facts, DEFAULT_POLICY, today=TOLD_ON)
    assert (decision.outcome, decision.reason, decision.channel) == ("message", "case_due", "email")
    assert decision.listed == ((INVOICE.item_id, 12_100),)
    assert decision.pay_by_on == TOLD_ON + timedelta(days=30)
    assert decision.because.nl == (
        "De debiteur zei op 26 maart 2026 dat hij factuur 1 niet kreeg. Hij krijgt een kopie, met "
        "een nieuwe betaaltermijn. Tot die voorbij is, volgt er geen herinnering."
    )
    assert list_ahead(facts) == [
        (TOLD_ON, "invoice_again"),
        (date(2026, 4, 28), "call"),
        (date(2026, 5, 6), "last_demand"),
    ]


@pytest.mark.parametrize("address", ["", "ander@example.test"])
def test_without_an_address_that_he_confirmed_nothing_goes_out(address: str) -> None:
    facts = told("not_received", address=address)
    assert list_ahead(facts) == []
    decision = decide(facts, DEFAULT_POLICY, today=date(2026, 6, 1))
    assert decision.reason == "stop_reason_not_received"
    assert "Sanne zorgt daarvoor, uiterlijk op 2 april 2026." in decision.because.nl


def test_a_copy_that_waits_or_came_back_ends_nothing() -> None:
    facts = told("not_received", address="administratie@example.test")
    key = make_case_key(UUID(int=5), "invoice_again")
    for gone in (
        make_contact(key, TOLD_ON, "waiting"),
        make_contact(key, TOLD_ON, "in_doubt"),
        make_contact(key, TOLD_ON, came_back=True),
    ):
        after = end_told_stops(replace(facts, contacts=(REMINDED, gone)))
        assert after.stops == facts.stops
    sent = end_told_stops(replace(facts, contacts=(REMINDED, make_contact(key, TOLD_ON))))
    assert sent.stops == ()


def test_who_cannot_pay_gets_an_offer_and_no_letter_before_a_person_followed_it_up() -> None:
    facts = told("cannot_pay")
    assert list_ahead(facts) == [(TOLD_ON, "plan_offer"), (date(2026, 4, 14), "call")]
    decision = decide(facts, DEFAULT_POLICY, today=date(2026, 7, 1))
    assert decision.outcome == "message"
    late = replace(
        facts,
        contacts=(
            REMINDED,
            make_contact(facts.case_messages[0].key, TOLD_ON),
            make_contact("call", date(2026, 4, 14), "call_done"),
        ),
    )
    decision = decide(late, DEFAULT_POLICY, today=date(2026, 7, 1))
    assert decision.reason == "stop_reason_cannot_pay"
    assert decision.because.en == (
        "Nothing done: on 26 March 2026 the debtor said that he cannot pay. No letter goes out "
        "until this was followed up. Sanne does so by 13 April 2026."
    )


def test_who_says_he_paid_is_asked_about_what_we_did_not_find_after_we_looked() -> None:
    facts = told("says_paid")
    waits = decide(facts, DEFAULT_POLICY, today=date(2026, 3, 31))
    assert waits.reason == "stop_reason_says_paid"
    assert "Sanne volgt dit op. Wij wachten tot en met 31 maart 2026." in waits.because.nl
    assert list_ahead(facts)[:2] == [
        (date(2026, 4, 1), "payment_missing"),
        (date(2026, 4, 9), "call"),
    ]


LATER = make_invoice("2", issued_on=date(2026, 5, 1), due_on=date(2026, 5, 29))


@pytest.mark.parametrize("kind", ["forgot", "says_paid", "cannot_pay", "not_received"])
def test_nothing_is_told_about_an_invoice_of_after_the_reason(kind: str) -> None:
    address = "administratie@example.test" if kind == "not_received" else ""
    facts = told(kind, address=address)
    later = replace(facts, items=(LATER,))
    texts = {one.text for one in facts.case_messages}
    assert texts
    for today in (date(2026, 5, 4), date(2026, 6, 2), date(2026, 6, 3), date(2026, 6, 12)):
        decision = decide(later, DEFAULT_POLICY, today=today)
        assert decision.step is None or decision.step.text not in texts


def test_who_has_paid_is_not_asked_about_what_fell_due_later() -> None:
    """On the same day two invoices are late; he spoke of the one that was due."""
    other = make_invoice("2", issued_on=date(2026, 3, 1), due_on=date(2026, 3, 30))
    facts = told("says_paid", facts=make_facts(INVOICE, other, contacts=(REMINDED,)))
    decision = decide(facts, DEFAULT_POLICY, today=date(2026, 4, 1))
    assert decision.step is not None
    assert (decision.step.text, decision.listed) == (
        "payment_missing", ((INVOICE.item_id, 12_100),)
    )  # fmt: skip


def test_a_declined_dispute_is_answered_though_his_address_turned_bad() -> None:
    doubtful = replace(INVOICE, doubts=(Stop("incomplete_invoice", Sentence("nee", "no")),))
    answer = CaseMessage(
        make_case_key(UUID(int=6), "dispute_declined"), "dispute_declined", TOLD_ON, TOLD_ON,
        item_id=INVOICE.item_id, answer="Alles is geleverd.",
    )  # fmt: skip
    facts = replace(make_facts(doubtful, contacts=(REMINDED,)), case_messages=(answer,))
    decision = decide(facts, DEFAULT_POLICY, today=TOLD_ON)
    assert decision.step is not None
    assert decision.step.text == "dispute_declined"
    unasked = decide(replace(facts, contacts=()), DEFAULT_POLICY, today=TOLD_ON)
    assert unasked.outcome == "nothing"


def test_another_reason_only_gives_rest() -> None:
    assert list_ahead(told("other")) == [
        (date(2026, 4, 7), "call"),
        (date(2026, 4, 14), "last_demand"),
    ]


@pytest.mark.parametrize("kind", sorted(UNPAID_REASONS))
def test_without_the_reason_the_old_step_is_back(kind: str) -> None:
    facts = told(kind, address="administratie@example.test")
    plain = replace(facts, stops=(), case_messages=())
    assert list_ahead(facts) != list_ahead(plain)
    assert list_ahead(plain) == [(date(2026, 3, 27), "call"), (date(2026, 4, 13), "last_demand")]


def test_a_reason_of_before_they_had_an_owner_gives_rest_and_no_message() -> None:
    for kind in UNPAID_REASONS:
        reason = ReasonTold(kind, TOLD_ON, None, "", "", KEY)
        assert make_reason_message(reason) is None
        (stop,) = make_reason_stops(reason)
        assert stop.until_on == compute_reason_deadline(kind, said_on=TOLD_ON)


def answered(text: str, *, cents: int = 2_100, left_cents: int | None = None) -> DebtorFacts:
    """An invoice whose dispute was answered on the day."""
    item = INVOICE
    if text == "dispute_accepted":
        aside = SetAside(make_credit_stop("1", left_cents or cents), left_cents or cents)
        item = replace(item, set_asides=(aside,))
    message = CaseMessage(
        make_case_key(UUID(int=6), text),  # type: ignore[arg-type]
        text,  # type: ignore[arg-type]
        TOLD_ON,
        TOLD_ON,
        item_id=INVOICE.item_id,
        cents=cents,
        answer="Klopt.",
    )
    return make_facts(item, contacts=(REMINDED,), case_messages=(message,))


def test_an_answer_names_what_is_left_and_gives_a_week() -> None:
    facts = answered("dispute_accepted")
    decision = decide(facts, DEFAULT_POLICY, today=TOLD_ON)
    assert (decision.total_cents, decision.pay_by_on) == (10_000, date(2026, 4, 2))
    assert decision.because.nl == (
        "Antwoord op het bezwaar over factuur 1: wij crediteren € 21,00; er blijft € 100,00 over."
    )
    assert list_ahead(facts)[:2] == [(TOLD_ON, "dispute_accepted"), (date(2026, 4, 7), "call")]


def test_who_is_right_about_all_of_it_hears_that_nothing_is_left() -> None:
    facts = answered("dispute_accepted", cents=12_100)
    decision = decide(facts, DEFAULT_POLICY, today=TOLD_ON)
    assert (decision.listed, decision.total_cents, decision.pay_by_on) == (
        ((INVOICE.item_id, 0),),
        0,
        None,
    )
    assert list_ahead(facts) == [(TOLD_ON, "dispute_accepted")]


def test_a_declined_dispute_is_answered_once_and_takes_no_step_of_the_cadence() -> None:
    facts = answered("dispute_declined")
    decision = decide(facts, DEFAULT_POLICY, today=TOLD_ON)
    assert (decision.total_cents, decision.step and decision.step.text) == (
        12_100,
        "dispute_declined",
    )
    after = add_contact(facts, decision)
    assert decide(after, DEFAULT_POLICY, today=TOLD_ON).reason == "term_running"
    assert list_ahead(facts) == [
        (TOLD_ON, "dispute_declined"),
        (date(2026, 4, 7), "call"),
        (date(2026, 4, 14), "last_demand"),
    ]


def hold(depth: str):
    return make_hold_stop(
        scope="debtor",
        number="",
        depth=depth,  # type: ignore[arg-type]
        reason="overleg",
        author="Sanne",
        from_on=TOLD_ON,
        until_on=date(2026, 4, 10),
    )


def flag(kind: str):
    return make_flag_stop(
        kind, from_on=TOLD_ON, until_on=None, has_representative=False, source="register"
    )


@pytest.mark.parametrize("text", ["dispute_accepted", "dispute_declined"])
@pytest.mark.parametrize("stop", [hold("all"), flag("faillissement"), flag("deceased")])
def test_what_stops_everything_stops_an_answer(text: str, stop) -> None:
    facts = replace(answered(text), stops=(stop,))
    decision = decide(facts, DEFAULT_POLICY, today=TOLD_ON)
    assert (decision.outcome, decision.because) == ("nothing", stop.because)


def test_a_pause_of_reminders_lets_an_answer_through_and_no_question_for_money() -> None:
    facts = replace(answered("dispute_declined"), stops=(hold("reminders"),))
    assert decide(facts, DEFAULT_POLICY, today=TOLD_ON).reason == "case_due"
    facts = told("forgot")
    facts = replace(facts, stops=(*facts.stops, hold("reminders")))
    decision = decide(facts, DEFAULT_POLICY, today=date(2026, 4, 1))
    assert decision.outcome == "nothing"


def test_a_pause_of_the_invoice_holds_the_answer_about_it() -> None:
    facts = answered("dispute_declined")
    item = replace(INVOICE, set_asides=(SetAside(hold("all")),))
    decision = decide(replace(facts, items=(item,)), DEFAULT_POLICY, today=TOLD_ON)
    assert decision.reason == "stop_hold"
    assert decision.next_look_on == date(2026, 3, 27)


def test_no_answer_goes_out_on_a_day_off() -> None:
    facts = answered("dispute_declined")
    saturday = date(2026, 3, 28)
    decision = decide(facts, DEFAULT_POLICY, today=saturday)
    assert decision.outcome == "nothing"
    assert decision.next_look_on == date(2026, 3, 30)
