"""What a person sets on a page: a debtor's language and channel, and the hour of the daily run."""

from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse
from tests.integration.office import at, make_administration, make_debtor, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.core.problem import Refusal
from tijdig.dunning.actions.release import release_messages
from tijdig.dunning.actions.run import run
from tijdig.ledger.actions.debtors import CONTACT_FIELDS
from tijdig.ledger.actions.preferences import prefer
from tijdig.ledger.models import Contact, Debtor
from tijdig.messaging.models import Message, MessageBody
from tijdig.tenants.queries import list_administrations_to_run, load_administration
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event

TODAY = date(2026, 3, 19)
PREFERENCES = {"language": "en", "preferred_channel": "letter"}


def address_of(administration_id: UUID) -> str:
    return reverse("contact", kwargs={"slug": slug_of(administration_id), "number": "1001"})


def fill_in(client: Client, administration_id: UUID, told: dict[str, str]) -> int:
    """Send the form of the page with these fields; the status."""
    with administration_scope(administration_id):
        contact = Contact.objects.get()
        before = {name: str(getattr(contact, name)) for name in CONTACT_FIELDS}
    before |= {"language": "nl", "preferred_channel": ""}
    return int(client.post(address_of(administration_id), before | told).status_code)


def test_language_and_channel_are_set_on_the_page_and_the_next_message_follows(
    database: None,
) -> None:
    administration = make_administration(sending=True)
    take_in(administration, make_record("2026-1", due_on=date(2026, 3, 2)))
    client = sign_in(make_person(administration, role="owner"))
    assert fill_in(client, administration, PREFERENCES) == 302
    with administration_scope(administration):
        debtor = Debtor.objects.get()
        assert (debtor.language, debtor.preferred_channel) == ("en", "letter")
        (changes,) = Event.objects.filter(kind="debtor_changed").values_list("data", flat=True)
        assert changes["changes"] == {
            "language": ["nl", "en"],
            "preferred_channel": ["", "letter"],
        }
    page = client.get(address_of(administration).removesuffix("contact/")).content.decode()
    assert "Engels" in page
    run(administration, today=TODAY, now=at(TODAY))
    with administration_scope(administration):
        message = Message.objects.get()
        assert (message.language, message.channel, message.state) == ("en", "letter", "released")


def test_a_message_that_waits_speaks_the_language_that_was_chosen_since(database: None) -> None:
    administration = make_administration(sending=True)
    take_in(administration, make_record("2026-1", due_on=date(2026, 3, 2)))
    run(administration, today=TODAY, now=at(TODAY))
    with administration_scope(administration):
        Message.objects.update(state="planned")
        debtor_id = Debtor.objects.get().id
        told = {"today": TODAY, "now": at(TODAY)}
        assert prefer(debtor_id, language="en", preferred_channel="", actor="test", **told)
        assert not prefer(debtor_id, language="en", preferred_channel="", actor="test", **told)
    assert release_messages(administration, today=TODAY, now=at(TODAY)) == 1
    with administration_scope(administration):
        assert Message.objects.get().language == "en"
        assert "Dear" in MessageBody.objects.get().text


@pytest.mark.parametrize("told", [{"language": "de"}, {"preferred_channel": "phone"}])
def test_what_there_is_not_is_refused(administration: UUID, told: dict[str, str]) -> None:
    take_in(administration, make_record("2026-1", debtor=make_debtor("1001")))
    client = sign_in(make_person(administration))
    assert fill_in(client, administration, told) == 422
    with administration_scope(administration):
        debtor = Debtor.objects.get()
        assert (debtor.language, debtor.preferred_channel) == ("nl", "")
        wrong = {"language": "nl", "preferred_channel": ""} | told
        with pytest.raises(Refusal):
            prefer(debtor.id, **wrong, today=TODAY, now=at(TODAY), actor="test")


def test_the_hour_of_the_daily_run_is_set_on_the_settings_page(administration: UUID) -> None:
    client = sign_in(make_person(administration, role="owner"))
    address = reverse("run-hour", kwargs={"slug": slug_of(administration)})
    assert client.post(address, {"run_at": "half negen"}).status_code == 422
    for _ in range(2):  # twice is once
        assert client.post(address, {"run_at": "10:30"}).status_code == 302
    with administration_scope(administration):
        assert load_administration().run_at == time(10, 30)
        (changes,) = Event.objects.filter(kind="creditor_changed").values_list("data", flat=True)
        assert changes["changes"] == {"run_at": ["08:00", "10:30"]}
    early, late = (datetime(2026, 3, 19, 9, minute, tzinfo=UTC) for minute in (29, 30))
    assert administration not in list_administrations_to_run(now=early)
    assert administration in list_administrations_to_run(now=late)
