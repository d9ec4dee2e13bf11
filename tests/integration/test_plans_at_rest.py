"""Plans beside credits, cases and a term that moved: what the debtor truly gets, day by day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.books import make_payment, make_statement, take
from tests.integration.case_office import (
    CASES,
    find_ids,
    make_office,
    open_dispute,
    open_plan,
    told,
)
from tests.integration.mail import mail_sink
from tests.integration.office import at, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of
from tests.plugs.camt_samples import Detail, Entry

from tijdig.banking.actions import deciding
from tijdig.banking.models import BankLine
from tijdig.cases.actions import disputes, holds, plans, promises, reasons
from tijdig.cases.models import Instalment, Plan
from tijdig.cases.queries.lists import list_cases
from tijdig.dunning.actions.days import live_one_day
from tijdig.dunning.actions.run import preview
from tijdig.dunning.queries.plan_terms import count_late_plans, tell_next_terms
from tijdig.ledger.models import Debtor
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

AGREED = date(2026, 3, 18)
# The first term is due on Friday 1 May: its notice comes on 28 April, its nudge on 7 May.
NOTICE_ON = date(2026, 4, 28)
NUDGE_ON = date(2026, 5, 7)


def live(administration: UUID, start: date, until: date) -> list[tuple[date, str, int]]:
    """The messages that left from `start` up to `until`: their day, what they are, their cents."""
    with mail_sink() as sink:
        day = start
        while day < until:
            live_one_day(administration, today=day, now=at(day))
            day += timedelta(days=1)
        received = len(sink.stored)
    with administration_scope(administration):
        left = Message.objects.filter(planned_on__gte=start, state="accepted").order_by("id")
        rows = left.values_list("planned_on", "step_key", "total_cents")
        found = [(on, _name(key), cents) for on, key, cents in rows]
    assert len(found) == received
    return found


def _name(step_key: str) -> str:
    """`plan-<key>-nudge-1` is `nudge-1`; a step of the cadence keeps its name."""
    return step_key.split("-", 2)[2] if step_key.startswith(("plan-", "case-")) else step_key


def state_of(administration: UUID) -> str:
    with administration_scope(administration):
        return Plan.objects.get().state


def make_planned(until: date) -> UUID:
    """An office whose invoice of € 121,00 is in a plan of three terms, on the day `until`."""
    administration = make_office()
    with administration_scope(administration):
        open_plan(AGREED)
    live(administration, AGREED, until)
    return administration


@pytest.mark.parametrize("credited_number", ["2026-0412", ""])
def test_a_plan_that_is_credited_in_full_is_silent_and_kept(
    database: None, credited_number: str
) -> None:
    administration = make_planned(date(2026, 3, 19))
    credit = replace(make_record("C-1", cents=-12_100), credited_number=credited_number)
    take_in(administration, credit, today=date(2026, 3, 19))
    assert live(administration, date(2026, 3, 19), date(2026, 6, 10)) == []
    assert state_of(administration) == "kept"


def test_a_plan_that_is_credited_in_part_asks_what_is_left(database: None) -> None:
    """€ 100,00 of € 121,00: two terms are covered, and € 21,00 is left of the third."""
    administration = make_office()
    with administration_scope(administration):
        open_plan(AGREED)
    credit = replace(make_record("C-1", cents=-10_000), credited_number="2026-0412")
    take_in(administration, credit, today=AGREED)
    assert live(administration, AGREED, date(2026, 7, 8)) == [
        (AGREED, "confirmed-0", 2_100),
        (date(2026, 6, 26), "notice-3", 2_100),
        (date(2026, 7, 6), "nudge-3", 2_100),
    ]


@pytest.mark.parametrize(
    ("credited_cents", "next_on"),
    [(0, date(2026, 5, 1)), (10_000, date(2026, 7, 1)), (12_100, None)],
)
def test_the_next_term_that_is_shown_counts_credits(
    database: None, credited_cents: int, next_on: date | None
) -> None:
    administration = make_office()
    with administration_scope(administration):
        open_plan(AGREED)
    if credited_cents:
        credit = make_record("C-1", cents=-credited_cents)
        take_in(administration, replace(credit, credited_number="2026-0412"), today=AGREED)
    client = sign_in(make_person(administration))
    slug = slug_of(administration)
    today = date(2026, 5, 19)
    with administration_scope(administration):
        shown = tell_next_terms(list_cases(("plan",), today=today), today=today)
        assert [row.until_on for row in shown] == [next_on]
        assert count_late_plans(today=today) == (0 if credited_cents else 1)
    words = f"volgende termijn op {next_on:%d-%m-%Y}" if next_on else "alles is voldaan"
    for page in ("bijzonderheden/?tab=plan", "debiteuren/1001/"):
        assert words in client.get(f"/{slug}/{page}").content.decode()


def hold(day: date) -> object:
    return holds.place(
        invoice_id=find_ids()[1], until_on=date(2026, 8, 1), reason="overleg", **told(day)
    )


def promise(day: date) -> object:
    debtor_id, invoice_id = find_ids()
    return promises.make(
        debtor_id=debtor_id, invoice_id=invoice_id, cents=100, on=date(2026, 6, 19), **told(day)
    )


def reason(day: date) -> object:
    debtor_id, invoice_id = find_ids()
    return reasons.tell(debtor_id=debtor_id, invoice_id=invoice_id, kind="cannot_pay", **told(day))


@pytest.mark.parametrize(
    ("open_case", "reason", "opened_on", "until"),
    [
        (open_dispute, "stop_dispute", date(2026, 4, 1), date(2026, 7, 1)),
        (hold, "stop_hold", date(2026, 4, 1), date(2026, 7, 1)),
        (promise, "stop_promise", date(2026, 4, 20), date(2026, 6, 20)),
        (reason, "stop_reason_cannot_pay", date(2026, 4, 27), date(2026, 5, 8)),
    ],
)
def test_a_plan_is_silent_while_a_case_stands_on_its_invoice(
    database: None, open_case: Callable[[date], object], reason: str, opened_on: date, until: date
) -> None:
    administration = make_planned(opened_on)
    with administration_scope(administration):
        open_case(opened_on)
    assert list(preview(administration, today=NOTICE_ON).because) == [reason]
    assert live(administration, opened_on, until) == []
    assert state_of(administration) == "running"


def test_a_payment_that_may_be_for_it_holds_the_nudge_back(database: None) -> None:
    administration = make_planned(date(2026, 5, 2))
    paid = make_payment(12_100, "Café Voorbeeld dank u", on=date(2026, 5, 1))
    take(administration, make_statement(paid), day=date(2026, 5, 2))
    assert live(administration, date(2026, 5, 2), date(2026, 5, 16)) == []
    assert list(preview(administration, today=date(2026, 5, 18)).because) == [
        "stop_possible_payment"
    ]


def test_a_dispute_that_is_declined_gives_the_days_of_grace_again(database: None) -> None:
    administration = make_planned(date(2026, 4, 1))
    with administration_scope(administration):
        one = open_dispute(date(2026, 4, 1))
    live(administration, date(2026, 4, 1), date(2026, 5, 12))
    with administration_scope(administration):
        disputes.decline(one, answer="Wel besteld.", root_cause="none", **told(date(2026, 5, 12)))
    # It rested up to Monday 11 May; two days of grace, and nothing goes on Ascension Day (14th).
    # The answer goes at once, without a term of its own: what the plan spreads keeps its days.
    assert live(administration, date(2026, 5, 12), date(2026, 5, 16)) == [
        (date(2026, 5, 12), "declined", 12_100),
        (date(2026, 5, 15), "nudge-1", 4_033),
    ]


@pytest.mark.parametrize("what", ["dispute", "hold", "reply"])
def test_days_on_which_no_run_looked_are_no_days_of_grace(database: None, what: str) -> None:
    """The machine was off from the day on which the case began up to the day of its end."""
    administration = make_planned(date(2026, 5, 6))
    case = CASES[what]
    with administration_scope(administration):
        case.close(case.open(date(2026, 5, 6)), date(2026, 5, 12))
    found = live(administration, date(2026, 5, 12), date(2026, 5, 16))
    assert [row for row in found if row[1].startswith("nudge")] == [
        (date(2026, 5, 15), "nudge-1", 4_033)
    ]


def test_a_plan_does_not_lapse_while_its_invoice_is_paused(database: None) -> None:
    """Nudged on 7 May with a week to pay, paused from the 11th up to the 29th: a week from then."""
    administration = make_planned(date(2026, 5, 11))
    with administration_scope(administration):
        holds.place(
            invoice_id=find_ids()[1],
            until_on=date(2026, 5, 29),
            reason="overleg",
            **told(date(2026, 5, 11)),
        )
    assert live(administration, date(2026, 5, 11), date(2026, 6, 9)) == [
        (date(2026, 6, 8), "reminder", 12_100)
    ]


def test_a_pause_of_reminders_lets_a_plan_speak(database: None) -> None:
    administration = make_planned(date(2026, 4, 1))
    with administration_scope(administration):
        holds.place(
            debtor_id=find_ids()[0],
            until_on=date(2026, 8, 1),
            depth="reminders",
            reason="overleg",
            **told(date(2026, 4, 1)),
        )
    assert live(administration, date(2026, 4, 1), date(2026, 5, 8)) == [
        (NOTICE_ON, "notice-1", 4_033),
        (NUDGE_ON, "nudge-1", 4_033),
    ]


def test_a_term_that_moves_after_its_nudge_has_its_new_day(database: None) -> None:
    """Moved on 8 May to Friday the 29th: two days of grace, then the reminder."""
    administration = make_planned(date(2026, 5, 8))
    with administration_scope(administration):
        plan = Plan.objects.get()
        plans.shift(plan.id, position=1, to_on=date(2026, 5, 29), **told(date(2026, 5, 8)))
    assert live(administration, date(2026, 5, 8), date(2026, 6, 3)) == []
    assert state_of(administration) == "running"
    assert live(administration, date(2026, 6, 3), date(2026, 6, 4)) == [
        (date(2026, 6, 3), "reminder", 12_100)
    ]
    assert state_of(administration) == "broken"


def pay_a_term(administration: UUID, name: str, cents: int) -> None:
    """Money of this amount from an account and a name that nobody knows, without a number."""
    entry = Entry(
        f"{cents // 100}.{cents % 100:02d}",
        booked_on=date(2026, 5, 1),
        value_on=date(2026, 5, 1),
        details=[Detail(name=name, iban="NL02RABO0123456789", texts=["termijn"])],
    )
    take(administration, make_statement(entry), day=date(2026, 5, 4))


def test_money_that_may_be_a_term_holds_the_nudge_until_somebody_looked(database: None) -> None:
    """A stranger pays exactly one term on its day; with a cent less nobody would think of it."""
    administration = make_planned(date(2026, 5, 2))
    with administration_scope(administration):
        term = Instalment.objects.get(position=1).cents
        before = Debtor.objects.get().facts_version
    pay_a_term(administration, "M. Onbekend", term)
    with administration_scope(administration):
        assert Debtor.objects.get().facts_version > before
    assert live(administration, date(2026, 5, 4), date(2026, 5, 12)) == []
    with administration_scope(administration):
        line_id = BankLine.objects.get().id
        deciding.ignore(line_id, because="niet van ons", **told(date(2026, 5, 12)))
    assert [name for _, name, _ in live(administration, date(2026, 5, 12), date(2026, 5, 22))] == [
        "nudge-1"
    ]


def test_money_of_another_amount_holds_no_nudge(database: None) -> None:
    administration = make_planned(date(2026, 5, 2))
    with administration_scope(administration):
        term = Instalment.objects.get(position=1).cents
    pay_a_term(administration, "M. Onbekend", term - 10)
    assert [name for _, name, _ in live(administration, date(2026, 5, 4), date(2026, 5, 12))] == [
        "nudge-1"
    ]


def test_a_long_plan_is_confirmed_once_also_when_the_first_invoice_was_paid_long_ago(
    database: None,
) -> None:
    administration = make_office()
    take_in(administration, make_record("2026-0413", due_on=date(2026, 3, 15)))
    with administration_scope(administration):
        debtor_id, first = find_ids()
        invoice_ids = [first, find_ids("2026-0413")[1]]
        first_on = date(2026, 4, 1)
        plans.agree(
            debtor_id=debtor_id,
            invoice_ids=invoice_ids,
            count=6,
            first_on=first_on,
            **told(AGREED),  # type: ignore[arg-type]
        )
    assert live(administration, AGREED, date(2026, 3, 25)) == [(AGREED, "confirmed-0", 24_200)]
    paid = make_payment(12_100, "2026-0412", on=date(2026, 3, 25))
    take(administration, make_statement(paid), day=date(2026, 3, 26))
    # Three terms are paid with it, and the invoice that the confirmation hung on is closed.
    assert [one[:2] for one in live(administration, date(2026, 3, 26), date(2026, 7, 3))] == [
        (date(2026, 6, 26), "notice-4")
    ]
