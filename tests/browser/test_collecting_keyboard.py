"""Collections with the keyboard alone: withdrawn, proposed anew, handed over, and refused."""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Site, Watched
from tests.browser.test_law_keyboard import go_to
from tests.integration.collecting_office import CREDITOR_ID, PAYER_IBAN
from tests.integration.debit_office import write_answer
from tests.integration.desk_day import desk_today
from tests.integration.office import make_debtor, make_record, take_in

from tijdig.tenants.queries import find_administration


@pytest.fixture(scope="module")
def invoiced(site: Site) -> date:
    """An invoice of a company that names its mandate, before the browser starts."""
    today = desk_today()
    administration_id = find_administration(site.slug)
    assert administration_id is not None
    debtor = make_debtor("1020", name="Toetsenbord B.V.", email="toets@example.nl")
    debtor = replace(debtor, kind="business", kvk_number="12345678")
    issued_on = today - timedelta(days=12)
    record = make_record("I-1020", issued_on=issued_on, due_on=today + timedelta(18), debtor=debtor)
    take_in(administration_id, replace(record, direct_debit_mandate="M-1020"), today=today)
    return today


def press(page: Page, name: str, role: str = "button") -> None:
    """Tab to it, and Enter."""
    go_to(page, page.get_by_role(role, name=name).first)  # type: ignore[arg-type]
    page.keyboard.press("Enter")


def fill(page: Page, label: str, told: str) -> None:
    go_to(page, page.get_by_label(label))
    page.keyboard.type(told)


def test_collections_are_worked_off_by_keys_alone(
    invoiced: date, site: Site, desk: Watched, tmp_path: Path
) -> None:
    page = desk.page
    _turn_on(page, site, invoiced)
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/incasso/")
    _propose(page)
    expect(page.get_by_text("zakelijke incasso").first).to_be_visible()
    press(page, "Keur goed")
    press(page, "Maak het bestand")
    expect(page.get_by_text("Het bestand is gemaakt.")).to_be_visible()

    go_to(page, page.locator("summary", has_text="Batch intrekken"))
    page.keyboard.press("Enter")
    fill(page, "Waarom", "verkeerde dag")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Ingetrokken: verkeerde dag")).to_be_visible()

    press(page, "Incasso", "link")
    _propose(page)
    press(page, "Keur goed")
    press(page, "Maak het bestand")
    with page.expect_download() as got:
        press(page, "Haal het bestand op", "link")
    got.value.save_as(tmp_path / "incasso.xml")
    press(page, "De bank heeft het")
    expect(page.get_by_text("Vastgelegd: de bank heeft dit bestand.")).to_be_visible()
    _refuse(page, site, (tmp_path / "incasso.xml").read_bytes())


def _turn_on(page: Page, site: Site, today: date) -> None:
    page.goto(site.at("instellingen/incasso/"))
    fill(page, "Incassant-ID", CREDITOR_ID)
    for label in ("Onze facturen kondigen", "Incasseren staat aan"):
        go_to(page, page.get_by_label(label))
        page.keyboard.press("Space")
    press(page, "Bewaren")
    expect(page.get_by_text("Zo wordt er voortaan geïncasseerd.")).to_be_visible()
    page.goto(site.at("debiteuren/1020/machtigingen/"))
    fill(page, "Kenmerk van de machtiging", "M-1020")
    fill(page, "IBAN van de klant", PAYER_IBAN)
    go_to(page, page.get_by_label("Soort incasso"))
    page.keyboard.type("zakelijke")
    # Chromium asks for the month first, whatever language the page has.
    fill(page, "Getekend op", f"{today - timedelta(days=30):%m%d%Y}")
    press(page, "Vastleggen")
    expect(page.get_by_text("De machtiging is vastgelegd.")).to_be_visible()


def _propose(page: Page) -> None:
    """To the batch that is proposed now."""
    press(page, "Stel nu voor")
    expect(page.get_by_text("1 incasso is voorgesteld.")).to_be_visible()
    row = page.locator("table.list tr", has_text="voorgesteld").first
    go_to(page, row.locator("td.name a"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/incasso/[0-9a-f-]+/"))


def _refuse(page: Page, site: Site, content: bytes) -> None:
    """The bank knows no such account: the invoice is open, the mandate waits for a person."""
    (message,) = re.findall(rb"<MsgId>([^<]+)<", content)
    (end_to_end_id,) = re.findall(rb"<EndToEndId>([^<]+)<", content)
    line = (end_to_end_id.decode(), "RJCT", "AC01")
    answer = write_answer(message=message.decode(), lines=[line])
    for file, told in (
        (write_answer(file=("ACCP", "")), "1 afgekeurd"),
        (answer[: len(answer) // 2], "1 afgekeurd"),
        (answer, "1 antwoord over incasso"),
    ):
        page.goto(site.at("import/"))
        page.locator("input[type=file]").set_input_files(
            {"name": "antwoord.xml", "mimeType": "application/xml", "buffer": file}
        )
        press(page, "Breng binnen")
        expect(page.get_by_role("heading", name="Binnengebracht")).to_be_visible()
        expect(page.get_by_text(told)).to_be_visible()
        expect(page.get_by_text("0 nieuw")).to_have_count(0)
    press(page, "Bekijk de incasso's", "link")
    expect(page.get_by_text("Code van de bank: AC01")).to_be_visible()
    press(page, "Toetsenbord B.V.", "link")
    expect(page.get_by_text("eerst nakijken")).to_be_visible()
