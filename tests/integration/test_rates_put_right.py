"""Interest that was asked by a rate that was added wrongly is made right in the next run."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from tests.integration.books import make_payment, make_statement, take
from tests.integration.mail import SmtpSink
from tests.integration.office import at
from tests.integration.test_business_claims import CENTS, asked, make_office

from tijdig.banking.actions.deciding import split
from tijdig.banking.models import BankLine
from tijdig.dunning.actions.days import live_one_day
from tijdig.dunning.actions.run import run
from tijdig.dunning.models import Run
from tijdig.ledger.models import ClaimLine, Invoice
from tijdig.tenants.law_rates import AddedRate, add_rate, correct_rate, remove_rate
from tijdig.tenants.models import Administration
from tijdig.tenants.scope import administration_scope

DUE_ON, FROM_ON = date(2026, 12, 7), date(2027, 1, 1)
REMINDER_ON, DEMAND_ON = date(2026, 12, 14), date(2027, 1, 6)
NEXT = DEMAND_ON + timedelta(days=1)


def make_rate(percent: str) -> AddedRate:
    return AddedRate("commercial", FROM_ON, Decimal(percent), "ECB", None)


@pytest.fixture
def office(database: None, sink: SmtpSink) -> Iterator[UUID]:
    """A business that was asked interest with a rate of 15,4% from 1 January on."""
    file = Path(settings.HOME) / "law_rates.json"
    assert not file.exists()
    try:
        add_rate(make_rate("15.4"), today=date(2026, 12, 20))
        administration = make_office(business_costs="none")
        with administration_scope(administration):
            Invoice.objects.update(due_on=DUE_ON, term="agreed")
        for day in (REMINDER_ON, DEMAND_ON - timedelta(days=1), DEMAND_ON, NEXT):
            live_one_day(administration, today=day, now=at(day))
        # 24 days by 10,4% and six by 15,4%, over € 10.000,00.
        assert asked(administration) == 9_370
        yield administration
    finally:
        file.unlink(missing_ok=True)


def test_what_was_asked_too_much_is_taken_back(office: UUID) -> None:
    correct_rate(make_rate("10.4"), because="Verkeerd overgenomen", today=NEXT)
    later = NEXT + timedelta(days=1)
    live_one_day(office, today=later, now=at(later))
    # 32 days by 10,4% up to and including that day.
    assert asked(office) == 9_118


def test_without_a_rate_it_stays_and_a_new_one_makes_it_right(office: UUID) -> None:
    remove_rate("commercial", FROM_ON, because="Verkeerde dag", today=NEXT)
    later = NEXT + timedelta(days=1)
    live_one_day(office, today=later, now=at(later))
    assert asked(office) == 9_370
    add_rate(make_rate("9.4"), today=later)
    again = later + timedelta(days=1)
    live_one_day(office, today=again, now=at(again))
    # 24 days by 10,4% and nine by 9,4%.
    assert asked(office) == 9_156


def test_one_of_another_day_makes_it_right_too(office: UUID) -> None:
    remove_rate("commercial", FROM_ON, because="Verkeerde dag", today=NEXT)
    later, again = NEXT + timedelta(days=1), NEXT + timedelta(days=2)
    live_one_day(office, today=later, now=at(later))
    add_rate(replace(make_rate("9.4"), from_on=FROM_ON + timedelta(days=1)), today=later)
    live_one_day(office, today=again, now=at(again))
    # 25 days by 10,4% and eight by 9,4%.
    assert asked(office) == 9_184


def pay_all(office: UUID, *, today: date) -> None:
    """The invoice and the interest that was asked, in one payment of the day before."""
    cents, on = CENTS + 9_370, today - timedelta(days=1)
    payment = make_payment(cents, "alles", on=on, iban="NL02ABNA0123456789")
    take(office, make_statement(payment, name="ALLES"), day=today)
    with administration_scope(office):
        interest = ClaimLine.objects.get().open_item_id
        parts = ((Invoice.objects.get().open_item_id, CENTS), (interest, 9_370))
        how = {"round_off": False, "remember": False, "asked": ()}
        told = {"today": today, "now": at(today), "actor": "test"}
        split(BankLine.objects.get(cents=cents).id, parts, **how, **told)  # type: ignore[arg-type]


def test_it_is_taken_back_long_after_all_was_paid_too(office: UUID) -> None:
    later = NEXT + timedelta(days=1)
    pay_all(office, today=later)
    live_one_day(office, today=later, now=at(later))
    # The last demand is older than the contacts that matter for the rhythm.
    far = DEMAND_ON + timedelta(days=120)
    correct_rate(make_rate("10.4"), because="Verkeerd overgenomen", today=far)
    live_one_day(office, today=far, now=at(far))
    # 31 days by 10,4%, until the day of the payment.
    assert asked(office) == 8_833


def change_office(office: UUID, **told: object) -> None:
    with administration_scope(office):
        Administration.objects.filter(id=office).update(**told)


def test_a_day_on_which_the_run_waited_for_a_file_misses_no_change(office: UUID) -> None:
    correct_rate(make_rate("9.4"), because="Verkeerd overgenomen", today=NEXT)
    waits, later = NEXT + timedelta(days=1), NEXT + timedelta(days=2)
    change_office(office, books_fresh_days=5)
    live_one_day(office, today=waits, now=at(waits))
    with administration_scope(office):
        assert Run.objects.exclude(waits_for=[]).get().on == waits
    assert asked(office) == 9_370
    change_office(office, books_fresh_days=None)
    live_one_day(office, today=later, now=at(later))
    # 24 days by 10,4% and nine by 9,4%.
    assert asked(office) == 9_156


def test_a_rehearsal_of_a_later_day_misses_no_change(office: UUID) -> None:
    later, rehearsed = NEXT + timedelta(days=1), NEXT + timedelta(days=60)
    change_office(office, sending_on=False)
    run(office, today=rehearsed, now=at(NEXT))
    change_office(office, sending_on=True)
    correct_rate(make_rate("10.4"), because="Verkeerd overgenomen", today=NEXT)
    live_one_day(office, today=later, now=at(later))
    assert asked(office) == 9_118
