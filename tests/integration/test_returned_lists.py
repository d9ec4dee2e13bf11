"""A list that came before comes in again after another: an old file, or that of today?"""

import json
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from tests.integration.books import Listed, balances, make_list, reason_of
from tests.integration.books import take as take_plain
from tests.integration.office import at, make_administration
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_case_messages import live
from tests.integration.test_import_previews import find_ticket

from tijdig.intake.queries import find_books_as_of, list_came_together
from tijdig.ledger.models import BookBalance, Invoice
from tijdig.tenants.scope import administration_scope
from tijdig.web.receiving import Receipt, Received, receive

A = Listed("2025-0900", 50_000, 50_000, "1009", date(2025, 11, 1), date(2026, 12, 1))
B = Listed("2026-0003", 12_100, issued_on=date(2026, 2, 2), due_on=date(2026, 3, 4))
C = Listed("2026-0004", 100, debtor="1011", issued_on=date(2026, 3, 9), due_on=date(2026, 12, 4))
OLD, NEWEST = make_list(A), make_list(A, B, C)
DAY = date(2026, 3, 11)
ALL_OPEN = {"2025-0900": 50_000, "2026-0003": 12_100, "2026-0004": 100}
ASKS = (
    "Dit is precies de lijst van 30-01-2026, en daarna kwam een andere lijst binnen. Is dit een "
    "oud bestand, of de lijst van vandaag? Er verandert nog niets, en voor {} waarover zij "
    "verschillen sturen wij niets. Is hij van vandaag: breng hem dan opnieuw binnen en kies Ja bij "
    "die vraag (of --current). Is het een oud bestand: breng dan uw nieuwste lijst nog een keer "
    "binnen."
)


def take(
    administration: UUID, content: bytes, *, day: date = DAY, current: bool = False
) -> Receipt:
    file = Received("lijst.csv", content, is_current=current)
    with administration_scope(administration):
        return receive([file], today=day, now=at(day), actor="test")


def said(receipt: Receipt) -> list[str]:
    return [problem.because.nl for problem in receipt.problems]


def held(administration: UUID) -> set[str]:
    with administration_scope(administration):
        differing = BookBalance.objects.filter(differs=True).values("open_item")
        return set(Invoice.objects.filter(open_item__in=differing).values_list("number", flat=True))


@pytest.fixture
def office(database: None) -> UUID:
    guards = {"books_fresh_days": 5, "bank_fresh_days": None}
    administration = make_administration(sending=True, guards=guards)
    take(administration, OLD, day=date(2026, 1, 30))
    take(administration, make_list(A, B), day=date(2026, 3, 9))
    take(administration, NEWEST, day=date(2026, 3, 10))
    return administration


def test_it_settles_nothing_and_nobody_is_reminded_of_what_it_may_settle(office: UUID) -> None:
    receipt = take(office, OLD)
    assert said(receipt) == [ASKS.format("2 facturen")]
    assert receipt.files[0].settled == 0
    assert held(office) == {"2026-0003", "2026-0004"}
    for day in (11, 12, 13, 16):
        assert live(office, date(2026, 3, day)) == []
    assert reason_of(office) == "stop_books_differ"


def test_called_current_it_is_the_list_of_that_day(office: UUID) -> None:
    take(office, OLD)
    receipt = take(office, OLD, current=True)
    assert (said(receipt), receipt.files[0].settled) == ([], 2)
    assert held(office) == set()
    assert balances(office) == {"2025-0900": 50_000, "2026-0003": 0, "2026-0004": 0}
    with administration_scope(office):
        books = find_books_as_of()
        assert books is not None
        assert books.as_of == DAY
        import_id = receipt.files[0].import_id
        together = list_came_together(import_id, problems=5)
        assert [one.already_on for one in together if one.row.id == import_id] == [None]
    # Once more it is the latest list, and changes nothing; the one of the day before asks.
    assert said(take(office, OLD, day=date(2026, 3, 12))) == []
    assert len(said(take(office, NEWEST, day=date(2026, 3, 12)))) == 1


def test_the_newest_list_once_more_ends_the_question(office: UUID) -> None:
    take(office, OLD)
    assert said(take(office, NEWEST)) == []
    assert held(office) == set()
    assert live(office, date(2026, 3, 12)) != []


def test_another_list_ends_the_question(office: UUID) -> None:
    take(office, OLD)
    receipt = take(office, make_list(A, B), day=date(2026, 3, 12))
    # That of 9 March came before too.
    assert len(said(receipt)) == 1
    paid = Listed("2025-0900", 40_000, 50_000, "1009", date(2025, 11, 1), date(2026, 12, 1))
    receipt = take(office, make_list(paid, B), day=date(2026, 3, 12))
    assert (said(receipt), receipt.files[0].settled) == ([], 1)
    assert held(office) == set()


def test_another_amount_is_held_too(database: None) -> None:
    administration = make_administration()
    half = Listed("2026-0003", 6_000)
    whole = Listed("2026-0003", 12_100)
    for day, one in ((9, half), (10, whole)):
        take(administration, make_list(A, one), day=date(2026, 3, day))
    assert len(said(take(administration, make_list(A, half)))) == 1
    assert held(administration) == {"2026-0003"}


def test_the_same_parts_of_one_list_ask_nothing(database: None) -> None:
    administration = make_administration()
    for day in (9, 10, 11):
        receipt = take_plain(administration, make_list(A), make_list(B), day=date(2026, 3, day))
        assert said(receipt) == []


def test_old_lists_beside_the_newest_ask_nothing(office: UUID) -> None:
    receipt = take_plain(office, OLD, NEWEST, day=DAY)
    assert said(receipt) == []
    assert held(office) == set()


def show_list(office: UUID) -> tuple[Client, str, dict[str, str]]:
    """The preview of the old list: who sees it, its page, and what its form sends."""
    client, slug = sign_in(make_person(office)), slug_of(office)
    file = SimpleUploadedFile("posten.csv", OLD)
    page = client.post(reverse("imports", kwargs={"slug": slug}), {"files": file}, follow=True)
    said = page.content.decode()
    columns = {
        "debtor_number": "Debiteurnr", "debtor_name": "Naam", "number": "Factuurnr",
        "issued_on": "Factuurdatum", "due_on": "Vervaldatum", "total": "Factuurbedrag",
        "open": "Openstaand", "email": "E-mail", "debtor_iban": "IBAN",
    }  # fmt: skip
    sent = {f"column-{field}": column for field, column in columns.items()}
    return client, said, {"ticket": find_ticket(said), "at": "0", **sent}


@pytest.mark.parametrize(
    ("button", "left"),
    [
        ({"in": "current"}, {"2025-0900": 50_000, "2026-0003": 0, "2026-0004": 0}),
        ({"leave_out": "1"}, ALL_OPEN),
    ],
)
def test_the_preview_asks_before_it_comes_in(
    office: UUID, button: dict[str, str], left: dict[str, int]
) -> None:
    client, said, sent = show_list(office)
    assert "Is dit de lijst van vandaag?" in said
    assert "gelijk aan die van 30 januari 2026" in said
    assert "Breng 1 factuur binnen" not in said
    client.post(reverse("list-preview", kwargs={"slug": slug_of(office)}), {**sent, **button})
    assert balances(office) == left
    assert held(office) == set()


def test_a_new_list_asks_nothing_in_the_preview(office: UUID) -> None:
    client, slug = sign_in(make_person(office)), slug_of(office)
    file = SimpleUploadedFile("posten.csv", NEWEST)
    page = client.post(reverse("imports", kwargs={"slug": slug}), {"files": file}, follow=True)
    assert "Is dit de lijst van vandaag?" not in page.content.decode()


def test_the_command_warns_and_takes_a_persons_word(
    office: UUID, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lijst.csv"
    path.write_bytes(OLD)
    told = ["import", str(path), "--administration", slug_of(office), "--json"]
    call_command(*told)
    warned = json.loads(capsys.readouterr().out)
    assert [(one["severity"], one["because"]) for one in warned["problems"]] == [
        ("warning", ASKS.format("2 facturen"))
    ]
    call_command(*told, "--current")
    taken = json.loads(capsys.readouterr().out)
    assert (taken["problems"], taken["invoices"]["settled"]) == ([], 2)
