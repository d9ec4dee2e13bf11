"""The pictures of the pages in docs/images, made from a demo that is running.

    python -m tests.docs.pictures LINK

LINK is the one-time sign-in link that `make demo` prints. The people in the demo are invented.
"""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, sync_playwright
from tests.browser.conftest import FLAGS, NAMES

FOLDER = Path(__file__).parents[2] / "docs" / "images"
WIDTH, HEIGHT = 1280, 900
BAKERY, PHYSIOTHERAPIST = "krakeling", "beweeg"
CUSTOMER = "10015"


def main(link: str) -> None:
    """Each picture anew; what they show is said in its address."""
    place = urlsplit(link)
    site = f"{place.scheme}://{place.netloc}"
    with _browsing(link) as page:
        _take(page, f"{site}/{BAKERY}/vandaag/", "today")
        page.emulate_media(color_scheme="dark")
        _take(page, f"{site}/{BAKERY}/vandaag/", "today-dark")
        page.emulate_media(color_scheme="light")
        _take(page, f"{site}/{BAKERY}/debiteuren/{CUSTOMER}/", "debtor", height=1350)
        sent = page.get_by_role("link", name="bekijk precies wat er in staat").first
        message = str(sent.get_attribute("href"))
        _take(page, f"{site}/{PHYSIOTHERAPIST}/betalingen/voorstellen/", "matching")
        _take(page, f"{site}{message}", "message")


@contextmanager
def _browsing(link: str) -> Iterator[Page]:
    found = next(path for name in NAMES if (path := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=[*FLAGS, "--no-sandbox"])
        page = browser.new_page(color_scheme="light", reduced_motion="reduce")
        page.goto(link)
        page.get_by_role("button", name="Aanmelden").click()
        page.wait_for_load_state("networkidle")
        yield page
        browser.close()


def _take(page: Page, address: str, name: str, *, height: int = HEIGHT) -> None:
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png")


if __name__ == "__main__":
    main(sys.argv[1])
