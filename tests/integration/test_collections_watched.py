"""Collections as they are watched: what asks for a person, what a run costs, who comes first."""

from datetime import date, timedelta
from threading import Barrier, Event, Thread
from time import monotonic, sleep
from uuid import UUID

import pytest
from django.db import connection
from tests.faults.smtp_sink import SmtpSink
from tests.integration.books import balances, make_statement, run_on, take
from tests.integration.collecting_office import (
    DUE,
    HAND_IN,
    PAYER_IBAN,
    START,
    approve,
    collected,
    hand_over,
    lines,
    live,
    make,
    make_collecting,
    make_one_due,
    sent_back,
    sign,
    told,
)
from tests.integration.debit_office import write_answer
from tests.integration.office import at, make_debtor, make_record, take_in
from tests.integration.test_statement_counts import counting
from tests.plugs.camt_samples import Detail, Entry

from tijdig.banking.actions import debits, mandates
from tijdig.banking.direct_debits.lines.queries import (
    count_to_hand_in,
    list_batches,
    list_lines_of,
    load_file,
)
from tijdig.banking.direct_debits.models import DebitBatch, DebitLine, SepaMandate
from tijdig.banking.direct_debits.queries import count_held
from tijdig.core.problem import Refusal, Sentence
from tijdig.dunning.actions import collections
from tijdig.dunning.actions.guards import change_guards
from tijdig.ledger.models import DebtorFlag
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event as Happening

WHILE = date(2026, 3, 4)
# As long as a busy machine may take for what a free one does at once.
PATIENCE = 180


@pytest.fixture
def office(sink: SmtpSink) -> UUID:
    """One invoice due on the nineteenth, of a debtor with a mandate."""
    return make_one_due()


def test_vandaag_asks_for_the_file_in_time_and_for_a_mandate_that_is_held(office: UUID) -> None:
    live(office, START, START + timedelta(days=1))
    with administration_scope(office):
        assert [
            count_to_hand_in(until_on=DUE - timedelta(days=n), today=START) for n in (1, 0)
        ] == [0, 1]
    approve(office)
    make(office)
    with administration_scope(office):
        assert count_to_hand_in(until_on=DUE, today=START) == 1
    hand_over(office)
    collected(office)
    with administration_scope(office):
        assert (count_to_hand_in(until_on=DUE, today=START), count_held()) == (0, 0)
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


def ready(office: UUID) -> None:
    """The file is made, and lies ready for the bank."""
    live(office, START, START + timedelta(days=1))
    approve(office)
    make(office)


def test_a_mandate_that_was_withdrawn_keeps_its_file_from_the_bank(office: UUID) -> None:
    ready(office)
    with administration_scope(office):
        mandate_id = SepaMandate.objects.get().id
        mandates.withdraw(mandate_id, because="opgezegd", **told(HAND_IN))
    with pytest.raises(Refusal, match="2026-0412"):
        hand_over(office)
    assert [row[0] for row in lines(office)] == ["planned"]


def test_a_file_whose_day_can_no_longer_be_made_stays_here(office: UUID) -> None:
    ready(office)
    with pytest.raises(Refusal, match="2026-0412"):
        hand_over(office, DUE)
    hand_over(office, HAND_IN)
    assert [row[0] for row in lines(office)] == ["handed_over"]


def test_no_file_goes_on_facts_that_are_too_old(sink: SmtpSink) -> None:
    office = make_collecting()
    take_in(office, make_record(due_on=DUE))
    sign(office, today=START)
    ready(office)
    with administration_scope(office):
        change_guards({"books_fresh_days": 1}, **told(HAND_IN))
    with pytest.raises(Refusal, match="niet bij"):
        hand_over(office)


def test_a_one_off_mandate_is_used_for_one_invoice(sink: SmtpSink) -> None:
    office = make_collecting()
    take_in(office, make_record(due_on=DUE))
    sign(office, today=START, is_one_off=True)
    live(office, START)
    take_in(office, make_record("2026-0500", due_on=DUE), today=date(2026, 3, 3))
    live(office, date(2026, 3, 3))
    with administration_scope(office):
        batch_ids = DebitBatch.objects.values_list("id", flat=True)
        planned = [one.invoice_number for batch_id in batch_ids for one in list_lines_of(batch_id)]
        assert planned == ["2026-0412"]


def test_a_line_that_is_left_out_meanwhile_is_in_no_file(office: UUID) -> None:
    """The person is first and holds the debtor; the file waits, and looks again."""
    live(office, START, START + timedelta(days=1))
    approve(office)
    with administration_scope(office):
        line_id = DebitLine.objects.get().id
    left_out, released = Event(), Event()

    def leave_out() -> None:
        with administration_scope(office):
            debits.leave_out(line_id, because="Klant betaalt zelf.", **told(HAND_IN))
            left_out.set()
            released.wait(PATIENCE)
        connection.close()

    def make_it() -> None:
        left_out.wait(PATIENCE)
        make(office)
        connection.close()

    person, maker = Thread(target=leave_out), Thread(target=make_it)
    person.start()
    maker.start()
    left_out.wait(PATIENCE)
    wait_for_lock()
    released.set()
    person.join()
    maker.join()
    assert [row[0] for row in lines(office)] == ["left_out"]
    with administration_scope(office):
        assert DebitBatch.objects.get().content is None


def test_what_is_planned_while_somebody_approves_is_not_approved_with_it(office: UUID) -> None:
    """The person approves what was seen; a run beside it begins a batch of its own."""
    live(office, START, START + timedelta(days=1))
    approved, released = Event(), Event()

    def approve_it() -> None:
        with administration_scope(office):
            shown = list_batches()[0]
            debits.approve(shown.id, seen=shown.mark or "", **told(HAND_IN))
            approved.set()
            released.wait(PATIENCE)
        connection.close()

    def plan() -> None:
        approved.wait(PATIENCE)
        with administration_scope(office):
            collections.plan_collections(today=WHILE, now=at(WHILE))
        connection.close()

    take_in(office, make_record("2026-0413", due_on=DUE), today=WHILE)
    person, run = Thread(target=approve_it), Thread(target=plan)
    person.start()
    run.start()
    approved.wait(PATIENCE)
    wait_for_lock()
    released.set()
    person.join()
    run.join()
    with administration_scope(office):
        batches = [(one.state, one.count, one.cents) for one in list_batches()]
    assert sorted(batches) == [("approved", 1, 12_100), ("proposed", 1, 12_100)]


def test_an_approval_is_for_what_was_seen(office: UUID) -> None:
    live(office, START)
    with administration_scope(office):
        shown = list_batches()[0]
    take_in(office, make_record("2026-0413", due_on=DUE), today=WHILE)
    with administration_scope(office):
        collections.plan_collections(today=WHILE, now=at(WHILE))
        with pytest.raises(Refusal, match=r"Nu bevat hij 2 incasso's, samen € 242,00\."):
            debits.approve(shown.id, seen=shown.mark or "", **told(WHILE))
        assert list_batches()[0].state == "proposed"
    approve(office)


def test_two_runs_at_once_use_a_one_off_mandate_once(sink: SmtpSink) -> None:
    office = make_collecting()
    take_in(office, make_record(due_on=DUE), make_record("2026-0413", due_on=DUE))
    sign(office, today=START, is_one_off=True)
    both = Barrier(2)

    def plan() -> None:
        both.wait(PATIENCE)
        with administration_scope(office):
            collections.plan_collections(today=START, now=at(START))
        connection.close()

    threads = [Thread(target=plan), Thread(target=plan)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [row[0] for row in lines(office)] == ["planned"]
    with administration_scope(office):
        assert Happening.objects.filter(kind="collection_planned").count() == 1


def wait_for_lock() -> None:
    """Until some statement waits for another's lock; whoever never waits is told by the test."""
    until = monotonic() + PATIENCE / 3
    while monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity "
                "WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
        sleep(0.02)


def hand_in(office: UUID) -> UUID:
    """The bank has the file; the id of its batch."""
    ready(office)
    hand_over(office)
    with administration_scope(office):
        return DebitBatch.objects.get().id


def test_a_run_that_looked_before_the_file_was_made_changes_nothing_in_it(office: UUID) -> None:
    """It judged the line while it stood in a proposal; the file was made before it wrote."""
    ready(office)
    with administration_scope(office):
        line_id = DebitLine.objects.get().id
        debits.drop({line_id: Sentence("Te laat.", "Too late.")}, **told(HAND_IN))
        debits.lower({line_id: 5_000})
    assert lines(office) == [("planned", DUE, 12_100, START)]


def test_a_payer_who_died_hears_nothing_more(office: UUID, sink: SmtpSink) -> None:
    hand_in(office)
    collected(office)
    before = len(sink.stored)
    back_on = date(2026, 3, 23)
    sent_back(office, back_on, "MD07")
    live(office, *(back_on + timedelta(days=n) for n in range(40)))
    assert len(sink.stored) == before
    with administration_scope(office):
        flag = DebtorFlag.objects.get()
        assert (flag.kind, flag.from_on, flag.source) == ("deceased", back_on, "bank: MD07")


def test_after_a_refusal_an_older_mandate_is_not_used_instead(office: UUID) -> None:
    sign(office, today=START, reference="M-OUD", signed_on=date(2025, 6, 2))
    hand_in(office)
    collected(office)
    sent_back(office, date(2026, 3, 23), "MD06")
    take_in(office, make_record("2026-0500", due_on=date(2026, 4, 20)), today=date(2026, 3, 24))
    live(office, date(2026, 4, 2))
    assert [row[0] for row in lines(office)] == ["returned"]
    # A newer one is another word.
    sign(office, today=date(2026, 4, 3), reference="M-NIEUW", signed_on=date(2026, 4, 3))
    live(office, date(2026, 4, 3))
    assert [row[0] for row in lines(office)] == ["returned", "planned"]


def test_a_withdrawn_batch_that_the_bank_carries_out_counts_all_the_same(office: UUID) -> None:
    batch_id = hand_in(office)
    with administration_scope(office):
        debits.withdraw_batch(batch_id, because="vergissing", **told(HAND_IN))
        assert load_file(batch_id) is None
    # Its money may be on its way: nothing is planned anew beside it.
    live(office, date(2026, 3, 17), date(2026, 3, 18))
    assert [row[0] for row in lines(office)] == ["withdrawn"]
    collected(office)
    assert [row[0] for row in lines(office)] == ["collected"]
    sent_back(office, date(2026, 3, 23), "MD06")
    live(office, date(2026, 3, 24), date(2026, 4, 20))
    assert [row[0] for row in lines(office)] == ["returned"]


def test_a_file_that_the_bank_had_already_refuses_nothing(office: UUID) -> None:
    batch_id = hand_in(office)
    with administration_scope(office):
        message_id = DebitBatch.objects.get(id=batch_id).message_id
    answer = write_answer(message=message_id, file=("RJCT", "AM05"))
    (outcome,) = take(office, answer, day=HAND_IN).files
    assert [one.because.nl for one in outcome.problems] == [
        "De bank had dit bestand al. Er verandert niets: het eerste bestand loopt door."
    ]
    assert [row[0] for row in lines(office)] == ["handed_over"]
