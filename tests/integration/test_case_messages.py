"""What a case tells its debtor, as the mail server got it: once, with the words that it should."""

import re
from collections.abc import Callable
from datetime import date
from email import message_from_bytes
from email.policy import default
from uuid import UUID

import pytest
from tests.integration.books import make_payment, make_statement, take
from tests.integration.case_office import (
    REMIND_ON,
    find_ids,
    list_because,
    make_office,
    told,
    version_of,
)
from tests.integration.mail import mail_sink
from tests.integration.office import at, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.cases.actions import disputes, holds, plans, reasons
from tijdig.cases.models import Dispute, Reason
from tijdig.cases.queries.lists import count_reasons, count_waiting, list_cases
from tijdig.core.problem import Refusal
from tijdig.dunning.actions.days import live_one_day
from tijdig.dunning.queries.facts import load_facts
from tijdig.ledger.actions import flags
from tijdig.ledger.models import Contact
from tijdig.messaging.models import Message, MessageBody
from tijdig.tenants.scope import administration_scope

CALL_ON = date(2026, 3, 30)  # the first day on which the call may come, after the reminder


def live(administration: UUID, *days: date) -> list[str]:
    """What the mail server truly got on these days: the subject of each message."""
    with mail_sink() as sink:
        for day in days:
            live_one_day(administration, today=day, now=at(day))
            live_one_day(administration, today=day, now=at(day))
        return [_subject_of(one.content) for one in sink.stored]


def _subject_of(content: bytes) -> str:
    """The subject without the name of the office, which differs from test to test."""
    subject = str(message_from_bytes(content, policy=default)["Subject"])
    return re.split(" (?:van|aan) Bakkerij ", subject)[0]


def dispute(day: date, cents: int = 2_100) -> UUID:
    _, invoice_id = find_ids()
    return disputes.open(invoice_id=invoice_id, cents=cents, category="price", **told(day))


def body_of(text: str) -> str:
    return MessageBody.objects.get(message__text=text).text


def test_an_accepted_dispute_is_told_once_with_what_is_left(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        one = dispute(REMIND_ON)
        disputes.accept(one, answer="De offerte was lager.", root_cause="price", **told(REMIND_ON))
    assert live(administration, REMIND_ON, date(2026, 3, 20), date(2026, 3, 23)) == [
        "U heeft gelijk over factuur 2026-0412"
    ]
    with administration_scope(administration):
        message = Message.objects.get()
        assert (message.phase, message.listed_cents, message.total_cents, message.pay_by_on) == (
            "case",
            [10_000],
            10_000,
            date(2026, 3, 26),
        )
        words = body_of("dispute_accepted")
    assert "Wij halen € 21,00 van de factuur af." in words
    assert "Dit is onze uitleg: De offerte was lager." in words
    client = sign_in(make_person(administration))
    why = f"/{slug_of(administration)}/debiteuren/1001/waarom/?dag={REMIND_ON}"
    page = client.get(why).content.decode()
    assert "<dt>Stap</dt><dd>Antwoord</dd>" in page
    assert "case-" not in page
    assert list_because(administration)[0] == (
        REMIND_ON,
        (
            "Antwoord op het bezwaar over factuur 2026-0412: wij crediteren € 21,00; "
            "er blijft € 100,00 over."
        ),
    )


def test_who_is_right_about_all_of_it_hears_that_he_owes_nothing(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        one = dispute(REMIND_ON, 12_100)
        disputes.accept(one, answer="Niet geleverd.", root_cause="delivery", **told(REMIND_ON))
    assert len(live(administration, REMIND_ON, date(2026, 3, 20))) == 1
    with administration_scope(administration):
        disputes.mark_credited(one, **told(date(2026, 3, 23)))
        assert "U hoeft voor deze factuur niets meer te betalen." in body_of("dispute_accepted")


def test_a_declined_dispute_is_told_and_then_the_cadence_goes_on(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        one = dispute(date(2026, 3, 18))
        disputes.decline(one, answer="Zo besteld.", root_cause="none", **told(date(2026, 3, 18)))
    days = [date(2026, 3, 18), REMIND_ON, date(2026, 3, 25)]
    assert live(administration, *days) == ["Ons antwoord over factuur 2026-0412"]
    # Its term runs up to Wednesday 25 March; money of that day is on the statement of Thursday.
    assert live(administration, date(2026, 3, 26)) == ["Herinnering factuur 2026-0412"]


def test_an_answer_that_a_pause_or_bankruptcy_holds_goes_when_that_is_over(database: None) -> None:
    for stop, lift in (
        (
            lambda debtor: holds.place(
                debtor_id=debtor, until_on=date(2026, 4, 1), reason="overleg", **told(REMIND_ON)
            ),
            holds.lift,
        ),
        (
            lambda debtor: flags.mark(
                debtor_id=debtor, kind="faillissement", source="CIR", **told(REMIND_ON)
            ),
            flags.lift,
        ),
    ):
        administration = make_office()
        with administration_scope(administration):
            one = dispute(REMIND_ON)
            disputes.decline(one, answer="Zo besteld.", root_cause="none", **told(REMIND_ON))
            stopped = stop(find_ids()[0])
        assert live(administration, REMIND_ON, date(2026, 3, 20)) == []
        with administration_scope(administration):
            lift(stopped, **told(date(2026, 3, 23)))
        assert live(administration, date(2026, 3, 23)) == ["Ons antwoord over factuur 2026-0412"]


def test_what_was_answered_before_debtors_were_told_stays_untold(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        one = dispute(REMIND_ON)
        disputes.decline(one, answer="Zo besteld.", root_cause="none", **told(REMIND_ON))
        Dispute.objects.filter(id=one).update(tells_debtor=False)
    assert live(administration, REMIND_ON) == ["Herinnering factuur 2026-0412"]


def tell(kind: str, day: date, **more: object) -> UUID:
    return reasons.tell(debtor_id=find_ids()[0], kind=kind, **more, **told(day))  # type: ignore[arg-type]


def test_a_copy_goes_to_the_address_that_he_confirms_and_only_there(database: None) -> None:
    administration = make_office()
    with administration_scope(administration):
        one = tell("not_received", REMIND_ON)
        assert count_waiting()["reasons"] == 1
    assert live(administration, REMIND_ON, date(2026, 4, 7)) == []
    with administration_scope(administration):
        with pytest.raises(Refusal):
            reasons.confirm_address(one, "geen adres", **told(date(2026, 4, 8)))
        reasons.confirm_address(one, "inkoop@cafe.example", **told(date(2026, 4, 8)))
        assert count_waiting()["reasons"] == 0
    assert live(administration, date(2026, 4, 8), date(2026, 5, 8)) == ["Kopie: factuur 2026-0412"]
    with administration_scope(administration):
        body = MessageBody.objects.get()
        assert body.recipient == Contact.objects.get().email == "inkoop@cafe.example"
        assert Message.objects.get().pay_by_on == date(2026, 5, 8)
    # The days that he got are kept; then the cadence goes on where it was.
    assert live(administration, date(2026, 5, 11)) == ["Herinnering factuur 2026-0412"]


@pytest.mark.parametrize("end", [reasons.handle, reasons.withdraw])
@pytest.mark.parametrize("kind", ["not_received", "cannot_pay", "forgot", "says_paid"])
def test_whoever_ends_a_reason_gets_the_old_step_back(
    database: None, kind: str, end: Callable[..., None]
) -> None:
    administration = make_office()
    with administration_scope(administration):
        one = tell(kind, date(2026, 3, 18), address="inkoop@cafe.example")
        end(one, **told(REMIND_ON))
        counted = count_reasons(since=date(2026, 1, 1), until=date(2027, 1, 1))
        assert len(counted) == (1 if end is reasons.handle else 0)
    assert live(administration, REMIND_ON) == ["Herinnering factuur 2026-0412"]


def test_a_reason_between_plan_and_sending_turns_the_step(database: None) -> None:
    administration = make_office()
    live(administration, REMIND_ON)
    with administration_scope(administration):
        one = tell("says_paid", date(2026, 3, 20))
        row = Reason.objects.get(id=one)
    assert (row.owner, row.deadline_on) == ("Sanne de Vries", date(2026, 3, 25))
    assert live(administration, date(2026, 3, 23), date(2026, 3, 25)) == []
    assert live(administration, CALL_ON, date(2026, 3, 31)) == ["Uw betaling van factuur 2026-0412"]
    with administration_scope(administration):
        assert "Op 20 maart 2026 zei u dat u had betaald." in body_of("payment_missing")


def test_who_cannot_pay_gets_an_offer_and_a_plan_is_the_end_of_it(database: None) -> None:
    administration = make_office()
    live(administration, REMIND_ON)
    with administration_scope(administration):
        tell("cannot_pay", date(2026, 3, 20))
    assert live(administration, date(2026, 3, 20), date(2026, 3, 23)) == [
        "Betalen in delen: factuur 2026-0412"
    ]
    with administration_scope(administration):
        debtor_id, invoice_id = find_ids()
        plans.agree(
            debtor_id=debtor_id,
            invoice_ids=[invoice_id],
            count=2,
            first_on=date(2026, 4, 20),
            **told(date(2026, 3, 24)),
        )
        assert [row.kind for row in list_cases(today=date(2026, 3, 24))] == ["plan"]


def test_who_does_not_agree_has_a_dispute(database: None) -> None:
    administration = make_office()
    before = version_of(administration)
    with administration_scope(administration):
        tell("disputes", REMIND_ON, note="Prijs klopt niet")
        one = Dispute.objects.get()
        assert (one.state, one.cents, one.category, one.note) == (
            "open",
            12_100,
            "other",
            "Prijs klopt niet",
        )
        assert [row.kind for row in list_cases(today=REMIND_ON)] == ["dispute"]
        assert count_reasons(since=REMIND_ON, until=date(2027, 1, 1))[0].kind == "disputes"
    assert version_of(administration) > before
    assert live(administration, REMIND_ON) == []
    with administration_scope(administration):
        disputes.withdraw(one.id, **told(date(2026, 3, 20)))
    assert live(administration, date(2026, 3, 20)) == ["Herinnering factuur 2026-0412"]


@pytest.mark.parametrize("kind", ["not_received", "cannot_pay", "forgot", "says_paid"])
def test_a_reason_ends_with_what_it_was_about(database: None, kind: str) -> None:
    administration = make_office()
    with administration_scope(administration):
        debtor_id, _ = find_ids()
        tell(kind, date(2026, 3, 18), address="inkoop@cafe.example")
        (before,) = load_facts([debtor_id], today=REMIND_ON, rehearsal=False)
        assert before.stops != ()
    late = date(2026, 5, 29)
    paid_on = date(2026, 4, 1)
    payment = make_payment(12_100, "2026-0412", on=paid_on)
    take(administration, make_statement(payment), day=paid_on)
    take_in(administration, make_record("2026-0500", due_on=late), today=date(2026, 4, 30))
    with administration_scope(administration):
        (after,) = load_facts([debtor_id], today=date(2026, 6, 1), rehearsal=False)
        assert (after.stops, after.case_messages) == ((), ())
        assert [row.kind for row in list_cases(today=date(2026, 6, 1))] == []
    assert live(administration, date(2026, 6, 3)) == ["Herinnering factuur 2026-0500"]
