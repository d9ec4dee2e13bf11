"""From whoever promised, agreed on a plan or complains nothing is collected as well."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.faults.smtp_sink import SmtpSink
from tests.integration.books import entries_of, reason_of
from tests.integration.collecting_office import (
    DUE,
    HAND_IN,
    START,
    approve,
    collected,
    hand_over,
    lines,
    live,
    make,
    make_one_due,
    sent_back,
    told,
    words,
)

from tijdig.banking.direct_debits.models import DebitBatch
from tijdig.cases.actions import disputes, extensions, holds, plans, promises
from tijdig.core.problem import Refusal
from tijdig.dunning.actions import outcomes
from tijdig.dunning.models import Outcome
from tijdig.ledger.models import Debtor, Invoice
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import active_administration, administration_scope

PROMISED_ON = date(2026, 4, 2)
BACK_ON = date(2026, 3, 23)

Record = Callable[[date], object]


def promise(day: date) -> UUID:
    debtor_id = Debtor.objects.get().id
    return promises.make(debtor_id=debtor_id, cents=12_100, on=PROMISED_ON, **told(day))


def plan(day: date) -> UUID:
    invoice = Invoice.objects.get()
    return plans.agree(
        debtor_id=Debtor.objects.get().id,
        invoice_ids=[invoice.id],
        count=3,
        first_on=PROMISED_ON,
        **told(day),
    )


def complain(day: date) -> UUID:
    asked = {"invoice_id": Invoice.objects.get().id, "cents": 12_100, "category": "price"}
    return disputes.open(**asked, **told(day))


def extend(day: date) -> UUID:
    return extensions.give(invoice_id=Invoice.objects.get().id, until_on=PROMISED_ON, **told(day))


def pause(day: date) -> UUID:
    debtor_id = Debtor.objects.get().id
    asked = {"until_on": PROMISED_ON, "reason": "overleg"}
    return holds.place(debtor_id=debtor_id, **asked, **told(day))


def give_away(day: date) -> UUID:
    """As after a last demand: what was due before this day goes to an agency."""
    one = Outcome.objects.create(
        id=new_id(),
        administration_id=active_administration(),
        debtor_id=Debtor.objects.get().id,
        carrying_item_id=Invoice.objects.get().open_item_id,
        opened_on=date(2026, 4, 1),
        deadline_on=date(2026, 4, 1),
    )
    outcomes.decide(one.id, way="hand_over", handed_to="Bureau X", **told(day))
    return one.id


# Of a plan the debtor gets one message: what was agreed.
CASES: tuple[tuple[Record, str], ...] = (
    (promise, "stop_promise"),
    (plan, "step_taken"),
    (complain, "stop_dispute"),
    (extend, "not_due_yet"),
    (pause, "stop_hold"),
    (give_away, "stop_after_hand_over"),
)
SAID: dict[Record, list[str]] = {
    plan: ["Uw betalingsregeling met", "Binnenkort: termijn 1 van 3"],
    extend: ["Incasso op 7 april 2026: factuur 2026-0412"],
}
EACH = pytest.mark.parametrize(("record", "reason"), CASES)


@pytest.fixture
def office(sink: SmtpSink) -> UUID:
    """One invoice due on the nineteenth, whose collection has been announced."""
    made = make_one_due()
    live(made, START, START + timedelta(days=1))
    assert lines(made) == [("planned", DUE, 12_100, START)]
    return made


def state(office: UUID) -> str:
    return lines(office)[0][0]


@EACH
def test_before_the_file_is_made_the_line_is_taken_back(
    office: UUID, record: Record, reason: str
) -> None:
    day = START + timedelta(days=2)
    with administration_scope(office):
        record(day)
    live(office, day, day + timedelta(days=1))
    assert lines(office) == [("withdrawn", DUE, 12_100, START)]
    assert reason_of(office) == reason


@EACH
def test_between_the_look_and_the_file_it_is_left_out(
    office: UUID, record: Record, reason: str
) -> None:
    approve(office)
    with administration_scope(office):
        record(HAND_IN)
    make(office)
    with administration_scope(office):
        batch = DebitBatch.objects.get()
        assert (batch.state, batch.content) == ("withdrawn", None)


@EACH
def test_once_the_file_was_made_it_does_not_go_to_the_bank(
    office: UUID, record: Record, reason: str
) -> None:
    approve(office)
    make(office)
    with administration_scope(office):
        record(HAND_IN)
    with pytest.raises(Refusal, match="2026-0412"):
        hand_over(office)


@EACH
def test_what_came_back_is_neither_asked_for_nor_collected_again(
    office: UUID, record: Record, reason: str, sink: SmtpSink
) -> None:
    """For want of money, which otherwise is tried again by itself."""
    approve(office)
    make(office)
    hand_over(office)
    collected(office)
    sent_back(office, BACK_ON, "AM04")
    assert entries_of(office, "2026-0412")[-1] == ("reversed", 12_100)
    before = len(sink.stored)
    with administration_scope(office):
        record(BACK_ON)
    live(office, BACK_ON, BACK_ON + timedelta(days=1), PROMISED_ON - timedelta(days=1))
    first, *more = lines(office)
    assert first[0] == "returned"
    if record is extend:
        assert [(one[0], one[1] >= PROMISED_ON) for one in more] == [("planned", True)]
    else:
        assert more == []
        assert reason_of(office) == reason
    subjects = [words(one)[0] for one in sink.stored[before:]]
    expected = SAID.get(record, [])
    pairs = zip(subjects, expected, strict=True)
    assert all(subject.startswith(start) for subject, start in pairs)


def test_when_the_promise_is_broken_the_reminder_says_that_it_was_sent_back(
    office: UUID, sink: SmtpSink
) -> None:
    approve(office)
    make(office)
    hand_over(office)
    collected(office)
    sent_back(office, BACK_ON, "MD06")
    with administration_scope(office):
        promise(BACK_ON)
    before = len(sink.stored)
    live(office, *(PROMISED_ON + timedelta(days=n) for n in range(10)))
    (mail,) = sink.stored[before:]
    _, text = words(mail)
    assert "De incasso van 19 maart 2026 is niet gelukt." in text


def test_an_extension_moves_the_collection_to_the_later_day(office: UUID, sink: SmtpSink) -> None:
    day = START + timedelta(days=2)
    with administration_scope(office):
        extend(day)
    live(office, *(day + timedelta(days=n) for n in range(20)))
    assert [(one[0], one[1]) for one in lines(office)] == [
        ("withdrawn", DUE),
        ("planned", PROMISED_ON),
    ]
    _, text = words(sink.stored[-1])
    assert len(sink.stored) == 2
    assert "2 april 2026" in text
