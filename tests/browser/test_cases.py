"""A walk: a dispute from the debtor's page stops the reminder, says why, and lets it go on."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.conftest import Site, Watched, watch
from tests.integration.desk_day import desk_today


def test_a_dispute_is_recorded_seen_answered_and_remembered(site: Site, desk: Watched) -> None:
    page = desk.page
    page.goto(site.at("debiteuren/1003/"))
    page.get_by_text("Leg vast").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Betwisting").click()
    page.get_by_label("Waarover").select_option("not_ordered")
    page.get_by_label("Wat zegt de debiteur").fill("Nooit besteld")
    page.get_by_role("button", name="Vastleggen").press("Enter")
    expect(page.get_by_text("De betwisting is vastgelegd.")).to_be_visible()
    expect(page.get_by_text("Betwisting vastgelegd")).to_be_visible()
    expect(page.get_by_text("niet besteld").first).to_be_visible()
    page.goto(site.at("vandaag/"))
    page.get_by_role("link", name="Betwisting wacht op antwoord").click()
    page.get_by_role("link", name="Bekijk").first.click()
    page.get_by_label("Antwoord, met de reden").fill("Wel besteld op 3 februari")
    page.get_by_role("button", name="Afwijzen").click()
    expect(page.get_by_text("Betwisting afgewezen", exact=True)).to_be_visible()
    expect(page.get_by_text("Sanne de Vries").first).to_be_visible()


def test_a_plan_shows_its_terms_before_it_is_agreed(site: Site, desk: Watched) -> None:
    page = desk.page
    page.goto(site.at("debiteuren/1005/bijzonderheden/regeling/"))
    page.get_by_label("Eerste termijn op").fill(f"{desk_today() + timedelta(days=9)}")
    page.get_by_role("button", name="Reken uit").click()
    expect(page.get_by_role("heading", name="Zo wordt")).to_be_visible()
    page.get_by_role("button", name="Vastleggen").click()
    expect(page.get_by_text("De regeling is vastgelegd.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_pages_of_cases_are_for_everybody(
    site: Site, browser: Browser, signed_in_state: dict[str, object], width: int, scheme: str
) -> None:
    from axe_playwright_python.sync_playwright import Axe
    from tests.browser.test_access import RULES

    context = browser.new_context(
        storage_state=signed_in_state,  # type: ignore[arg-type]
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    watched = watch(context)
    found = {}
    kinds = "toezegging regeling betwisting reden uitstel pauze reactie situatie".split()
    paths = ["bijzonderheden/", "bijzonderheden/pauze/", "debiteuren/1003/"]
    for path in [*paths, *(f"debiteuren/1004/bijzonderheden/{kind}/" for kind in kinds)]:
        watched.page.goto(site.at(path))
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= width, path
        violations = Axe().run(watched.page, options={"runOnly": RULES, "preload": False})
        for one in violations.response["violations"]:
            found[path] = (one["id"], one["nodes"][0]["html"])
    context.close()
    assert found == {}
