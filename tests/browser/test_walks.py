"""Walks through the desk as people take them: by keyboard, by mouse, and with a file."""

import re
from pathlib import Path

from playwright.sync_api import Browser, expect
from tests.browser.conftest import Site, Watched, watch

LIST = (
    "Factuurnummer;Debiteurnummer;Debiteurnaam;Factuurdatum;Vervaldatum;Factuurbedrag;Openstaand\n"
    "W-1;9001;Garage Snel;01-03-2026;15-03-2026;12,50;12,50\n"
    "W-2;9002;Slagerij Vet;31-02-2026;15-03-2026;12,50;12,50\n"
)


def test_a_link_signs_in_once_and_only_on_the_button(site: Site, browser: Browser) -> None:
    address = f"{site.address}/aanmelden/{site.link_token}/"
    context = browser.new_context()
    watched = watch(context)
    page = watched.page
    page.goto(address)
    page.goto(address)
    page.get_by_role("button", name="Aanmelden").click()
    expect(page.get_by_role("navigation", name="Hoofdmenu")).to_be_visible()
    context.clear_cookies()
    page.goto(address)
    page.get_by_role("button", name="Aanmelden").click()
    expect(page.get_by_role("heading", name="Deze link werkt niet meer")).to_be_visible()
    context.close()


def test_keys_lead_through_the_desk(site: Site, desk: Watched) -> None:
    page = desk.page
    page.goto(site.at("vandaag/"))
    for key, heading in (("d", "Debiteuren"), ("f", "Facturen"), ("b", "Betalingen")):
        page.keyboard.press("g")
        page.keyboard.press(key)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_single_keys_can_be_switched_off(site: Site, desk: Watched) -> None:
    page = desk.page
    page.goto(site.at("vandaag/"))
    page.get_by_role("button", name="Toetsen").click()
    page.get_by_label("Losse toetsen gebruiken").uncheck()
    page.get_by_role("button", name="Sluiten").click()
    page.keyboard.press("g")
    page.keyboard.press("d")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Debiteuren")


def test_the_first_tab_skips_to_the_content(site: Site, desk: Watched) -> None:
    page = desk.page
    page.goto(site.at("debiteuren/"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Naar de inhoud")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhoud"


def test_search_narrows_the_list_without_a_new_page(site: Site, desk: Watched) -> None:
    page = desk.page
    page.goto(site.at("debiteuren/?tab=all"))
    page.get_by_role("searchbox").fill("überraschung")
    expect(page.get_by_text("1 gevonden")).to_be_visible()
    expect(page.get_by_role("link", name="Bistro Überraschung")).to_be_visible()
    assert "q=%C3%BCberraschung" in page.url


def test_figures_come_after_the_page(site: Site, desk: Watched) -> None:
    desk.page.goto(site.at("vandaag/"))
    expect(desk.page.locator(".figure-value").first).to_contain_text("€")


def test_from_debtor_to_why_and_back_a_day(site: Site, desk: Watched) -> None:
    page = desk.page
    page.goto(site.at("debiteuren/1004/"))
    page.get_by_role("link", name="Waarom?").click()
    expect(page.get_by_role("heading", name="De feiten van toen")).to_be_visible()
    expect(page.get_by_role("cell", name="F-3-43")).to_be_visible()
    page.get_by_role("link", name="Dag eerder").click()
    expect(page.get_by_text("Genomen op")).to_be_visible()


def test_a_list_is_looked_at_and_then_brought_in(site: Site, desk: Watched, tmp_path: Path) -> None:
    file = tmp_path / "posten.csv"
    file.write_text(LIST, encoding="utf-8")
    page = desk.page
    page.goto(site.at("import/"))
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Breng binnen").click()
    expect(page.get_by_role("heading", name="Klopt dit?")).to_be_visible()
    page.get_by_role("button", name="Breng 1 factuur binnen").click()
    expect(page.get_by_text("1 nieuw")).to_be_visible()
    expect(page.get_by_text("31-02-2026").first).to_be_visible()
    page.goto(site.at("debiteuren/9001/"))
    expect(page.get_by_role("heading", name="Garage Snel")).to_be_visible()


def test_a_released_message_shows_exactly_what_it_says(site: Site, desk: Watched) -> None:
    page = desk.page
    page.goto(site.at(f"berichten/{site.released_message_id}/"))
    heading = page.get_by_role("heading", level=2).first.inner_text()
    number = re.search(r"F-\d+-\d+", heading)
    assert number is not None
    expect(page.frame_locator("iframe").locator("body")).to_contain_text(number[0])


def test_a_name_like_markup_runs_nowhere(site: Site, desk: Watched) -> None:
    desk.page.on("dialog", lambda dialog: desk.complaints.append(dialog.message))
    for path in ("debiteuren/?tab=all", "debiteuren/1002/", "facturen/?tab=all", "vandaag/"):
        desk.page.goto(site.at(path))
        desk.page.wait_for_load_state("networkidle")
    assert desk.complaints == []


def test_english_is_one_button_away(site: Site, desk: Watched) -> None:
    page = desk.page
    page.goto(site.at("debiteuren/"))
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Debtors")
    page.get_by_role("button", name="Nederlands").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Debiteuren")
