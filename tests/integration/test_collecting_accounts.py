"""Accounts that collect and do so no more: each its own batches, hours and identifier."""

from datetime import date, time, timedelta
from uuid import UUID

import pytest
from tests.faults.smtp_sink import SmtpSink
from tests.integration.collecting_office import (
    CREDITOR_ID,
    DUE,
    HAND_IN,
    SIGNED_ON,
    START,
    approve,
    file_of,
    hand_over,
    lines,
    live,
    make,
    make_one_due,
    sign,
    told,
)
from tests.integration.office import IBAN, at, make_debtor, make_record, take_in

from tijdig.banking.actions.collecting import set_collecting
from tijdig.banking.direct_debits.lines.queries import list_batches
from tijdig.banking.direct_debits.models import DebitBatch
from tijdig.banking.models import Account
from tijdig.core.problem import Refusal
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event

# Invented, with right check digits.
OTHER_IBAN = "NL44RABO0123456789"
OTHER_CREDITOR_ID = "NL42ZZZ123456780001"
NEXT = START + timedelta(days=1)


@pytest.fixture
def office(sink: SmtpSink) -> UUID:
    """One invoice due on the nineteenth, of a debtor with a mandate."""
    return make_one_due()


def switch(office: UUID, *, iban: str = IBAN, day: date = NEXT, **asked: object) -> None:
    with administration_scope(office):
        account, _ = Account.objects.get_or_create(
            administration_id=office,
            iban=iban,
            currency="EUR",
            defaults={"confirmed_at": at(SIGNED_ON), "confirmed_by": "test"},
        )
        usual: dict[str, object] = {"creditor_id": CREDITOR_ID, "is_on": True, **asked}
        set_collecting(account.id, **usual, **told(day))  # type: ignore[arg-type]


def batches(office: UUID) -> list[tuple[str, str, str]]:
    with administration_scope(office):
        return [(one.iban, one.state, one.withdrawn_because) for one in list_batches()]


@pytest.mark.parametrize("approved", [False, True])
def test_turned_off_what_is_in_no_file_yet_is_withdrawn(office: UUID, *, approved: bool) -> None:
    live(office, START)
    if approved:
        approve(office, NEXT)
    switch(office, is_on=False)
    because = "Op deze rekening wordt niet meer geïncasseerd."
    assert batches(office) == [(IBAN, "withdrawn", because)]
    assert [row[0] for row in lines(office)] == ["withdrawn"]
    with administration_scope(office):
        kinds = set(Event.objects.filter(on=NEXT).values_list("kind", flat=True))
    assert {"collecting_set", "batch_withdrawn", "collection_withdrawn"} <= kinds
    live(office, START + timedelta(days=2))
    assert len(lines(office)) == 1
    # Turned on again the invoice is proposed anew.
    switch(office, day=START + timedelta(days=3))
    live(office, START + timedelta(days=3))
    assert [row[0] for row in lines(office)] == ["withdrawn", "planned"]


def test_no_file_is_made_for_an_account_that_does_not_collect(office: UUID) -> None:
    live(office, START, NEXT)
    found = approve(office)
    switch(office, is_on=False, day=HAND_IN)
    with administration_scope(office):
        # As if somebody approved at the very moment.
        DebitBatch.objects.filter(id=found).update(
            state="approved", withdrawn_on=None, withdrawn_because=""
        )
    with pytest.raises(Refusal, match="Incasseren staat uit voor deze rekening"):
        make(office)


def test_each_account_has_its_own_batch_hour_and_identifier(office: UUID) -> None:
    live(office, START, NEXT)
    approve(office)
    make(office)
    first_file = file_of(office)
    other = {"creditor_id": OTHER_CREDITOR_ID, "cut_off": time(7), "lead_days": 4}
    switch(office, iban=OTHER_IBAN, day=HAND_IN, **other)
    take_in(office, make_record("2026-0500", due_on=date(2026, 3, 31), debtor=make_debtor("1002")))
    sign(office, "1002", today=HAND_IN, reference="M-1002", signed_on=HAND_IN)
    live(office, HAND_IN, HAND_IN + timedelta(days=1))
    states = [(iban, state) for iban, state, _ in batches(office)]
    assert states == [(IBAN, "made"), (OTHER_IBAN, "proposed")]
    # What was made stays as it is, and goes by the hours of its own bank.
    assert first_file == file_of(office)
    assert CREDITOR_ID.encode() in first_file
    hand_over(office)
    assert [row[:2] for row in lines(office)] == [
        ("handed_over", DUE),
        ("planned", date(2026, 3, 31)),
    ]
    # Four banking days before the thirty-first, before seven: the twenty-fourth is the last day.
    approve(office, date(2026, 3, 24))
    assert make(office, date(2026, 3, 24)) == 0
    assert OTHER_CREDITOR_ID.encode() in file_of(office)
    with administration_scope(office):
        known = DebitBatch.objects.order_by("id").values_list("creditor_identifier", flat=True)
        assert list(known) == [CREDITOR_ID, OTHER_CREDITOR_ID]
