"""'Op <dag> gaat dit uit', of the day before, against what the mail server got on that day."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from tests.integration.case_office import told
from tests.integration.mail import mail_sink
from tests.integration.office import at, make_administration, make_debtor, make_record, take_in

from tijdig.cases.actions import disputes, holds, plans, reasons
from tijdig.dunning.actions import dry_runs
from tijdig.dunning.actions.days import live_one_day
from tijdig.dunning.models import Call
from tijdig.dunning.queries.pages import look_ahead
from tijdig.ledger.models import Debtor, Invoice
from tijdig.messaging.models import Message, MessageBody
from tijdig.tenants.models import Administration
from tijdig.tenants.scope import administration_scope

EVE, DAY = date(2026, 3, 18), date(2026, 3, 19)

Foretold = tuple[UUID, str, str, tuple[tuple[UUID, int], ...], int, date | None]


def make_books() -> UUID:
    """A customer for every kind of step, for a stop, and for nothing; a year of days behind them.

    1001 a notice, 1002 a reminder by mail, 1003 one by letter, 1004 a call, 1005 a last demand with
    costs and interest, 1006 a pause, 1007 an answer, 1008 the start of a plan, 1009 a copy, 1010 a
    credit note.
    """
    administration = make_administration(sending=True)
    with administration_scope(administration):
        Administration.objects.filter(id=administration).update(
            business_terms_agreed=True, business_costs="decree"
        )
    days = {"1001": DAY + timedelta(days=3), "1004": DAY - timedelta(days=16)}
    for number in map(str, range(1001, 1011)):
        email = "" if number == "1003" else f"klant{number}@example.nl"
        debtor = make_debtor(number, name=f"Klant {number} B.V.", email=email)
        if number == "1005":
            debtor = replace(debtor, kvk_number="68750110")
        due_on = days.get(number, DAY - timedelta(days=30 if number == "1005" else 5))
        take_in(administration, make_record(f"2026-{number}", due_on=due_on, debtor=debtor))
    credit = make_record(
        "C-1010", cents=-2_100, due_on=EVE, debtor=make_debtor("1010", name="Klant 1010 B.V.")
    )
    take_in(administration, credit)
    return administration


def find(number: str) -> tuple[UUID, UUID]:
    invoice = Invoice.objects.select_related("open_item").get(number=f"2026-{number}")
    return invoice.open_item.debtor_id, invoice.id


def record_cases() -> None:
    """What was agreed and told on the eve."""
    holds.place(debtor_id=find("1006")[0], until_on=date(2026, 4, 1), reason="overleg", **told(EVE))
    one = disputes.open(invoice_id=find("1007")[1], cents=2_100, category="price", **told(EVE))
    disputes.accept(one, answer="Klopt.", root_cause="price", **told(EVE))
    debtor_id, invoice_id = find("1008")
    plans.agree(
        debtor_id=debtor_id,
        invoice_ids=[invoice_id],
        count=3,
        first_on=date(2026, 4, 20),
        **told(EVE),
    )
    reasons.tell(
        debtor_id=find("1009")[0], kind="not_received", address="klant1009@example.nl", **told(EVE)
    )


def list_foretold() -> list[Foretold]:
    """What the start page says of the next working day."""
    ahead = look_ahead(today=EVE, rehearsal=False, limit=100)
    assert (ahead.on, ahead.is_all) == (DAY, True)
    return sorted(
        (
            one.debtor_id,
            one.step.key,
            one.channel or "",
            tuple(sorted(cents for _, cents in one.listed)),
            one.total_cents,
            one.pay_by_on,
        )
        for one in ahead.rows
        if one.step
    )


def list_done() -> list[Foretold]:
    """What truly went out or was asked on that day."""
    gone = [
        (
            one.debtor_id,
            one.step_key,
            one.channel,
            tuple(sorted(one.listed_cents)),
            one.total_cents,
            one.pay_by_on,
        )
        for one in Message.objects.filter(planned_on=DAY, state="accepted").exclude(phase="copy")
    ]
    calls = [
        (one.debtor_id, one.step_key, one.total_cents) for one in Call.objects.filter(asked_on=DAY)
    ]
    return sorted(
        [*gone, *((who, key, "phone", (cents,), cents, None) for who, key, cents in calls)]
    )


def test_what_is_foretold_is_what_goes_out(database: None) -> None:
    administration = make_books()
    with mail_sink() as sink:
        # The reminders of 1004 and 1005 went out long before, and the call about 1005 lapsed.
        for day in (date(2026, 2, 23), date(2026, 3, 3), date(2026, 3, 9)):
            live_one_day(administration, today=day, now=at(day))
        with administration_scope(administration):
            record_cases()
            foretold = list_foretold()
            ids = list(Debtor.objects.order_by("id").values_list("id", flat=True))
            written = dry_runs.write(ids, today=DAY, now=at(DAY))
        before = len(sink.stored)
        live_one_day(administration, today=DAY, now=at(DAY))
        received = [one.recipient for one in sink.stored[before:]]
    with administration_scope(administration):
        assert foretold == list_done()
        bodies = MessageBody.objects.filter(message__planned_on=DAY)
        texts = sorted(bodies.values_list("recipient", "subject", "text"))
        kinds = {key.split("-")[0] for _, key, *_ in foretold}
    assert sorted((one.recipient, one.subject, one.text) for one in written) == texts
    assert sorted(received) == sorted(recipient for recipient, _, _ in texts if recipient)
    assert kinds >= {"notice", "reminder", "call", "last_demand", "plan", "case"}
