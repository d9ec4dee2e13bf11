"""A walk through two days: a dispute keeps tomorrow's reminder in, and closing it lets it go."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default
from uuid import UUID

import pytest
from django.db import connection
from playwright.sync_api import expect
from tests.browser.conftest import Site, Watched, serving
from tests.faults.smtp_sink import SmtpSink
from tests.integration.desk_day import desk_today
from tests.integration.mail import mail_sink
from tests.integration.office import at, make_administration, make_record, take_in
from tests.integration.people import make_person, slug_of

from tijdig.config.translations import compile_translations
from tijdig.core.calendar import add_working_days, next_working_day
from tijdig.core.case_steps import ANSWER_TERM_DAYS
from tijdig.dunning.actions.days import live_one_day

TODAY = desk_today()
TOMORROW = next_working_day(TODAY + timedelta(days=1))
DAY_AFTER = next_working_day(TOMORROW + timedelta(days=1))
# The term of the answer is over, and the statement of its last day was read.
RESUMED = add_working_days(DAY_AFTER + timedelta(days=ANSWER_TERM_DAYS), 1)
NUMBER = "2026-0412"


@pytest.fixture(scope="module")
def office(database: None) -> UUID:
    """Sending is on; one invoice, of which the reminder is due tomorrow and not before."""
    compile_translations()
    administration = make_administration(sending=True)
    late = make_record(NUMBER, due_on=TOMORROW - timedelta(days=5))
    take_in(administration, late, today=TODAY - timedelta(days=20))
    return administration


@pytest.fixture(scope="module")
def site(office: UUID) -> Iterator[Site]:
    owner = make_person(office)
    with serving() as address:
        yield Site(address, slug_of(office), owner.email, "", office, office, office)


def live(office: UUID, day: date, sink: SmtpSink) -> list[str]:
    """The run of a day and its sending; the subjects of all that the mail server truly got.

    On a thread of its own: the browser's loop keeps this one from the database.
    """

    def do() -> None:
        live_one_day(office, today=day, now=at(day))
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(do).result()
    return [message_from_bytes(one[2], policy=default)["Subject"] for one in sink.stored]


def test_a_dispute_stops_the_reminder_of_tomorrow_and_closing_it_resumes(
    site: Site, desk: Watched, office: UUID
) -> None:
    page = desk.page
    debtor = site.at("debiteuren/1001/")
    with mail_sink() as sink:
        assert live(office, TODAY, sink) == []
        page.goto(site.at(f"proefdraaien/?dag={TOMORROW}"))
        expect(page.get_by_role("row", name="Café Voorbeeld")).to_contain_text("Herinnering")
        page.goto(debtor)
        page.get_by_text("Leg vast").click()
        page.get_by_role("link", name="Betwisting").click()
        page.get_by_label("Waarover").select_option("not_ordered")
        page.get_by_label("Wat zegt de debiteur").fill("Nooit besteld")
        page.get_by_role("button", name="Vastleggen").click()
        expect(page.get_by_text("Betwisting vastgelegd")).to_be_visible()

        assert live(office, TOMORROW, sink) == []
        page.goto(debtor)
        said = f"factuur {NUMBER} is betwist voor € 121,00 (niet besteld)"
        expect(page.get_by_role("region", name="Tijdlijn")).to_contain_text(said)
        page.goto(site.at(f"debiteuren/1001/waarom/?dag={TOMORROW}"))
        expect(page.get_by_role("main")).to_contain_text(said)

        page.goto(debtor)
        page.get_by_role("link", name="Bekijk").first.click()
        page.get_by_label("Antwoord, met de reden").fill("Wel besteld op 3 februari")
        page.get_by_role("button", name="Afwijzen").click()
        expect(page.get_by_text("Betwisting afgewezen", exact=True)).to_be_visible()

        # The answer goes first, and he gets a week for it.
        (answer,) = live(office, DAY_AFTER, sink)
        assert answer.startswith(f"Ons antwoord over factuur {NUMBER}")
        page.goto(site.at(f"debiteuren/1001/waarom/?dag={DAY_AFTER}"))
        expect(page.get_by_role("main")).to_contain_text("Antwoord op het bezwaar over factuur")

        # Then the first reminder, for none went before; not a firmer one for the days that passed.
        assert live(office, RESUMED - timedelta(days=1), sink) == [answer]
        (_, subject) = live(office, RESUMED, sink)
        assert subject.startswith(f"Herinnering factuur {NUMBER}")
        page.goto(debtor)
        expect(page.get_by_role("main")).to_contain_text("Herinnering")
        page.goto(site.at(f"debiteuren/1001/waarom/?dag={RESUMED}"))
        expect(page.get_by_role("main")).to_contain_text("Herinnering per e-mail")
    assert desk.complaints == []
