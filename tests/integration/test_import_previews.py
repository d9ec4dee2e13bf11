"""Lists are shown before they count: their columns, their rows, and several of them in turn."""

import re
from datetime import date
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.integration.books import make_payment, make_statement
from tests.integration.office import make_administration
from tests.integration.people import make_person, sign_in, slug_of

from tijdig.intake.queries import list_imports
from tijdig.ledger.queries.cards import find_debtor
from tijdig.tenants.scope import administration_scope

LIST = (
    "Factuurnummer;Debiteurnummer;Debiteurnaam;Factuurdatum;Vervaldatum;Factuurbedrag;Openstaand\n"
    "2026-1;1001;Café Voorbeeld;01-03-2026;15-03-2026;121,00;121,00\n"
    ";1002;Zonder Nummer;01-03-2026;15-03-2026;10,00;10,00\n"
)
COLUMNS = {
    "column-number": "Factuurnummer",
    "column-debtor_number": "Debiteurnummer",
    "column-debtor_name": "Debiteurnaam",
    "column-issued_on": "Factuurdatum",
    "column-due_on": "Vervaldatum",
    "column-open": "Openstaand",
}


def find_ticket(page: str) -> str:
    """The ticket that a preview holds for its file."""
    found = re.search(r'name="ticket" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_list_is_shown_before_it_counts(administration: UUID) -> None:
    client = sign_in(make_person(administration))
    slug = slug_of(administration)
    file = SimpleUploadedFile("posten.csv", LIST.encode())
    preview = client.post(reverse("imports", kwargs={"slug": slug}), {"files": file}, follow=True)
    assert "Breng 1 factuur binnen" in preview.content.decode()
    with administration_scope(administration):
        assert find_debtor("1001") is None
    told = {
        "ticket": find_ticket(preview.content.decode()),
        "at": "0",
        **COLUMNS,
        "in": "1",
    }
    address = reverse("list-preview", kwargs={"slug": slug})
    receipt = client.post(address, told, follow=True).content.decode()
    assert "1 nieuw" in receipt
    assert "1 afgekeurd" in receipt
    with administration_scope(administration):
        assert find_debtor("1001") is not None
    again = client.post(reverse("list-preview", kwargs={"slug": slug}), told, follow=True)
    assert "Dit bestand staat niet meer klaar" in again.content.decode()


def test_several_lists_are_each_shown_and_come_in_together(administration: UUID) -> None:
    """One is read with other columns, one is left out, and a statement comes along."""
    slug = slug_of(administration)
    client = sign_in(make_person(administration))
    swapped = {**COLUMNS, "column-debtor_number": "Debiteurnaam"}
    swapped["column-debtor_name"] = "Debiteurnummer"
    others = [
        LIST.replace("1001", f"{number}").replace("2026-1", f"2026-{number}")
        for number in (1002, 1003)
    ]
    contents = (
        LIST,
        others[0],
        make_statement(make_payment(5_000, "x", on=date(2026, 3, 2))).decode(),
        others[1],
    )
    files = [SimpleUploadedFile(f"{n}", one.encode()) for n, one in enumerate(contents)]
    start = reverse("imports", kwargs={"slug": slug})
    page = client.post(start, {"files": files}, follow=True).content.decode()
    told = {"ticket": find_ticket(page), **COLUMNS}
    ask = reverse("list-preview", kwargs={"slug": slug})
    seen = [find_steps(page)]
    for at_, answer in (("0", {"in": "1", **swapped}), ("1", {"leave_out": "1"})):
        page = client.post(ask, {**told, "at": at_, **answer}, follow=True).content.decode()
        seen.append(find_steps(page))
    with administration_scope(administration):
        assert list_imports(after=None, limit=9) == ()
    page = client.post(ask, {**told, "at": "3", "in": "1"}, follow=True).content.decode()
    assert seen == [
        ("1 van 3", "Klopt, naar de volgende lijst"),
        ("2 van 3", "Klopt, naar de volgende lijst"),
        ("3 van 3", "Breng alles binnen"),
    ]
    assert "1 is weggelaten." in page
    with administration_scope(administration):
        assert {one.file_name for one in list_imports(after=None, limit=9)} == {"0", "2", "3"}
        assert [find_debtor(number) is not None for number in ("1001", "1002", "1003")] == [
            False,
            False,
            True,
        ]
        assert find_debtor("Café Voorbeeld") is not None


def find_steps(page: str) -> tuple[str, str]:
    """Which list of how many, and what its main button says."""
    place = re.search(r"lijst (\d van \d)", page)
    button = re.search(r'name="in" value="1">([^<]+)<', page)
    assert place is not None
    assert button is not None
    return place[1], button[1]


def test_a_place_without_a_list_is_not_found(administration: UUID) -> None:
    slug = slug_of(administration)
    client = sign_in(make_person(administration))
    file = SimpleUploadedFile("posten.csv", LIST.encode())
    start = reverse("imports", kwargs={"slug": slug})
    page = client.post(start, {"files": file}, follow=True).content.decode()
    for place in ("1", "-1", "", "x", "²"):
        told = {"ticket": find_ticket(page), "at": place, "in": "1", **COLUMNS}
        assert client.post(reverse("list-preview", kwargs={"slug": slug}), told).status_code == 404


def test_a_ticket_of_another_administration_brings_nothing(administration: UUID) -> None:
    client = sign_in(make_person(administration))
    slug = slug_of(administration)
    file = SimpleUploadedFile("posten.csv", LIST.encode())
    preview = client.post(reverse("imports", kwargs={"slug": slug}), {"files": file}, follow=True)
    other = make_administration()
    answer = sign_in(make_person(other)).post(
        reverse("list-preview", kwargs={"slug": slug_of(other)}),
        {"ticket": find_ticket(preview.content.decode()), "at": "0", "again": "1"},
        follow=True,
    )
    assert "Dit bestand staat niet meer klaar" in answer.content.decode()


def test_a_list_that_is_refused_as_a_whole_counts_no_rows(administration: UUID) -> None:
    client = sign_in(make_person(administration))
    file = SimpleUploadedFile("notitie.txt", b"Hallo;dit is een notitie.\nMet;twee regels.\n")
    address = reverse("imports", kwargs={"slug": slug_of(administration)})
    page = client.post(address, {"files": file}, follow=True).content.decode()
    assert "ontbreekt een kolom voor" in page
    words = ("Afgekeurde rijen", "hoort bij een andere rij", "blijft weg")
    assert [one in page for one in words] == [False, False, True]
