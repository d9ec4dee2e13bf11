"""A walk past limitation: an invoice that nearly ends gets a new term, and loses it again."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Site, Watched, serving
from tests.integration.desk_day import desk_today
from tests.integration.office import make_administration, make_record, take_in
from tests.integration.people import make_person, slug_of

from tijdig.config.translations import compile_translations
from tijdig.core.calendar import add_months, format_day

TODAY = desk_today()
ENDS_ON = TODAY + timedelta(days=20)
DUE_ON = add_months(ENDS_ON, -24)
REACHED_ON = TODAY - timedelta(days=5)
NUMBER = "2024-0099"


@pytest.fixture(scope="module")
def office(database: None) -> UUID:
    """One invoice of a consumer, of which the two years are nearly over."""
    compile_translations()
    administration = make_administration()
    take_in(administration, make_record(NUMBER, due_on=DUE_ON), today=DUE_ON)
    return administration


@pytest.fixture(scope="module")
def site(office: UUID) -> Iterator[Site]:
    owner = make_person(office)
    with serving() as address:
        yield Site(address, slug_of(office), owner.email, "", office, office, office)


def until(day: date) -> str:
    return f"Af te dwingen tot en met {format_day(day, 'nl')}."


def test_an_act_with_its_proof_renews_the_term_and_withdrawing_it_takes_that_back(
    site: Site, desk: Watched, tmp_path: Path
) -> None:
    proof = tmp_path / "ontvangstbewijs.pdf"
    proof.write_bytes(b"%PDF-1.4 handtekening")
    page = desk.page
    page.goto(site.at("verjaring/"))
    row = page.get_by_role("row", name=NUMBER)
    expect(row).to_contain_text("binnen 60 dagen")
    row.get_by_role("link", name="Stuiting vastleggen").click()
    page.get_by_label("Op welke dag?").fill(REACHED_ON.isoformat())
    page.get_by_role("button", name="Vastleggen").click()
    expect(page.get_by_text("Zonder bewijs telt de stuiting niet")).to_be_visible()
    # A browser notes the answer 422; nothing else is wrong.
    assert [one for one in desk.complaints if "422" not in one] == []
    desk.complaints.clear()
    page.get_by_label("Of: het bewijs als bestand").set_input_files(proof)
    page.get_by_role("button", name="Vastleggen").click()
    expect(page.get_by_text("De stuiting is vastgelegd")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("link", name="ontvangstbewijs.pdf").click()
    assert Path(taken.value.path()).read_bytes() == proof.read_bytes()

    page.goto(site.at("verjaring/"))
    expect(page.get_by_text("Hier staat niets")).to_be_visible()
    page.goto(site.at(f"facturen/{NUMBER}/"))
    expect(page.get_by_text(until(add_months(REACHED_ON, 24)))).to_be_visible()

    page.get_by_role("link", name="Bekijk het bewijs").click()
    page.get_by_text("Intrekken").first.click()
    page.get_by_label("Waarom telt deze handeling niet?").fill("Verkeerde brief")
    page.get_by_role("button", name="Intrekken").click()
    expect(page.get_by_text("Reden: Verkeerde brief")).to_be_visible()
    page.goto(site.at(f"facturen/{NUMBER}/"))
    expect(page.get_by_text(until(ENDS_ON))).to_be_visible()
