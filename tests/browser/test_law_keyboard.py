"""The forms of the law with the keyboard alone: the term, interest and VAT back."""

from playwright.sync_api import Locator, Page, expect
from tests.browser.conftest import Site, Watched

_MOST_TABS = 120


def go_to(page: Page, wanted: Locator) -> None:
    """Press Tab until this has the focus, as somebody without a mouse does."""
    for _ in range(_MOST_TABS):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab never reached it")


def test_a_lasting_term_is_set_mended_and_seen(site: Site, desk: Watched) -> None:
    page = desk.page
    page.goto(site.at("debiteuren/1004/"))
    go_to(page, page.get_by_role("link", name="Betaaltermijn vastleggen"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Vaste betaaltermijn")).to_be_visible()
    go_to(page, page.get_by_label("Hoe is de betaaltermijn afgesproken?"))
    page.keyboard.type("in een contract")
    go_to(page, page.get_by_role("button", name="Bewaren"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Vul in hoeveel dagen zijn afgesproken.")).to_be_visible()
    expect(page.get_by_label("Hoe is de betaaltermijn afgesproken?")).to_have_value("contract")
    # The browser tells that the page was refused; that was what we wanted.
    assert desk.complaints == [complaint for complaint in desk.complaints if "422" in complaint]
    desk.complaints.clear()
    go_to(page, page.get_by_label("Dagen vanaf de factuurdatum"))
    page.keyboard.type("45")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Vastgelegd. Het geldt voor nieuwe facturen.")).to_be_visible()
    expect(page.get_by_text("45 dagen, in een contract of offerte").first).to_be_visible()
    expect(page.get_by_text("Vaste betaaltermijn vastgelegd")).to_be_visible()


def test_interest_is_calculated_with_the_answer_in_view(site: Site, desk: Watched) -> None:
    page = desk.page
    page.goto(site.address + "/wet/")
    interest = page.locator("#rente")
    go_to(page, interest.get_by_label("Bedrag, in euro"))
    page.keyboard.type("tien")
    # Chromium asks for the month first, whatever language the page has.
    for label, day in (
        ("Laatste dag om te betalen", "12152024"),
        ("Dag van betaling", "01152025"),
    ):
        go_to(page, interest.get_by_label(label))
        page.keyboard.type(day)
    page.keyboard.press("Enter")
    expect(interest.locator(".wrong")).to_contain_text("tien")
    go_to(page, interest.get_by_label("Bedrag, in euro"))
    page.keyboard.press("Control+A")
    page.keyboard.type("1.000,00")
    page.keyboard.press("Enter")
    expect(page.locator("#rente .law-result dd strong")).to_have_text("€ 5,53")
    expect(page.locator("#rente .law-result")).to_be_in_viewport()


def test_the_periods_of_vat_back_are_walked_with_the_keyboard(site: Site, desk: Watched) -> None:
    page = desk.page
    page.goto(site.at("btw-terug/"))
    shown = page.locator("nav[aria-label=Tijdvak] strong")
    first = shown.inner_text()
    go_to(page, page.get_by_role("link", name="Volgend tijdvak"))
    page.keyboard.press("Enter")
    expect(shown).not_to_have_text(first)
    go_to(page, page.get_by_role("link", name="Vorig tijdvak"))
    page.keyboard.press("Enter")
    expect(shown).to_have_text(first)
    link = page.get_by_role("link", name="Download als CSV")
    go_to(page, link)
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".csv")
