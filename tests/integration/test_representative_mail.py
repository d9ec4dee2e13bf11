"""Mail that comes back from who represents a debtor: that address is not used again, only that."""

from datetime import date
from uuid import UUID

import pytest
from django.test import override_settings
from tests.faults.smtp_sink import SmtpSink
from tests.integration.books import reason_of
from tests.integration.case_office import REMIND_ON, find_ids, make_office, told
from tests.integration.office import at

from tijdig.dunning.actions.answers import answer_message
from tijdig.dunning.actions.days import live_one_day, send
from tijdig.dunning.actions.run import run
from tijdig.ledger.actions import flags
from tijdig.ledger.actions.flags import Representative
from tijdig.ledger.models import Contact, DebtorFlag
from tijdig.ledger.queries.cards import (
    FailedAddress,
    count_failed_addresses,
    list_failed_addresses,
)
from tijdig.messaging.models import Message, MessageBody
from tijdig.tenants.scope import administration_scope

BEFORE = date(2026, 3, 16)
MAIL = "dossier@bewind.example.nl"
NEXT = date(2026, 3, 20)


def make_represented(**address: str) -> UUID:
    administration = make_office()
    helper = Representative("Bewind B.V.", email=MAIL, **address)
    with administration_scope(administration):
        flags.mark(debtor_id=find_ids()[0], kind="bewind", instead=helper, **told(BEFORE))
    return administration


def send_into(mode: str, administration: UUID) -> None:
    run(administration, today=REMIND_ON, now=at(REMIND_ON))
    with (
        SmtpSink(mode) as sink,
        override_settings(
            SMTP_HOST="127.0.0.1", SMTP_PORT=sink.port, SMTP_SECURITY="none", SMTP_USERNAME=""
        ),
    ):
        send(administration, today=REMIND_ON, clock=lambda: at(REMIND_ON))


def failed_on(administration: UUID) -> tuple[date | None, date | None]:
    """Since when mail comes back: from the debtor, and from who represents him."""
    with administration_scope(administration):
        return (
            Contact.objects.get(debtor__number="1001").email_failed_on,
            DebtorFlag.objects.get(lifted_on=None).email_failed_on,
        )


def test_an_address_that_the_server_refuses_is_that_of_the_representative(database: None) -> None:
    administration = make_represented()
    send_into("rcpt_550", administration)
    assert failed_on(administration) == (None, REMIND_ON)
    with administration_scope(administration):
        assert list_failed_addresses(limit=9) == (
            FailedAddress("1001", "Café Voorbeeld", MAIL, REMIND_ON, "Bewind B.V.", True),
        )
        assert count_failed_addresses() == 1
    run(administration, today=NEXT, now=at(NEXT))
    assert reason_of(administration) == "stop_bewind"


def test_a_mail_that_came_back_later_is_told_by_a_person(database: None) -> None:
    administration = make_represented()
    send_into("normal", administration)
    with administration_scope(administration):
        (message_id,) = Message.objects.values_list("id", flat=True)
        answer_message(message_id, told="came_back", **told(REMIND_ON))
    assert failed_on(administration) == (None, REMIND_ON)


@pytest.mark.parametrize("again", ["nieuw@bewind.example.nl", ""])
def test_a_new_address_or_a_letter_goes_on(database: None, again: str) -> None:
    """With another mail address the step goes by mail; with a postal one by letter."""
    where = {} if again else {"street": "Kade 1", "postal_code": "1234 AB", "city": "Utrecht"}
    administration = make_represented(**where)
    send_into("rcpt_550", administration)
    if again:
        helper = Representative("Bewind B.V.", email=again)
        with administration_scope(administration):
            flags.mark(debtor_id=find_ids()[0], kind="bewind", instead=helper, **told(NEXT))
    live_one_day(administration, today=NEXT, now=at(NEXT))
    with administration_scope(administration):
        went = MessageBody.objects.exclude(message__state="failed")
        assert list(went.values_list("message__channel", "recipient")) == [
            ("email", again) if again else ("letter", "")
        ]
