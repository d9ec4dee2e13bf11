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
from tijdig.dunning.actions.postings import correct_posting, note_posting, note_posting_of_all
from tijdig.dunning.models import Call, Decision, Notice
from tijdig.dunning.queries.outcomes import count_undecided
from tijdig.messaging.models import Message
from tijdig.messaging.queries import list_unposted
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
    live(administration, REMINDER_ON, LETTER_ON - timedelta(days=1))
    live(administration, LETTER_ON, LETTER_ON, posts=False)
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


def test_a_posting_within_the_margin_keeps_the_day_of_the_letter(school: UUID) -> None:
    posted_on = LETTER_ON + timedelta(days=1)
    assert post(school, LETTER_ON, posted_on, today=posted_on) == 1
    found = notice_of(school, "veertiendagenbrief")
    assert found == (posted_on, date(2026, 3, 27), LAST_DAY)
    live(school, posted_on, DEMAND_ON)
    assert lines(school) == [("costs", 4_000, DEMAND_ON)]


def test_a_posting_after_which_the_letter_names_too_early_a_day_makes_it_void(
    school: UUID,
) -> None:
    assert post(school, LETTER_ON, POSTED_ON, today=POSTED_ON) == 1
    found = notice_of(school, "veertiendagenbrief")
    assert found == (POSTED_ON, date(2026, 3, 31), MOVED_DAY)
    assert void_of(school) == ["posted_late"]
    live(school, POSTED_ON + timedelta(days=1), MOVED_DAY + timedelta(days=2))
    assert lines(school) == []
    with administration_scope(school):
        assert Message.objects.order_by("-id")[0].step_key == "veertiendagenbrief_2"


def test_the_day_of_printing_moves_nothing(school: UUID) -> None:
    assert post(school, LETTER_ON, LETTER_ON, today=LETTER_ON) == 1
    found = notice_of(school, "veertiendagenbrief")
    assert found == (LETTER_ON, date(2026, 3, 26), LAST_DAY)
    live(school, LETTER_ON + timedelta(days=1), DEMAND_ON)
    assert lines(school) == [("costs", 4_000, DEMAND_ON)]


def test_a_letter_that_nobody_said_was_posted_brings_nothing(school: UUID) -> None:
    live(school, LETTER_ON + timedelta(days=1), DEMAND_ON)
    assert notice_of(school, "veertiendagenbrief") == (LETTER_ON, None, LAST_DAY)
    assert lines(school) == []
    assert last_decision(school) == ("not_posted", None)
    with administration_scope(school):
        assert [one.step_key for one in Message.objects.order_by("id")] == [
            "reminder",
            "veertiendagenbrief",
        ]


def test_costs_follow_once_somebody_says_when_it_was_posted(school: UUID) -> None:
    live(school, LETTER_ON + timedelta(days=1), DEMAND_ON, posts=False)
    assert post(school, LETTER_ON, LETTER_ON, today=DEMAND_ON) == 1
    later = DEMAND_ON + timedelta(days=1)
    live(school, later, later)
    assert lines(school) == [("costs", 4_000, later)]


def test_a_reminder_that_was_not_posted_puts_nobody_in_default(database: None) -> None:
    administration = make_school()
    take_in(administration, make_record(due_on=DUE_ON, debtor=make_pupil()))
    live(administration, REMINDER_ON, LETTER_ON, posts=False)
    assert last_decision(administration) == ("not_posted", None)
    with administration_scope(administration):
        assert [one.step_key for one in Message.objects.order_by("id")] == ["reminder"]
    assert post(administration, REMINDER_ON, LETTER_ON, today=LETTER_ON) == 1
    live(administration, LETTER_ON + timedelta(days=1), date(2026, 4, 10))
    with administration_scope(administration):
        call = Call.objects.get()
        keys = [one.step_key for one in Message.objects.order_by("id")]
    # Seven days to pay, from the day of posting; the call that nobody made lapses after five more.
    assert (call.asked_on, call.state) == (date(2026, 4, 1), "lapsed")
    # It named the 16th and came on the 26th, so it gave no term: he is reminded anew.
    assert keys == ["reminder", "reminder_again"]


def test_a_last_demand_that_was_not_posted_is_not_over(school: UUID) -> None:
    post(school, LETTER_ON, LETTER_ON, today=LETTER_ON)
    live(school, LETTER_ON + timedelta(days=1), DEMAND_ON - timedelta(days=1))
    live(school, DEMAND_ON, date(2026, 5, 15), posts=False)
    assert last_decision(school) == ("not_posted", None)
    with administration_scope(school):
        assert count_undecided() == 0
    posted_on = date(2026, 5, 15)
    post(school, DEMAND_ON, posted_on, today=posted_on)
    with administration_scope(school):
        pay_by_on = Message.objects.get(step_key="last_demand").pay_by_on
    assert pay_by_on is not None
    over_on = pay_by_on + (posted_on - DEMAND_ON) + timedelta(days=1)
    live(school, posted_on + timedelta(days=1), over_on - timedelta(days=1))
    with administration_scope(school):
        assert count_undecided() == 0
    live(school, over_on, over_on)
    with administration_scope(school):
        assert count_undecided() == 1


def test_a_posting_that_was_said_wrongly_is_corrected(school: UUID) -> None:
    post(school, LETTER_ON, LETTER_ON, today=LETTER_ON)
    live(school, LETTER_ON + timedelta(days=1), DEMAND_ON)
    assert lines(school) == [("costs", 4_000, DEMAND_ON)]
    told = {"today": DEMAND_ON, "now": at(DEMAND_ON), "actor": "Sanne"}
    with administration_scope(school):
        correct_posting(letter_of(school), posted_on=POSTED_ON, **told)  # type: ignore[arg-type]
    assert lines(school) == [("costs", 0, DEMAND_ON)]
    found = notice_of(school, "veertiendagenbrief")
    assert found == (POSTED_ON, date(2026, 3, 31), MOVED_DAY)
    assert void_of(school) == ["posted_late"]
    with administration_scope(school):
        correct_posting(letter_of(school), posted_on=LETTER_ON, **told)  # type: ignore[arg-type]
    found = notice_of(school, "veertiendagenbrief")
    assert found == (LETTER_ON, date(2026, 3, 26), LAST_DAY)
    assert void_of(school) == [""]


def test_a_letter_that_was_not_posted_after_all_takes_its_costs_back(school: UUID) -> None:
    post(school, LETTER_ON, LETTER_ON, today=LETTER_ON)
    live(school, LETTER_ON + timedelta(days=1), DEMAND_ON)
    browser, slug = sign_in(make_person(school)), slug_of(school)
    letter = f"/{slug}/berichten/{letter_of_in_scope(school)}/"
    assert "Toch niet gepost" in browser.get(letter).content.decode()
    assert browser.post(f"{letter}gepost/", {"not_posted": "yes"}).status_code == 302
    assert lines(school) == [("costs", 0, DEMAND_ON)]
    assert notice_of(school, "veertiendagenbrief") == (LETTER_ON, None, LAST_DAY)
    assert unposted_today(browser, slug) == 1
    assert "Toch niet gepost" not in browser.get(letter).content.decode()
    assert browser.post(f"{letter}gepost/", {"posted_on": "2026-03-24"}).status_code == 302
    assert notice_of(school, "veertiendagenbrief")[1] == date(2026, 3, 26)
    page = browser.post(f"{letter}gepost/", {"posted_on": "gisteren"}, follow=True)
    assert "Vul de dag in waarop de brief op de post ging." in page.content.decode()


def void_of(administration: UUID) -> list[str]:
    with administration_scope(administration):
        letters = Notice.objects.filter(kind="veertiendagenbrief").order_by("id")
        return list(letters.values_list("void_because", flat=True))


def last_decision(administration: UUID) -> tuple[str, date | None]:
    with administration_scope(administration):
        one = Decision.objects.order_by("-on", "-id")[0]
        return one.reason, one.next_look_on


def test_a_notice_of_default_gives_as_many_days_as_it_named(office: UUID) -> None:
    live(office, date(2026, 3, 10), date(2026, 3, 10), posts=False)
    assert notice_of(office, "ingebrekestelling") == (REMINDER_ON, None, date(2026, 3, 16))
    posted_on = date(2026, 3, 11)
    assert post(office, REMINDER_ON, posted_on, today=LETTER_ON) == 3
    received_on, last_day = date(2026, 3, 13), date(2026, 3, 18)
    assert notice_of(office, "ingebrekestelling") == (posted_on, received_on, last_day)


def test_what_a_person_leaves_out_goes_on_waiting(office: UUID) -> None:
    with administration_scope(office):
        kept = Message.objects.get(debtor__number="1002").id
        told = {"today": LETTER_ON, "now": at(LETTER_ON), "actor": "Sanne"}
        days = {"printed_on": REMINDER_ON, "posted_on": REMINDER_ON}
        assert note_posting(**days, but_not=[kept], **told) == 2  # type: ignore[arg-type]
        assert list_unposted() == ((REMINDER_ON, 1),)
        assert note_posting_of_all(posted_on=LETTER_ON, **told) == 1  # type: ignore[arg-type]
        assert list_unposted() == ()
        assert Message.objects.get(id=kept).posted_on == LETTER_ON
        with pytest.raises(Refusal, match="wachten geen brieven"):
            note_posting_of_all(posted_on=LETTER_ON, **told)  # type: ignore[arg-type]


def test_all_at_once_is_never_before_the_last_printing(office: UUID) -> None:
    record = make_record("F-2", due_on=REMINDER_ON, debtor=make_pupil("1009"))
    take_in(office, record, today=REMINDER_ON)
    live(office, date(2026, 3, 10), date(2026, 3, 16), posts=False)
    told = {"today": LETTER_ON, "now": at(LETTER_ON), "actor": "Sanne"}
    with administration_scope(office):
        assert [day for day, _ in list_unposted()] == [date(2026, 3, 16), REMINDER_ON]
        with pytest.raises(Refusal, match="geprint op 16 maart 2026"):
            note_posting_of_all(posted_on=REMINDER_ON, **told)  # type: ignore[arg-type]
        assert note_posting_of_all(posted_on=LETTER_ON, **told) == 4  # type: ignore[arg-type]


def test_the_page_posts_all_but_one_and_then_all(office: UUID) -> None:
    record = make_record("F-2", due_on=REMINDER_ON, debtor=make_pupil("1009"))
    take_in(office, record, today=REMINDER_ON)
    live(office, date(2026, 3, 10), date(2026, 3, 16), posts=False)
    browser, address = sign_in(make_person(office)), f"/{slug_of(office)}/berichten/post/"
    with administration_scope(office):
        kept = Message.objects.get(debtor__number="1002").id
    page = browser.get(address).content.decode()
    assert "Alle 4 brieven tegelijk" in page
    assert f'name="but_not" value="{kept}"' in page
    told = {"printed_on": "2026-03-09", "posted_on": "2026-03-10", "but_not": [f"{kept}"]}
    assert browser.post(address, told | {"shown": shown_on(page)}).status_code == 302
    page = browser.get(address).content.decode()
    assert "1 brief van 9 maart 2026" in page
    assert browser.post(address, {**told, "but_not": "x"}).status_code == 422
    assert browser.post(address, {**told, "shown": "x"}).status_code == 422
    rest = {"posted_on": "2026-03-16", "shown": shown_on(page)}
    assert browser.post(address, rest).status_code == 302
    assert "Van alle geprinte brieven is bekend" in browser.get(address).content.decode()


def shown_on(page: str) -> str:
    """The letters that the first form of the page names: where there are more, of every day."""
    return page.partition('name="shown" value="')[2].partition('"')[0]


def test_a_letter_that_was_not_on_the_page_is_not_told_posted(office: UUID) -> None:
    browser, address = sign_in(make_person(office)), f"/{slug_of(office)}/berichten/post/"
    page = browser.get(address).content.decode()
    record = make_record("F-2", due_on=REMINDER_ON, debtor=make_pupil("1009"))
    take_in(office, record, today=REMINDER_ON)
    live(office, date(2026, 3, 10), date(2026, 3, 16), posts=False)
    told = {"posted_on": "2026-03-16", "shown": shown_on(page)}
    assert browser.post(address, told).status_code == 302
    with administration_scope(office):
        assert list_unposted() == ((date(2026, 3, 16), 1),)
    page = browser.post(address, {"posted_on": "2026-03-16"}, follow=True).content.decode()
    assert "wachten geen brieven meer" in page
    with administration_scope(office):
        assert list_unposted() == ((date(2026, 3, 16), 1),)


@pytest.fixture
def office(database: None) -> UUID:
    """A school of three pupils whose reminders were printed on the 9th of March."""
    administration = make_school()
    for number in ("1001", "1002", "1003"):
        record = make_record(f"F-{number}", due_on=DUE_ON, debtor=make_pupil(number))
        take_in(administration, record)
    live(administration, REMINDER_ON, REMINDER_ON, posts=False)
    return administration


def test_a_proof_of_receipt_is_stronger_than_a_day_of_posting(school: UUID) -> None:
    live(school, LETTER_ON + timedelta(days=1), POSTED_ON, posts=False)
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
        assert list_unposted() == ((LETTER_ON, 1),)


def test_the_pages_ask_and_keep_it(school: UUID) -> None:
    live(school, LETTER_ON + timedelta(days=1), POSTED_ON, posts=False)
    browser, slug = sign_in(make_person(school)), slug_of(school)
    assert unposted_today(browser, slug) == 1
    page = browser.get(f"/{slug}/berichten/post/").content.decode()
    assert "1 brief van 24 maart 2026" in page
    assert 'value="2026-03-24"' in page
    letter = f"/{slug}/berichten/{letter_of_in_scope(school)}/"
    shown = browser.get(letter).content.decode()
    assert "geprint, nog niet als gepost gemeld" in shown
    wrong = {"printed_on": "2026-03-24", "posted_on": "gisteren"}
    assert browser.post(f"/{slug}/berichten/post/", wrong).status_code == 422
    told = {"printed_on": "2026-03-24", "posted_on": "2026-03-27", "shown": shown_on(page)}
    assert browser.post(f"/{slug}/berichten/post/", told).status_code == 302
    page = browser.get(f"/{slug}/berichten/post/").content.decode()
    assert "24 maart 2026" not in page
    assert unposted_today(browser, slug) == 0
    page = browser.get(letter).content.decode()
    assert 'name="posted_on" value="2026-03-27"' in page
    assert "31 maart 2026, zoals de post bezorgt" in page
    assert "14 april 2026" in page
    receipt = {"received_on": "2026-04-02", "note": "Aangetekend 3S1"}
    assert browser.post(f"{letter}ontvangst/", receipt).status_code == 302
    page = browser.get(letter).content.decode()
    assert "2 april 2026, bewezen door een mens: Aangetekend 3S1" in page
    assert browser.post(f"{letter}ontvangst/", {"received_on": ""}).status_code == 302
    assert browser.post(f"/{slug}/berichten/{school}/ontvangst/", receipt).status_code == 404


def test_a_letter_that_was_only_printed_is_not_called_sent(office: UUID) -> None:
    browser, slug = sign_in(make_person(office)), slug_of(office)
    with administration_scope(office):
        letter = Message.objects.get(debtor__number="1001").id
    pages = [f"/{slug}/debiteuren/1001/", f"/{slug}/berichten/{letter}/"]
    for page in pages:
        shown = browser.get(page).content.decode()
        assert "geprint, nog niet als gepost gemeld" in shown
        assert ">verstuurd<" not in shown
    post(office, REMINDER_ON, REMINDER_ON, today=REMINDER_ON)
    for page in pages:
        shown = browser.get(page).content.decode()
        assert "geprint, nog niet als gepost gemeld" not in shown
        assert ">verstuurd<" in shown


def test_vandaag_asks_until_the_day_of_posting_is_known(school: UUID) -> None:
    browser, slug = sign_in(make_person(school)), slug_of(school)
    page = browser.get(f"/{slug}/vandaag/").content.decode()
    assert "Tot u het zegt, telt de brief niet" in page
    post(school, LETTER_ON, LETTER_ON, today=LETTER_ON)
    assert unposted_today(browser, slug) == 0
    assert "telt de brief niet" not in browser.get(f"/{slug}/vandaag/").content.decode()


def unposted_today(browser: Client, slug: str) -> int:
    """The count that Vandaag shows with a link to the page where posting is told; nil without."""
    page = browser.get(f"/{slug}/vandaag/").content.decode()
    link = f'<a href="/{slug}/berichten/post/"><span class="cause-count">'
    return int(page.partition(link)[2].partition("<")[0] or 0)


def letter_of_in_scope(administration: UUID) -> UUID:
    with administration_scope(administration):
        return letter_of(administration)
