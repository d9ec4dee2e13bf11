"""What is sent ends on a page that can be loaded again, and a refusal on the page it came from."""

from datetime import date
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.integration.books import make_payment, make_statement
from tests.integration.office import make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of, visit

from tijdig.intake.queries import list_imports
from tijdig.tenants.scope import administration_scope

PAID_ON = date(2026, 3, 2)


def test_what_came_in_can_be_read_again(administration: UUID) -> None:
    take_in(administration, make_record("2026-0412"))
    client = sign_in(make_person(administration))
    slug = slug_of(administration)
    payments = (
        make_payment(12_100, "2026-0412", on=PAID_ON),
        make_payment(5_000, "bedankt", on=PAID_ON),
    )
    files = [
        SimpleUploadedFile("afschrift.xml", make_statement(*payments)),
        SimpleUploadedFile("brief.txt", b"\x00\x01"),
    ]
    sent = client.post(reverse("imports", kwargs={"slug": slug}), {"files": files})
    assert sent.status_code == 302
    said = (
        "2 nieuwe regels",
        "Van de nieuwe regels: 1 gekoppeld, 0 met een voorstel, 1 nog niet herkend.",
        "Dit bestand kennen wij niet.",
        "1 opmerking",
    )
    pages = [client.get(sent["Location"]).content.decode() for _ in range(2)]
    assert [[words in page for words in said] for page in pages] == [[True] * 4] * 2
    assert ["1 betaling gekoppeld, 1 nog niet herkend." in page for page in pages] == [True, False]
    with administration_scope(administration):
        found = {one.file_name for one in list_imports(after=None, limit=9)}
    assert found >= {"afschrift.xml", "brief.txt"}


def test_the_same_file_again_says_when_it_came(administration: UUID) -> None:
    client = sign_in(make_person(administration))
    address = reverse("imports", kwargs={"slug": slug_of(administration)})
    content = make_statement(make_payment(5_000, "bedankt", on=PAID_ON))
    pages = [
        client.post(address, {"files": SimpleUploadedFile(name, content)}, follow=True)
        for name in ("een.xml", "twee.xml")
    ]
    said = ["Dit bestand kwam al binnen op" in page.content.decode() for page in pages]
    assert said == [False, True]


def test_a_refusal_goes_back_to_the_page_with_what_was_asked_there(administration: UUID) -> None:
    client = sign_in(make_person(administration))
    address = reverse("imports", kwargs={"slug": slug_of(administration)})
    before = f"{address}?na=x"
    refused = client.post(address, {}, headers={"Referer": f"http://localhost{before}"})
    assert (refused.status_code, refused["Location"]) == (302, before)
    away = client.post(address, {}, headers={"Referer": "http://elders.example/kwaad"})
    assert away["Location"] == "/"


def test_who_was_signed_out_while_filling_in_a_form_comes_back_to_its_page(
    administration: UUID,
) -> None:
    address = reverse("audit-check", kwargs={"slug": slug_of(administration)})
    page = reverse("settings", kwargs={"slug": slug_of(administration)})
    sent = visit().post(address, headers={"Referer": f"http://localhost{page}"})
    assert sent["Location"] == f"/aanmelden/?next={page}"
    assert visit().post(address)["Location"] == "/aanmelden/?next=/"
