"""A consumer's newer invoice gets a notice of default of its own, while the oldest stays unpaid."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from tests.core.debtor_facts import days_of, make_contact, make_facts, make_invoice, run_daily

from tijdig.core.creditor_rules import CreditorRules
from tijdig.core.dunning import decide
from tijdig.core.facts import DebtorFacts
from tijdig.core.notices import PastNotice
from tijdig.core.policy import DEFAULT_POLICY

OLD = make_invoice("1", date(2026, 2, 2))
# Due after the last message about the old one, so that none listed it.
NEW = make_invoice("2", date(2026, 5, 4))
REMINDER_ON = date(2026, 5, 11)
# The 21st day after the due date is Whit Monday.
LETTER_ON = date(2026, 5, 26)


def notice_of(kind: str, sent_on: date, last_day: date) -> PastNotice:
    return PastNotice(
        kind,  # type: ignore[arg-type]
        OLD.item_id,
        UUID(int=1),
        amount_cents=12_100,
        sent_on=sent_on,
        received_on=sent_on,
        last_day=last_day,
    )


def make_parent(**more: object) -> DebtorFacts:
    """A consumer who had every step about the old invoice, and then got another invoice."""
    told: dict[str, object] = {
        "kind": "consumer",
        "contacts": (
            make_contact("reminder", date(2026, 2, 9), pay_by_on=date(2026, 2, 16)),
            make_contact("call", date(2026, 2, 17), "call_done"),
            make_contact("veertiendagenbrief", date(2026, 3, 3), pay_by_on=date(2026, 3, 23)),
            make_contact("last_demand", date(2026, 3, 24), pay_by_on=date(2026, 4, 7)),
        ),
        "notices": (
            notice_of("ingebrekestelling", date(2026, 2, 9), date(2026, 2, 16)),
            notice_of("veertiendagenbrief", date(2026, 3, 3), date(2026, 3, 23)),
        ),
        **more,
    }
    return make_facts(OLD, NEW, **told)


def test_it_is_looked_at_on_the_day_of_its_own_reminder() -> None:
    decision = decide(make_parent(), DEFAULT_POLICY, today=date(2026, 4, 8))
    assert (decision.reason, decision.next_look_on) == ("after_last_demand", REMINDER_ON)


def test_its_reminder_goes_while_the_oldest_is_open() -> None:
    decision = decide(make_parent(), DEFAULT_POLICY, today=REMINDER_ON)
    assert decision.reason == "reminder_due"
    assert decision.carrying == NEW
    # The oldest one had every step, and waits for a person.
    assert decision.listed == ((NEW.item_id, 12_100),)


def test_then_comes_its_own_letter_and_it_had_each_once() -> None:
    taken = run_daily(make_parent(), date(2026, 4, 8), 90)
    assert days_of(taken) == [
        (REMINDER_ON, "reminder_due"),
        (LETTER_ON, "veertiendagenbrief_due"),
    ]
    assert taken[1].listed == ((NEW.item_id, 12_100),)


def test_an_agreed_term_and_a_business_need_no_reminder_for_it() -> None:
    agreed = replace(DEFAULT_POLICY, rules=CreditorRules(consumer_terms_agreed=True))
    before = decide(make_parent(), agreed, today=REMINDER_ON)
    assert (before.reason, before.next_look_on) == ("after_last_demand", LETTER_ON)
    day = decide(make_parent(), agreed, today=LETTER_ON)
    assert (day.reason, day.carrying) == ("veertiendagenbrief_due", NEW)
    business = decide(make_parent(kind="business"), DEFAULT_POLICY, today=REMINDER_ON)
    assert business.reason == "after_last_demand"


def test_what_is_collected_by_direct_debit_is_not_reminded_like_this() -> None:
    facts = make_parent()
    facts = replace(facts, items=(OLD, replace(NEW, by_direct_debit=True)))
    assert decide(facts, DEFAULT_POLICY, today=REMINDER_ON).reason == "after_last_demand"


NEW_REMINDER = make_contact("reminder", REMINDER_ON, item="2", pay_by_on=date(2026, 5, 18))


def new_notice(sent_on: date) -> PastNotice:
    notice = notice_of("ingebrekestelling", sent_on, date(2026, 5, 18))
    return replace(notice, item_id=NEW.item_id, is_void=True)


def test_its_own_reminder_that_came_back_goes_anew() -> None:
    parent = make_parent()
    lost = replace(NEW_REMINDER, came_back=True)
    facts = replace(parent, contacts=(*parent.contacts, lost), notices=parent.notices)
    taken = run_daily(facts, date(2026, 5, 19), 60)
    assert [one.step.key for one in taken if one.step] == ["reminder_anew", "veertiendagenbrief"]
    assert taken[0].carrying == NEW


def test_its_own_reminder_that_missed_him_goes_again() -> None:
    parent = make_parent()
    notices = (*parent.notices, new_notice(REMINDER_ON))
    facts = replace(parent, contacts=(*parent.contacts, NEW_REMINDER), notices=notices)
    taken = run_daily(facts, date(2026, 5, 19), 60)
    assert [one.step.key for one in taken if one.step] == ["reminder_again", "veertiendagenbrief"]


def test_its_own_reminder_that_reached_him_goes_once() -> None:
    """Its words put nobody in default: a second one would say no more."""
    parent = make_parent()
    facts = replace(parent, contacts=(*parent.contacts, NEW_REMINDER))
    assert run_daily(facts, date(2026, 5, 19), 60) == []


def test_a_letter_that_proves_void_after_the_last_demand_is_followed_by_a_right_one() -> None:
    first = make_parent()
    reminder, letter = first.notices
    void = replace(first, items=(OLD,), notices=(reminder, replace(letter, is_void=True)))
    taken = run_daily(void, date(2026, 4, 8), 60)
    assert days_of(taken) == [(date(2026, 4, 8), "veertiendagenbrief_due")]
    assert taken[0].step is not None
    assert (taken[0].step.key, taken[0].costs_cents) == ("veertiendagenbrief_2", 4_000)


def test_one_that_was_void_again_is_followed_by_a_third() -> None:
    first = make_parent()
    reminder, letter = first.notices
    again = replace(letter, is_void=True, sent_on=date(2026, 4, 8), last_day=date(2026, 4, 28))
    contact = make_contact("veertiendagenbrief_2", date(2026, 4, 8), pay_by_on=date(2026, 4, 28))
    notices = (reminder, replace(letter, is_void=True), again)
    void = replace(first, items=(OLD,), notices=notices, contacts=(*first.contacts, contact))
    (taken,) = run_daily(void, date(2026, 4, 29), 60)
    assert taken.step is not None
    assert taken.step.key == "veertiendagenbrief_3"
