"""A few cents that nobody is reminded of do not hide what comes for another invoice."""

from dataclasses import replace
from datetime import date, timedelta

from tests.core.debtor_facts import days_of, make_facts, make_invoice, run_daily

from tijdig.core.dunning import add_contact, decide, forecast
from tijdig.core.policy import DEFAULT_POLICY

FIRST_ON = date(2026, 3, 2)


def test_the_letter_about_another_invoice_keeps_its_day() -> None:
    """The old one had every step, the second is too small to remind of, the third is next."""
    facts = make_facts(
        make_invoice("1", FIRST_ON, 500),
        make_invoice("2", date(2026, 6, 8), 1),
        make_invoice("3", date(2026, 6, 2), 500),
        kind="consumer",
    )
    daily = days_of(run_daily(facts, FIRST_ON, 125))
    assert daily[-2:] == [
        (date(2026, 6, 8), "reminder_due"),
        (date(2026, 6, 23), "veertiendagenbrief_due"),
    ]
    told = forecast(facts, DEFAULT_POLICY, today=FIRST_ON, limit=len(daily))
    assert days_of(told) == daily


def test_the_old_one_is_past_its_last_demand_beside_a_few_cents() -> None:
    """The list with the ways on is for him: a person decides there on the old one."""
    old, cents = make_invoice("1", FIRST_ON, 500), make_invoice("2", date(2026, 6, 8), 1)
    facts, days = make_facts(old, kind="consumer"), 125
    for day in (FIRST_ON + timedelta(days=n) for n in range(days)):
        facts = add_contact(facts, decide(facts, DEFAULT_POLICY, today=day))
    for items in ((old,), (old, cents)):
        told = replace(facts, items=items)
        decision = decide(told, DEFAULT_POLICY, today=FIRST_ON + timedelta(days=days))
        assert (decision.outcome, decision.reason) == ("nothing", "after_last_demand")
        assert decision.carrying == old
