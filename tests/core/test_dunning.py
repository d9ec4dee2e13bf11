"""The rhythm of one debtor, told as scenarios: what goes out on which day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from tests.core.debtor_facts import (
    DEBTOR,
    FRIDAY,
    SAID,
    days_of,
    make_contact,
    make_credit,
    make_facts,
    make_invoice,
    run_daily,
    run_on,
)

from tijdig.core.cadence import compute_step_day
from tijdig.core.dunning import Decision, add_contact, decide, forecast
from tijdig.core.facts import Stop
from tijdig.core.policy import DEFAULT_POLICY
from tijdig.core.problem import Sentence

NOTICE, REMINDER, CALL, _, LAST_DEMAND = DEFAULT_POLICY.steps
MARCH_1 = date(2026, 3, 1)


def march(day: int) -> date:
    return date(2026, 3, day)


def april(day: int) -> date:
    return date(2026, 4, day)


def test_the_whole_rhythm_of_one_invoice_over_sixty_days() -> None:
    taken = run_daily(make_facts(make_invoice()), MARCH_1, 90)
    assert [(one.on, one.reason, one.channel, one.pay_by_on) for one in taken] == [
        (march(10), "notice_due", "email", None),
        # Wednesday and seven days: the call waits for its own day.
        (march(18), "reminder_due", "email", march(25)),
        (march(27), "call_due", "phone", None),
        # 12 April is a Sunday. The 14 days end on King's Day: a term is as long as it says.
        (april(13), "last_demand_due", "email", april(27)),
    ]


def test_a_decision_says_all_that_is_known_about_it() -> None:
    invoice = make_invoice("20260412")
    assert decide(
        make_facts(invoice, facts_version=7), DEFAULT_POLICY, today=march(18)
    ) == Decision(
        debtor_id=DEBTOR,
        on=march(18),
        outcome="message",
        reason="reminder_due",
        because=Sentence(
            "Herinnering per e-mail: factuur 20260412 (€ 121,00) is 5 dagen te laat.",
            "Reminder by e-mail: invoice 20260412 (€ 121,00) is 5 days late.",
        ),
        facts_version=7,
        step=REMINDER,
        channel="email",
        carrying=invoice,
        listed=((invoice.item_id, 12100),),
        total_cents=12100,
        pay_by_on=march(25),
        next_look_on=march(19),
    )


@pytest.mark.parametrize(
    ("step", "due_on", "day"),
    [
        (NOTICE, april(7), april(2)),  # Saturday before Easter: back over Good Friday
        (REMINDER, march(29), april(7)),  # Good Friday: on past Easter Monday
        (REMINDER, april(22), april(28)),  # King's Day
        (NOTICE, april(30), april(24)),  # King's Day again, backwards over the weekend
        (REMINDER, date(2026, 12, 20), date(2026, 12, 28)),  # Christmas Day on a Friday
        (NOTICE, date(2026, 12, 28), date(2026, 12, 24)),
        (LAST_DEMAND, date(2026, 12, 2), date(2027, 1, 4)),  # New Year's Day
        (CALL, FRIDAY, march(27)),
    ],
)
def test_a_step_moves_to_a_working_day(step, due_on: date, day: date) -> None:
    assert compute_step_day(step, due_on) == day


def test_old_arrears_enter_at_the_first_reminder_and_keep_the_gaps() -> None:
    taken = run_daily(make_facts(make_invoice(due_on=date(2024, 5, 1))), march(2), 60)
    assert days_of(taken) == [
        (march(2), "reminder_due"),
        # The term ends on Monday 9 March; the bank tells of it a day later.
        (march(10), "call_due"),
        (march(17), "last_demand_due"),
    ]


def test_after_thirty_days_off_each_run_takes_one_step() -> None:
    facts = make_facts(make_invoice(), contacts=(make_contact("notice", march(10)),))
    back = [april(13) + timedelta(days=n) for n in range(40)]
    assert days_of(run_on(facts, back)) == [
        (april(13), "reminder_due"),
        (april(21), "call_due"),  # the term ended on Monday 20 April
        (april(28), "last_demand_due"),
    ]


def test_a_reminder_on_the_monday_after_a_weekend_delays_the_call_by_a_day() -> None:
    taken = run_daily(make_facts(make_invoice(due_on=march(9))), march(9), 20)
    # Day 5 is Saturday 14 March; the term of the Monday ends on the next Monday, day 14.
    assert [(one.on, one.reason, one.pay_by_on) for one in taken] == [
        (march(16), "reminder_due", march(23)),
        (march(24), "call_due", None),
    ]


def test_the_day_that_ends_a_term_belongs_to_the_debtor_and_the_next_to_the_bank() -> None:
    contacts = (make_contact("last_demand", march(6), item="2", pay_by_on=march(20)),)
    facts = make_facts(make_invoice(due_on=march(2)), contacts=contacts)
    last_day = decide(facts, DEFAULT_POLICY, today=march(20))
    assert (last_day.reason, last_day.next_look_on) == ("term_running", march(23))
    assert decide(facts, DEFAULT_POLICY, today=march(23)).reason == "reminder_due"


def test_a_notice_that_was_missed_is_passed_over() -> None:
    facts = make_facts(make_invoice())
    assert decide(facts, DEFAULT_POLICY, today=march(12)).reason == "notice_due"
    on_the_day = decide(facts, DEFAULT_POLICY, today=FRIDAY)
    assert (on_the_day.reason, on_the_day.next_look_on) == ("not_due_yet", march(18))


def test_a_notice_without_a_working_day_left_is_passed_over() -> None:
    facts = make_facts(make_invoice(due_on=march(16)))
    saturday = decide(facts, DEFAULT_POLICY, today=march(14))
    assert (saturday.reason, saturday.next_look_on) == ("not_due_yet", march(23))


def test_a_part_payment_does_not_move_the_rhythm() -> None:
    before = make_facts(make_invoice())
    reminded = add_contact(before, decide(before, DEFAULT_POLICY, today=march(18)))
    after = make_facts(make_invoice(cents=2100), contacts=reminded.contacts)
    call = decide(after, DEFAULT_POLICY, today=march(27))
    assert (call.reason, call.total_cents) == ("call_due", 2100)


def test_paying_a_newer_invoice_does_not_move_the_rhythm() -> None:
    contacts = (make_contact("reminder", march(18), pay_by_on=march(23)),)
    facts = make_facts(make_invoice(), contacts=contacts)
    assert decide(facts, DEFAULT_POLICY, today=march(27)).reason == "call_due"


def test_the_next_invoice_starts_at_the_reminder_when_the_oldest_is_paid() -> None:
    contacts = (make_contact("last_demand", march(2), item="1", pay_by_on=march(16)),)
    facts = make_facts(make_invoice("2", due_on=date(2026, 2, 2)), contacts=contacts)
    # The last demand may have listed this invoice too: its term is not cut short.
    assert days_of(run_daily(facts, march(3), 20)) == [(march(17), "reminder_due")]


def test_a_reopened_invoice_starts_again() -> None:
    contacts = (make_contact("last_demand", date(2026, 1, 5), pay_by_on=date(2026, 1, 19)),)
    as_before = make_facts(make_invoice(due_on=date(2025, 12, 1)), contacts=contacts)
    reopened = make_facts(make_invoice(due_on=date(2025, 12, 1), reopen_count=1), contacts=contacts)
    assert decide(as_before, DEFAULT_POLICY, today=march(2)).reason == "after_last_demand"
    assert decide(reopened, DEFAULT_POLICY, today=march(2)).reason == "reminder_due"


def test_the_gap_holds_for_the_debtor_not_for_the_invoice() -> None:
    contacts = (make_contact("notice", march(16), item="2"),)
    facts = make_facts(make_invoice(), make_invoice("2", march(19)), contacts=contacts)
    waits = decide(facts, DEFAULT_POLICY, today=march(18))
    assert (waits.reason, waits.next_look_on) == ("min_gap", march(23))
    assert decide(facts, DEFAULT_POLICY, today=march(23)).reason == "reminder_due"


def test_a_contact_after_today_counts_as_contact() -> None:
    facts = make_facts(make_invoice(), contacts=(make_contact("reminder", march(18)),))
    assert days_of(run_daily(facts, march(2), 40)) == [(march(27), "call_due")]


def test_all_that_is_late_is_listed_and_the_rest_is_not() -> None:
    late, later, future = (
        make_invoice("1", march(6), 10000),
        make_invoice("2", march(9), 5000),
        make_invoice("3", march(11), 700),
    )
    decision = decide(make_facts(future, later, late), DEFAULT_POLICY, today=march(11))
    assert decision.listed == ((late.item_id, 10000), (later.item_id, 5000))
    assert decision.because.nl == (
        "Herinnering per e-mail: factuur 1 (€ 100,00) is 5 dagen te laat;"
        " met alles erbij gaat het om € 150,00."
    )


def test_a_credit_that_leaves_less_than_the_invoice_is_said_to_be_taken_off() -> None:
    facts = make_facts(make_invoice("1", march(6), 10000), make_credit("50", cents=-2500))
    decision = decide(facts, DEFAULT_POLICY, today=march(11))
    assert decision.because.nl == (
        "Herinnering per e-mail: factuur 1 (€ 100,00) is 5 dagen te laat;"
        " na aftrek van tegoed gaat het om € 75,00."
    )


def test_a_notice_lists_what_falls_due_and_has_reached_its_own_notice_day() -> None:
    items = make_invoice("1", march(13)), make_invoice("2", march(16)), make_invoice("3", march(19))
    listed = decide(make_facts(*items), DEFAULT_POLICY, today=march(12)).listed
    # The notice day of 16 March is Friday 13 March, which has not come.
    assert listed == ((items[0].item_id, 12100),)
    a_day_later = make_facts(make_invoice("1", march(14)), *items[1:])
    assert decide(a_day_later, DEFAULT_POLICY, today=march(13)).total_cents == 2 * 12100


@pytest.mark.parametrize(
    ("credit", "listed", "total"),
    [
        # unnamed: from the oldest
        ({"cents": -2100}, {"1": 10000, "2": 5000, "50": -2100}, 12900),
        # names a late invoice and covers it: neither is listed
        ({"cents": -5000, "credited_number": "2"}, {"1": 10000}, 10000),
        # names an invoice that is not late: not in this message
        ({"cents": -2100, "credited_number": "3"}, {"1": 10000, "2": 5000}, 15000),
        # the same, and larger: what remains goes to the oldest
        ({"cents": -4000, "credited_number": "3"}, {"1": 10000, "2": 5000, "50": -1000}, 14000),
        # names an invoice that is no longer open
        ({"cents": -2100, "credited_number": "77"}, {"1": 10000, "2": 5000, "50": -2100}, 12900),
        # covers the oldest: the next one carries, with what remains
        ({"cents": -12000}, {"2": 5000, "50": -2000}, 3000),
        # money not yet applied counts like a credit note
        ({"cents": -2100, "kind": "unapplied"}, {"1": 10000, "2": 5000, "50": -2100}, 12900),
    ],
)
def test_credits_are_netted(credit, listed: dict[str, int], total: int) -> None:
    items = (
        make_invoice("1", march(4), 10000),
        make_invoice("2", march(5), 5000),
        make_invoice("3", march(20), 3000),
        make_credit("50", **credit),
    )
    decision = decide(make_facts(*items), DEFAULT_POLICY, today=march(11))
    numbers = {item.item_id: item.number for item in items}
    assert {numbers[item_id]: cents for item_id, cents in decision.listed} == listed
    assert decision.total_cents == total


def test_a_credit_note_as_large_as_the_invoices_ends_it() -> None:
    items = make_invoice(), make_credit(cents=-12100)
    assert run_daily(make_facts(*items), MARCH_1, 90) == []


def test_two_credits_on_one_invoice_are_both_listed() -> None:
    items = make_invoice(), make_credit("50", -2000), make_credit("51", -100, credited_number="1")
    decision = decide(make_facts(*items), DEFAULT_POLICY, today=march(18))
    assert decision.listed == (
        (items[0].item_id, 12100),
        (items[2].item_id, -100),
        (items[1].item_id, -2000),
    )
    assert decision.total_cents == 10000


def test_a_call_that_is_made_counts_as_contact() -> None:
    contacts = (make_contact("call", april(8), "call_done"),)
    facts = make_facts(make_invoice(), contacts=contacts)
    waits = decide(facts, DEFAULT_POLICY, today=april(13))
    assert (waits.reason, waits.next_look_on) == ("min_gap", april(15))


def test_a_call_that_nobody_makes_lets_the_rhythm_go_on_and_says_so() -> None:
    facts = make_facts(make_invoice(), contacts=(make_contact("call", april(8), "call_open"),))
    waits = decide(facts, DEFAULT_POLICY, today=april(14))
    assert (waits.reason, waits.next_look_on) == ("call_open", april(15))
    goes_on = decide(facts, DEFAULT_POLICY, today=april(15))
    assert goes_on.reason == "last_demand_due"
    assert goes_on.because == Sentence(
        "Het telefoontje van 8 april 2026 is niet binnen 5 werkdagen gedaan; we gaan verder."
        " Laatste aanmaning per e-mail: factuur 1 (€ 121,00) is 33 dagen te laat.",
        "The phone call of 8 April 2026 was not made within 5 working days; we go on."
        " Last demand by e-mail: invoice 1 (€ 121,00) is 33 days late.",
    )


def test_an_unknown_number_is_looked_up() -> None:
    contacts = (make_contact("reminder", march(18), pay_by_on=march(23)),)
    facts = make_facts(make_invoice(), contacts=contacts, phone="")
    call = decide(facts, DEFAULT_POLICY, today=march(27))
    assert (call.outcome, call.channel) == ("call", "phone")
    assert call.because.nl.endswith("Het telefoonnummer is niet bekend: zoek het nummer op.")


def test_an_invoice_on_direct_debit_rests_and_then_takes_over() -> None:
    items = make_invoice("1", march(6), by_direct_debit=True), make_invoice("2", march(9))
    taken = run_daily(make_facts(*items), march(9), 20)
    assert [(one.on, one.reason, one.carrying, one.total_cents) for one in taken] == [
        (march(16), "reminder_due", items[1], 12100),
        # The older invoice counts from Saturday 21 March; the term ends on the Monday.
        (march(24), "reminder_due", items[0], 24200),
    ]


@pytest.mark.parametrize(
    ("address", "channel"),
    [
        ({}, "email"),
        ({"email": ""}, "letter"),
        ({"email_failed": True}, "letter"),
        ({"preferred_channel": "letter"}, "letter"),
        ({"preferred_channel": "letter", "has_postal_address": False}, "email"),
        ({"preferred_channel": "phone"}, "email"),
    ],
)
def test_the_first_possible_channel_is_taken(address, channel: str) -> None:
    decision = decide(make_facts(make_invoice(), **address), DEFAULT_POLICY, today=march(18))
    assert decision.channel == channel


def test_without_an_email_address_the_notice_is_missed_but_not_the_letter() -> None:
    facts = make_facts(make_invoice(), email="")
    notice = decide(facts, DEFAULT_POLICY, today=march(10))
    assert (notice.reason, notice.next_look_on) == ("no_address", march(18))
    assert days_of(run_daily(facts, MARCH_1, 20)) == [(march(18), "reminder_due")]


def test_the_latest_stop_counts() -> None:
    forever = Stop("dispute", Sentence("Er loopt een betwisting.", "There is a dispute."))
    until = Stop("promise", SAID, until_on=april(14))
    past = Stop("hold", SAID, until_on=march(17))
    one = decide(make_facts(make_invoice(), stops=(past, until)), DEFAULT_POLICY, today=march(18))
    assert (one.reason, one.because, one.next_look_on) == ("stop_promise", SAID, april(15))
    both = decide(
        make_facts(make_invoice(), stops=(until, forever)), DEFAULT_POLICY, today=march(18)
    )
    assert (both.reason, both.next_look_on) == ("stop_dispute", None)


def test_the_forecast_shows_what_follows_if_nothing_changes() -> None:
    facts = make_facts(make_invoice())
    expected = run_daily(facts, MARCH_1, 90)
    assert list(forecast(facts, DEFAULT_POLICY, today=MARCH_1)) == expected
    assert list(forecast(facts, DEFAULT_POLICY, today=MARCH_1, limit=2)) == expected[:2]
    waiting = make_facts(make_invoice(), contacts=(make_contact("reminder", march(18), "waiting"),))
    assert days_of(forecast(waiting, DEFAULT_POLICY, today=march(18))) == days_of(expected[2:])


def test_an_older_invoice_on_direct_debit_is_looked_at_when_its_rest_is_over() -> None:
    items = make_invoice("1", march(6), by_direct_debit=True), make_invoice("2", march(9))
    contacts = (make_contact("last_demand", march(10), item="2"),)
    waits = decide(make_facts(*items, contacts=contacts), DEFAULT_POLICY, today=march(12))
    assert (waits.reason, waits.next_look_on) == ("after_last_demand", march(21))


def test_a_notice_does_not_list_what_is_collected_by_direct_debit() -> None:
    items = make_invoice("1", march(13)), make_invoice("2", march(13), by_direct_debit=True)
    decision = decide(make_facts(*items), DEFAULT_POLICY, today=march(12))
    assert decision.listed == ((items[0].item_id, 12100),)


def test_a_call_that_nobody_made_is_no_contact_for_the_gap() -> None:
    policy = replace(DEFAULT_POLICY, min_gap_days=20)
    facts = make_facts(make_invoice(), contacts=(make_contact("call", april(8), "call_open"),))
    assert days_of(run_daily(facts, april(8), 20, policy=policy)) == [
        (april(15), "last_demand_due")
    ]


def test_the_last_of_two_open_calls_is_waited_for() -> None:
    contacts = (
        make_contact("call", april(8), "call_open"),
        make_contact("call", april(1), "call_open", item="2"),
    )
    waits = decide(make_facts(make_invoice(), contacts=contacts), DEFAULT_POLICY, today=april(9))
    assert (waits.reason, waits.next_look_on) == ("call_open", april(15))


def test_a_second_run_on_the_same_day_does_nothing_even_without_a_gap() -> None:
    policy = replace(DEFAULT_POLICY, min_gap_days=0)
    facts = make_facts(make_invoice(due_on=date(2025, 3, 3)), contacts=())
    made = make_contact("reminder", march(18))
    again = decide(replace(facts, contacts=(made,)), policy, today=march(18))
    assert (again.reason, again.next_look_on) == ("min_gap", march(19))
