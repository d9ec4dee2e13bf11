"""Costs and interest that were booked, when something shows later that makes them less."""

from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module
from uuid import UUID

import pytest
from django.db import connection
from tests.faults.smtp_sink import SmtpSink
from tests.integration.books import (
    balances,
    check_book,
    entries_of,
    make_payment,
    make_statement,
    take,
)
from tests.integration.office import at, make_debtor, make_record, take_in
from tests.integration.test_business_claims import (
    CENTS,
    asked,
    balance,
    live_to_demand,
    make_office,
    pay,
)
from tests.integration.test_business_claims import DEMAND_ON as DEMANDED_ON
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    LETTER_ON,
    lines,
    live,
    make_pupil,
    make_school,
    sent,
)

from tijdig.banking.actions.deciding import split
from tijdig.banking.actions.keeping import keep
from tijdig.banking.models import BankLine
from tijdig.cases.actions import disputes
from tijdig.core.claims import compute_due_claims
from tijdig.core.standing_terms import StandingTerm
from tijdig.dunning.actions.answers import answer_message
from tijdig.dunning.actions.days import live_one_day
from tijdig.dunning.actions.postings import correct_posting
from tijdig.dunning.models import Notice
from tijdig.dunning.queries.claims import load_claimed
from tijdig.dunning.queries.facts import load_facts
from tijdig.dunning.queries.policies import load_policy
from tijdig.ledger.actions.debtors import confirm_kind
from tijdig.ledger.actions.standing_terms import set_standing_term
from tijdig.ledger.actions.terms import say_how_agreed
from tijdig.ledger.models import ClaimLine, Debtor, Invoice
from tijdig.messaging.models import Message
from tijdig.tenants.models import Administration
from tijdig.tenants.scope import administration_scope

REMINDER_ON, NEXT = date(2026, 3, 9), DEMAND_ON + timedelta(days=1)
IN_TIME = date(2026, 4, 8)


def make_owing(cents: int) -> UUID:
    """A pupil whose letter has expired: the costs were asked with the last demand."""
    school = make_school()
    take_in(school, make_record(due_on=DUE_ON, debtor=make_pupil(), cents=cents))
    live(school, REMINDER_ON, DEMAND_ON)
    return school


def match(office: UUID, cents: int, *, on: date, shown_on: date) -> None:
    """A person puts on the invoice what a statement shows."""
    payment = make_payment(cents, "iets", on=on, iban="NL20INGB0001234567")
    take(office, make_statement(payment, name=f"P{cents}"), day=shown_on)
    put_on_invoice(office, cents, today=shown_on)


def put_on_invoice(office: UUID, cents: int, *, today: date) -> None:
    with administration_scope(office):
        split(
            BankLine.objects.get(cents=cents).id,
            ((Invoice.objects.get().open_item_id, cents),),
            round_off=False,
            remember=False,
            asked=(),
            today=today,
            now=at(today),
            actor="test",
        )


def keep_money(office: UUID, cents: int, *, on: date, shown_on: date) -> None:
    """A person keeps what a statement shows as money of the pupil."""
    payment = make_payment(cents, "iets", on=on, iban="NL20INGB0001234567")
    take(office, make_statement(payment, name=f"K{cents}"), day=shown_on)
    with administration_scope(office):
        line, debtor = BankLine.objects.get(cents=cents), Debtor.objects.get()
        told = {"today": shown_on, "now": at(shown_on), "actor": "test"}
        keep(line.id, debtor.id, remember=False, **told)  # type: ignore[arg-type]


def post_late(office: UUID, printed_on: date, posted_on: date, *, today: date) -> None:
    with administration_scope(office):
        (letter,) = Message.objects.filter(planned_on=printed_on)
        told = {"today": today, "now": at(today), "actor": "Sanne"}
        correct_posting(letter.id, posted_on=posted_on, **told)  # type: ignore[arg-type]


def void_reasons(office: UUID) -> list[str]:
    with administration_scope(office):
        letters = Notice.objects.filter(kind="veertiendagenbrief").order_by("id")
        return list(letters.values_list("void_because", flat=True))


def test_what_came_in_time_and_shows_later_pays_no_costs_and_lowers_them(database: None) -> None:
    school = make_owing(50_000)
    assert lines(school) == [("costs", 7_500, DEMAND_ON)]
    match(school, 20_000, on=IN_TIME, shown_on=NEXT)
    live(school, NEXT, NEXT)
    # 15% of the € 300,00 that was not paid within the term.
    assert lines(school) == [("costs", 4_500, DEMAND_ON)]
    assert balances(school) == {"2026-0412": 30_000}
    check_book(school)


@pytest.mark.parametrize(("came_on", "left"), [(IN_TIME, 4_500), (DEMAND_ON, 7_500)])
def test_money_that_is_kept_counts_by_the_day_that_it_came(
    database: None, came_on: date, left: int
) -> None:
    school = make_owing(50_000)
    keep_money(school, 20_000, on=came_on, shown_on=NEXT)
    live(school, NEXT, NEXT)
    assert lines(school) == [("costs", left, DEMAND_ON)]
    assert balances(school) == {"2026-0412": 50_000}
    check_book(school)


def test_what_was_paid_on_costs_that_are_taken_back_pays_the_invoice(database: None) -> None:
    school = make_owing(50_000)
    match(school, 10_000, on=NEXT, shown_on=NEXT)
    assert lines(school) == [("costs", 0, DEMAND_ON)]
    later = NEXT + timedelta(days=1)
    match(school, 20_000, on=IN_TIME, shown_on=later)
    live(school, later, later)
    # € 500,00 and € 45,00, less € 300,00.
    assert lines(school) == [("costs", 0, DEMAND_ON)]
    assert balances(school) == {"2026-0412": 24_500}
    assert ("set_off", -3_000) in entries_of(school, "2026-0412")
    live(school, later + timedelta(days=1), later + timedelta(days=1))
    assert balances(school) == {"2026-0412": 24_500}
    check_book(school)


@pytest.mark.parametrize(("credit", "left"), [(12_100, 0), (5_000, 4_000)])
def test_an_invoice_that_is_credited_brings_no_costs_over_what_was_never_owed(
    database: None, credit: int, left: int
) -> None:
    school = make_owing(12_100)
    note = make_record("C-1", cents=-credit, due_on=NEXT, issued_on=NEXT, debtor=make_pupil())
    take_in(school, note, today=NEXT)
    live(school, NEXT, NEXT)
    assert lines(school) == [("costs", left, DEMAND_ON)]


def test_a_notice_of_default_that_came_back_takes_the_costs_with_it(database: None) -> None:
    school = make_owing(12_100)
    with administration_scope(school):
        reminder = Message.objects.get(step_key="reminder").id
        answer_message(reminder, told="came_back", today=NEXT, now=at(NEXT), actor="Sanne")
    live(school, NEXT, NEXT)
    assert lines(school) == [("costs", 0, DEMAND_ON)]
    assert void_reasons(school) == ["before_default"]


def test_a_notice_of_default_that_was_posted_late_takes_the_costs_with_it(database: None) -> None:
    school = make_owing(12_100)
    # It named the 16th and came on the 25th: no term, no default.
    post_late(school, REMINDER_ON, date(2026, 3, 23), today=NEXT)
    live(school, NEXT, NEXT)
    assert lines(school) == [("costs", 0, DEMAND_ON)]
    assert void_reasons(school) == ["before_default"]


def test_who_was_not_in_default_by_his_reminder_is_reminded_anew(database: None) -> None:
    school = make_school()
    take_in(school, make_record(due_on=DUE_ON, debtor=make_pupil()))
    live(school, REMINDER_ON, LETTER_ON)
    today = LETTER_ON + timedelta(days=1)
    post_late(school, REMINDER_ON, date(2026, 3, 23), today=today)
    live(school, today, DEMAND_ON)
    # It named the 16th and came on the 25th: no term, no default.
    assert sent(school)[2:] == [(DEMAND_ON, "reminder_again", "accepted")]
    assert void_reasons(school) == ["before_default"]
    assert lines(school) == []


def test_costs_after_a_letter_posted_too_late_are_asked_after_a_new_one(database: None) -> None:
    school = make_owing(12_100)
    post_late(school, LETTER_ON, date(2026, 3, 27), today=DEMAND_ON)
    assert lines(school) == [("costs", 0, DEMAND_ON)]
    live(school, NEXT, NEXT + timedelta(days=60))
    # By itself: the steps were all taken, and the letter proved void only then.
    assert sent(school)[3:] == [(date(2026, 4, 29), "veertiendagenbrief_2", "accepted")]
    assert void_reasons(school) == ["posted_late", ""]
    (_, *again) = lines(school)
    assert [(kind, cents) for kind, cents, _ in again] == [("costs", 4_000)]
    check_book(school)


def test_what_was_taken_back_before_this_was_kept_may_be_asked_anew_too(database: None) -> None:
    school = make_owing(12_100)
    post_late(school, LETTER_ON, date(2026, 3, 27), today=DEMAND_ON)
    upgrade = import_module("tijdig.migrations.0035_withdrawn_costs")
    with administration_scope(school):
        ClaimLine.objects.update(withdrawn_on=None)
        with connection.cursor() as cursor:
            cursor.execute(upgrade.WITHDRAWN)
        assert ClaimLine.objects.get().withdrawn_on == DEMAND_ON


@pytest.fixture
def office(database: None, sink: SmtpSink) -> UUID:
    administration = make_office()
    live_to_demand(administration)
    return administration


def test_a_business_that_paid_in_time_owes_costs_over_the_rest_only(office: UUID) -> None:
    day = DEMANDED_ON + timedelta(days=1)
    pay(office, 900_000, on=date(2026, 3, 2), shown_on=day)
    live_one_day(office, today=day, now=at(day))
    # 15% of € 1.000,00; 10,15% over it from 3 March up to and including 2 April.
    assert (asked(office, "costs"), asked(office)) == (15_000, 862)
    assert balance(office) == 100_000 + 15_000 + 862
    check_book(office)


def test_a_business_that_paid_all_in_time_owes_nothing(office: UUID) -> None:
    day = DEMANDED_ON + timedelta(days=1)
    pay(office, CENTS, on=date(2026, 3, 2), shown_on=day)
    live_one_day(office, today=day, now=at(day))
    assert (asked(office, "costs"), asked(office), balance(office)) == (0, 0, 0)
    check_book(office)


@pytest.mark.parametrize("kind", ["consumer", "unknown"])
def test_who_turns_out_to_be_no_business_owes_no_interest_of_trade(office: UUID, kind: str) -> None:
    day = DEMANDED_ON + timedelta(days=1)
    with administration_scope(office):
        Debtor.objects.update(kvk_number="")
        confirm_kind(Debtor.objects.get().id, kind, today=day, now=at(day), actor="test")
    live_one_day(office, today=day, now=at(day))
    assert (asked(office, "costs"), asked(office), balance(office)) == (0, 0, CENTS)


def test_a_file_that_says_consumer_takes_the_costs_of_a_business_back(office: UUID) -> None:
    day = DEMANDED_ON + timedelta(days=1)
    known = make_debtor("1001", email="")
    told = make_record("2026-0500", due_on=date(2026, 6, 1), debtor=replace(known, kind="consumer"))
    take_in(office, told, today=day)
    assert asked(office, "costs") == 0
    live_one_day(office, today=day, now=at(day))
    assert (asked(office), balance(office)) == (0, CENTS + 12_100)


def test_a_default_that_began_later_takes_back_the_interest_of_before_it(
    database: None, sink: SmtpSink
) -> None:
    office = make_office(business_terms_agreed=False)
    with administration_scope(office):
        Invoice.objects.update(term="agreed")
    live_to_demand(office)
    assert asked(office) == 8_342
    day = DEMANDED_ON + timedelta(days=1)
    with administration_scope(office):
        debtor_id = Debtor.objects.get().id
        told = {"today": day, "now": at(day), "actor": "test"}
        say_how_agreed(debtor_id, how="invoice", number="", **told)  # type: ignore[arg-type]
    live_one_day(office, today=day, now=at(day))
    # Of 31 January, so received on 4 February and in default from 7 March: 27 days.
    assert asked(office) == 7_508


def test_costs_stay_when_what_they_go_over_is_paid_after_the_term(database: None) -> None:
    school = make_owing(50_000)
    match(school, 50_000, on=NEXT, shown_on=NEXT)
    live(school, NEXT, NEXT + timedelta(days=1))
    assert (balances(school), lines(school)) == (
        {"2026-0412": 7_500},
        [("costs", 0, DEMAND_ON)],
    )


@pytest.mark.parametrize(("cents", "letters"), [(10_000, [4_000]), (30_000, [4_000, 2_000])])
def test_a_second_letter_names_what_it_adds_to_the_costs_of_the_first(
    database: None, cents: int, letters: list[int]
) -> None:
    school, pupil = make_school(consumer_terms_agreed=True), make_pupil()
    first = make_record("A-0001", cents=10_000, due_on=DUE_ON, debtor=pupil)
    second = make_record("B-0001", cents=cents, due_on=date(2026, 4, 1), debtor=pupil)
    take_in(school, first, second)
    live(school, REMINDER_ON, date(2026, 5, 22))
    # Of € 200,00 together still € 40,00; of € 400,00 together € 60,00 (BW 6:96 lid 7).
    with administration_scope(school):
        named = Message.objects.filter(phase="veertiendagenbrief").order_by("planned_on")
        assert list(named.values_list("costs_cents", flat=True)) == letters
    assert sum(cents for _, cents, _ in lines(school)) == sum(letters)


def test_the_settings_of_the_office_leave_what_was_booked(office: UUID) -> None:
    """What the creditor asks from now on does not change what he asked lawfully before."""
    day = DEMANDED_ON + timedelta(days=1)
    with administration_scope(office):
        Administration.objects.filter(id=office).update(business_costs="none")
        Debtor.objects.update(facts_version=1)
    live_one_day(office, today=day, now=at(day))
    assert asked(office, "costs") == 87_500


def test_a_large_company_at_a_small_one_is_in_default_after_thirty_days(
    database: None, sink: SmtpSink
) -> None:
    """Sixty days were agreed: reminders keep to them, interest does not (BW 6:119a lid 6)."""
    office, day = make_office(business_costs="none"), date(2026, 5, 1)
    with administration_scope(office):
        Invoice.objects.update(due_on=date(2026, 4, 1), term="agreed")
    for on in (date(2026, 4, 7), day):
        live_one_day(office, today=on, now=at(on))
    # 10,15% over € 10.000,00: from the day after the sixty days, 2 April up to and including 1 May.
    assert asked(office) == 8_342
    set_large(office, is_large=True, today=day)
    with administration_scope(office):
        (facts,) = load_facts([Debtor.objects.get().id], today=day, rehearsal=False)
        (claim,) = compute_due_claims(
            facts,
            load_policy().rules,
            claimed=load_claimed([facts.debtor_id])[facts.debtor_id],
            balances={},
            today=day,
        )
    # Of 31 January, so received on 4 February: from 7 March, 56 days together (€ 155,73).
    assert (claim.from_on, claim.cents) == (date(2026, 3, 7), 15_573 - 8_342)


def test_a_company_that_is_not_large_after_all_gets_its_interest_back(
    database: None, sink: SmtpSink
) -> None:
    office, day = make_office(business_costs="none"), date(2026, 5, 1)
    set_large(office, is_large=True, today=date(2026, 3, 2))
    with administration_scope(office):
        Invoice.objects.update(due_on=date(2026, 4, 1), term="agreed")
    for on in (date(2026, 4, 7), day):
        live_one_day(office, today=on, now=at(on))
    assert asked(office) == 15_573
    later = date(2026, 5, 4)
    set_large(office, is_large=False, today=later)
    live_one_day(office, today=later, now=at(later))
    # From 2 April up to and including 4 May: 33 days.
    assert asked(office) == 9_177


def set_large(office: UUID, *, is_large: bool, today: date) -> None:
    with administration_scope(office):
        debtor_id, term = Debtor.objects.get().id, StandingTerm(60, "contract", is_large)
        set_standing_term(debtor_id, term, today=today, now=at(today), actor="Sanne")


@pytest.mark.parametrize(
    ("number", "disputed", "costs", "interest"),
    [
        # The other invoice is disputed whole: nothing over it. 10,15% over € 10.000, 30 days.
        ("B-0001", 200_000, 87_500, 8_342),
        # € 4.000 of the invoice is disputed: all over € 6.000 and the other € 2.000.
        ("2026-0412", 400_000, 77_500, 5_005 + 1_668),
    ],
)
def test_what_is_disputed_is_no_ground_for_costs_or_interest(
    database: None, sink: SmtpSink, number: str, disputed: int, costs: int, interest: int
) -> None:
    office, on = make_office(), date(2026, 3, 20)
    beside = make_record(
        "B-0001", cents=200_000, due_on=date(2026, 3, 2), debtor=make_debtor("1001")
    )
    take_in(office, beside)
    live_one_day(office, today=REMINDER_ON, now=at(REMINDER_ON))
    with administration_scope(office):
        invoice_id = Invoice.objects.get(number=number).id
        told = {"today": on, "now": at(on), "actor": "Sanne", "deadline_on": date(2026, 6, 1)}
        disputes.open(invoice_id=invoice_id, cents=disputed, category="price", **told)  # type: ignore[arg-type]
    for day in (DEMANDED_ON - timedelta(days=1), DEMANDED_ON):
        live_one_day(office, today=day, now=at(day))
    assert (asked(office, "costs"), asked(office)) == (costs, interest)
