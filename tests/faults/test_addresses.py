"""Addresses with other letters, to a real mail server: who gets the mail, and under which name."""

from collections.abc import Iterator
from datetime import date

import pytest
from tests.faults.smtp_sink import SmtpSink
from tests.faults.test_smtp import make_envelope, make_settings
from tests.integration.mail import mail_sink
from tests.integration.office import at, make_administration, make_debtor, make_record, take_in

from tijdig.dunning.actions.days import live_one_day
from tijdig.ledger.models import Contact
from tijdig.messaging.channels.email import EmailChannel
from tijdig.messaging.channels.envelope import Outcome
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

DAY = date(2026, 3, 19)


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with mail_sink() as server:
        yield server


def send_to(sink: SmtpSink, *recipients: str) -> list[Outcome]:
    channel = EmailChannel(make_settings(sink.port))
    try:
        return [
            channel.send(make_envelope(number, recipient=one))
            for number, one in enumerate(recipients, start=1)
        ]
    finally:
        channel.close()


def test_a_domain_with_other_letters_goes_to_any_server() -> None:
    with SmtpSink() as sink:
        assert [one.verdict for one in send_to(sink, "kasse@müller.example")] == ["accepted"]
        (mail,) = sink.stored
        assert mail.recipient == "kasse@xn--mller-kva.example"
        assert b"To: kasse@xn--mller-kva.example\r\n" in mail.content
        assert not [one for one in sink.commands if "UTF8" in one]


def test_other_letters_before_the_at_need_a_server_that_offers_them() -> None:
    with SmtpSink(offers=("8BITMIME", "SMTPUTF8")) as sink:
        outcomes = send_to(sink, "sjérôme@müller.example", "sanne@cafe.example")
        assert [one.verdict for one in outcomes] == ["accepted", "accepted"]
        assert [one.recipient for one in sink.stored] == [
            "sjérôme@xn--mller-kva.example",
            "sanne@cafe.example",
        ]
        assert "To: sjérôme@xn--mller-kva.example\r\n".encode() in sink.stored[0].content
        assert sum("SMTPUTF8" in one for one in sink.commands) == 1


def test_a_server_that_does_not_offer_them_is_told_nothing() -> None:
    with SmtpSink() as sink:
        bad, good = send_to(sink, "sjérôme@cafe.example", "sanne@cafe.example")
        assert (bad.verdict, bad.suppress_address, good.verdict) == ("failed", True, "accepted")
        assert "Vraag de klant om een ander adres" in bad.because.nl
        assert [one.recipient for one in sink.stored] == ["sanne@cafe.example"]


@pytest.mark.parametrize(
    ("email", "got", "states"),
    [
        ("kasse@müller.example", ["kasse@xn--mller-kva.example"], [("email", "accepted")]),
        # Nothing goes out, by letter neither: the invoice may not have arrived.
        ("sanne@cafe..example", [], []),
    ],
)
def test_the_run_sends_where_the_address_can_be_one(
    database: None, sink: SmtpSink, email: str, got: list[str], states: list[tuple[str, str]]
) -> None:
    administration = make_administration(sending=True)
    take_in(administration, make_record(debtor=make_debtor()))
    with administration_scope(administration):
        Contact.objects.update(email=email)
    live_one_day(administration, today=DAY, now=at(DAY))
    assert [one.recipient for one in sink.stored] == got
    with administration_scope(administration):
        assert list(Message.objects.values_list("channel", "state")) == states
