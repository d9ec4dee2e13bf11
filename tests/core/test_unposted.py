"""A letter that was printed and not posted, as far as anybody said: nothing follows from it."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from tests.core.debtor_facts import make_contact, make_facts, make_invoice, make_plan

from tijdig.core.cadence import compute_rest
from tijdig.core.calendar import add_days
from tijdig.core.claims import compute_due_claims
from tijdig.core.dunning import decide, forecast
from tijdig.core.facts import DebtorFacts, DebtorKind
from tijdig.core.item_default import find_letters_before_default
from tijdig.core.notices import NoticeKind, PastNotice
from tijdig.core.plan_steps import judge_plan_of
from tijdig.core.policy import DEFAULT_POLICY
from tijdig.core.posting import presume_posted

INVOICE = make_invoice("20260412")
TODAY = date(2026, 4, 28)
RULES = DEFAULT_POLICY.rules
BALANCES = {INVOICE.item_id: INVOICE.open_cents}


def printed(step: str, on: date, pay_by_on: date) -> DebtorFacts:
    """A consumer whose last contact is this letter, not posted yet."""
    contact = make_contact(step, on, item="20260412", pay_by_on=pay_by_on)
    contact = replace(contact, channel="letter", is_unposted=True)
    return make_facts(INVOICE, kind="consumer", contacts=(contact,))


def make_notice(kind: NoticeKind, on: date, last_day: date, *, posted: bool) -> PastNotice:
    return PastNotice(
        kind,
        INVOICE.item_id,
        UUID(int=on.toordinal()),
        INVOICE.open_cents,
        sent_on=on,
        received_on=on if posted else None,
        last_day=last_day,
        costs_cents=4_000,
        is_unposted=not posted,
    )


@pytest.mark.parametrize("step", ["veertiendagenbrief", "last_demand"])
def test_no_next_step_before_it_was_posted(step: str) -> None:
    facts = printed(step, date(2026, 4, 3), date(2026, 4, 24))
    decision = decide(facts, DEFAULT_POLICY, today=TODAY)
    assert (decision.reason, decision.next_look_on) == ("not_posted", None)
    assert decision.because.nl == (
        "Niets gedaan: de brief van 3 april 2026 is geprint, maar nog niet als gepost gemeld. Tot"
        " dan telt hij niet en loopt er geen termijn. Zeg bij Brieven op de post op welke dag hij"
        " is gepost."
    )


def test_a_letter_about_what_is_paid_holds_nothing() -> None:
    facts = printed("last_demand", date(2026, 4, 3), date(2026, 4, 24))
    other = replace(facts.contacts[0], item_id=UUID(int=9))
    facts = replace(facts, contacts=(other,))
    assert decide(facts, DEFAULT_POLICY, today=TODAY).reason != "not_posted"


@pytest.mark.parametrize("kind", ["business", "consumer", "unknown", "public_body"])
@pytest.mark.parametrize("step", ["notice", "reminder", "reminder_again", "gone_from_policy"])
def test_a_paper_step_holds_the_next_for_every_kind_of_debtor(kind: DebtorKind, step: str) -> None:
    facts = replace(printed(step, date(2026, 4, 3), date(2026, 4, 10)), kind=kind)
    decision = decide(facts, DEFAULT_POLICY, today=TODAY)
    assert (decision.reason, decision.next_look_on) == ("not_posted", None)
    posted = replace(facts, contacts=(replace(facts.contacts[0], is_unposted=False),))
    assert decide(posted, DEFAULT_POLICY, today=TODAY).reason != "not_posted"


def test_the_call_after_a_paper_reminder_waits_for_its_posting() -> None:
    facts = replace(printed("reminder", date(2026, 4, 3), date(2026, 4, 10)), kind="business")
    assert decide(facts, DEFAULT_POLICY, today=TODAY).outcome == "nothing"
    posted = replace(facts, contacts=(replace(facts.contacts[0], is_unposted=False),))
    assert decide(posted, DEFAULT_POLICY, today=TODAY).reason == "call_due"


@pytest.mark.parametrize("step", ["reminder_copy", "plan-1", "debit-1"])
def test_a_copy_a_plan_and_an_announcement_hold_no_step(step: str) -> None:
    facts = replace(printed(step, date(2026, 4, 3), date(2026, 4, 10)), kind="business")
    mailed = make_contact("reminder", date(2026, 4, 3), item="20260412")
    facts = replace(facts, contacts=(mailed, *facts.contacts))
    assert decide(facts, DEFAULT_POLICY, today=TODAY).reason == "call_due"


def test_a_paper_reminder_that_was_not_posted_puts_no_consumer_in_default() -> None:
    facts = printed("reminder", date(2026, 4, 3), date(2026, 4, 10))
    called = make_contact("call", date(2026, 4, 14), "call_done", item="20260412")
    notice = make_notice("ingebrekestelling", date(2026, 4, 3), date(2026, 4, 10), posted=False)
    facts = replace(facts, contacts=(*facts.contacts, called), notices=(notice,))
    assert decide(facts, DEFAULT_POLICY, today=TODAY).reason == "not_posted"
    posted = replace(facts, notices=(replace(notice, received_on=notice.sent_on),))
    posted = replace(posted, notices=(replace(posted.notices[0], is_unposted=False),))
    reminded = replace(facts.contacts[0], is_unposted=False)
    posted = replace(posted, contacts=(reminded, called))
    assert decide(posted, DEFAULT_POLICY, today=TODAY).reason == "veertiendagenbrief_due"


def test_no_costs_and_no_letter_is_void_for_what_may_still_be_told() -> None:
    default = make_notice("ingebrekestelling", date(2026, 3, 18), date(2026, 3, 25), posted=False)
    letter = make_notice("veertiendagenbrief", date(2026, 4, 3), date(2026, 4, 24), posted=False)
    facts = make_facts(INVOICE, kind="consumer", notices=(default, letter))
    assert not compute_due_claims(facts, RULES, balances=BALANCES, today=TODAY)
    assert find_letters_before_default(presume_posted(facts), RULES) == set()
    # The letter alone was posted: the default that it needs is not proven, and brings nothing.
    told = replace(letter, received_on=letter.sent_on, is_unposted=False)
    half = replace(facts, notices=(default, told))
    assert not compute_due_claims(half, RULES, balances=BALANCES, today=TODAY)
    both = replace(default, received_on=default.sent_on, is_unposted=False)
    whole = replace(facts, notices=(both, told))
    (claim,) = compute_due_claims(whole, RULES, balances=BALANCES, today=TODAY)
    assert (claim.kind, claim.cents) == ("costs", 4_000)


@pytest.mark.parametrize(("is_unposted", "reason"), [(True, "not_posted"), (False, "call_due")])
def test_an_answer_on_paper_holds_a_firmer_step(is_unposted: bool, reason: str) -> None:
    reminded = make_contact("reminder", date(2026, 4, 1), item="20260412")
    answer = make_contact(
        "case-0123456789ab-declined",
        date(2026, 4, 2),
        item="20260412",
        channel="letter",
        is_unposted=is_unposted,
    )
    facts = make_facts(INVOICE, kind="consumer", contacts=(reminded, answer))
    assert decide(facts, DEFAULT_POLICY, today=TODAY).reason == reason


def test_the_gap_between_contacts_begins_with_the_posting() -> None:
    printed_on, posted_on = date(2026, 4, 8), date(2026, 4, 13)
    letter = make_contact("reminder", printed_on, item="20260412", channel="letter")
    gap_days = DEFAULT_POLICY.min_gap_days
    assert compute_rest([letter], DEFAULT_POLICY).gap_on == add_days(printed_on, gap_days)
    posted = replace(letter, posted_on=posted_on)
    assert compute_rest([posted], DEFAULT_POLICY).gap_on == add_days(posted_on, gap_days)


@pytest.mark.parametrize(("is_unposted", "state"), [(True, "late"), (False, "broken")])
def test_a_plan_does_not_lapse_on_a_reminder_that_was_only_printed(
    is_unposted: bool, state: str
) -> None:
    plan = make_plan(INVOICE, agreed_on=date(2026, 3, 2), first_on=date(2026, 3, 16))
    nudge = make_contact(
        f"plan-{plan.key}-nudge-1",
        date(2026, 3, 20),
        item="20260412",
        channel="letter",
        pay_by_on=date(2026, 3, 27),
        is_unposted=is_unposted,
    )
    assert judge_plan_of(plan, (nudge,), today=TODAY).state == state


def test_a_forecast_takes_it_for_posted() -> None:
    facts = printed("veertiendagenbrief", date(2026, 4, 3), date(2026, 4, 24))
    letter = make_notice("veertiendagenbrief", date(2026, 4, 3), date(2026, 4, 24), posted=False)
    default = make_notice("ingebrekestelling", date(2026, 3, 18), date(2026, 3, 25), posted=True)
    facts = replace(facts, notices=(default, letter))
    ahead = forecast(facts, DEFAULT_POLICY, today=date(2026, 4, 6))
    assert [one.reason for one in ahead] == ["last_demand_due"]
