"""Signing in, the demo's clock, and addresses with odd numbers in them."""

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.test import override_settings
from tests.integration.people import PASSWORD, make_person, sign_in, slug_of, visit

from tijdig.desk.converters import NumberConverter
from tijdig.tenants.actions import count_sign_in_failure, make_sign_in_link
from tijdig.tenants.models import SignInFailure
from tijdig.tenants.queries import SIGN_IN_WINDOW, hash_address
from tijdig.web.clock import demo_today, moment_now, read_demo_day, write_demo_day
from tijdig.web.paging import read_place, write_place

ID = "01a20333-8c93-7ab4-aa86-ab632d45bdf0"


def test_a_password_opens_the_page_that_was_asked(administration: UUID) -> None:
    person = make_person(administration)
    asked = f"/{slug_of(administration)}/debiteuren/"
    told = {"email": person.email.upper(), "password": PASSWORD, "next": asked}
    answer = visit().post("/aanmelden/", told)
    assert (answer.status_code, answer["Location"]) == (302, asked)


@pytest.mark.parametrize("wanted", ["https://example.nl/", "//example.nl/", "javascript:alert(1)"])
def test_signing_in_never_leads_elsewhere(administration: UUID, wanted: str) -> None:
    person = make_person(administration)
    told = {"email": person.email, "password": PASSWORD, "next": wanted}
    assert visit().post("/aanmelden/", told)["Location"] == "/"


def test_ten_wrong_passwords_lock_the_account_for_a_while(administration: UUID) -> None:
    """Whichever web process they came to: what one counted, all of them know."""
    person = make_person(administration)
    client = visit()
    for _ in range(10):
        answer = client.post("/aanmelden/", {"email": person.email, "password": "fout"})
        assert answer.status_code == 422
    right = {"email": person.email.upper(), "password": PASSWORD}
    answer = client.post("/aanmelden/", right)
    assert "Te veel mislukte pogingen" in answer.content.decode()
    other = make_person(administration)
    assert visit().post("/aanmelden/", {"email": other.email, "password": PASSWORD})["Location"]
    SignInFailure.objects.update(failed_at=moment_now() - SIGN_IN_WINDOW)
    assert client.post("/aanmelden/", right).status_code == 302


def test_a_right_password_clears_the_count_and_old_failures_go(administration: UUID) -> None:
    person = make_person(administration)
    count_sign_in_failure("iemand@example.nl", now=moment_now() - timedelta(hours=1))
    wrong, right = ({"email": person.email, "password": word} for word in ("fout", PASSWORD))
    for _ in range(9):
        visit().post("/aanmelden/", wrong)
    mine = SignInFailure.objects.filter(address_hash=hash_address(person.email))
    assert (mine.count(), SignInFailure.objects.count()) == (9, 9)
    assert visit().post("/aanmelden/", right).status_code == 302
    assert mine.count() == 0


def test_a_link_that_is_only_looked_at_still_works(administration: UUID) -> None:
    person = make_person(administration)
    address = f"/aanmelden/{make_sign_in_link(person.id, now=moment_now())}/"
    client = visit()
    assert [client.get(address).status_code for _ in range(3)] == [200, 200, 200]
    assert client.post(address)["Location"] == "/"
    assert client.get("/")["Location"] == f"/{slug_of(administration)}/vandaag/"
    assert visit().post(address).status_code == 410


def test_signing_out_closes_the_desk(administration: UUID) -> None:
    client = sign_in(make_person(administration))
    page = f"/{slug_of(administration)}/vandaag/"
    assert client.get(page).status_code == 200
    client.post("/afmelden/")
    assert client.get(page).status_code == 302


def test_who_has_no_administration_is_told_so(database: None) -> None:
    page = sign_in(make_person(None)).get("/").content.decode()
    assert "U heeft nog geen toegang tot een administratie" in page


def test_the_demo_lives_on_the_day_in_its_file(tmp_path: Path) -> None:
    with override_settings(DEMO=True, DEMO_FOLDER=tmp_path / "world"):
        assert read_demo_day() is None
        write_demo_day(date(2026, 3, 29))
        assert demo_today() == date(2026, 3, 29)
        assert moment_now().astimezone().date() in {date(2026, 3, 28), date(2026, 3, 29)}
    with override_settings(DEMO_FOLDER=tmp_path / "world"):
        assert moment_now().date() != date(2026, 3, 29)


@pytest.mark.parametrize("number", ["1001", "NL/07", "a~b", "..", "x\\y", "ü 1", "50%"])
def test_a_number_comes_back_from_its_address(number: str) -> None:
    converter = NumberConverter()
    part = converter.to_url(number)
    assert "/" not in part
    assert part != ".."
    assert converter.to_python(part) == number


@pytest.mark.parametrize("place", [("Café", ID), ("", ID), ("a|b", ID)])
def test_a_place_comes_back_from_its_address(place: tuple[str, str]) -> None:
    assert read_place(write_place(place)) == place


@pytest.mark.parametrize("told", ["", "x", "!!!", "W10", "eyJhIjoxfQ"])
def test_a_made_up_place_is_the_start(told: str) -> None:
    assert read_place(told) is None


@pytest.mark.parametrize("page", ["debiteuren", "facturen", "berichten", "betalingen", "import"])
def test_a_made_up_place_breaks_no_page(administration: UUID, page: str) -> None:
    client = sign_in(make_person(administration))
    address = f"/{slug_of(administration)}/{page}/"
    for place in (("x", "y"), ("2026-03-14", "y"), ("x", ID), ("\0", ID), ("", "")):
        assert client.get(address, {"na": write_place(place)}).status_code == 200, place
