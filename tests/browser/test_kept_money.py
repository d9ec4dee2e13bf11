"""A walk with money kept for a customer: from the payment to its end, and back."""

from playwright.sync_api import expect
from tests.browser.conftest import Site, Watched
from tests.browser.everybody import NOTHING, find_wrong


def keep_money(site: Site, desk: Watched) -> None:
    """The first payment that waits, kept whole for customer 1004; ends on its page."""
    page = desk.page
    page.goto(site.at("betalingen/voorstellen/?zoek=1004"))
    keeping = page.locator("details:has(summary[data-match=t])")
    if keeping.get_attribute("open") is None:
        keeping.locator("summary").click()
    page.locator("input[name=debtor][type=radio]").first.check()
    page.get_by_role("button", name="Bewaar als tegoed").click()
    expect(page.get_by_text("De betaling is bewaard als tegoed.")).to_be_visible()
    page.goto(site.at("bijzonderheden/?tab=money"))
    page.locator(".case-lines").get_by_role("link", name="Bekijk").last.click()


def test_kept_money_ends_and_comes_back(site: Site, desk: Watched) -> None:
    page = desk.page
    keep_money(site, desk)
    address = page.url
    page.get_by_role("button", name="Terugbetaald").click()
    expect(page.get_by_text("Vastgelegd.")).to_be_visible()
    expect(page.get_by_text("Tegoed terugbetaald")).to_be_visible()
    page.get_by_role("link", name="het tegoed").first.click()
    assert page.url == address
    expect(page.get_by_text("alles is verrekend of terugbetaald")).to_be_visible()
    page.get_by_role("button", name="Maak ongedaan").click()
    expect(page.get_by_text("Tegoed staat weer")).to_be_visible()


def test_its_page_is_for_everybody(site: Site, desk: Watched) -> None:
    page = desk.page
    page.goto(site.at("bijzonderheden/?tab=money"))
    links = page.locator(".case-lines").get_by_role("link", name="Bekijk")
    if links.count() == 0:
        keep_money(site, desk)
    else:
        links.last.click()
    assert find_wrong(page) == NOTHING
    # axe itself tries inline styles; what it provokes is not the page's.
    desk.complaints.clear()
