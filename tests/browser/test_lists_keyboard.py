"""Lists, a debtor, the import, the settings and the mailbox without a mouse, wide and narrow."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.conftest import Site, Watched, watch
from tests.browser.test_keyboard import tab_to

WIDTHS = (1280, 390)


@pytest.fixture(params=WIDTHS)
def at_width(
    request: pytest.FixtureRequest, browser: Browser, signed_in_state: dict[str, object]
) -> Iterator[Watched]:
    context = browser.new_context(
        storage_state=signed_in_state,  # type: ignore[arg-type]
        viewport={"width": request.param, "height": 844},
        locale="nl-NL",
    )
    watched = watch(context)
    yield watched
    context.close()
    assert watched.complaints == []


@pytest.mark.parametrize(
    ("path", "last"),
    [
        ("debiteuren/", "Café De Zwarte Ruiter"),
        ("facturen/", "F-0-6"),
        ("debiteuren/1004/", "Toetsen"),
        ("import/", "Breng binnen"),
        ("instellingen/", "Werkdagen dat een telefoontje open blijft"),
        ("berichten/?tab=all", "Alles"),
    ],
)
def test_tab_comes_everywhere_in_sight(site: Site, at_width: Watched, path: str, last: str) -> None:
    at_width.page.goto(site.at(path))
    tab_to(at_width.page, last)


def test_j_and_k_go_along_the_rows_and_enter_opens_one(site: Site, at_width: Watched) -> None:
    page = at_width.page
    page.goto(site.at("debiteuren/?tab=all"))
    names = page.locator("table.list tbody td.name a").all_inner_texts()
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert find_focus(page) == names[1]
    page.keyboard.press("k")
    assert find_focus(page) == names[0]
    page.keyboard.press("k")
    assert find_focus(page) == names[0]
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(names[1])
    page.go_back()
    page.keyboard.press("k")
    assert find_focus(page) == names[-1]


def test_search_from_anywhere_and_escape_leaves_it(site: Site, desk: Watched) -> None:
    page = desk.page
    page.goto(site.at("instellingen/"))
    page.keyboard.press("/")
    page.wait_for_url("**/debiteuren/#zoek")
    search = page.get_by_role("searchbox")
    expect(search).to_be_focused()
    page.keyboard.type("zwarte")
    page.keyboard.press("Enter")
    expect(page.locator("table.list tbody tr")).to_have_count(1)
    page.keyboard.press("Control+K")
    expect(search).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(search).not_to_be_focused()
    page.keyboard.press("j")
    assert find_focus(page) == "Café De Zwarte Ruiter"


def test_single_keys_can_be_switched_off(site: Site, desk: Watched) -> None:
    page = desk.page
    page.goto(site.at("debiteuren/?tab=all"))
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Toetsen")).to_be_visible()
    tab_to(page, "Losse toetsen gebruiken")
    page.keyboard.press("Space")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog", name="Toetsen")).to_be_hidden()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('table')") is None
    page.keyboard.press("Control+K")
    expect(page.get_by_role("searchbox")).to_be_focused()


def find_focus(page: Page) -> str:
    """What the thing with the focus says."""
    return str(page.evaluate("document.activeElement.textContent")).strip()
