"""What went wrong with others, by name: each public failure of a peer, and what we do instead.

X1 to X19 of the plan. X15 (an upgrade beside an old worker) waits for a second release;
docs/proof.md says so.
"""

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from django.test import override_settings
from tests.faults.smtp_sink import SmtpSink
from tests.integration.books import (
    Listed,
    balances,
    check_book,
    make_list,
    make_payment,
    make_statement,
    run_on,
    take,
)
from tests.integration.office import at, make_administration
from tests.plugs.camt_samples import Detail, Entry, Statement, make_camt

from tijdig.core.law.imputation import Claim, Order, PaymentOnClaims, allocate
from tijdig.core.law.interest import InterestTerms
from tijdig.dunning.actions.days import live_one_day, send
from tijdig.dunning.models import Halt
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

MONDAY, DAY = date(2026, 3, 2), date(2026, 3, 19)
PAYER = "NL20INGB0001234567"


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as server, aimed_at(server):
        yield server


def aimed_at(server: SmtpSink) -> override_settings:
    return override_settings(
        SMTP_HOST="127.0.0.1", SMTP_PORT=server.port, SMTP_SECURITY="none", SMTP_USERNAME=""
    )


def make_books(*rows: Listed, **guards: object) -> UUID:
    """Books in which these rows came in on a Monday; sending is on."""
    administration = make_administration(sending=True, guards=guards)
    take(administration, make_list(*rows), day=MONDAY)
    return administration


def live(administration: UUID, *, minutes: int = 0, day: date = DAY) -> None:
    now = at(day) + timedelta(minutes=minutes)
    live_one_day(administration, today=day, now=now)


def deliver(administration: UUID, *, minutes: int = 0) -> None:
    send(administration, today=DAY, clock=lambda: at(DAY) + timedelta(minutes=minutes))


def states(administration: UUID) -> Counter[str]:
    with administration_scope(administration):
        return Counter(Message.objects.values_list("state", flat=True))


ONE = Listed("2026-0001", 12_100)
TWO = (ONE, Listed("2026-0002", 9_000, 9_000))


def test_x1_a_scheduler_every_quarter_sends_one_reminder(database: None, sink: SmtpSink) -> None:
    administration = make_books(ONE)
    for quarter in range(96):
        live(administration, minutes=quarter * 9)
        run_on(administration, DAY)
    assert len(sink.stored) == 1


def test_x2_workers_that_restart_all_the_time_send_one_copy(database: None) -> None:
    administration = make_books(ONE)
    with SmtpSink("drop_before_354", "dot_421", "rcpt_450", "normal") as sink, aimed_at(sink):
        for turn in range(8):
            live(administration, minutes=turn)
            deliver(administration, minutes=turn * 61)
        assert len(sink.stored) == 1


def test_x3_a_failure_sends_no_mail_of_its_own(database: None) -> None:
    administration = make_books(ONE)
    with SmtpSink("rcpt_550", "normal") as sink, aimed_at(sink):
        live(administration)
        for turn in range(5):
            deliver(administration, minutes=turn * 120)
        assert (len(sink.stored), states(administration)) == (0, {"failed": 1})


def test_x4_sent_but_not_written_down_is_not_sent_again(database: None, sink: SmtpSink) -> None:
    from tijdig.tenants.failpoints import FailpointError

    administration = make_books(ONE)
    with override_settings(FAILPOINT="send.after_250:raise"), pytest.raises(FailpointError):
        live(administration)
    for minutes in (1, 20, 90):
        live(administration, minutes=minutes)
        deliver(administration, minutes=minutes)
    assert (len(sink.stored), states(administration)) == (1, {"in_doubt": 1})


def test_x5_send_pressed_again_while_the_first_is_under_way_sends_once(
    database: None, sink: SmtpSink
) -> None:
    from django.db import connection

    administration = make_books(*(Listed(f"2026-{n:04d}", 12_100, debtor=f"{n}") for n in range(8)))
    run_on(administration, DAY)
    gate = threading.Barrier(4)

    def press() -> None:
        gate.wait()
        deliver(administration)
        connection.close()

    hands = [threading.Thread(target=press) for _ in range(4)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(60)
    assert len(sink.stored) == len({one.recipient for one in sink.stored}) == 8


@pytest.mark.parametrize("when", ["planned", "released"])
def test_x6_paid_between_plan_and_send_gets_no_reminder(
    database: None, sink: SmtpSink, when: str
) -> None:
    administration = make_books(ONE)
    run_on(administration, DAY)
    if when == "planned":
        with administration_scope(administration):
            Message.objects.update(state="planned")
    line = make_payment(12_100, "2026-0001", on=DAY, iban=PAYER)
    take(administration, make_statement(line), day=DAY)
    deliver(administration)
    assert (sink.stored, states(administration)) == ([], {"cancelled": 1})


def test_x7_the_amount_of_a_reminder_is_the_sum_of_what_is_open(
    database: None, sink: SmtpSink
) -> None:
    administration = make_books(*TWO, Listed("2026-0003", -2_000, -2_000))
    live(administration)
    (mail,) = sink.stored
    open_cents = sum(balances(administration).values())
    assert open_cents == 19_100
    assert "191,00" in mail.content.decode("utf-8", "replace")
    with administration_scope(administration):
        assert Message.objects.get().total_cents == open_cents


def test_x9_who_paid_in_part_is_reminded_of_the_rest(database: None, sink: SmtpSink) -> None:
    administration = make_books(Listed("2026-0001", 5_000))
    live(administration)
    assert "50,00" in sink.stored[0].content.decode("utf-8", "replace")


def test_x10_a_reminder_of_one_invoice_does_not_block_the_others(
    database: None, sink: SmtpSink
) -> None:
    administration = make_books(ONE)
    live(administration)
    later = Listed("2026-0009", 7_000, 7_000, due_on=date(2026, 3, 21))
    take(administration, make_list(ONE, later), day=DAY)
    line = make_payment(12_100, "2026-0001", on=DAY, iban=PAYER)
    take(administration, make_statement(line), day=DAY)
    for offset in range(1, 25):
        live(administration, day=DAY + timedelta(days=offset))
    assert any(b"2026-0009" in one.content for one in sink.stored[1:])


def make_line(text: str, *, on: date, reference: str = "") -> Entry:
    detail = Detail(texts=(text,), iban=PAYER)
    return Entry("10.00", booked_on=on, value_on=on, bank_reference=reference, details=(detail,))


def count_lines(administration: UUID, *files: bytes) -> list[int]:
    """How many lines were new in each of these files, in order."""
    return [sum(one.new_lines for one in take(administration, file).files) for file in files]


def test_x11_a_statement_number_that_comes_back_in_another_year_is_read(
    administration: UUID,
) -> None:
    found = count_lines(
        administration,
        *(
            make_camt(Statement(entries=[make_line("betaling", on=day)], identification="61"))
            for day in (date(2025, 3, 2), date(2026, 3, 2))
        ),
    )
    assert found == [1, 1]


def test_x12_statements_that_overlap_count_every_line_once(administration: UUID) -> None:
    first, second, third = (make_line(f"nota {n}", on=MONDAY, reference=f"R{n}") for n in range(3))
    found = count_lines(
        administration,
        make_camt(Statement(entries=[first, second], identification="A")),
        make_camt(Statement(entries=[second, third], identification="B")),
    )
    assert found == [2, 1]


def test_x13_one_reference_for_several_bookings_is_no_reason_to_refuse(
    administration: UUID,
) -> None:
    lines = [make_line(f"nota {n}", on=MONDAY, reference="ZELFDE") for n in range(3)]
    assert count_lines(administration, make_camt(Statement(entries=lines))) == [3]


def test_x14_two_equal_payments_on_one_day_are_two(administration: UUID) -> None:
    twice = make_camt(Statement(entries=[make_line("contributie", on=MONDAY)] * 2))
    assert count_lines(administration, twice, twice + b"\n") == [2, 0]


@pytest.mark.parametrize("what", ["x16 seven times as many as ever", "x17 a first run"])
def test_x16_x17_a_run_that_stands_out_asks_first(
    database: None, sink: SmtpSink, what: str
) -> None:
    count = 70 if what.startswith("x16") else 3
    rows = [Listed(f"2026-{n:04d}", 12_100, debtor=f"{1000 + n}") for n in range(count)]
    administration = make_books(*rows, asks_first=True)
    live(administration)
    deliver(administration, minutes=5)
    assert sink.stored == []
    with administration_scope(administration):
        codes = {one["code"] for one in Halt.objects.get().reasons}
        assert Halt.objects.get().message_count == count
    assert "new_first" in codes


@pytest.mark.parametrize("cents", [0, 499])
def test_x18_nobody_is_reminded_of_nothing_or_nearly_nothing(
    database: None, sink: SmtpSink, cents: int
) -> None:
    rows = [Listed("2026-0001", cents, 12_100)] if cents else [Listed("2026-0002", 700, 700)]
    administration = make_books(*rows)
    if not cents:
        line = make_payment(700, "2026-0002", on=DAY, iban=PAYER)
        take(administration, make_statement(line), day=DAY)
    for offset in range(0, 40, 3):
        live(administration, day=DAY + timedelta(days=offset))
    assert sink.stored == []
    check_book(administration)


@pytest.mark.parametrize("order", ["law", "principal_first"])
def test_x8_interest_stays_owed_when_the_principal_is_paid_in_any_order(order: Order) -> None:
    claim = Claim(
        "2026-0412",
        1_000_000,
        terms=InterestTerms("commercial"),
        owed_from=MONDAY,
        due_on=MONDAY - timedelta(days=1),
    )
    parts = [(30, 400_000), (60, 350_000), (90, 250_000)]
    found = set()
    for told in permutations(parts):
        payments = [PaymentOnClaims(MONDAY + timedelta(days=days), cents) for days, cents in told]
        outcome = allocate([claim], payments, end_on=MONDAY + timedelta(days=120), order=order)
        (left,) = outcome.balances
        found.add((left.interest_cents, left.principal_cents))
    # Whoever enters them last, it is the same; and what is left is the interest, not nothing.
    ((interest_cents, principal_cents),) = found
    assert interest_cents + principal_cents > 10_000
    assert (principal_cents == 0) is (order == "principal_first")


def test_x19_a_letter_fetches_nothing_whatever_a_name_says(database: None, sink: SmtpSink) -> None:
    from tests.integration.office import make_debtor, make_record, take_in

    with socket.create_server(("127.0.0.1", 0)) as bait:
        bait.settimeout(0.2)
        address = f"http://127.0.0.1:{bait.getsockname()[1]}/169.254.169.254"
        name = f'#image("{address}") <img src="{address}">'
        administration = make_administration(sending=True)
        take_in(administration, make_record(debtor=make_debtor(email="", name=name)), today=MONDAY)
        live(administration)
        assert states(administration) == {"accepted": 1}
        with pytest.raises(TimeoutError):
            bait.accept()


def test_every_failure_has_a_test_or_is_told_as_later() -> None:
    from proof.rows import list_later

    told = " ".join(name for name in globals() if name.startswith("test_x"))
    numbers = {n for n in range(1, 20) if f"x{n}_" in f"{told}_".replace("test_", "")}
    later = {int(one.row[1:]) for one in list_later() if one.row.startswith("X")}
    assert numbers | later == set(range(1, 20))
    assert numbers & later == set()
