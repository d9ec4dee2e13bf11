"""Working off proposals with the keyboard only, and without any script."""

import re

from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import Site, Watched


def waiting(page: Page) -> int:
    """How many lines the list shows."""
    return page.locator(".match-lines li").count()


def test_proposals_are_worked_off_by_keys_alone(site: Site, desk: Watched) -> None:
    page = desk.page
    page.goto(site.at("betalingen/voorstellen/"))
    expect(page.locator(".match-words mark").first).to_have_text(re.compile("100[345]"))
    count = waiting(page)
    first = page.url

    page.keyboard.press("j")
    expect(page.locator(".match-lines li").nth(1).locator("a")).to_have_attribute(
        "aria-current", "true"
    )
    page.keyboard.press("k")
    expect(page.locator(".match-lines li").nth(0).locator("a")).to_have_attribute(
        "aria-current", "true"
    )
    assert page.url != first

    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("De betaling is gekoppeld.")).to_be_visible()
    assert waiting(page) == count - 1

    page.keyboard.press("u")
    expect(page.get_by_text("Ongedaan gemaakt.")).to_be_visible()
    assert waiting(page) == count

    page.keyboard.press("n")
    page.keyboard.type("eerst bellen")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("De notitie is bewaard.")).to_be_visible()
    expect(page.get_by_label("Notitie bij deze regel")).to_have_value("eerst bellen")

    page.keyboard.press("s")
    page.keyboard.type("20,00")
    expect(page.locator("[data-rest]")).to_have_text(re.compile(r"€\s[345]0,00"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("De betaling is verdeeld.")).to_be_visible()
    assert waiting(page) == count - 1

    page.keyboard.press("i")
    page.keyboard.type("geld van een ander")
    page.keyboard.press("Enter")
    expect(page.get_by_text("De regel is terzijde gelegd.")).to_be_visible()
    assert waiting(page) == count - 2
    page.keyboard.press("u")
    expect(page.get_by_text("Ongedaan gemaakt.")).to_be_visible()


def test_the_page_works_without_script(
    site: Site, browser: Browser, signed_in_state: dict[str, object]
) -> None:
    context = browser.new_context(
        storage_state=signed_in_state,  # type: ignore[arg-type]
        java_script_enabled=False,
        viewport={"width": 360, "height": 800},
    )
    page = context.new_page()
    page.goto(site.at("betalingen/voorstellen/"))
    count = waiting(page)
    page.get_by_role("button", name="Koppel").click()
    expect(page.get_by_text("De betaling is gekoppeld.")).to_be_visible()
    assert waiting(page) == count - 1
    page.get_by_role("button", name="Ongedaan maken").first.click()
    expect(page.get_by_text("Ongedaan gemaakt.")).to_be_visible()
    context.close()
