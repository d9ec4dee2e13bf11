"""The dry run: the same set of messages and the same bytes as the real run, and nothing stays."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from tests.integration.office import at, make_administration, make_debtor, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.dunning.actions import dry_runs
from tijdig.dunning.actions.halts import answer_halt
from tijdig.dunning.actions.run import run
from tijdig.ledger.models import Debtor
from tijdig.messaging.models import MessageBody
from tijdig.tenants.scope import administration_scope

DAY = date(2026, 3, 19)
Words = tuple[str, str, str, str, bytes | None, str]


def make_books(*, sending: bool) -> UUID:
    """Every kind of step: a notice, reminders by mail and by letter, a last demand, nothing."""
    administration = make_administration(sending=sending)
    due = {
        "1001": DAY + timedelta(days=3),
        "1002": DAY - timedelta(days=6),
        "1003": DAY - timedelta(days=6),
        "1004": DAY - timedelta(days=60),
        "1005": DAY + timedelta(days=40),
    }
    for number, due_on in due.items():
        email = "" if number == "1003" else f"klant{number}@example.nl"
        debtor = make_debtor(number, name=f"Klant {number}", email=email)
        record = make_record(
            f"2026-{number}", due_on=due_on, issued_on=due_on - timedelta(days=30), debtor=debtor
        )
        take_in(administration, record, today=date(2026, 3, 2))
    return administration


def everything(administration: UUID) -> dict[str, Any]:
    """Every row of every table, and where the sequences stand."""
    with administration_scope(administration), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE 'tijdig\\_%' "
            "AND relrowsecurity ORDER BY 1"
        )
        tables = [row[0] for row in cursor.fetchall()]
        found: dict[str, Any] = {}
        for table in tables:
            cursor.execute(f"SELECT md5(string_agg(t::text, ',' ORDER BY t::text)) FROM {table} t")
            found[table] = cursor.fetchone()
        cursor.execute("SELECT last_value, is_called FROM tijdig_payment_reference")
        found["reference"] = cursor.fetchone()
    return found


def dry(administration: UUID) -> list[Words]:
    with administration_scope(administration):
        ids = list(Debtor.objects.order_by("id").values_list("id", flat=True))
        return sorted(
            (one.recipient, one.subject, one.text, one.html, one.pdf, one.content_hash)
            for one in dry_runs.write(ids, today=DAY, now=at(DAY))
        )


def test_the_dry_run_gives_the_bytes_of_the_real_run_and_writes_nothing(database: None) -> None:
    administration = make_books(sending=True)
    before = everything(administration)
    foreseen = dry(administration)
    with administration_scope(administration):
        looked = dry_runs.look(today=DAY)
    assert everything(administration) == before
    run(administration, today=DAY, now=at(DAY))
    with administration_scope(administration):
        rows = MessageBody.objects.values_list(
            "recipient", "subject", "text", "html", "pdf", "content_hash"
        )
        real = sorted((*row[:4], row[4] and bytes(row[4]), row[5]) for row in rows)
    assert [one[1] for one in foreseen] == [one[1] for one in real]
    assert foreseen == real
    assert len(real) == 4
    assert looked.counts == {
        ("before_due", "email"): 1,
        ("reminder", "email"): 2,
        ("reminder", "letter"): 1,
    }


def test_the_counts_compare_with_the_run_before(database: None) -> None:
    administration = make_books(sending=True)
    run(administration, today=DAY, now=at(DAY))
    friday = DAY + timedelta(days=1)
    with administration_scope(administration):
        looked = dry_runs.look(today=friday)
    assert (looked.before_on, looked.before.total(), looked.counts.total()) == (DAY, 4, 0)


@pytest.mark.parametrize("sending", [True, False])
def test_the_page_lists_and_opens_every_message(database: None, sending: bool) -> None:
    administration = make_books(sending=sending)
    client = sign_in(make_person(administration, role="reader"))
    page = f"/{slug_of(administration)}/proefdraaien/"
    told = client.get(page, {"dag": f"{DAY}"}).content.decode()
    for words in ("klant1002@example.nl", "Klant 1003", "€\N{NO-BREAK SPACE}121,00"):
        assert words in told
    assert "klant1005" not in told
    left_out = client.get(page, {"dag": f"{DAY}", "tab": "excluded"}).content.decode()
    assert "de eerste stap is op" in left_out
    one = client.get(f"{page}1002/", {"dag": f"{DAY}"}).content.decode()
    assert "Herinnering factuur 2026-1002" in one
    html = client.get(f"{page}1002/html/", {"dag": f"{DAY}"})
    assert (html.status_code, "sandbox" in html["Content-Security-Policy"]) == (200, True)
    letter = client.get(f"{page}1003/pdf/", {"dag": f"{DAY}"})
    assert letter.getvalue().startswith(b"%PDF")
    assert client.get(f"{page}1005/", {"dag": f"{DAY}"}).status_code == 404
    assert client.get(f"{page}9999/", {"dag": f"{DAY}"}).status_code == 404
    assert client.get(page, {"dag": "onzin"}).status_code == 200


def test_a_message_that_cannot_be_written_is_said_so(database: None) -> None:
    administration = make_books(sending=True)
    with administration_scope(administration):
        from tijdig.tenants.models import Administration

        Administration.objects.update(iban="")
    client = sign_in(make_person(administration))
    page = f"/{slug_of(administration)}/proefdraaien/1002/"
    answer = client.get(page, {"dag": f"{DAY}"})
    assert (answer.status_code, "IBAN" in answer.content.decode()) == (409, True)


def test_the_dry_run_says_beforehand_what_the_run_would_ask(database: None) -> None:
    """First a run that never sent before, then one that is far larger than the one before it."""
    administration = make_administration(sending=True, guards={"asks_first": True})
    asked = []
    for day, count in ((DAY, 1), (DAY + timedelta(days=1), 60)):
        for n in range(count):
            number = f"{day:%d}{n:02d}"
            debtor = make_debtor(number, name=f"Klant {number}", email=f"k{number}@example.nl")
            late = make_record(f"F-{number}", due_on=day - timedelta(days=6), debtor=debtor)
            take_in(administration, late, today=date(2026, 3, 2))
        with administration_scope(administration):
            foreseen = dry_runs.look(today=day).alarms
        real = run(administration, today=day, now=at(day))
        assert foreseen == real.alarms
        asked.append([alarm.code for alarm in foreseen])
        with administration_scope(administration):
            answer_halt(send=True, today=day, now=at(day), actor="Sanne")
    assert "new_first" in asked[0]
    assert asked[1]
    assert "new_first" not in asked[1]


def test_every_page_of_the_dry_run_can_be_reached(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    administration = make_books(sending=True)
    monkeypatch.setattr("tijdig.desk.dry_run.SHOWN", 2)
    client = sign_in(make_person(administration))
    page = f"/{slug_of(administration)}/proefdraaien/"
    wanted = {"1001", "1002", "1003", "1004"}
    found = set()
    for place in ("1", "2", "3"):
        told = client.get(page, {"dag": f"{DAY}", "blad": place}).content.decode()
        found |= {number for number in wanted if f"Klant {number}" in told}
    assert found == wanted
    assert "Blad 2 van 2" in told
    assert client.get(page, {"blad": "x"}).status_code == 200
