"""The pages around a run by keyboard alone: Tab shows where one is, Enter does it."""

from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import Site, Watched, serving
from tests.integration.books import make_payment, make_statement, take
from tests.integration.desk_day import desk_today
from tests.integration.office import at, make_administration, make_debtor, make_record, take_in
from tests.integration.people import make_person, slug_of

from tijdig.config.translations import compile_translations
from tijdig.core.calendar import is_working_day
from tijdig.dunning.actions.kept_dry_runs import look_and_compare
from tijdig.dunning.actions.run import run
from tijdig.tenants.scope import administration_scope

MOST_TABS = 90
TODAY = desk_today()
_FOCUS = """() => {
    const one = document.activeElement;
    if (one === document.body) return {name: '', seen: true, marked: true};
    const box = one.getBoundingClientRect();
    const label = one.labels && one.labels.length ? one.labels[0].textContent : '';
    const style = getComputedStyle(one);
    return {
        name: (label || one.textContent || one.getAttribute('aria-label') || '').trim(),
        seen: box.width > 0 && box.top >= 0 && box.bottom <= innerHeight + 1,
        // The browser itself marks the parts of a date and a time.
        marked: style.outlineStyle !== 'none' || ['date', 'time'].includes(one.type),
    };
}"""


def find_run_day() -> date:
    """Today, or the working day before it."""
    day = TODAY
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


RUN_ON = find_run_day()


@pytest.fixture(scope="module")
def office(database: None) -> UUID:
    """A dry run of three reminders, then a payment, then the first run: it asks."""
    compile_translations()
    administration = make_administration(sending=True, guards={"asks_first": True})
    for number in ("1001", "1002", "1003"):
        debtor = make_debtor(number, name=f"Klant {number}", email=f"klant{number}@example.nl")
        late = make_record(f"2026-{number}", due_on=RUN_ON - timedelta(days=6), debtor=debtor)
        take_in(administration, late, today=RUN_ON - timedelta(days=20))
    with administration_scope(administration):
        look_and_compare(day=RUN_ON, now=at(RUN_ON))
    paid = make_statement(make_payment(12_100, "2026-1002", on=RUN_ON))
    take(administration, paid, day=RUN_ON)
    run(administration, today=RUN_ON, now=at(RUN_ON))
    return administration


@pytest.fixture(scope="module")
def site(office: UUID) -> Iterator[Site]:
    owner = make_person(office)
    with serving() as address:
        yield Site(address, slug_of(office), owner.email, "", office, office, office)


def tab_to(page: Page, name: str) -> None:
    """Go on with Tab until the thing of this name has the focus; each stop is to be seen."""
    passed = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        focus = page.evaluate(_FOCUS)
        assert focus["marked"], f"nothing shows that the focus is on {focus['name']!r}"
        assert focus["seen"], f"the focus is on {focus['name']!r}, out of sight"
        if name in focus["name"]:
            return
        passed.append(focus["name"])
    raise AssertionError(f"Tab never comes to {name!r}, only to {passed}")


def test_the_dry_run_and_what_became_of_it(site: Site, desk: Watched) -> None:
    page = desk.page
    page.goto(site.at("berichten/"))
    tab_to(page, "Proefdraaien")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Proefdraaien")).to_be_visible()
    page.goto(site.at(f"proefdraaien/?dag={RUN_ON}"))
    compared = page.get_by_role("region", name="Vergeleken met de echte run")
    expect(compared.get_by_text("Van die 3 stappen deed de run er 2 precies zo.")).to_be_visible()
    expect(compared.get_by_role("link", name="Klant")).to_have_count(1)
    expect(compared.get_by_text("Niets gedaan: er staat niets open.")).to_be_visible()
    tab_to(page, "Klant 1002")
    tab_to(page, "Gaat niet uit")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Gaat niet uit")).to_have_attribute("aria-current", "page")


def test_the_guards(site: Site, desk: Watched) -> None:
    page = desk.page
    page.goto(site.at("instellingen/bewaking/"))
    tab_to(page, "mail nog kunt tegenhouden")
    page.keyboard.press("Control+A")
    page.keyboard.type("8")
    page.keyboard.press("Enter")
    expect(page.get_by_text("De bewaking is gewijzigd.")).to_be_visible()
    page.goto(site.at("instellingen/bewaking/"))
    expect(page.get_by_label("Minuten dat u mail nog kunt tegenhouden")).to_have_value("8")
    expect(page.get_by_label("in euro")).to_have_value("25000,00")
    expect(page.get_by_label("Mail gaat uit vanaf")).to_have_value("00:00")


def test_the_question_of_a_run(site: Site, desk: Watched) -> None:
    page = desk.page
    page.goto(site.at("vandaag/"))
    tab_to(page, "Alles tegenhouden")
    page.keyboard.press("Enter")
    page.wait_for_load_state()
    expect(page.get_by_role("button", name="Alles tegenhouden")).to_have_count(0)
