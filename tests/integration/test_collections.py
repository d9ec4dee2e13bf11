"""From mandate to money and back: planned, announced, in a file, booked, sent back, open again."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from lxml import etree
from tests.faults.smtp_sink import SmtpSink
from tests.integration.books import (
    balances,
    entries_of,
    make_statement,
    reason_of,
    reopened,
    run_on,
    take,
)
from tests.integration.collecting_office import (
    DUE,
    HAND_IN,
    PAYER_IBAN,
    START,
    approve,
    collected,
    end_to_end_id,
    file_of,
    hand_over,
    lines,
    live,
    make,
    make_collecting,
    make_one_due,
    sent_back,
    sign,
    told,
    words,
)
from tests.integration.office import at, make_debtor, make_record, take_in
from tests.plugs.camt_samples import Detail, Entry

from tijdig.banking.actions import debits, mandates
from tijdig.banking.direct_debits.models import DebitBatch, DebitLine, SepaMandate
from tijdig.banking.models import BankLine
from tijdig.cases.actions import holds
from tijdig.cases.models import Dispute
from tijdig.core.problem import Refusal
from tijdig.dunning.actions import dry_runs
from tijdig.dunning.actions.run import preview
from tijdig.ledger.models import Debtor
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope


@pytest.fixture
def office(sink: SmtpSink) -> UUID:
    """One invoice due on the nineteenth, of a debtor with a mandate."""
    return make_one_due()


def test_a_collection_is_announced_once_and_stops_every_reminder(
    office: UUID, sink: SmtpSink
) -> None:
    live(office, START)
    assert lines(office) == [("planned", DUE, 12_100, None)]
    (mail,) = sink.stored
    subject, text = words(mail)
    assert subject.startswith("Incasso op 19 maart 2026: factuur 2026-0412 van Bakkerij")
    for part in ("€ 121,00", "19 maart 2026", "NL69ZZZ123456780000", "M-1001", "… 4567"):
        assert part in text
    live(office, *(START + timedelta(days=n) for n in range(1, 15)))
    assert len(sink.stored) == 1
    assert reason_of(office) == "stop_direct_debit"


def test_what_the_bank_has_rests_until_it_can_no_longer_send_it_back(
    office: UUID, sink: SmtpSink
) -> None:
    live(office, START, START + timedelta(days=1))
    approve(office)
    make(office)
    hand_over(office)
    live(office, *(HAND_IN + timedelta(days=n) for n in range(1, 11)))
    assert (len(sink.stored), reason_of(office)) == (1, "stop_direct_debit")
    live(office, date(2026, 3, 27))
    with administration_scope(office):
        steps = list(Message.objects.order_by("id").values_list("step_key", flat=True))
    assert steps == ["debit-20260319", "reminder"]


def test_the_file_is_made_once_and_says_what_was_announced(office: UUID) -> None:
    live(office, START, START + timedelta(days=1))
    assert lines(office) == [("planned", DUE, 12_100, START)]
    approve(office)
    assert make(office) == 0
    content = file_of(office)
    root = etree.fromstring(content)
    told = {name: root.xpath(f"string(//*[local-name()='{name}'])") for name in (
        "InstdAmt", "ReqdColltnDt", "MndtId", "EndToEndId", "SeqTp")}  # fmt: skip
    assert told == {
        "InstdAmt": "121.00",
        "ReqdColltnDt": "2026-03-19",
        "MndtId": "M-1001",
        "EndToEndId": end_to_end_id(office),
        "SeqTp": "RCUR",
    }
    with pytest.raises(Refusal, match="verder gebracht"):
        make(office)
    assert file_of(office) == content
    hand_over(office)
    assert file_of(office) == content
    with administration_scope(office):
        mandate = SepaMandate.objects.get()
        assert (mandate.collected_times, mandate.last_collected_on) == (1, DUE)


def test_money_that_comes_by_our_own_id_closes_the_invoice(office: UUID) -> None:
    live(office, START, START + timedelta(days=1))
    approve(office)
    make(office)
    hand_over(office)
    collected(office)
    assert balances(office) == {"2026-0412": 0}
    assert lines(office) == [("collected", DUE, 12_100, START)]
    with administration_scope(office):
        line = BankLine.objects.get(state="matched")
        assert line.end_to_end_id == end_to_end_id(office)


def test_a_batch_that_the_bank_books_as_one_sum_is_filled_by_our_own_file(office: UUID) -> None:
    take_in(office, make_record("2026-0413", due_on=DUE, cents=5_000))
    live(office, START, START + timedelta(days=1))
    found = approve(office)
    make(office)
    hand_over(office)
    with administration_scope(office):
        message_id = DebitBatch.objects.get(id=found).message_id
    whole = Entry("171.00", "CRDT", booked_on=DUE, value_on=DUE, batch_id=f"{message_id}-1")
    take(office, make_statement(whole), day=DUE)
    assert balances(office) == {"2026-0412": 0, "2026-0413": 0}
    assert {row[0] for row in lines(office)} == {"collected"}


def test_what_comes_back_is_open_again_and_no_dispute(office: UUID, sink: SmtpSink) -> None:
    live(office, START, START + timedelta(days=1))
    approve(office)
    make(office)
    hand_over(office)
    collected(office)
    back_on = date(2026, 3, 23)
    sent_back(office, back_on, "MD06")
    assert entries_of(office, "2026-0412") == [
        ("invoiced", 12_100),
        ("paid", -12_100),
        ("reversed", 12_100),
    ]
    assert reopened(office) == 1
    with administration_scope(office):
        assert Dispute.objects.count() == 0
        mandate = SepaMandate.objects.get()
        assert (mandate.held_on, mandate.held_code) == (back_on, "MD06")
    live(office, back_on, date(2026, 3, 24))
    assert lines(office) == [("returned", DUE, 12_100, START)]
    _, text = words(sink.stored[-1])
    assert "De incasso van 19 maart 2026 is niet gelukt." in text
    assert "Misschien bent u het vergeten" not in text


def test_too_little_money_is_tried_again_with_an_announcement_of_its_own(
    office: UUID, sink: SmtpSink
) -> None:
    live(office, START, START + timedelta(days=1))
    approve(office)
    make(office)
    hand_over(office)
    collected(office)
    sent_back(office, date(2026, 3, 23), "AM04")
    live(office, date(2026, 3, 23))
    first, second = lines(office)
    assert (first[0], second[0]) == ("returned", "planned")
    assert second[1] >= date(2026, 4, 6)
    assert reason_of(office) == "step_taken"
    subject, _ = words(sink.stored[-1])
    assert subject.startswith(f"Incasso op {second[1].day} april 2026")
    with administration_scope(office):
        assert DebitLine.objects.order_by("-id")[0].attempt == 2


def test_who_pays_before_the_file_is_made_is_not_in_it(office: UUID) -> None:
    live(office, START, START + timedelta(days=1))
    approve(office)
    detail = Detail(texts=("factuur 2026-0412",), iban=PAYER_IBAN)
    paid = Entry("121.00", "CRDT", booked_on=HAND_IN, value_on=HAND_IN, details=(detail,))
    take(office, make_statement(paid), day=HAND_IN)
    assert balances(office) == {"2026-0412": 0}
    assert make(office) == 1
    assert lines(office) == [("withdrawn", DUE, 12_100, START)]
    with administration_scope(office):
        batch = DebitBatch.objects.get()
        assert (batch.state, batch.content) == ("withdrawn", None)


def test_who_pays_after_the_file_was_made_keeps_it_from_the_bank(office: UUID) -> None:
    live(office, START, START + timedelta(days=1))
    approve(office)
    make(office)
    detail = Detail(texts=("factuur 2026-0412",), iban=PAYER_IBAN)
    paid = Entry("121.00", "CRDT", booked_on=HAND_IN, value_on=HAND_IN, details=(detail,))
    take(office, make_statement(paid), day=HAND_IN)
    with pytest.raises(Refusal, match="2026-0412"):
        hand_over(office)


def test_a_pause_takes_the_collection_back_and_its_end_plans_it_anew(office: UUID) -> None:
    live(office, START)
    with administration_scope(office):
        holds.place(
            debtor_id=Debtor.objects.get().id,
            until_on=date(2026, 3, 10),
            reason="overleg",
            today=START,
            now=at(START),
            actor="Sanne",
        )
    live(office, date(2026, 3, 3))
    assert lines(office) == [("withdrawn", DUE, 12_100, START)]
    assert reason_of(office) == "stop_hold"
    live(office, date(2026, 3, 11))
    assert lines(office)[1:] == [("planned", date(2026, 3, 25), 12_100, None)]


def test_without_an_announcement_in_time_the_day_moves(office: UUID, sink: SmtpSink) -> None:
    run_on(office, START)  # planned and written, and nothing goes out
    assert sink.stored == []
    later = date(2026, 3, 9)
    live(office, later)
    assert lines(office) == [
        ("withdrawn", DUE, 12_100, None),
        ("planned", date(2026, 3, 23), 12_100, None),
    ]


def test_an_invoice_is_in_one_living_batch_however_many_runs_there_are(office: UUID) -> None:
    live(office, START)
    run_on(office, START)
    with administration_scope(office):
        assert DebitLine.objects.count() == 1
        one = DebitLine.objects.get()
        again = debits.NewCollection(
            one.debtor_id, one.item_id, "2026-0412", one.mandate_id, 12_100, DUE, "core", "RCUR", 1
        )
        account_id = one.batch.account_id
        assert debits.plan([again], account_id, **told(START)) == 0
        assert DebitLine.objects.count() == 1


def test_leaving_out_needs_a_reason_and_lasts(office: UUID) -> None:
    live(office, START)
    with administration_scope(office):
        line_id = DebitLine.objects.get().id
        with pytest.raises(Refusal, match="waarom"):
            debits.leave_out(line_id, because="", **told(START))
        debits.leave_out(line_id, because="Klant betaalt liever zelf.", **told(START))
    live(office, date(2026, 3, 3))
    assert lines(office) == [("left_out", DUE, 12_100, None)]


def test_a_withdrawn_mandate_takes_its_collections_along(office: UUID) -> None:
    live(office, START)
    with administration_scope(office):
        mandate_id = SepaMandate.objects.get().id
        mandates.withdraw(mandate_id, because="opgezegd", **told(START))
    live(office, date(2026, 3, 3))
    assert lines(office) == [("left_out", DUE, 12_100, None)]


def test_only_debtors_with_a_mandate_are_collected_from(office: UUID) -> None:
    take_in(office, make_record("2026-0500", debtor=make_debtor("1002", name="Ander")))
    live(office, START)
    assert [row[:2] for row in lines(office)] == [("planned", DUE)]


def test_a_preview_and_a_dry_run_announce_what_the_run_will_and_leave_nothing(office: UUID) -> None:
    assert preview(office, today=START).because == {"debit_due": 1}
    with administration_scope(office):
        looked = dry_runs.look(today=START)
        assert [one.reason for _, one in looked.steps] == ["debit_due"]
        (written,) = dry_runs.write([Debtor.objects.get().id], today=START, now=at(START))
        assert written.subject.startswith("Incasso op 19 maart 2026")
        assert (DebitLine.objects.count(), DebitBatch.objects.count()) == (0, 0)


@pytest.mark.parametrize(("due_on", "announced"), [(date(2026, 3, 18), True), (START, False)])
def test_an_invoice_that_names_the_mandate_announces_its_due_date_and_no_other(
    sink: SmtpSink, due_on: date, *, announced: bool
) -> None:
    office = make_collecting(invoices_announce=True)
    record = replace(make_record(due_on=due_on), direct_debit_mandate="M-1001")
    take_in(office, record)
    sign(office, today=START)
    live(office, START)
    issued_on = due_on - timedelta(days=30)
    expected = (due_on, issued_on) if announced else (date(2026, 3, 16), None)
    assert [(day, told_on) for _, day, _, told_on in lines(office)] == [expected]
    assert len(sink.stored) == (0 if announced else 1)
