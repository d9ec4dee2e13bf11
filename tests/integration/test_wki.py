"""Who collects for another: registered he says so in every message, else the creditor releases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from uuid import UUID

import pytest
from django.core.management import call_command
from tests.faults.smtp_sink import SmtpSink
from tests.integration.books import make_payment, make_statement, take
from tests.integration.office import at, make_administration, make_debtor, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of
from tests.plugs.test_letters import words_of_pdf

from tijdig.banking.actions import deciding
from tijdig.banking.models import Suggestion
from tijdig.core.problem import Refusal
from tijdig.dunning.actions import answers, creditor
from tijdig.dunning.actions.days import live_one_day
from tijdig.dunning.models import Decision
from tijdig.intake.records import Party
from tijdig.messaging.models import Message, MessageBody
from tijdig.tenants.models import Membership, Organisation
from tijdig.tenants.queries import find_administration, load_administration
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event

DAY, LATER = date(2026, 3, 19), date(2026, 3, 26)
OFFICE = {"kind": "accountant", "name": "Kantoor De Balans", "wki_registration": ""}
REGISTERED = OFFICE | {"wki_registration": "WKI-2026-0815"}


def make_client(told: dict[str, str], *debtors: Party) -> UUID:
    """An administration for which somebody else collects, with an overdue invoice for each."""
    administration = make_administration(sending=True)
    with administration_scope(administration):
        acting = {"today": DAY, "now": at(DAY), "actor": "Sanne"}
        creditor.change_acting(told, own=set(), **acting)  # type: ignore[arg-type]
    for number, debtor in enumerate(debtors or (make_debtor(),)):
        take_in(administration, make_record(f"2026-041{number}", debtor=debtor))
    return administration


def states(administration: UUID) -> list[tuple[str, str]]:
    with administration_scope(administration):
        return [
            (one.state, one.reason if one.state == "held" else "")
            for one in Message.objects.order_by("debtor__number")
        ]


def plain_text(mail: bytes) -> str:
    body = message_from_bytes(mail, policy=default).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def test_without_a_registration_the_creditors_own_staff_release(
    database: None, sink: SmtpSink
) -> None:
    company = replace(make_debtor("1002", name="Voorbeeld B.V."), kvk_number="12345678")
    trader = replace(make_debtor("1003", name="Café De Hoek"), kvk_number="87654321")
    administration = make_client(OFFICE, make_debtor("1001"), company, trader)
    live_one_day(administration, today=DAY, now=at(DAY))
    held = ("held", "for_creditor")
    assert states(administration) == [held, ("accepted", ""), held]
    assert len(sink.stored) == 1
    with administration_scope(administration):
        planned = Decision.objects.get(debtor__number="1001", on=DAY)
        assert planned.reason == "reminder_due"
        assert "als iemand van de schuldeiser zelf het vrijgeeft" in planned.because_nl
    live_one_day(administration, today=LATER, now=at(LATER))
    assert len(sink.stored) == 1
    told = {"today": LATER, "now": at(LATER)}
    with administration_scope(administration):
        waits = Decision.objects.get(debtor__number="1001", on=LATER)
        assert waits.reason == "message_waiting"
        assert "wacht tot iemand van de schuldeiser zelf het vrijgeeft" in waits.because_nl
        message_id = Message.objects.get(debtor__number="1001").id
        with pytest.raises(Refusal, match="medewerker van de schuldeiser"):
            answers.answer_message(message_id, told="send", actor="Kantoor", **told)  # type: ignore[arg-type]
        answers.answer_message(message_id, told="send", actor="Bakker", for_creditor=True, **told)  # type: ignore[arg-type]
    live_one_day(administration, today=LATER, now=at(LATER))
    assert states(administration) == [("accepted", ""), ("accepted", ""), held]
    assert len(sink.stored) == 2
    assert "Wki" not in plain_text(sink.stored[-1][2])
    with administration_scope(administration):
        assert Message.objects.get(id=message_id).released_by == "Bakker"
        event = Event.objects.get(kind="message_let_go", subject_id=message_id)
        assert event.actor == "Bakker"


def test_a_message_taken_back_is_released_anew(database: None, sink: SmtpSink) -> None:
    administration = make_client(OFFICE)
    live_one_day(administration, today=DAY, now=at(DAY))
    told = {"today": DAY, "now": at(DAY)}
    with administration_scope(administration):
        assert answers.release_all(actor="Bakker", for_creditor=True, **told) == 1  # type: ignore[arg-type]
        message_id = Message.objects.get().id
        for answer, actor in (("take_back", "Bakker"), ("send", "Kantoor")):
            answers.answer_message(message_id, told=answer, actor=actor, **told)  # type: ignore[arg-type]
    live_one_day(administration, today=DAY, now=at(DAY))
    assert states(administration) == [("held", "for_creditor")]
    assert sink.stored == []


def pay(administration: UUID, cents: int, *, on: date, read_on: date) -> None:
    """A part of the first invoice comes in on a day, and is read and matched on another."""
    paid = make_payment(cents, "2026-0410", on=on)
    take(administration, make_statement(paid), day=read_on)
    with administration_scope(administration):
        acting = {"today": read_on, "now": at(read_on), "actor": "Bakker"}
        offered = Suggestion.objects.get(rank=1)
        deciding.accept(offered.line_id, offered.id, remember=False, asked=(), **acting)  # type: ignore[arg-type]


def release(administration: UUID, day: date) -> None:
    with administration_scope(administration):
        acting = {"today": day, "now": at(day), "actor": "Bakker"}
        assert answers.release_all(for_creditor=True, **acting) == 1  # type: ignore[arg-type]


@pytest.mark.parametrize("is_read_before", [True, False])
def test_a_release_holds_only_for_the_amounts_that_were_seen(
    database: None, sink: SmtpSink, is_read_before: bool
) -> None:
    """A part was paid before or after the release: the new amount is to be released as well."""
    administration = make_client(OFFICE)
    live_one_day(administration, today=DAY, now=at(DAY))
    if is_read_before:
        pay(administration, 5_000, on=DAY, read_on=LATER)
    release(administration, LATER)
    if not is_read_before:
        pay(administration, 5_000, on=DAY, read_on=LATER)
    live_one_day(administration, today=LATER, now=at(LATER))
    assert states(administration) == [("held", "for_creditor")]
    assert sink.stored == []
    with administration_scope(administration):
        one = Message.objects.get()
        assert (one.total_cents, one.released_by) == (7_100, "")
        event = Event.objects.filter(kind="message_held").order_by("id").last()
        assert event is not None
        assert "iets anders dan toen iemand het vrijgaf" in event.data["nl"]
    release(administration, LATER)
    live_one_day(administration, today=LATER, now=at(LATER))
    assert states(administration) == [("accepted", "")]
    assert "71,00" in plain_text(sink.stored[-1][2])


def test_another_account_on_it_asks_for_the_release_again(database: None, sink: SmtpSink) -> None:
    administration = make_client(OFFICE)
    live_one_day(administration, today=DAY, now=at(DAY))
    release(administration, DAY)
    with administration_scope(administration):
        acting = {"today": DAY, "now": at(DAY), "actor": "Kantoor"}
        creditor.change({"iban": "NL20INGB0001234567"}, **acting)  # type: ignore[arg-type]
    live_one_day(administration, today=DAY, now=at(DAY))
    assert states(administration) == [("held", "for_creditor")]
    assert sink.stored == []


def test_a_release_holds_on_a_later_day_where_nothing_changed(
    database: None, sink: SmtpSink
) -> None:
    """It went to no server that day; the day to pay by moves, and the amounts stay."""
    administration = make_client(OFFICE)
    live_one_day(administration, today=DAY, now=at(DAY))
    release(administration, LATER)
    after = LATER + timedelta(days=1)
    live_one_day(administration, today=after, now=at(after))
    assert states(administration) == [("accepted", "")]


def test_a_registered_organisation_says_so_in_mail_and_letter(
    database: None, sink: SmtpSink
) -> None:
    by_post = replace(make_debtor("1002", name="Ouder"), email="")
    administration = make_client(REGISTERED, make_debtor("1001"), by_post)
    live_one_day(administration, today=DAY, now=at(DAY))
    assert states(administration) == [("accepted", "")] * 2
    line = "Dit bericht stuurt Kantoor De Balans voor ons. Wki-registratie: WKI-2026-0815"
    assert line in plain_text(sink.stored[0][2])
    with administration_scope(administration):
        letter = MessageBody.objects.get(message__channel="letter")
        html = MessageBody.objects.get(message__channel="email").html
    assert letter.pdf is not None
    assert line in words_of_pdf(bytes(letter.pdf))
    assert "WKI-2026-0815" in html


def test_the_settings_ask_who_collects_and_who_is_the_creditors_own(database: None) -> None:
    administration = make_administration()
    owner = make_person(administration)
    baker = make_person(administration, role="controller")
    address = f"/{slug_of(administration)}/instellingen/wie-int/"
    browser = sign_in(owner)
    asked = browser.get(address).content.decode().partition("fieldset")[2].partition("fieldset")[0]
    assert asked.count("checkbox") == 2
    assert "checked" not in asked
    assert browser.post(address, OFFICE | {"name": ""}).status_code == 422
    assert sign_in(baker).post(address, OFFICE).status_code == 403
    assert browser.post(address, OFFICE | {"own": [str(baker.id)]}).status_code == 302
    with administration_scope(administration):
        organisation = load_administration().organisation
        assert (organisation.kind, organisation.name) == ("accountant", "Kantoor De Balans")
        own = set(Membership.objects.filter(for_creditor=True).values_list("user_id", flat=True))
        assert own == {baker.id}
        changes = Event.objects.get(kind="creditor_changed").data["changes"]
    assert changes["kind"] == ["business", "accountant"]
    assert "creditors_own_staff" in changes
    assert browser.post(address, {"kind": "business"}).status_code == 302
    with administration_scope(administration):
        assert Membership.objects.filter(for_creditor=True).count() == 2


def test_the_page_releases_only_for_the_creditors_own_staff(database: None) -> None:
    administration = make_client(OFFICE)
    live_one_day(administration, today=DAY, now=at(DAY))
    office, own = make_person(administration), make_person(administration, role="controller")
    with administration_scope(administration):
        Membership.objects.filter(user_id=office.id).update(for_creditor=False)
    slug = slug_of(administration)
    today = sign_in(office).get(f"/{slug}/vandaag/").content.decode()
    assert "Wacht op de schuldeiser zelf" in today
    page = sign_in(office).get(f"/{slug}/berichten/vragen/").content.decode()
    assert "wacht op iemand van de schuldeiser zelf" in page
    assert "heeft een Wki-registratie nodig" in page
    assert "Alsnog versturen" not in page
    sign_in(office).post(f"/{slug}/berichten/vrijgave/")
    assert states(administration) == [("held", "for_creditor")]
    page = sign_in(own).get(f"/{slug}/berichten/vragen/").content.decode()
    assert "Geef 1 bericht vrij" in page
    assert sign_in(own).post(f"/{slug}/berichten/vrijgave/").status_code == 302
    assert states(administration) == [("planned", "")]


def test_init_asks_who_collects(database: None, capsys: pytest.CaptureFixture[str]) -> None:
    told = {"administration": "klant-a", "acts_as": "agency", "email": "bureau@example.nl"}
    with pytest.raises(SystemExit):
        call_command("init", **told)
    assert "Noem met --organisation" in capsys.readouterr().err
    assert find_administration("klant-a") is None
    call_command("init", **told, organisation="Bureau Voorbeeld")
    assert "Zonder Wki-registratie (--wki)" in capsys.readouterr().out
    administration_id = find_administration("klant-a")
    assert administration_id is not None
    with administration_scope(administration_id):
        assert not Membership.objects.get().for_creditor
        organisation = Organisation.objects.get(id=load_administration().organisation_id)
    assert (organisation.kind, organisation.name) == ("agency", "Bureau Voorbeeld")


def test_who_acts_for_another_mails_within_the_hours_of_the_law_only(
    database: None, sink: SmtpSink
) -> None:
    """Half past five in the morning: whatever hours were chosen, nothing leaves before seven."""
    administration = make_client(REGISTERED)
    early = datetime(2026, 3, 19, 4, 30, tzinfo=UTC)
    live_one_day(administration, today=DAY, now=early)
    assert sink.stored == []
    page = f"/{slug_of(administration)}/instellingen/bewaking/"
    owner = sign_in(make_person(administration))
    told = {"undo_minutes": "0", "contact_from": "07:00", "contact_until": "20:00"}
    for begins, ends in (("05:00", "20:00"), ("07:00", "23:30"), ("00:00", "00:00")):
        wrong = owner.post(page, {**told, "contact_from": begins, "contact_until": ends})
        assert (
            wrong.status_code,
            "tussen 07:00 en 20:00 (Bki art. 4.2)" in wrong.content.decode(),
        ) == (422, True)
    assert owner.post(page, told).status_code == 302
    live_one_day(administration, today=DAY, now=at(DAY))
    assert len(sink.stored) == 1
