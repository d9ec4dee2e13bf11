"""A promise and a plan follow the money: also when it is taken back, or the debt is gone."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.books import (
    Listed,
    balances,
    make_list,
    make_payment,
    make_statement,
    reason_of,
    run_on,
    take,
)
from tests.integration.case_office import find_ids, make_office, open_plan, told, version_of
from tests.integration.mail import mail_sink
from tests.integration.office import at, make_administration, make_record, take_in
from tests.integration.test_statement_counts import counting
from tests.plugs.camt_samples import Detail, Entry, Statement, make_camt

from tijdig.banking.actions import deciding
from tijdig.banking.models import BankLine
from tijdig.cases.actions import plans, promises
from tijdig.cases.models import Plan, Promise
from tijdig.cases.queries.received import list_plans_open_again
from tijdig.dunning.actions.days import is_anybody_due, live_one_day
from tijdig.dunning.actions.run import preview
from tijdig.dunning.models import Decision
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event

MADE_ON = date(2026, 3, 18)
KEPT_ON = date(2026, 3, 19)
BACK_ON = date(2026, 3, 20)
PROMISED_ON = date(2026, 4, 17)
LATE = Listed("2026-0412", 12_100)
OTHER = Listed(
    "2026-0500",
    5_000,
    total_cents=5_000,
    due_on=date(2026, 6, 1),
    issued_on=date(2026, 3, 1),
    debtor="1002",
)


def live(administration: UUID, start: date, days: int) -> None:
    with mail_sink():
        for n in range(days):
            day = start + timedelta(days=n)
            if is_anybody_due(administration, today=day):
                live_one_day(administration, today=day, now=at(day))


def messages(administration: UUID) -> list[tuple[date, str]]:
    with administration_scope(administration):
        return list(Message.objects.order_by("id").values_list("planned_on", "step_key"))


def happened(administration: UUID, subject: str) -> list[tuple[str, date]]:
    with administration_scope(administration):
        events = Event.objects.filter(subject_kind=subject).order_by("id")
        return list(events.values_list("kind", "on"))


def promise(administration: UUID, cents: int = 12_100, on: date = PROMISED_ON) -> None:
    with administration_scope(administration):
        promises.make(debtor_id=find_ids()[0], cents=cents, on=on, **told(MADE_ON))


def pay_and_undo(administration: UUID) -> None:
    """The payment is booked and counts, and the next day a person says that it is for nothing."""
    payment = make_payment(12_100, "2026-0412", on=MADE_ON)
    take(administration, make_statement(payment), day=KEPT_ON)
    live(administration, KEPT_ON, 1)
    with administration_scope(administration):
        line_id = BankLine.objects.get().id
        deciding.undo(line_id, asked=(), **told(BACK_ON))
        deciding.ignore(line_id, because="verkeerde klant", **told(BACK_ON))


def leave_out_and_name_again(administration: UUID) -> None:
    take(administration, make_list(OTHER), day=KEPT_ON)
    live(administration, KEPT_ON, 1)
    take(administration, make_list(OTHER, LATE), day=BACK_ON)


def make_listed() -> UUID:
    administration = make_administration(sending=True)
    take(administration, make_list(LATE, OTHER))
    return administration


@pytest.mark.parametrize("how", ["undone", "list"])
def test_a_promise_kept_on_money_that_went_back_is_open_again(database: None, how: str) -> None:
    administration = make_listed()
    promise(administration)
    (pay_and_undo if how == "undone" else leave_out_and_name_again)(administration)
    assert balances(administration)["2026-0412"] == 12_100
    # Also what looks ahead, before a run has called it open again.
    assert preview(administration, today=BACK_ON).because["stop_promise"] == 1
    live(administration, BACK_ON, 20)
    assert messages(administration) == []
    with administration_scope(administration):
        one = Promise.objects.get()
        assert (one.state, one.judged_on) == ("open", None)
    assert happened(administration, "promise") == [
        ("promise_made", MADE_ON),
        ("promise_kept", KEPT_ON),
        ("promise_open_again", BACK_ON),
    ]
    live(administration, date(2026, 4, 21), 2)
    assert happened(administration, "promise")[3:] == [("promise_broken", date(2026, 4, 22))]
    assert [on for on, _ in messages(administration)] == [date(2026, 4, 22)]


@pytest.mark.parametrize("how", ["undone", "list"])
def test_a_plan_kept_on_money_that_went_back_runs_again(database: None, how: str) -> None:
    administration = make_listed()
    with administration_scope(administration):
        open_plan(MADE_ON)
    (pay_and_undo if how == "undone" else leave_out_and_name_again)(administration)
    assert preview(administration, today=BACK_ON).because["reminder_due"] == 0
    live(administration, BACK_ON, 12)
    assert [key.partition("-")[0] for _, key in messages(administration)] == ["plan"]
    with administration_scope(administration):
        one = Plan.objects.get()
        assert (one.state, one.ended_on, one.ended_by) == ("running", None, "")
    assert happened(administration, "plan") == [
        ("plan_agreed", MADE_ON),
        ("plan_kept", KEPT_ON),
        ("plan_open_again", BACK_ON),
    ]


def test_a_plan_that_credits_cover_is_called_kept_once(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        open_plan(MADE_ON)
    credit = replace(make_record("2026-0008", cents=-12_100), credited_number="2026-0412")
    take_in(administration, credit, today=MADE_ON)
    live(administration, KEPT_ON, 3)
    assert balances(administration) == {"2026-0008": -12_100, "2026-0412": 12_100}
    assert happened(administration, "plan")[1:] == [("plan_kept", KEPT_ON)]
    assert messages(administration) == []


def test_what_was_agreed_since_stands(database: None) -> None:
    administration = make_listed()
    promise(administration)
    pay_and_undo(administration)
    with administration_scope(administration):
        debtor_id, _ = find_ids()
        later = date(2026, 4, 24)
        promises.make(debtor_id=debtor_id, cents=12_100, on=later, **told(BACK_ON))
    live(administration, BACK_ON, 1)
    with administration_scope(administration):
        assert list(Promise.objects.order_by("id").values_list("state", "on")) == [
            ("kept", PROMISED_ON),
            ("open", later),
        ]


def test_after_its_last_day_a_kept_promise_stays_kept(database: None) -> None:
    administration = make_listed()
    promise(administration, on=KEPT_ON)
    payment = make_payment(12_100, "2026-0412", on=MADE_ON)
    take(administration, make_statement(payment), day=KEPT_ON)
    live(administration, KEPT_ON, 1)
    late = date(2026, 3, 24)
    with administration_scope(administration):
        line_id = BankLine.objects.get().id
        deciding.undo(line_id, asked=(), **told(late))
        deciding.ignore(line_id, because="verkeerde klant", **told(late))
    live(administration, late, 1)
    assert happened(administration, "promise")[-1] == ("promise_kept", KEPT_ON)
    assert len(messages(administration)) == 1


def test_a_promise_about_a_debt_that_is_gone_is_kept(database: None) -> None:
    """A credit note and a payment of the rest: he owes nothing."""
    administration = make_administration(sending=True)
    take(administration, make_list(LATE))
    promise(administration, on=date(2026, 3, 24))
    credit = Listed("2026-0008", -2_100, total_cents=-2_100)
    take(administration, make_list(LATE, credit), day=KEPT_ON)
    payment = make_payment(10_000, "2026-0412 min 2026-0008", on=BACK_ON)
    take(administration, make_statement(payment), day=date(2026, 3, 21))
    assert balances(administration) == {"2026-0008": 0, "2026-0412": 0}
    live(administration, date(2026, 3, 21), 10)
    # A later invoice is no reason to open it again.
    take_in(administration, make_record("2026-0600", due_on=date(2026, 5, 1)), today=KEPT_ON)
    run_on(administration, date(2026, 3, 31))
    assert happened(administration, "promise")[1:] == [("promise_kept", date(2026, 3, 21))]


def test_a_promise_about_one_invoice_counts_its_credit_note(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        debtor_id, invoice_id = find_ids()
        promises.make(
            debtor_id=debtor_id,
            invoice_id=invoice_id,
            cents=12_100,
            on=date(2026, 3, 24),
            **told(MADE_ON),
        )
    credit = replace(make_record("2026-0008", cents=-2_100), credited_number="2026-0412")
    take_in(administration, credit, today=KEPT_ON)
    payment = make_payment(10_000, "2026-0412 min 2026-0008", on=BACK_ON)
    take(administration, make_statement(payment), day=date(2026, 3, 21))
    live(administration, date(2026, 3, 21), 8)
    assert happened(administration, "promise")[1:] == [("promise_kept", date(2026, 3, 21))]


def test_a_promise_is_not_judged_while_money_waits(database: None) -> None:
    administration = make_office()
    promise(administration, on=BACK_ON)
    payment = make_payment(12_100, "Klant 1001 dank u", on=BACK_ON)
    receipt = take(administration, make_statement(payment), day=date(2026, 3, 23))
    assert receipt.unmatched == 1
    live(administration, date(2026, 3, 24), 3)
    with administration_scope(administration):
        assert Promise.objects.get().state == "open"
        said = Decision.objects.order_by("on").values_list("because_nl", flat=True).last()
    assert messages(administration) == []
    assert reason_of(administration).startswith("stop_")
    assert "betaling" in str(said)
    with administration_scope(administration):
        line_id = BankLine.objects.get().id
        deciding.ignore(line_id, because="van een ander", **told(date(2026, 3, 26)))
    live(administration, date(2026, 3, 27), 1)
    assert happened(administration, "promise")[1:] == [("promise_broken", date(2026, 3, 27))]
    assert len(messages(administration)) == 1


def count_reopening(count: int) -> int:
    """The statements that it takes to open the promise and the plan of `count` debtors again."""
    administration = make_administration(sending=True)
    rows = [
        Listed(f"2026-{n:03d}{m}", 12_100, debtor=f"{1000 + n}") for n in range(count) for m in "12"
    ]
    take(administration, make_list(OTHER, *rows))
    with administration_scope(administration):
        for n in range(count):
            debtor_id, first = find_ids(f"2026-{n:03d}1")
            _, second = find_ids(f"2026-{n:03d}2")
            promises.make(
                debtor_id=debtor_id, invoice_id=first, cents=100, on=PROMISED_ON, **told(MADE_ON)
            )
            plans.agree(
                debtor_id=debtor_id,
                invoice_ids=[second],
                count=2,
                first_on=PROMISED_ON,
                **told(MADE_ON),
            )
    take(administration, make_list(OTHER), day=KEPT_ON)
    run_on(administration, KEPT_ON)
    take(administration, make_list(*rows, OTHER), day=BACK_ON)
    with administration_scope(administration), counting() as told_count:
        changed = promises.settle(today=BACK_ON, now=at(BACK_ON))
        found = list_plans_open_again(today=BACK_ON)
        changed += plans.reopen(found, today=BACK_ON, now=at(BACK_ON))
    assert changed == 2 * count
    return told_count[0]


def test_opening_again_takes_as_many_statements_for_three_as_for_one(database: None) -> None:
    assert count_reopening(1) == count_reopening(3)


def test_a_strangers_payment_of_what_was_promised_keeps_the_promise_from_being_held_against_him(
    database: None,
) -> None:
    """Part of an invoice, so nothing but the promise tells whose money it may be."""
    administration = make_office()
    with administration_scope(administration):
        debtor_id, _ = find_ids()
        promises.make(debtor_id=debtor_id, cents=5_000, on=KEPT_ON, **told(MADE_ON))
    before = version_of(administration)
    payment = make_payment(5_000, "groeten", on=KEPT_ON, iban="NL02ABNA0123456789")
    take(administration, make_statement(payment), day=KEPT_ON)
    assert version_of(administration) > before
    live(administration, KEPT_ON, 20)
    assert messages(administration) == []
    assert reason_of(administration) == "stop_possible_payment"
    looked_on = KEPT_ON + timedelta(days=20)
    with administration_scope(administration):
        deciding.ignore(BankLine.objects.get().id, because="niet van ons", **told(looked_on))
    live(administration, looked_on, 1)
    assert len(messages(administration)) == 1


def test_a_batch_whose_payments_are_told_later_may_hold_what_was_promised(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        debtor_id, _ = find_ids()
        promises.make(debtor_id=debtor_id, cents=5_000, on=KEPT_ON, **told(MADE_ON))
    batch = Entry("80.00", booked_on=KEPT_ON, value_on=KEPT_ON, batch_id="B-1")
    take(administration, make_camt(Statement(entries=[batch])), day=KEPT_ON)
    before = version_of(administration)
    details = [Detail(amount="50.00", texts=["groeten"]), Detail(amount="30.00", texts=["gift"])]
    notification = make_camt(Statement(entries=[replace(batch, details=details)]), message="054")
    take(administration, notification, day=KEPT_ON)
    assert version_of(administration) > before
    live(administration, KEPT_ON, 3)
    assert messages(administration) == []
