"""An accountant without a Wki registration: what waits for the creditor's own staff."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Site, Watched


@pytest.fixture(scope="module", autouse=True)
def client(site: Site) -> str:
    """The address of a client of an accountant; the owner at the desk is the accountant's."""
    from tests.integration.desk_day import desk_today
    from tests.integration.office import at, make_administration, make_record, take_in
    from tests.integration.people import slug_of

    from tijdig.core.calendar import previous_working_day
    from tijdig.dunning.actions.run import run
    from tijdig.tenants.actions import let_in, make_user
    from tijdig.tenants.scope import administration_scope

    administration = make_administration(sending=True)
    today = previous_working_day(desk_today())
    take_in(administration, make_record("F-1", due_on=today - timedelta(days=6)))
    with administration_scope(administration):
        let_in(make_user(site.email), role="owner", for_creditor=False)
        from tijdig.tenants.actions import change_organisation

        change_organisation({"kind": "accountant", "name": "Kantoor De Balans"})
    run(administration, today=today, now=at(today))
    return f"{site.address}/{slug_of(administration)}"


def test_a_message_waits_until_the_creditors_own_staff_release_it(
    client: str, desk: Watched
) -> None:
    page = desk.page
    page.goto(f"{client}/vandaag/")
    page.get_by_role("link", name="Wacht op de schuldeiser zelf").click()
    expect(page.get_by_text("wacht op iemand van de schuldeiser zelf")).to_be_visible()
    expect(page.get_by_role("button", name="Alsnog versturen")).to_have_count(0)
    page.goto(f"{client}/debiteuren/1001/waarom/")
    expect(page.get_by_text("iemand van de schuldeiser zelf het vrijgeeft").first).to_be_visible()
    page.goto(f"{client}/instellingen/")
    page.get_by_role("region", name="Wie int er").get_by_role("link").click()
    expect(page.get_by_label("Naam van wie voor de schuldeiser int")).to_have_value(
        "Kantoor De Balans"
    )
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Bewaren").click()
    expect(page.get_by_text("Vastgelegd. Iedereen wordt opnieuw bekeken.")).to_be_visible()
    page.goto(f"{client}/berichten/vragen/")
    page.get_by_role("button", name="Geef 1 bericht vrij").click()
    expect(page.get_by_text("1 bericht is vrijgegeven.")).to_be_visible()
