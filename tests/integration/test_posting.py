"""The true day of posting, proof of receipt, and what they do with costs and last days."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.test import Client
from tests.integration.office import at, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    LAST_DAY,
    LETTER_ON,
    letter_of,
    lines,
    live,
    make_pupil,
    make_school,
)

from tijdig.core.problem import Refusal
from tijdig.dunning.actions.notices import note_receipt
from tijdig.dunning.actions.postings import note_posting
from tijdig.dunning.models import Notice
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

REMINDER_ON = date(2026, 3, 9)
POSTED_ON = date(2026, 3, 27)
# Received on 31 March, so fourteen days until 14 April.
MOVED_DAY = date(2026, 4, 14)


@pytest.fixture
def school(database: None) -> UUID:
    """A school whose pupil's letter was printed on the 24th of March."""
    administration = make_school()
    take_in(administration, make_record(due_on=DUE_ON, debtor=make_pupil()))
    live(administration, REMINDER_ON, LETTER_ON)
    return administration


def post(administration: UUID, printed_on: date, posted_on: date, *, today: date) -> int:
    with administration_scope(administration):
        return note_posting(
            printed_on=printed_on, posted_on=posted_on, today=today, now=at(today), actor="Sanne"
        )


def notice_of(administration: UUID, kind: str) -> tuple[date, date | None, date | None]:
    with administration_scope(administration):
        one = Notice.objects.filter(kind=kind).order_by("id")[0]
        return one.sent_on, one.received_on, one.last_day


def test_a_later_posting_moves_the_last_day_and_the_costs(school: UUID) -> None:
    assert post(school, LETTER_ON, POSTED_ON, today=POSTED_ON) == 1
    found = notice_of(school, "veertiendagenbrief")
    assert found == (POSTED_ON, date(2026, 3, 31), MOVED_DAY)
    live(school, LETTER_ON + timedelta(days=1), MOVED_DAY)
    assert lines(school) == []
    later = MOVED_DAY + timedelta(days=1)
    live(school, later, later)
    assert lines(school) == [("costs", 4_000, later)]


def test_the_day_of_printing_moves_nothing(school: UUID) -> None:
    assert post(school, LETTER_ON, LETTER_ON, today=LETTER_ON) == 1
    found = notice_of(school, "veertiendagenbrief")
    assert found == (LETTER_ON, date(2026, 3, 26), LAST_DAY)
    live(school, LETTER_ON + timedelta(days=1), DEMAND_ON)
    assert lines(school) == [("costs", 4_000, DEMAND_ON)]


def test_costs_that_came_too_early_are_taken_back(school: UUID) -> None:
    live(school, LETTER_ON + timedelta(days=1), DEMAND_ON)
    assert lines(school) == [("costs", 4_000, DEMAND_ON)]
    post(school, LETTER_ON, POSTED_ON, today=DEMAND_ON)
    assert lines(school) == [("costs", 0, DEMAND_ON)]


def test_a_notice_of_default_gives_as_many_days_as_it_named(school: UUID) -> None:
    before = notice_of(school, "ingebrekestelling")
    assert post(school, REMINDER_ON, date(2026, 3, 11), today=LETTER_ON) == 1
    sent_on, _, last_day = notice_of(school, "ingebrekestelling")
    assert (before[0], before[2]) == (REMINDER_ON, date(2026, 3, 16))
    assert (sent_on, last_day) == (date(2026, 3, 11), date(2026, 3, 18))


def test_a_proof_of_receipt_is_stronger_than_a_day_of_posting(school: UUID) -> None:
    live(school, LETTER_ON + timedelta(days=1), POSTED_ON)
    with administration_scope(school):
        told = {"note": "Aangetekend 3S1", "today": POSTED_ON, "now": at(POSTED_ON)}
        note_receipt(letter_of(school), received_on=POSTED_ON, actor="Sanne", **told)  # type: ignore[arg-type]
    before = notice_of(school, "veertiendagenbrief")
    post(school, LETTER_ON, date(2026, 3, 26), today=POSTED_ON)
    assert notice_of(school, "veertiendagenbrief") == before


@pytest.mark.parametrize("posted_on", [LETTER_ON - timedelta(days=1), date(2026, 4, 1)])
def test_never_before_the_printing_nor_ahead(school: UUID, posted_on: date) -> None:
    with pytest.raises(Refusal, match="Kies een dag vanaf dan"):
        post(school, LETTER_ON, posted_on, today=POSTED_ON)
    with administration_scope(school):
        assert not Message.objects.exclude(posted_on=None).exists()


def test_the_pages_ask_and_keep_it(school: UUID) -> None:
    live(school, LETTER_ON + timedelta(days=1), POSTED_ON)
    browser, slug = sign_in(make_person(school)), slug_of(school)
    assert unposted_today(browser, slug) == 2
    page = browser.get(f"/{slug}/berichten/post/").content.decode()
    assert "1 brief van 24 maart 2026" in page
    assert 'value="2026-03-24"' in page
    wrong = {"printed_on": "2026-03-24", "posted_on": "gisteren"}
    assert browser.post(f"/{slug}/berichten/post/", wrong).status_code == 422
    told = {"printed_on": "2026-03-24", "posted_on": "2026-03-27"}
    assert browser.post(f"/{slug}/berichten/post/", told).status_code == 302
    page = browser.get(f"/{slug}/berichten/post/").content.decode()
    assert "24 maart 2026" not in page
    assert "1 brief van 9 maart 2026" in page
    assert unposted_today(browser, slug) == 1
    letter = f"/{slug}/berichten/{letter_of_in_scope(school)}/"
    page = browser.get(letter).content.decode()
    assert "31 maart 2026, zoals de post bezorgt" in page
    assert "14 april 2026" in page
    receipt = {"received_on": "2026-04-02", "note": "Aangetekend 3S1"}
    assert browser.post(f"{letter}ontvangst/", receipt).status_code == 302
    page = browser.get(letter).content.decode()
    assert "2 april 2026, bewezen door een mens: Aangetekend 3S1" in page
    assert browser.post(f"{letter}ontvangst/", {"received_on": ""}).status_code == 302
    assert browser.post(f"/{slug}/berichten/{school}/ontvangst/", receipt).status_code == 404


def test_vandaag_asks_until_the_day_of_posting_is_known(school: UUID) -> None:
    browser, slug = sign_in(make_person(school)), slug_of(school)
    page = browser.get(f"/{slug}/vandaag/").content.decode()
    assert "De veertien dagen lopen pas als een brief echt is gepost." in page
    for printed_on in (REMINDER_ON, LETTER_ON):
        post(school, printed_on, printed_on, today=LETTER_ON)
    assert unposted_today(browser, slug) == 0
    assert "echt is gepost" not in browser.get(f"/{slug}/vandaag/").content.decode()


def unposted_today(browser: Client, slug: str) -> int:
    """The count that Vandaag shows with a link to the page where posting is told; nil without."""
    page = browser.get(f"/{slug}/vandaag/").content.decode()
    link = f'<a href="/{slug}/berichten/post/"><span class="cause-count">'
    return int(page.partition(link)[2].partition("<")[0] or 0)


def letter_of_in_scope(administration: UUID) -> UUID:
    with administration_scope(administration):
        return letter_of(administration)
