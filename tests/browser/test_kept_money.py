"""A walk with money kept for a customer: from the payment to its end, and back."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from tests.browser.conftest import Site, Watched, watch
from tests.browser.test_access import RULES


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_its_page_is_for_everybody(
    site: Site,
    browser: Browser,
    signed_in_state: dict[str, object],
    width: int,
    scheme: str,
) -> None:
    context = browser.new_context(
        storage_state=signed_in_state,  # type: ignore[arg-type]
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    watched = watch(context)
    page = watched.page
    page.goto(site.at("bijzonderheden/?tab=money"))
    links = page.locator(".case-lines").get_by_role("link", name="Bekijk")
    if links.count() == 0:
        keep_money(site, watched)
    else:
        links.last.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options={"runOnly": RULES, "preload": False}).response["violations"]
    context.close()
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
