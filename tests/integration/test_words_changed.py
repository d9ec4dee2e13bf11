"""Mail that waits to go says what the creditor says of himself at that moment, not before."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.faults.smtp_sink import SmtpSink
from tests.integration.mail import mail_sink
from tests.integration.office import at, make_administration, make_record, take_in
from tests.integration.people import make_person

from tijdig.dunning.actions import creditor, policies
from tijdig.dunning.actions.days import live_one_day
from tijdig.messaging.models import Message, MessageBody
from tijdig.tenants.models import Administration
from tijdig.tenants.scope import administration_scope

DAY = date(2026, 3, 19)
OLD, NEW = "NL91 ABNA 0417 1643 00", "NL44 RABO 0123 4567 89"


@pytest.fixture
def sink() -> Iterator[SmtpSink]:
    with mail_sink() as server:
        yield server


@pytest.fixture
def office(database: None) -> UUID:
    """A reminder is written, and waits its five minutes."""
    administration = make_administration(sending=True, guards={"undo_minutes": 5})
    take_in(administration, make_record())
    live(administration)
    assert OLD in words_of(administration)
    return administration


def live(administration: UUID, *, minutes: int = 0) -> None:
    live_one_day(administration, today=DAY, now=at(DAY) + timedelta(minutes=minutes))


def words_of(administration: UUID) -> str:
    with administration_scope(administration):
        return MessageBody.objects.get().text.replace("\N{NO-BREAK SPACE}", " ")


def told(*, minutes: int = 3) -> dict[str, object]:
    return {"today": DAY, "now": at(DAY) + timedelta(minutes=minutes), "actor": "Sanne"}


def change_account(administration: UUID) -> None:
    with administration_scope(administration):
        creditor.change({"iban": NEW.replace(" ", "")}, **told())  # type: ignore[arg-type]


def test_another_account_is_the_one_that_the_mail_names(office: UUID, sink: SmtpSink) -> None:
    change_account(office)
    # It was written at ten, and would have gone at five past.
    live(office, minutes=5)
    assert sink.stored == []
    assert NEW in words_of(office)
    live(office, minutes=10)
    (mail,) = sink.stored
    assert b"RABO" in mail.content
    assert b"ABNA" not in mail.content


def test_mail_that_a_server_put_off_names_the_new_account(office: UUID, sink: SmtpSink) -> None:
    with administration_scope(office):
        Message.objects.update(state="retry", not_before=at(DAY) + timedelta(minutes=4))
    change_account(office)
    live(office, minutes=5)
    live(office, minutes=10)
    assert [b"ABNA" in one.content for one in sink.stored] == [False]


def test_mail_without_an_account_waits_for_a_person(office: UUID, sink: SmtpSink) -> None:
    with administration_scope(office):
        creditor.change({"iban": ""}, **told())  # type: ignore[arg-type]
    live(office, minutes=5)
    live(office, minutes=10)
    assert sink.stored == []
    with administration_scope(office):
        assert Message.objects.get().reason == "cannot_be_written"


def declare(administration: UUID) -> None:
    with administration_scope(administration):
        creditor.declare({"interest_from": "nobody"}, **told())  # type: ignore[arg-type]


def change_policy(administration: UUID) -> None:
    with administration_scope(administration):
        policies.change({"min_amount_cents": 50_000}, **told())  # type: ignore[arg-type]


def change_acting(administration: UUID) -> None:
    person = make_person(administration)
    with administration_scope(administration):
        acting = {"wki_registration": "1234"}
        creditor.change_acting(acting, own=[person.id], **told())  # type: ignore[arg-type]


@pytest.mark.parametrize("change", [declare, change_policy, change_acting])
def test_whatever_the_words_come_from_is_looked_at_again(
    office: UUID, change: Callable[[UUID], None]
) -> None:
    change(office)
    with administration_scope(office):
        assert Message.objects.get().state == "planned"


def test_a_change_that_changes_nothing_leaves_the_mail_alone(office: UUID, sink: SmtpSink) -> None:
    with administration_scope(office):
        iban = Administration.objects.get().iban
        creditor.change({"iban": iban}, **told())  # type: ignore[arg-type]
    live(office, minutes=5)
    assert len(sink.stored) == 1
