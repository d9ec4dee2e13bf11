"""The page of a letter: its words as they are printed, on paper as on the screen."""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.test import override_settings
from tests.integration.mail import mail_sink
from tests.integration.office import at, make_administration, make_debtor, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_consumer_costs import (
    DUE_ON,
    LETTER_ON,
    letter_of,
    live,
    make_pupil,
    make_school,
)

from tijdig.core.calendar import format_day
from tijdig.core.law.veertiendagenbrief import compute_letter_days
from tijdig.dunning.actions.days import live_one_day
from tijdig.ledger.actions.posting import touch_debtors
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

DAY = date(2026, 3, 19)


@pytest.fixture
def school(database: None) -> UUID:
    """A school with a late invoice of a parent, up to the day before the letter about costs."""
    administration = make_school()
    take_in(administration, make_record(due_on=DUE_ON, debtor=make_pupil()))
    live(administration, date(2026, 3, 9), LETTER_ON - timedelta(days=1))
    return administration


def test_the_page_and_the_dry_run_show_a_letter_as_it_is_printed(school: UUID) -> None:
    browser, slug = sign_in(make_person(school)), slug_of(school)
    day = {"dag": f"{LETTER_ON}"}
    with administration_scope(school):
        number = Message.objects.values_list("debtor__number", flat=True)[0]
    foreseen = browser.get(f"/{slug}/proefdraaien/{number}/", day).content.decode()
    live(school, LETTER_ON, LETTER_ON)
    with administration_scope(school):
        letter_id = letter_of(school)
    page = browser.get(f"/{slug}/berichten/{letter_id}/").content.decode()
    for shown in (foreseen, page):
        assert "nadat deze brief bij u is bezorgd" in shown
        assert "e-mail bij u" not in shown
        assert "Beantwoord deze e-mail" not in shown


def test_the_page_shows_receipt_last_day_margin_and_date_apart(school: UUID) -> None:
    live(school, LETTER_ON, LETTER_ON + timedelta(days=1))
    with administration_scope(school):
        letter_id = letter_of(school)
        message = Message.objects.get(id=letter_id)
    days = compute_letter_days(LETTER_ON, by="post")
    assert message.pay_by_on == days.printed_on
    page = sign_in(make_person(school)).get(f"/{slug_of(school)}/berichten/{letter_id}/")
    in_law = page.content.decode().partition("Wat dit bericht betekent")[2]
    pairs = re.findall(r"<dt>([^<]*)</dt>\s*<dd>(.*?)</dd>", in_law)
    shown = {name: value.replace("\N{NO-BREAK SPACE}", " ") for name, value in pairs}
    last, printed = format_day(days.last_day_on, "nl"), format_day(days.printed_on, "nl")
    assert shown["Ontvangen"].startswith(f"{format_day(days.received_on, 'nl')}, ")
    assert (shown["Laatste dag volgens de wet"], shown["Dag in de brief"]) == (last, printed)
    assert shown["Ruimte voor late post"] == "3 dagen (onze keuze)"
    assert shown["Laatste dag die telt"] == printed
    assert last != printed


def test_a_copy_by_mail_is_a_copy_of_the_letter(database: None) -> None:
    administration = make_school()
    pupil = replace(make_pupil(), email="ouder@example.nl")
    take_in(administration, make_record(due_on=DUE_ON, debtor=pupil))
    with mail_sink():
        live(administration, date(2026, 3, 9), LETTER_ON)
    with administration_scope(administration):
        kinds = set(Message.objects.values_list("phase", "channel"))
        number = Message.objects.values_list("debtor__number", flat=True)[0]
    assert kinds >= {("veertiendagenbrief", "letter"), ("copy", "email")}
    browser = sign_in(make_person(administration))
    page = browser.get(f"/{slug_of(administration)}/debiteuren/{number}/").content.decode()
    assert "Kopie van de brief per e-mail" in page


def test_letters_that_cannot_be_stored_are_named_as_letters(database: None, tmp_path: Path) -> None:
    administration = make_administration(sending=True)
    by_post = replace(make_debtor(), email="")
    take_in(administration, make_record(debtor=by_post))
    no_folder = tmp_path / "full"
    no_folder.write_text("")
    with override_settings(PRINT_FOLDER=no_folder):
        live_one_day(administration, today=DAY, now=at(DAY))
    browser = sign_in(make_person(administration))
    today = browser.get(f"/{slug_of(administration)}/vandaag/").content.decode()
    assert "Brieven komen niet in de printmap" in today
    assert "Mail gaat nu niet uit" not in today


def test_why_names_the_messages_with_legal_effect(school: UUID) -> None:
    live(school, LETTER_ON, LETTER_ON + timedelta(days=1))
    with administration_scope(school):
        number, debtor_id = Message.objects.values_list("debtor__number", "debtor_id")[0]
        touch_debtors([debtor_id])
    day = LETTER_ON + timedelta(days=2)
    live(school, day, day)
    address = f"/{slug_of(school)}/debiteuren/{number}/waarom/"
    page = sign_in(make_person(school)).get(address, {"dag": f"{day}"}).content.decode()
    table = page.partition("Berichten met gevolgen in de wet")[2].partition("</table>")[0]
    assert "Telt niet" in table
    assert "Ingebrekestelling" in table
    assert "Veertiendagenbrief" in table
    assert "None" not in table
