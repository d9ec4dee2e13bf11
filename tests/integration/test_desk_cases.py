"""Cases at the desk: each is recorded on the debtor's page, seen, answered and ended there."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from tests.integration.case_office import told as told_on
from tests.integration.desk_day import desk_today
from tests.integration.office import make_administration, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.cases.actions import reasons
from tijdig.cases.models import Dispute, Plan
from tijdig.cases.queries.lists import (
    ALL_KINDS,
    ReasonCount,
    count_reasons,
    count_waiting,
    find_case,
    is_late,
    list_cases,
)
from tijdig.core.calendar import add_working_days
from tijdig.dunning.models import Call, Outcome
from tijdig.ledger.models import Debtor, Invoice
from tijdig.tenants.scope import administration_scope

TODAY = desk_today()
LATER = f"{TODAY + timedelta(days=10)}"
FILLED_IN = {
    "betwisting": {"amount": "21,00", "category": "price", "owner": "Sanne"},
    "toezegging": {"amount": "121,00", "on": LATER},
    "regeling": {
        "count": "3",
        "first_on": LATER,
        "interval": "month",
        "rounding": "none",
        "grace_working_days": "5",
    },
    "uitstel": {"until_on": LATER},
    "pauze": {"depth": "all", "from_on": f"{TODAY}", "until_on": LATER, "reason": "overleg"},
    "reden": {"kind": "not_received", "channel": "phone"},
    "reactie": {"channel": "email", "received_on": f"{TODAY}", "owner": "Sanne", "text": "Nee."},
    "situatie": {"kind": "debt_help", "from_on": f"{TODAY}", "source": "brief"},
}
KIND_OF = {
    "betwisting": "dispute",
    "toezegging": "promise",
    "regeling": "plan",
    "uitstel": "extension",
    "pauze": "hold",
    "reden": "reason",
    "reactie": "reply",
    "situatie": "flag",
}


@pytest.fixture
def office(administration: UUID) -> tuple[UUID, Client, str]:
    take_in(administration, make_record(due_on=TODAY - timedelta(days=9)))
    return administration, sign_in(make_person(administration)), f"/{slug_of(administration)}"


def record(office: tuple[UUID, Client, str], kind: str) -> int:
    administration, client, start = office
    with administration_scope(administration):
        invoice_id = str(Invoice.objects.get().id)
    told = {"invoice": invoice_id, "invoices": [invoice_id], **FILLED_IN[kind]}
    address = f"{start}/debiteuren/1001/bijzonderheden/{kind}/"
    return client.post(address, told).status_code


@pytest.mark.parametrize("kind", sorted(FILLED_IN))
def test_a_case_is_recorded_seen_and_ended(office: tuple[UUID, Client, str], kind: str) -> None:
    administration, client, start = office
    assert client.get(f"{start}/debiteuren/1001/bijzonderheden/{kind}/").status_code == 200
    assert record(office, kind) == 302
    with administration_scope(administration):
        (row,) = list_cases(today=TODAY)
    assert row.kind == KIND_OF[kind]
    address = f"{start}/bijzonderheden/{row.kind}/{row.id}/"
    for page in ("/debiteuren/1001/", f"/bijzonderheden/?tab={row.kind}"):
        assert address in client.get(start + page).content.decode()
    assert client.get(address).status_code == 200
    assert client.post(address, {"do": "end"}).status_code == 302
    with administration_scope(administration):
        assert find_case(row.kind, row.id, today=TODAY) is None
    assert client.get(address).status_code == 404


def test_a_plan_is_worked_out_before_it_is_agreed(office: tuple[UUID, Client, str]) -> None:
    administration, client, start = office
    with administration_scope(administration):
        invoice_id = str(Invoice.objects.get().id)
    told = {"invoices": [invoice_id], "preview": "1", **FILLED_IN["regeling"]}
    address = f"{start}/debiteuren/1001/bijzonderheden/regeling/"
    sent = client.post(address, told)
    assert (sent.status_code, sent["Location"]) == (302, f"{address}?voorbeeld=1")
    for _ in ("shown", "and loaded again"):
        page = client.get(sent["Location"]).content.decode()
        assert "€\N{NO-BREAK SPACE}40,34" in page
    assert "40,34" not in client.get(address).content.decode()
    with administration_scope(administration):
        assert not Plan.objects.exists()


@pytest.mark.parametrize(
    ("kind", "told", "said"),
    [
        ("betwisting", {"amount": "121,01"}, "hoogstens € 121,00 te betwisten"),
        ("toezegging", {"on": "2020-01-01"}, "Een toezegging gaat over vandaag"),
        ("regeling", {"invoices": []}, "Kies minstens één factuur"),
        ("regeling", {"grace_working_days": "11"}, "Niet alles is goed ingevuld"),
        ("uitstel", {"until_on": "2020-01-01"}, "Uitstel gaat naar een dag na vandaag"),
        ("pauze", {"until_on": "2020-01-01"}, "Een pauze eindigt op een dag die nog komt"),
        ("reactie", {"received_on": LATER}, "dat kan niet in de toekomst zijn"),
        ("situatie", {"until_on": "2020-01-01"}, "Het einde ligt vóór het begin"),
        ("situatie", {"kind": "deceased", "until_on": LATER}, "Een overlijden heeft geen einde"),
        ("betwisting", {"amount": "veel"}, "Niet alles is goed ingevuld"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_filled_in_stays(
    office: tuple[UUID, Client, str], kind: str, told: dict[str, object], said: str
) -> None:
    administration, client, start = office
    with administration_scope(administration):
        invoice_id = str(Invoice.objects.get().id)
    whole = {"invoice": invoice_id, "invoices": [invoice_id], **FILLED_IN[kind], **told}
    answer = client.post(f"{start}/debiteuren/1001/bijzonderheden/{kind}/", whole)
    assert answer.status_code == 422
    assert said in answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    with administration_scope(administration):
        assert list_cases(today=TODAY) == ()


def test_each_tab_says_how_many_stand(office: tuple[UUID, Client, str]) -> None:
    _, client, start = office
    for kind in ("toezegging", "reactie", "reactie"):
        record(office, kind)
    page = client.get(f"{start}/bijzonderheden/").content.decode()
    told = re.findall(r">(\w+) <span class=.tab-count.>(\d+)<", page)
    assert told == [("Toezeggingen", "1"), ("Reacties", "2")]


def test_a_plan_is_late_after_the_grace_that_was_agreed(office: tuple[UUID, Client, str]) -> None:
    administration, _, _ = office
    record(office, "regeling")
    with administration_scope(administration):
        (row,) = list_cases(("plan",), today=TODAY)
    due_on = TODAY + timedelta(days=10)
    assert (row.until_on, row.grace_working_days) == (due_on, 5)
    last_on = add_working_days(due_on, 5)
    assert not is_late(row, today=last_on)
    assert is_late(row, today=last_on + timedelta(days=1))


def test_reasons_are_counted_over_the_last_year(office: tuple[UUID, Client, str]) -> None:
    administration, client, start = office
    page = f"{start}/bijzonderheden/?tab=reason"
    assert "Redenen sinds" not in client.get(page).content.decode()
    record(office, "reden")
    record(office, "reden")
    with administration_scope(administration):
        debtor_id = Debtor.objects.get().id
        for days in (0, 30, 365, 366):
            day = TODAY - timedelta(days=days)
            reasons.tell(debtor_id=debtor_id, kind="forgot", **told_on(day))
        counted = count_reasons(since=TODAY - timedelta(days=365), until=TODAY + timedelta(days=1))
        assert counted == (ReasonCount("forgot", 3, 1), ReasonCount("not_received", 2, 1))
        assert count_reasons(since=TODAY, until=TODAY) == ()
    said = client.get(page).content.decode()
    assert "Redenen sinds" in said
    assert '<td>Vergeten</td><td class="amount">3</td><td class="amount">1</td>' in said


def test_a_dispute_is_answered_once(office: tuple[UUID, Client, str]) -> None:
    administration, client, start = office
    record(office, "betwisting")
    with administration_scope(administration):
        one = Dispute.objects.get()
    address = f"{start}/bijzonderheden/dispute/{one.id}/"
    assert client.post(address, {"do": "accept", "root_cause": "price"}).status_code == 422
    told = {"do": "accept", "root_cause": "price", "answer": "Klopt."}
    assert client.post(address, told).status_code == 302
    assert client.post(address, told).status_code == 404
    with administration_scope(administration):
        one.refresh_from_db()
        assert (one.state, one.answer, one.closed_by) == ("accepted", "Klopt.", "Sanne de Vries")
        assert count_waiting()["credits"] == 1
    assert "Creditnota nodig" in client.get(f"{start}/vandaag/").content.decode()


def test_a_term_of_a_plan_is_moved_from_its_page(office: tuple[UUID, Client, str]) -> None:
    administration, client, start = office
    record(office, "regeling")
    with administration_scope(administration):
        one = Plan.objects.get()
    address = f"{start}/bijzonderheden/plan/{one.id}/"
    told = {"do": "shift", "position": "1", "to_on": f"{TODAY + timedelta(days=20)}"}
    assert client.post(address, {"do": "shift"}).status_code == 422
    assert client.post(address, told).status_code == 302
    with administration_scope(administration):
        one.refresh_from_db()
        assert one.shifted_position == 1


def test_everybody_is_paused_from_the_list(office: tuple[UUID, Client, str]) -> None:
    _, client, start = office
    address = f"{start}/bijzonderheden/pauze/"
    assert client.get(address).status_code == 200
    assert client.post(address, FILLED_IN["pauze"]).status_code == 302
    assert client.post(address, {**FILLED_IN["pauze"], "reason": ""}).status_code == 422
    assert "alle debiteuren" in client.get(f"{start}/bijzonderheden/?tab=hold").content.decode()


@pytest.mark.parametrize("way", ["suspend", "credit", "waive", "hand_over"])
def test_after_the_last_demand_somebody_decides(office: tuple[UUID, Client, str], way: str) -> None:
    administration, client, start = office
    with administration_scope(administration):
        one = Outcome.objects.create(
            administration_id=administration,
            debtor_id=Debtor.objects.get().id,
            carrying_item_id=Invoice.objects.get().open_item_id,
            opened_on=TODAY,
            deadline_on=TODAY,
        )
    address = f"{start}/na-de-laatste-aanmaning/{one.id}/"
    assert client.get(address).status_code == 200
    owner = {"do": "assign", "owner": "Sanne", "deadline_on": LATER}
    assert client.post(address, owner).status_code == 302
    timeline = client.get(f"{start}/debiteuren/1001/").content.decode()
    assert "Wie beslist na de laatste aanmaning" in timeline
    assert "Sanne beslist uiterlijk op" in timeline
    assert client.post(address, {"do": "decide", "way": "suspend"}).status_code == 422
    told = {"do": "decide", "way": way, "until_on": LATER, "handed_to": "Bureau X"}
    assert client.post(address, told).status_code == 302
    assert client.post(address, told, HTTP_REFERER=address).status_code == 302
    assert "al beslist" in client.get(address).content.decode()
    with administration_scope(administration):
        one.refresh_from_db()
        assert (one.way, one.owner, one.decided_by) == (way, "Sanne", "Sanne de Vries")
    assert address in client.get(f"{start}/bijzonderheden/?tab=outcome").content.decode()
    assert client.post(address, {"do": "end"}).status_code == 302


def test_a_call_brings_a_promise_and_a_reason_in_one_go(office: tuple[UUID, Client, str]) -> None:
    administration, client, start = office
    with administration_scope(administration):
        call = Call.objects.create(
            administration_id=administration,
            debtor_id=Debtor.objects.get().id,
            carrying_item_id=Invoice.objects.get().open_item_id,
            reopen_count=0,
            step_key="call",
            asked_on=TODAY,
            total_cents=12_100,
            state="open",
        )
    address = f"{start}/bellen/{call.id}/uitkomst/"
    told = {"outcome": "reached", "note": "", "reason": "forgot", "amount": "121,00"}
    client.post(address, told)
    with administration_scope(administration):
        call.refresh_from_db()
        assert (call.state, list_cases(today=TODAY)) == ("open", ())
    client.post(address, {**told, "promised_on": LATER})
    with administration_scope(administration):
        call.refresh_from_db()
        rows = [(row.kind, row.code) for row in list_cases(today=TODAY)]
    assert call.state == "done"
    assert rows == [("reason", "forgot"), ("promise", "open")]


def test_every_tab_of_the_list_opens_empty(office: tuple[UUID, Client, str]) -> None:
    _, client, start = office
    for tab in (*ALL_KINDS, "outcome", "onzin"):
        assert client.get(f"{start}/bijzonderheden/?tab={tab}").status_code == 200


def test_a_case_of_another_administration_is_not_there(office: tuple[UUID, Client, str]) -> None:
    administration, _, _ = office
    record(office, "betwisting")
    with administration_scope(administration):
        one = Dispute.objects.get()
    other = make_administration()
    stranger = sign_in(make_person(other))
    address = f"/{slug_of(other)}/bijzonderheden/dispute/{one.id}/"
    assert stranger.post(address, {"do": "end"}).status_code == 404
    with administration_scope(administration):
        one.refresh_from_db()
        assert one.state == "open"


def test_a_promise_starts_with_what_is_open_net_of_credit_notes(
    office: tuple[UUID, Client, str],
) -> None:
    administration, client, start = office
    take_in(administration, make_record("C-1", cents=-2_100, due_on=TODAY))
    page = client.get(f"{start}/debiteuren/1001/bijzonderheden/toezegging/").content.decode()
    assert 'name="amount" value="100,00"' in page
