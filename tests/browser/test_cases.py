"""A walk: a dispute from the debtor's page stops the reminder, says why, and lets it go on."""

from datetime import timedelta

from playwright.sync_api import expect
from tests.browser.conftest import Site, Watched
from tests.browser.everybody import NOTHING, find_wrong
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


def test_the_pages_of_cases_are_for_everybody(site: Site, desk: Watched) -> None:
    wrong = {}
    kinds = "toezegging regeling betwisting reden uitstel pauze reactie situatie".split()
    paths = ["bijzonderheden/", "bijzonderheden/pauze/", "debiteuren/1003/"]
    for path in [*paths, *(f"debiteuren/1004/bijzonderheden/{kind}/" for kind in kinds)]:
        desk.page.goto(site.at(path))
        wrong[path] = find_wrong(desk.page)
    assert wrong == dict.fromkeys(wrong, NOTHING)
    # axe itself tries inline styles; what it provokes is not the page's.
    desk.complaints.clear()
