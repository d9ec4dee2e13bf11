"""Loading a page again sends nothing again, and still says what became of it."""

from pathlib import Path

from playwright.sync_api import Request, expect
from tests.browser.conftest import Site, Watched
from tests.browser.test_walks import LIST


def test_an_import_is_not_sent_again(site: Site, desk: Watched, tmp_path: Path) -> None:
    file = tmp_path / "posten.csv"
    file.write_text(LIST.replace("W-", "S-"), encoding="utf-8")
    page, sent = desk.page, []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.url)

    page.on("request", note)
    page.goto(site.at("import/"))
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Breng binnen").click()
    expect(page.get_by_role("heading", name="Klopt dit?")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Bekijk opnieuw met deze kolommen").click()
    expect(page.get_by_role("heading", name="Klopt dit?")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Breng 1 factuur binnen").click()
    expect(page.get_by_text("1 nieuw")).to_be_visible()
    page.reload()
    expect(page.get_by_text("1 nieuw")).to_be_visible()
    expect(page.get_by_text("31-02-2026").first).to_be_visible()
    assert sent == [site.at("import/"), site.at("import/voorbeeld/"), site.at("import/voorbeeld/")]


def test_a_form_with_a_mistake_is_not_sent_again(site: Site, desk: Watched) -> None:
    page, sent = desk.page, []
    page.goto(site.at("instellingen/"))
    page.get_by_label("IBAN", exact=True).fill("NL00BANK0000000000")
    page.get_by_label("IBAN", exact=True).press("Enter")
    expect(page.get_by_text("Dit IBAN klopt niet.").first).to_be_visible()
    page.on("request", lambda one: sent.append(one.method))
    page.reload()
    expect(page.get_by_role("heading", name="Instellingen", level=1)).to_be_visible()
    assert "POST" not in sent
    # The browser itself reports the answer to the form as an error.
    desk.complaints.clear()
