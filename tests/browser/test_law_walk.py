"""A consumer owes costs after a letter that was sent and expired; not when the letter failed."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import expect
from tests.browser.conftest import Site, Watched


@pytest.fixture(scope="module", autouse=True)
def school(site: Site) -> str:
    """The address of a school, before the browser starts.

    Three parents got their letter really and let it expire, one had it back by post first. The
    letter of one more, who has a copy by e-mail too, gives less time than the law asks.
    """
    from tests.integration.mail import mail_sink
    from tests.integration.office import at, make_record, take_in
    from tests.integration.people import slug_of
    from tests.integration.test_consumer_costs import (
        DEMAND_ON,
        DUE_ON,
        LETTER_ON,
        live,
        make_pupil,
        make_school,
    )

    from tijdig.dunning.actions.answers import answer_message
    from tijdig.messaging.models import Message
    from tijdig.tenants.actions import let_in, make_user
    from tijdig.tenants.scope import administration_scope

    administration = make_school()
    for number in ("2001", "2002", "2003", "2004"):
        record = make_record(f"F-{number}", due_on=DUE_ON, debtor=make_pupil(number))
        take_in(administration, record)
    send_wrong_letter(administration)
    with administration_scope(administration):
        let_in(make_user(site.email), role="owner")
        letter = Message.objects.get(step_key="veertiendagenbrief", debtor__number="2003")
        told = {"today": LETTER_ON, "now": at(LETTER_ON), "actor": "Sanne"}
        answer_message(letter.id, told="came_back", **told)  # type: ignore[arg-type]
    with mail_sink():
        live(administration, LETTER_ON, DEMAND_ON - timedelta(days=1))
        live(administration, DEMAND_ON, DEMAND_ON, posts=False)
    return f"{site.address}/{slug_of(administration)}"


def send_wrong_letter(administration: UUID) -> None:
    """Live until the letters go; that of one parent, and all others, really go out."""
    from tests.integration.mail import mail_sink
    from tests.integration.office import at, make_record, take_in
    from tests.integration.test_consumer_costs import (
        DUE_ON,
        LETTER_ON,
        live,
        make_pupil,
        read_bank,
    )
    from tests.integration.test_void_letters import FLAWS, change_words

    from tijdig.dunning.actions.days import send
    from tijdig.dunning.actions.run import run
    from tijdig.tenants.scope import administration_scope

    pupil = replace(make_pupil("2005"), email="ouder5@example.nl")
    take_in(administration, make_record("F-2005", due_on=DUE_ON, debtor=pupil))
    with mail_sink() as sink:
        live(administration, date(2026, 3, 9), LETTER_ON - timedelta(days=1))
        read_bank(administration, LETTER_ON - timedelta(days=1))
        run(administration, today=LETTER_ON, now=at(LETTER_ON))
        with administration_scope(administration):
            change_words("2005", *FLAWS["term_too_short"])
        send(administration, today=LETTER_ON, clock=lambda: at(LETTER_ON))
        assert any("ouder5@example.nl" in one.recipient for one in sink.stored)


def test_a_consumer_owes_the_costs_of_the_decree_after_an_expired_letter(
    school: str, desk: Watched
) -> None:
    page = desk.page
    page.goto(f"{school}/debiteuren/2001/")
    costs = page.get_by_role("region", name="Kosten en rente")
    row = costs.get_by_role("row").filter(has_text="Incassokosten")
    expect(row).to_contain_text("BW 6:96 lid 5-6, Besluit BIK art. 2")
    expect(row).to_contain_text("€ 40,00")
    row.get_by_text("Hoe berekend?").click()
    expect(row).to_contain_text("niet betaald tot en met 13 april 2026")
    expect(page.get_by_text("€ 161,00").first).to_be_visible()
    row.get_by_role("button", name="Kwijtschelden").click()
    expect(page.get_by_text("Kwijtgescholden. De reden staat in de tijdlijn.")).to_be_visible()
    expect(costs.get_by_text("kwijtgescholden")).to_be_visible()


def test_a_consumer_whose_letter_came_back_owes_nothing_more(school: str, desk: Watched) -> None:
    page = desk.page
    page.goto(f"{school}/debiteuren/2003/")
    costs = page.get_by_role("region", name="Kosten en rente")
    expect(costs.get_by_text("Er zijn geen kosten of rente gevraagd.")).to_be_visible()
    expect(page.get_by_text("€ 121,00").first).to_be_visible()
    expect(page.get_by_text("€ 161,00")).to_have_count(0)


def test_a_consumer_whose_letter_was_wrong_owes_nothing_more(school: str, desk: Watched) -> None:
    page = desk.page
    page.goto(f"{school}/debiteuren/2005/")
    costs = page.get_by_role("region", name="Kosten en rente")
    expect(costs.get_by_text("Er zijn geen kosten of rente gevraagd.")).to_be_visible()
    expect(page.get_by_text("€ 161,00")).to_have_count(0)
    page.goto(f"{school}/berichten/?tab=gone&q=2005")
    letters = page.get_by_role("row").filter(has_text="Veertiendagenbrief")
    letters.last.get_by_role("link").first.click()
    in_law = page.get_by_role("region", name="Wat dit bericht betekent in de wet")
    expect(in_law.get_by_text("een te korte termijn")).to_be_visible()
    expect(in_law.get_by_text("Ruimte voor late post")).to_be_visible()


def test_a_letter_that_comes_back_later_takes_the_costs_back(school: str, desk: Watched) -> None:
    page = desk.page
    page.goto(f"{school}/berichten/?tab=gone&q=2002")
    page.get_by_role("row").filter(has_text="Veertiendagenbrief").get_by_role("link").first.click()
    page.get_by_role("button", name="Het kwam terug").click()
    page.goto(f"{school}/debiteuren/2002/")
    costs = page.get_by_role("region", name="Kosten en rente")
    expect(costs.get_by_text("ingetrokken")).to_be_visible()
    expect(costs.get_by_role("button", name="Kwijtschelden")).to_have_count(0)


def test_the_letters_of_a_day_are_posted_in_one_action_by_keyboard(
    school: str, desk: Watched
) -> None:
    page = desk.page
    page.goto(f"{school}/berichten/")
    page.get_by_role("link", name="Brieven op de post").click()
    batch = page.get_by_role("form", name="Brieven van 14 april 2026")
    batch.get_by_label("Gepost op").fill("2026-04-14")
    batch.get_by_label("Gepost op").press("Enter")
    expect(page.get_by_text("zijn gepost.").first).to_be_visible()
    # What was paid since was not taken along: it is thrown away, each by its own button.
    discards = page.get_by_role("button", name="Niet gepost, weggegooid")
    for left in range(discards.count() - 1, -1, -1):
        discards.first.press("Enter")
        expect(discards).to_have_count(left)
    expect(page.get_by_text("Van alle geprinte brieven is bekend")).to_be_visible()


def test_a_letter_that_was_posted_later_takes_the_costs_back(school: str, desk: Watched) -> None:
    page = desk.page
    page.goto(f"{school}/berichten/?tab=gone&q=2004")
    page.get_by_role("row").filter(has_text="Veertiendagenbrief").get_by_role("link").first.click()
    page.get_by_text("Op welke dag is deze brief gepost?").click()
    page.get_by_label("Gepost op").fill("2026-03-27")
    page.get_by_role("button", name="Op deze dag gepost").click()
    expect(page.get_by_text("31 maart 2026, zoals de post bezorgt").first).to_be_visible()
    page.get_by_text("Bewijs van ontvangst vastleggen").click()
    page.get_by_label("Ontvangen op").fill("2026-04-02")
    page.get_by_label("Waaruit blijkt dat?").fill("Aangetekend 3S1")
    page.get_by_role("button", name="Vastleggen").click()
    # The letter itself, and the interruption that it is too.
    expect(page.get_by_text("bewezen door een mens: Aangetekend 3S1").first).to_be_visible()
    page.goto(f"{school}/debiteuren/2004/")
    costs = page.get_by_role("region", name="Kosten en rente")
    expect(costs.get_by_text("ingetrokken")).to_be_visible()
