"""Every page for everybody, by `find_wrong`."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect
from tests.browser.conftest import Site, Watched, watch
from tests.browser.everybody import NOTHING, find_wrong

PAGES = [
    "today",
    "debtors",
    "debtor",
    "why",
    "contact",
    "cost-agreement",
    "interest-agreement",
    "interest-terms",
    "law-settings",
    "standing-term",
    "invoices",
    "invoice",
    "limitation",
    "new-interruption",
    "vat-refunds",
    "payments",
    "proposals",
    "match-limit",
    "messages",
    "message",
    "released",
    "imports",
    "import",
    "settings",
    "sending",
    "questions",
    "dry-run",
    "guards",
    "acting",
    "posting",
    "policy-update",
]
OF_DEBTOR = frozenset(
    "debtor why contact cost-agreement interest-agreement standing-term new-interruption".split()
)
DOORS = ("/aanmelden/", "/aanmelden/geen-token/", "/wet/")
CALCULATED = (
    "?reken=rente&principal=1200&kind=statutory&due_on=2015-11-10&paid_on=2026-01-15&compound=yes"
)
BREAK = """
() => {
  const line = document.createElement("p");
  line.textContent = "Te breed en te donker";
  line.style.minWidth = "900px";
  line.style.color = "#333";
  line.style.background = "var(--paper)";
  document.querySelector("main").append(document.createElement("img"), line);
}
"""


def find_address(site: Site, page: str) -> str:
    """Where a page stands, with a row of this office in it."""
    wanted: dict[str, object] = {}
    if page in OF_DEBTOR:
        wanted = {"number": "1004"}
    elif page == "invoice":
        wanted = {"number": "F-4-44"}
    elif page == "message":
        wanted = {"message_id": site.waiting_message_id}
    elif page == "released":
        page, wanted = "message", {"message_id": site.released_message_id}
    elif page == "import":
        wanted = {"import_id": site.import_id}
    return site.address + reverse(page, kwargs={"slug": site.slug, **wanted})


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_for_everybody(
    site: Site, browser: Browser, signed_in_state: dict[str, object], name: str
) -> None:
    context = browser.new_context(storage_state=signed_in_state)  # type: ignore[arg-type]
    watched = watch(context)
    page = watched.page
    answer = page.goto(find_address(site, name))
    expect(page.locator("[hx-trigger=load] > a")).to_have_count(0)
    complaints = list(watched.complaints)
    wrong = find_wrong(page)
    title = page.title()
    context.close()
    assert answer is not None
    assert answer.status == 200
    assert wrong == NOTHING
    assert complaints == []
    assert re.fullmatch(r".+ · Tijdig", title)


def test_the_doors_are_for_everybody(site: Site, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    wrong = {}
    for path in (*DOORS, f"/wet/{CALCULATED}"):
        page.goto(site.address + path)
        wrong[path] = find_wrong(page)
    context.close()
    assert wrong == dict.fromkeys(wrong, NOTHING)


@pytest.mark.parametrize("width", [1280, 360])
def test_the_law_is_for_everybody_without_scripts(site: Site, browser: Browser, width: int) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(site.address + "/wet/")
    interest = page.locator("#rente")
    interest.get_by_label("Bedrag, in euro").fill("1.000,00")
    interest.get_by_label("Laatste dag om te betalen").fill("2024-12-15")
    interest.get_by_label("Dag van betaling").fill("2025-01-15")
    interest.get_by_role("button").click()
    expect(page.locator("#rente .law-result dd strong")).to_have_text("€ 5,53")
    context.close()


def test_what_is_wrong_on_a_screen_is_told_with_it(site: Site, desk: Watched) -> None:
    """Broken on purpose: an image without a word, a line for wide screens, in a dark colour."""
    desk.page.goto(site.at("instellingen/"))
    desk.page.evaluate(BREAK)
    wrong = find_wrong(desk.page)
    told = {screen: sorted(one["rule"] for one in found) for screen, found in wrong.items()}
    assert told == {
        (1280, "light"): ["image-alt"],
        (1280, "dark"): ["color-contrast", "image-alt"],
        (360, "light"): ["image-alt", "no wider than the screen"],
        (360, "dark"): ["color-contrast", "image-alt", "no wider than the screen"],
    }
    # axe itself tries inline styles; what it provokes is not the page's.
    desk.complaints.clear()
