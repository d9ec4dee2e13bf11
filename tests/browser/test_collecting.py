"""A walk: mandate, proposal, approval, file, and a statement that sends the collection back."""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Site, Watched
from tests.browser.everybody import NOTHING, find_wrong
from tests.integration.collecting_office import CREDITOR_ID, PAYER_IBAN
from tests.integration.desk_day import desk_today
from tests.integration.office import IBAN, make_debtor, make_record, take_in
from tests.plugs.camt_samples import Detail, Entry, Statement, make_camt

from tijdig.tenants.queries import find_administration

NUMBER = "I-1010"


@pytest.fixture(scope="module")
def invoiced(site: Site) -> date:
    """An invoice that names the mandate, due in eighteen days; before the browser starts."""
    today = desk_today()
    administration_id = find_administration(site.slug)
    assert administration_id is not None
    debtor = make_debtor("1010", name="Incassoklant", email="incasso@example.nl")
    due_on = today + timedelta(days=18)
    record = make_record(NUMBER, issued_on=today - timedelta(days=12), due_on=due_on, debtor=debtor)
    take_in(administration_id, replace(record, direct_debit_mandate="M-1010"), today=today)
    return today


def make_return(end_to_end_id: str, today: date) -> bytes:
    """The money comes in and goes back again."""
    detail = Detail(end_to_end_id=end_to_end_id, iban=PAYER_IBAN, mandate_id="M-1010")
    came = Entry("121.00", "CRDT", booked_on=today, value_on=today, details=(detail,))
    back = replace(came, direction="DBIT", details=(replace(detail, return_reason="MD06"),))
    statement = Statement(entries=(came, back), iban=IBAN, identification="STORNO-1")
    return make_camt(statement)


def set_up(page: Page, site: Site, today: date) -> None:
    """Turn collecting on, and record a mandate, with its account wrong at first."""
    page.goto(site.at("instellingen/incasso/"))
    page.get_by_label("Incassant-ID").fill(CREDITOR_ID)
    page.get_by_label("Onze facturen kondigen").check()
    page.get_by_label("Incasseren staat aan").check()
    page.get_by_role("button", name="Bewaren").press("Enter")
    expect(page.get_by_text("Zo wordt er voortaan geïncasseerd.")).to_be_visible()

    page.goto(site.at("debiteuren/1010/"))
    page.get_by_role("link", name="Machtigingen").click()
    page.get_by_label("Kenmerk van de machtiging").fill("M-1010")
    page.get_by_label("IBAN van de klant").fill("NL20INGB0001234568")
    page.get_by_label("Getekend op").fill(f"{today - timedelta(days=30):%Y-%m-%d}")
    page.get_by_role("button", name="Vastleggen").press("Enter")
    expect(page.get_by_text("Het rekeningnummer van de machtiging klopt niet.")).to_be_visible()
    page.get_by_label("IBAN van de klant").fill(PAYER_IBAN)
    page.get_by_role("button", name="Vastleggen").press("Enter")
    expect(page.get_by_text("De machtiging is vastgelegd.")).to_be_visible()


def hand_over(page: Page, folder: Path) -> bytes:
    """From the list of batches to the bank, by keys; the file, fetched twice."""
    page.get_by_role("button", name="Keur goed").press("Enter")
    page.get_by_role("button", name="Maak het bestand").press("Enter")
    expect(page.get_by_text("Het bestand is gemaakt.")).to_be_visible()
    files = []
    for n in range(2):
        with page.expect_download() as got:
            page.get_by_role("link", name="Haal het bestand op").click()
        got.value.save_as(folder / f"{n}.xml")
        files.append((folder / f"{n}.xml").read_bytes())
    assert files[0] == files[1]
    assert b"M-1010" in files[0]
    page.get_by_role("button", name="De bank heeft het").press("Enter")
    expect(page.get_by_text("Vastgelegd: de bank heeft dit bestand.")).to_be_visible()
    return files[0]


def test_a_collection_goes_to_the_bank_and_comes_back(
    invoiced: date, site: Site, desk: Watched, tmp_path: Path
) -> None:
    page = desk.page
    set_up(page, site, invoiced)
    page.goto(site.at("vandaag/"))
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/incasso/")
    page.get_by_role("button", name="Stel nu voor").press("Enter")
    expect(page.get_by_text("1 incasso is voorgesteld.")).to_be_visible()
    page.locator("table.list td.name a").first.click()
    content = hand_over(page, tmp_path)
    (end_to_end_id,) = re.findall(rb"<EndToEndId>([^<]+)<", content)
    statement = make_return(end_to_end_id.decode(), invoiced)
    page.goto(site.at("import/"))
    page.locator("input[type=file]").set_input_files(
        {"name": "storno.xml", "mimeType": "application/xml", "buffer": statement}
    )
    page.get_by_role("button", name="Breng binnen").click()
    expect(page.get_by_role("heading", name="Binnengebracht")).to_be_visible()

    page.goto(site.at("debiteuren/1010/"))
    expect(page.get_by_text("Incasso teruggeboekt")).to_be_visible()
    expect(page.locator("table.list").first).to_contain_text("121,00")
    expect(page.get_by_text("Betwisting vastgelegd")).to_have_count(0)
    page.goto(site.at("debiteuren/1010/machtigingen/"))
    expect(page.get_by_text("eerst nakijken")).to_be_visible()
    page.goto(site.at("incasso/"))
    expect(page.get_by_text("Code van de bank: MD06")).to_be_visible()
    # The browser itself tells of the form that was sent back.
    desk.complaints[:] = [one for one in desk.complaints if "status of 422" not in one]


def test_the_pages_of_collections_are_for_everybody(
    invoiced: date, site: Site, desk: Watched
) -> None:
    page = desk.page
    page.goto(site.at("incasso/"))
    links = page.locator("table.list td.name a[href*='/incasso/']")
    batch = [links.first.get_attribute("href") or ""] if links.count() else []
    paths = [site.at(one) for one in ("incasso/", "instellingen/incasso/")]
    paths += [site.at(f"debiteuren/{number}/machtigingen/") for number in ("1010", "1004")]
    wrong = {}
    for path in [*paths, *(site.address + one for one in batch)]:
        page.goto(path)
        wrong[path] = find_wrong(page)
    assert wrong == dict.fromkeys(wrong, NOTHING)
    assert invoiced
    # axe itself tries inline styles; what it provokes is not the page's.
    desk.complaints.clear()
