"""From a new installation to the first mail: turned on, asked first, taken back, and let go."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from playwright.sync_api import Page, expect
from tests.browser.conftest import Site, Watched, serving
from tests.faults.smtp_sink import SmtpSink
from tests.integration.desk_day import desk_today
from tests.integration.mail import mail_sink
from tests.integration.office import at, make_administration, make_debtor, make_record, take_in
from tests.integration.people import make_person, slug_of

from tijdig.config.translations import compile_translations
from tijdig.core.calendar import next_working_day
from tijdig.dunning.actions.days import live_one_day, send
from tijdig.messaging.actions.states import hold_all
from tijdig.tenants.actions import silence
from tijdig.tenants.scope import administration_scope

TODAY = desk_today()
TOMORROW = next_working_day(TODAY + timedelta(days=1))
DAY_AFTER = next_working_day(TOMORROW + timedelta(days=1))
NAMES = ("Café De Ruiter", "Bistro Zon")


@pytest.fixture(scope="module")
def office(database: None) -> UUID:
    """A new one: sending is off, the first run asks, and mail waits its five minutes.

    Two customers are due a reminder tomorrow and not before.
    """
    compile_translations()
    administration = make_administration(guards={"asks_first": True, "undo_minutes": 5})
    late = [
        make_record(
            f"2026-{place:04d}",
            due_on=TOMORROW - timedelta(days=5),
            cents=12_100 + place,
            debtor=make_debtor(f"{1001 + place}", name=name, email=f"inkoop{place}@example.nl"),
        )
        for place, name in enumerate(NAMES)
    ]
    take_in(administration, *late, today=TODAY - timedelta(days=20))
    return administration


@pytest.fixture(scope="module")
def site(office: UUID) -> Iterator[Site]:
    owner = make_person(office)
    with serving() as address:
        yield Site(address, slug_of(office), owner.email, "", office, office, office)


def live(office: UUID, now: datetime, sink: SmtpSink) -> list[str]:
    """The run of a day, or what is left of it, and its sending; who truly got mail so far.

    On a thread of its own: the browser's loop keeps this one from the database.
    """

    def do() -> None:
        live_one_day(office, today=now.date(), now=now)
        send(office, today=now.date(), clock=lambda: now)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(do).result()
    return [one.recipient for one in sink.stored]


def turn_on(page: Page, site: Site) -> None:
    """It is off in a new installation; the day before, Vandaag says whom it will write to."""
    page.goto(site.at("vandaag/"))
    expect(page.get_by_role("heading", name="Versturen staat uit")).to_be_visible()
    is_tomorrow = TODAY + timedelta(days=1) == TOMORROW
    heading = "Morgen gaan deze berichten uit" if is_tomorrow else "gaat dit uit"
    ahead = page.get_by_role("region", name=heading)
    expect(ahead).to_contain_text("alleen geoefend")
    page.get_by_role("link", name="Aanzetten").click()
    expect(page.get_by_text("Na het aanzetten gaan berichten echt naar")).to_be_visible()
    page.get_by_role("button", name="Zet versturen aan").click()
    expect(page.get_by_text("Versturen staat aan.")).to_be_visible()
    page.goto(site.at("vandaag/"))
    for name in NAMES:
        expect(ahead).to_contain_text(name)
    expect(ahead).to_contain_text("Wie eerder betaalt, krijgt niets")


def answer_question(page: Page, site: Site, button: str) -> None:
    """The first run that sends asks, with a sample of what it would send, and two buttons."""
    page.goto(site.at("vandaag/"))
    asked = page.get_by_role("region", name="Deze run is anders dan anders. Mag dit uit?")
    expect(asked).to_contain_text("Er staan 2 berichten klaar")
    expect(asked).to_contain_text("Dit is de eerste run die echt verstuurt.")
    for name, cents in zip(NAMES, ("€ 121,00", "€ 121,01"), strict=True):
        row = asked.get_by_role("listitem").filter(has_text=name)
        expect(row).to_contain_text(cents)
        expect(row).to_contain_text("Herinnering · e-mail")
    expect(asked.get_by_role("button")).to_have_count(2)
    asked.get_by_role("button", name=button).click()


def take_one_back(page: Page, site: Site) -> None:
    """Written, and five minutes to take it back."""
    page.goto(site.at("vandaag/"))
    going = page.get_by_role("region", name="gaan 2 berichten uit")
    expect(going).to_contain_text("inkoop0@example.nl")
    going.get_by_role("link", name=NAMES[0]).click()
    page.get_by_role("button", name="Houd tegen").click()
    expect(page.get_by_text("Het bericht is tegengehouden.")).to_be_visible()


def test_nothing_goes_out_before_a_person_said_so(site: Site, desk: Watched, office: UUID) -> None:
    page = desk.page
    with mail_sink() as sink:
        turn_on(page, site)
        assert live(office, at(TOMORROW), sink) == []
        answer_question(page, site, "Alles tegenhouden")
        expect(page.get_by_text("2 berichten zijn tegengehouden.")).to_be_visible()
        assert live(office, at(TOMORROW) + timedelta(hours=1), sink) == []

        # The next one asks again, and now it may.
        assert live(office, at(DAY_AFTER), sink) == []
        answer_question(page, site, "Toch versturen")
        expect(page.get_by_text("2 berichten gaan toch uit.")).to_be_visible()
        written = at(DAY_AFTER) + timedelta(minutes=10)
        assert live(office, written, sink) == []
        take_one_back(page, site)
        assert live(office, written + timedelta(minutes=4), sink) == []
        assert live(office, written + timedelta(minutes=6), sink) == ["inkoop1@example.nl"]
        assert live(office, written + timedelta(hours=2), sink) == ["inkoop1@example.nl"]

        # It waits for a person, who lets it go after all; once.
        page.goto(site.at("berichten/vragen/"))
        page.get_by_role("button", name="Alsnog versturen").click()
        expect(page.get_by_text("Het bericht gaat alsnog uit.")).to_be_visible()
        for hours in (3, 4):
            got = live(office, written + timedelta(hours=hours), sink)
        assert got == ["inkoop1@example.nl", "inkoop0@example.nl"]
    assert desk.complaints == []


def test_a_restored_installation_says_so_and_waits_for_its_owner(
    site: Site, desk: Watched, office: UUID
) -> None:
    def restore() -> None:
        with administration_scope(office):
            silence(because="restored")
            hold_all(reason="restored")
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(restore).result()
    page = desk.page
    page.goto(site.at("debiteuren/"))
    alarm = page.get_by_role("alert")
    expect(alarm).to_contain_text("Deze installatie is teruggezet of gekopieerd.")
    expect(alarm).to_contain_text("Versturen staat uit.")
    alarm.get_by_role("link", name="Versturen aanzetten").click()
    page.get_by_role("button", name="Zet versturen aan").click()
    expect(page.get_by_text("Versturen staat aan.")).to_be_visible()
    page.goto(site.at("vandaag/"))
    expect(page.get_by_role("heading", name="Versturen staat aan")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    assert desk.complaints == []
