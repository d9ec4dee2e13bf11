"""A few cents that nobody is reminded of do not hide what comes for another invoice."""

from datetime import date

from tests.core.debtor_facts import days_of, make_facts, make_invoice, run_daily

from tijdig.core.dunning import forecast
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
