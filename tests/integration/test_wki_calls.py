"""Calls to natural persons: the creditor's own staff make them, until there is a registration."""

from dataclasses import replace
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.test import Client
from tests.integration.mail import mail_sink
from tests.integration.office import at, make_debtor
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_wki import DAY, OFFICE, REGISTERED, make_client, states

from tijdig.core.problem import Refusal
from tijdig.dunning.actions import answers, calls, creditor
from tijdig.dunning.actions.days import live_one_day
from tijdig.dunning.models import Call, Decision
from tijdig.dunning.queries.pages import count_open_calls, list_calls
from tijdig.ledger.actions.posting import touch_debtors
from tijdig.ledger.models import Debtor
from tijdig.messaging.hours import explain_no_call
from tijdig.tenants.models import Administration, Membership
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event
from tijdig.web.clock import moment_now

CALL_ON, LATER = date(2026, 3, 31), date(2026, 4, 1)
COMPANY = replace(make_debtor("1002", name="Voorbeeld B.V."), kvk_number="12345678")


@pytest.fixture
def client(database: None) -> UUID:
    """Somebody collects unregistered for a creditor: a private debtor and a company to call."""
    administration = make_client(OFFICE, make_debtor("1001"), COMPANY)
    with mail_sink():
        live_one_day(administration, today=DAY, now=at(DAY))
        with administration_scope(administration):
            told = {"today": DAY, "now": at(DAY), "actor": "Bakker"}
            answers.release_all(for_creditor=True, **told)  # type: ignore[arg-type]
        live_one_day(administration, today=DAY, now=at(DAY))
        live_one_day(administration, today=CALL_ON, now=at(CALL_ON))
    return administration


def fill_in(administration: UUID, told: dict[str, str], *, today: date = LATER) -> None:
    with administration_scope(administration):
        acting = {"today": today, "now": at(today), "actor": "Sanne"}
        creditor.change_acting(told, own=set(), **acting)  # type: ignore[arg-type]


def to_make(administration: UUID, *, for_creditor: bool) -> list[str]:
    with administration_scope(administration):
        found = list_calls(today=CALL_ON, rehearsal=False, limit=9, for_creditor=for_creditor)
        return sorted(row.debtor_number for row in found.to_make)


def counted(administration: UUID, *, for_creditor: bool) -> tuple[int, int]:
    """What the menu says as the last run left it, and once all are decided anew."""
    told = {"today": CALL_ON, "rehearsal": False, "for_creditor": for_creditor}
    with administration_scope(administration):
        before = count_open_calls(**told)  # type: ignore[arg-type]
        with transaction.atomic():
            touch_debtors(list(Debtor.objects.values_list("id", flat=True)))
            after = count_open_calls(**told)  # type: ignore[arg-type]
            transaction.set_rollback(True)
    return before, after


def call(administration: UUID, number: str, *, for_creditor: bool) -> None:
    with administration_scope(administration):
        call_id = Call.objects.get(debtor__number=number).id
        told = {"today": CALL_ON, "now": at(CALL_ON), "actor": "Kantoor"}
        calls.record(call_id, outcome="reached", note="", for_creditor=for_creditor, **told)  # type: ignore[arg-type]


def call_states(administration: UUID) -> list[tuple[str, str]]:
    with administration_scope(administration):
        return list(Call.objects.order_by("debtor__number").values_list("debtor__number", "state"))


def why_page(administration: UUID, day: date) -> str:
    browser: Client = sign_in(make_person(administration))
    address = f"/{slug_of(administration)}/debiteuren/1001/waarom/"
    return browser.get(address, {"dag": f"{day}"}).content.decode()


def test_only_the_creditors_own_staff_call_who_may_be_a_natural_person(client: UUID) -> None:
    assert call_states(client) == [("1001", "open"), ("1002", "open")]
    assert to_make(client, for_creditor=False) == ["1002"]
    assert to_make(client, for_creditor=True) == ["1001", "1002"]
    assert counted(client, for_creditor=False) == (1, 1)
    assert counted(client, for_creditor=True) == (2, 2)
    with pytest.raises(Refusal, match="belt alleen een medewerker van de schuldeiser zelf"):
        call(client, "1001", for_creditor=False)
    assert call_states(client) == [("1001", "open"), ("1002", "open")]
    call(client, "1002", for_creditor=False)
    call(client, "1001", for_creditor=True)
    assert call_states(client) == [("1001", "done"), ("1002", "done")]


def test_the_decision_says_who_calls_and_why(client: UUID) -> None:
    own = "Alleen iemand van de schuldeiser zelf belt"
    with administration_scope(client):
        made = {one.debtor.number: one for one in Decision.objects.filter(reason="call_due")}
        assert own in made["1001"].because_nl
        assert "Only the creditor's own staff make this call" in made["1001"].because_en
        assert own not in made["1002"].because_nl
    assert own in why_page(client, CALL_ON)
    fill_in(client, OFFICE | {"name": "Kantoor Nieuw"})
    live_one_day(client, today=LATER, now=at(LATER))
    with administration_scope(client):
        waits = Decision.objects.get(debtor__number="1001", on=LATER)
        assert (waits.reason, own in waits.because_nl) == ("call_open", True)


def test_a_registration_lets_everybody_call_and_without_it_they_stop(client: UUID) -> None:
    fill_in(client, REGISTERED, today=CALL_ON)
    assert to_make(client, for_creditor=False) == ["1001", "1002"]
    fill_in(client, OFFICE, today=CALL_ON)
    assert to_make(client, for_creditor=False) == ["1002"]
    fill_in(client, REGISTERED, today=CALL_ON)
    call(client, "1001", for_creditor=False)
    assert call_states(client) == [("1001", "done"), ("1002", "open")]


def test_messages_that_waited_go_once_the_registration_is_there(database: None) -> None:
    administration = make_client(OFFICE, make_debtor("1001"))
    with mail_sink() as sink:
        live_one_day(administration, today=DAY, now=at(DAY))
        assert states(administration) == [("held", "for_creditor")]
        fill_in(administration, REGISTERED, today=DAY)
        assert states(administration) == [("planned", "")]
        live_one_day(administration, today=DAY, now=at(DAY))
        assert len(sink.stored) == 1
    assert states(administration) == [("accepted", "")]
    with administration_scope(administration):
        event = Event.objects.get(kind="message_let_go")
    assert event.actor == "Sanne"


@pytest.mark.parametrize("on", [CALL_ON, date(2026, 4, 3), date(2026, 4, 4), date(2026, 4, 6)])
def test_who_does_not_call_reads_why_on_a_day_off_too(client: UUID, on: date) -> None:
    with administration_scope(client):
        found = list_calls(today=on, rehearsal=False, limit=9, for_creditor=False)
    ((row, because),) = found.left_alone
    assert row.debtor_number == "1001"
    assert "Alleen iemand van de schuldeiser zelf belt" in because.nl


def test_the_page_shows_the_others_why_they_do_not_call(client: UUID) -> None:
    office, own = make_person(client), make_person(client, role="controller")
    with administration_scope(client):
        Membership.objects.filter(user_id=office.id).update(for_creditor=False)
        call_id = Call.objects.get(debtor__number="1001").id
    slug = slug_of(client)
    page = sign_in(office).get(f"/{slug}/vandaag/").content.decode()
    assert "Nu niet bellen" in page
    assert "Alleen iemand van de schuldeiser zelf belt" in page
    assert f"/bellen/{call_id}/" not in page
    assert page.count("/uitkomst/") == 1
    address = f"/{slug}/bellen/{call_id}/uitkomst/"
    refused = sign_in(office).post(address, {"outcome": "reached"}, follow=True)
    assert "belt alleen een medewerker" in refused.content.decode()
    assert ("1001", "open") in call_states(client)
    page = sign_in(own).get(f"/{slug}/vandaag/").content.decode()
    assert "Nu niet bellen" not in page
    assert sign_in(own).post(address, {"outcome": "reached"}).status_code == 302
    assert ("1001", "done") in call_states(client)


@pytest.mark.parametrize(
    ("moment", "is_quiet"),
    [
        ("2026-03-31T06:59:59+02:00", True),
        ("2026-03-31T07:00:00+02:00", False),
        ("2026-03-31T19:59:59+02:00", False),
        ("2026-03-31T20:00:00+02:00", True),
        ("2026-04-03T10:00:00+02:00", True),  # Good Friday
        ("2026-04-05T10:00:00+02:00", True),  # Easter Sunday
    ],
)
def test_nobody_is_called_in_the_evening_or_on_a_holiday(
    client: UUID, moment: str, is_quiet: bool
) -> None:
    with administration_scope(client):
        because = explain_no_call(datetime.fromisoformat(moment))
    assert (because is not None) is is_quiet
    assert because is None or "Bel nu niet" in because.nl
    assert because is None or "Bki art. 4.2" in because.nl


@pytest.mark.parametrize("is_quiet", [True, False])
def test_the_page_says_that_now_is_no_time_to_call(client: UUID, is_quiet: bool) -> None:
    fill_in(client, REGISTERED, today=CALL_ON)
    hour = (moment_now().astimezone(ZoneInfo("Europe/Amsterdam")).hour + 12) % 24
    told = {"contact_from": time(hour), "contact_until": time(hour, 1 if is_quiet else 0)}
    with administration_scope(client):
        Administration.objects.update(**told)
        expected = explain_no_call(moment_now()) is not None
    page = sign_in(make_person(client)).get(f"/{slug_of(client)}/vandaag/").content.decode()
    assert ("Bel nu niet" in page) is expected
    assert expected or not is_quiet
