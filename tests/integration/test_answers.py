"""What a person says about one message: taking back, doubts, failures (undo, B5)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from uuid import UUID

import pytest
from django.test import override_settings
from tests.faults.smtp_sink import Mode, SmtpSink
from tests.integration.books import reason_of, run_on
from tests.integration.office import at, make_administration, make_debtor, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.core.policy import DEFAULT_POLICY, Policy, Step
from tijdig.core.problem import Refusal
from tijdig.dunning.actions.answers import Answer, answer_message, take_back_all
from tijdig.dunning.actions.days import live_one_day, send
from tijdig.ledger.actions.debtors import mark_email_failed
from tijdig.ledger.actions.preferences import prefer
from tijdig.ledger.models import Debtor
from tijdig.messaging.models import Message
from tijdig.messaging.queries import count_questions, list_questions
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event

MONDAY, DAY = date(2026, 3, 2), date(2026, 3, 19)
LAST_DEMAND_FIRST = Policy(
    name="Meteen",
    version=1,
    steps=(Step("last_demand", "last_demand", "firm", 5, ("email",), "last_demand", term_days=14),),
)


def pointing_at(server: SmtpSink) -> override_settings:
    return override_settings(
        SMTP_HOST="127.0.0.1", SMTP_PORT=server.port, SMTP_SECURITY="none", SMTP_USERNAME=""
    )


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with SmtpSink() as server, pointing_at(server):
        yield server


def make_books(count: int = 1, *, policy: Policy = DEFAULT_POLICY, undo: int = 0) -> UUID:
    administration = make_administration(sending=True, policy=policy, guards={"undo_minutes": undo})
    for n in range(count):
        debtor = make_debtor(f"{1001 + n}", email=f"klant{n}@example.nl", name=f"Klant {n}")
        take_in(administration, make_record(f"2026-{n:04d}", debtor=debtor))
    return administration


def live(administration: UUID, moment: datetime) -> None:
    live_one_day(administration, today=moment.date(), now=moment)


def states(administration: UUID) -> list[tuple[str, str, str]]:
    with administration_scope(administration):
        return list(Message.objects.order_by("id").values_list("state", "reason", "channel"))


def answer(administration: UUID, told: Answer, *, on: date = DAY, state: str = "in_doubt") -> None:
    with administration_scope(administration):
        message_id = Message.objects.filter(state=state).values_list("id", flat=True)[0]
        answer_message(message_id, told=told, today=on, now=at(on), actor="Sanne")


def want_letters(administration: UUID, *, on: date) -> None:
    """Somebody chooses that the first debtor prefers letters."""
    with administration_scope(administration):
        debtor_id = Debtor.objects.get(number="1001").id
        told = {"today": on, "now": at(on), "actor": "Sanne"}
        prefer(debtor_id, language="nl", preferred_channel="letter", **told)


def kinds(administration: UUID) -> set[str]:
    with administration_scope(administration):
        return set(Event.objects.filter(subject_kind="message").values_list("kind", flat=True))


def doubt(policy: Policy = LAST_DEMAND_FIRST) -> UUID:
    """An administration with one message of which nobody knows whether it arrived."""
    administration = make_books(policy=policy)
    with SmtpSink("drop_after_dot_stored") as server, pointing_at(server):
        live(administration, at(DAY))
    assert [one[0] for one in states(administration)] == ["in_doubt"]
    return administration


def test_mail_waits_five_minutes_and_then_goes(database: None, sink: SmtpSink) -> None:
    administration = make_books(undo=5)
    live(administration, at(DAY))
    send(administration, today=DAY, clock=lambda: at(DAY) + timedelta(minutes=4, seconds=59))
    assert (sink.stored, states(administration)) == ([], [("released", "", "email")])
    send(administration, today=DAY, clock=lambda: at(DAY) + timedelta(minutes=5))
    assert len(sink.stored) == 1


def test_mail_keeps_to_contact_hours_and_is_written_anew_the_next_day(
    database: None, sink: SmtpSink
) -> None:
    from datetime import time

    from tijdig.tenants.models import Administration

    administration = make_books()
    with administration_scope(administration):
        Administration.objects.update(contact_from=time(7), contact_until=time(20))
    evening = datetime.fromisoformat("2026-03-19T20:30:00+01:00")
    live(administration, evening)
    assert (sink.stored, states(administration)) == ([], [("released", "", "email")])
    early, late = (
        datetime.fromisoformat(f"2026-03-20T{hour}:00+01:00") for hour in ("06:59", "07:01")
    )
    send(administration, today=early.date(), clock=lambda: early)
    assert sink.stored == []
    send(administration, today=late.date(), clock=lambda: late)
    assert len(sink.stored) == 1


def test_one_is_taken_back_and_the_other_goes(database: None, sink: SmtpSink) -> None:
    administration = make_books(2, undo=5)
    live(administration, at(DAY))
    answer(administration, "take_back", state="released")
    with administration_scope(administration):
        kept = Message.objects.get(state="held").debtor.number
    address = f"klant{int(kept) - 1001}@example.nl"
    later = at(DAY) + timedelta(minutes=6)
    send(administration, today=DAY, clock=lambda: later)
    assert [one.recipient == address for one in sink.stored] == [False]
    # It waits for a person: no later run sends it, and the debtor gets nothing else.
    for days in (1, 30):
        live(administration, at(DAY + timedelta(days=days)))
    assert len([one for one in sink.stored if one.recipient == address]) == 0
    assert reason_of(administration, kept) == "message_waiting"
    answer(administration, "send", state="held", on=date(2026, 4, 20))
    send(administration, today=date(2026, 4, 20), clock=lambda: at(date(2026, 4, 20)))
    send(
        administration,
        today=date(2026, 4, 20),
        clock=lambda: at(date(2026, 4, 20)) + timedelta(minutes=6),
    )
    assert len([one for one in sink.stored if one.recipient == address]) == 1


def test_all_are_taken_back_at_once_and_dropped_ones_come_again(
    database: None, sink: SmtpSink
) -> None:
    administration = make_books(3, undo=5)
    live(administration, at(DAY))
    with administration_scope(administration):
        assert take_back_all(today=DAY, now=at(DAY), actor="Sanne") == 3
        assert take_back_all(today=DAY, now=at(DAY), actor="Sanne") == 0
    send(administration, today=DAY, clock=lambda: at(DAY) + timedelta(minutes=6))
    assert (sink.stored, states(administration)) == ([], [("held", "taken_back", "email")] * 3)
    answer(administration, "drop", state="held")
    friday = DAY + timedelta(days=1)
    live(administration, at(friday))
    send(administration, today=friday, clock=lambda: at(friday) + timedelta(minutes=6))
    assert len(sink.stored) == 1


def test_what_has_left_cannot_be_taken_back(database: None, sink: SmtpSink) -> None:
    administration = make_books()
    live(administration, at(DAY))
    with pytest.raises(Refusal, match="al onderweg"):
        answer(administration, "take_back", state="accepted")


def test_a_doubt_with_legal_effect_holds_the_next_step_until_somebody_says(
    database: None, sink: SmtpSink
) -> None:
    administration = doubt()
    for days in (1, 2, 30):
        live(administration, at(DAY + timedelta(days=days)))
    assert states(administration) == [("in_doubt", "in_doubt", "email")]
    assert reason_of(administration) == "in_doubt_waits"
    answer(administration, "arrived", on=DAY + timedelta(days=31))
    assert states(administration) == [("accepted", "confirmed", "email")]
    assert sink.stored == []


def test_a_reminder_in_doubt_counts_as_sent_after_a_day_and_is_not_repeated(
    database: None, sink: SmtpSink
) -> None:
    administration = doubt(DEFAULT_POLICY)
    almost = at(DAY) + timedelta(hours=23, minutes=59)
    send(administration, today=almost.date(), clock=lambda: almost)
    assert states(administration) == [("in_doubt", "in_doubt", "email")]
    live(administration, at(DAY) + timedelta(hours=24))
    assert states(administration) == [("in_doubt", "counted_as_sent", "email")]
    assert "message_counted_as_sent" in kinds(administration)
    with administration_scope(administration):
        assert count_questions() == 0
    live(administration, at(date(2026, 3, 30)))
    # The cadence goes on with the call; nothing is mailed twice.
    assert (len(states(administration)), sink.stored) == (1, [])


def test_a_copy_says_what_it_replaces_and_gives_its_own_term(
    database: None, sink: SmtpSink
) -> None:
    administration = doubt()
    later = DAY + timedelta(days=4)
    answer(administration, "copy", on=later)
    send(administration, today=later, clock=lambda: at(later))
    assert states(administration) == [
        ("cancelled", "replaced_by_copy", "email"),
        ("accepted", "accepted_250", "email"),
    ]
    with administration_scope(administration):
        original, copy = Message.objects.order_by("id")
    assert (copy.copy_of, copy.step_key) == (original.id, original.step_key)
    assert copy.payment_reference != original.payment_reference
    assert copy.pay_by_on == original.pay_by_on + timedelta(days=4)  # type: ignore[operator]
    mail = message_from_bytes(sink.stored[0].content, policy=default)
    assert mail["Subject"].strip().startswith("Kopie: ")
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Dit is een kopie van ons bericht van 19 maart 2026" in " ".join(
        body.get_content().split()
    )


def test_a_letter_instead_goes_to_the_printer(database: None, sink: SmtpSink) -> None:
    administration = doubt()
    answer(administration, "letter")
    send(administration, today=DAY, clock=lambda: at(DAY))
    assert states(administration)[-1] == ("accepted", "accepted", "letter")


def test_what_came_back_stops_the_address(database: None, sink: SmtpSink) -> None:
    administration = doubt()
    answer(administration, "came_back")
    live(administration, at(DAY + timedelta(days=1)))
    assert states(administration) == [("bounced_hard", "came_back", "email")]


def test_what_is_left_as_it_is_asks_no_more(database: None) -> None:
    administration = doubt()
    answer(administration, "leave")
    with administration_scope(administration):
        assert list_questions(limit=10) == ()
    assert states(administration) == [("in_doubt", "left", "email")]


def test_two_people_answer_and_one_is_told_so(database: None) -> None:
    administration = doubt()
    with administration_scope(administration):
        message_id = Message.objects.get().id
    answer(administration, "arrived")
    with pytest.raises(Refusal, match="iemand was u voor"), administration_scope(administration):
        answer_message(message_id, told="copy", today=DAY, now=at(DAY), actor="Piet")


def test_no_copy_on_a_day_off_and_no_letter_without_an_address(database: None) -> None:
    administration = doubt()
    with pytest.raises(Refusal, match="geen werkdag"):
        answer(administration, "copy", on=date(2026, 3, 22))
    with administration_scope(administration):
        from tijdig.ledger.models import Contact

        Contact.objects.update(street="")
    with pytest.raises(Refusal, match="postadres"):
        answer(administration, "letter")


@pytest.mark.parametrize("mode", ["dot_554", "data_554", "rcpt_550_policy"])
def test_what_failed_is_not_planned_again_before_somebody_looked(
    database: None, mode: Mode
) -> None:
    administration = make_books()
    with SmtpSink(mode) as server, pointing_at(server):
        for days in (0, 1, 4, 5):
            live(administration, at(DAY + timedelta(days=days)))
    assert [one[0] for one in states(administration)] == ["failed"]
    assert reason_of(administration) == "stop_delivery_failed"
    with administration_scope(administration):
        assert count_questions() == 1
    answer(administration, "again", state="failed", on=DAY + timedelta(days=5))
    with SmtpSink() as server, pointing_at(server):
        live(administration, at(DAY + timedelta(days=6)))
        send(administration, today=date(2026, 3, 25), clock=lambda: at(date(2026, 3, 25)))
        assert len(server.stored) == 1


def test_a_dead_address_is_a_task_and_no_first_letter(database: None) -> None:
    """Who never got a mail may not have the invoice either; a person chooses a letter."""
    administration = make_books()
    with SmtpSink("rcpt_550") as server, pointing_at(server):
        live(administration, at(DAY))
        live(administration, at(DAY + timedelta(days=1)))
    assert states(administration) == [("failed", "address_550", "email")]
    assert reason_of(administration) == "stop_dead_address"
    client = sign_in(make_person(administration))
    page = f"/{slug_of(administration)}/berichten/vragen/"
    assert "klant0@example.nl" in client.get(page).content.decode()
    want_letters(administration, on=DAY + timedelta(days=1))
    assert "klant0@example.nl" not in client.get(page).content.decode()
    live(administration, at(DAY + timedelta(days=4)))
    assert states(administration) == [
        ("failed", "address_550", "email"),
        ("accepted", "accepted", "letter"),
    ]


def test_a_first_reminder_that_came_back_reminded_nobody(database: None, sink: SmtpSink) -> None:
    administration = make_books()
    live(administration, at(DAY))
    answer(administration, "came_back", state="accepted")
    day = DAY + timedelta(days=40)
    live(administration, at(day))
    assert (reason_of(administration), len(states(administration))) == ("stop_dead_address", 1)


def test_an_address_that_dies_after_a_first_reminder_lets_the_next_step_go_by_letter(
    database: None, sink: SmtpSink
) -> None:
    administration = make_books()
    live(administration, at(DAY))
    with administration_scope(administration):
        debtor_id = Message.objects.get().debtor_id
        mark_email_failed(debtor_id, address=None, today=DAY)
        Message.objects.update(step_key="call", phase="call")
    live(administration, at(DAY + timedelta(days=40)))
    assert [one[2] for one in states(administration)] == ["email", "letter"]


def test_the_page_answers_with_a_button(database: None) -> None:
    administration = doubt()
    client = sign_in(make_person(administration, role="controller"))
    page = f"/{slug_of(administration)}/berichten/vragen/"
    told = client.get(page).content.decode()
    for words in ("Het kwam aan", "Stuur een kopie", "Stuur een brief", "Laat het zo"):
        assert words in told
    with administration_scope(administration):
        message_id = Message.objects.get().id
    address = f"/{slug_of(administration)}/berichten/{message_id}/antwoord/"
    done = client.post(address, {"answer": "arrived", "from": "questions"}, follow=True)
    assert "Vastgelegd: het bericht kwam aan." in done.content.decode()
    assert "Niets. Alle berichten weten waar ze heen gaan." in done.content.decode()
    assert client.post(address, {"answer": "onzin"}).status_code == 302
    reader = sign_in(make_person(administration, role="reader"))
    assert "Het kwam aan" not in reader.get(page).content.decode()


def test_a_message_that_cannot_be_written_waits_with_its_reason(database: None) -> None:
    administration = make_books()
    with administration_scope(administration):
        from tijdig.tenants.models import Administration

        Administration.objects.update(iban="NL00FOUT0000000000")
    run_on(administration, DAY)
    assert states(administration) == [("held", "cannot_be_written", "email")]
    page = sign_in(make_person(administration)).get(f"/{slug_of(administration)}/berichten/vragen/")
    assert "Het rekeningnummer (IBAN) van uw administratie ontbreekt of klopt niet" in (
        page.content.decode()
    )
