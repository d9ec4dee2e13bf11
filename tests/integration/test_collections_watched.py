"""Collections as they are watched: what asks for a person, what a run costs, who comes first."""

from collections.abc import Iterator
from datetime import date, timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import connection
from tests.faults.smtp_sink import SmtpSink
from tests.integration.books import balances, make_statement, run_on, take
from tests.integration.collecting_office import PAYER_IBAN, make_collecting, sign
from tests.integration.mail import mail_sink
from tests.integration.office import make_debtor, make_record, take_in
from tests.integration.test_collections import (
    DUE,
    HAND_IN,
    START,
    approve,
    collected,
    hand_over,
    lines,
    live,
    make,
    sent_back,
)
from tests.integration.test_statement_counts import counting
from tests.plugs.camt_samples import Detail, Entry

from tijdig.banking.direct_debits.lines.queries import count_to_hand_in
from tijdig.banking.direct_debits.models import DebitBatch, DebitLine
from tijdig.banking.direct_debits.queries import count_held
from tijdig.core.problem import Refusal
from tijdig.tenants.scope import administration_scope


@pytest.fixture
def sink(database: None) -> Iterator[SmtpSink]:
    with mail_sink() as server:
        yield server


@pytest.fixture
def office(sink: SmtpSink) -> UUID:
    """One invoice due on the nineteenth, of a debtor with a mandate."""
    administration_id = make_collecting()
    take_in(administration_id, make_record(due_on=DUE))
    sign(administration_id, today=START)
    return administration_id


def test_vandaag_asks_for_the_file_in_time_and_for_a_mandate_that_is_held(office: UUID) -> None:
    live(office, START, START + timedelta(days=1))
    with administration_scope(office):
        assert [count_to_hand_in(until_on=DUE - timedelta(days=n)) for n in (1, 0)] == [0, 1]
    approve(office)
    make(office)
    with administration_scope(office):
        assert count_to_hand_in(until_on=DUE) == 1
    hand_over(office)
    collected(office)
    with administration_scope(office):
        assert (count_to_hand_in(until_on=DUE), count_held()) == (0, 0)
    sent_back(office, date(2026, 3, 23), "MD06")
    with administration_scope(office):
        assert count_held() == 1


def test_the_statements_of_a_run_do_not_grow_with_the_debtors_that_are_collected_from(
    sink: SmtpSink,
) -> None:
    def count(debtors: int) -> int:
        office = make_collecting()
        for n in range(debtors):
            debtor = make_debtor(f"{1001 + n}", name=f"Klant {n}")
            take_in(office, make_record(f"F-{n}", due_on=DUE, debtor=debtor))
            sign(office, f"{1001 + n}", today=START)
        run_on(office, date(2026, 2, 2))
        with administration_scope(office):
            assert DebitLine.objects.count() == 0
        with counting() as told:
            run_on(office, START)
        with administration_scope(office):
            assert DebitLine.objects.count() == debtors
        return told[0]

    assert count(4) == count(1)


def test_a_payment_that_comes_while_the_file_is_made_is_never_collected_as_well(
    office: UUID,
) -> None:
    """Whoever is first: paid and left out, or in a file that may not go to the bank any more."""
    live(office, START, START + timedelta(days=1))
    approve(office)
    detail = Detail(texts=("factuur 2026-0412",), iban=PAYER_IBAN)
    paid = Entry("121.00", "CRDT", booked_on=HAND_IN, value_on=HAND_IN, details=(detail,))
    content = make_statement(paid)
    together = Barrier(2)

    def pay() -> None:
        together.wait()
        take(office, content, day=HAND_IN)
        connection.close()

    def make_it() -> None:
        together.wait()
        make(office)
        connection.close()

    threads = [Thread(target=pay), Thread(target=make_it)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert balances(office) == {"2026-0412": 0}
    with administration_scope(office):
        state = DebitBatch.objects.get().state
    if state == "made":
        refused = False
        try:
            hand_over(office)
        except Refusal:
            refused = True
        assert refused
    else:
        assert (state, [row[0] for row in lines(office)]) == ("withdrawn", ["withdrawn"])
