"""What happened while a printed letter lay in the tray: it no longer says what is true."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.mail import SmtpSink
from tests.integration.office import at, make_record, take_in
from tests.integration.people import make_person, sign_in, slug_of
from tests.integration.test_consumer_costs import (
    DEMAND_ON,
    DUE_ON,
    LETTER_ON,
    letter_of,
    lines,
    live,
    make_pupil,
    make_school,
    read_bank,
    sent,
)
from tests.integration.test_more_time import extend
from tests.integration.test_posting import post, shown_on, void_of

from tijdig.cases.actions import extensions, plans
from tijdig.cases.models import Extension, Plan
from tijdig.dunning.actions.postings import correct_posting, discard
from tijdig.dunning.models import Notice
from tijdig.dunning.queries.tray import find_outdated
from tijdig.ledger.models import ClaimLine, Debtor, Entry, Invoice
from tijdig.messaging import queries
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

NEXT = LETTER_ON + timedelta(days=1)
POSTED_ON = LETTER_ON + timedelta(days=2)
DAY = timedelta(days=1)


@pytest.fixture
def school(database: None) -> UUID:
    """A school whose pupil's letter about € 121,00 was printed on the 24th and lies in the tray."""
    administration = make_school()
    take_in(administration, make_record(due_on=DUE_ON, debtor=make_pupil()))
    live(administration, date(2026, 3, 9), LETTER_ON - DAY)
    live(administration, LETTER_ON, LETTER_ON, posts=False)
    return administration


def extend_and_take_back(school: UUID) -> None:
    """More time on the 25th until 30 April, taken back on 10 April; all days up to the 14th."""
    taken_back_on = date(2026, 4, 10)
    live(school, POSTED_ON + DAY, taken_back_on - DAY)
    with administration_scope(school):
        told = {"today": taken_back_on, "now": at(taken_back_on), "actor": "Sanne"}
        extensions.withdraw(Extension.objects.get().id, **told)  # type: ignore[arg-type]
    live(school, taken_back_on, DEMAND_ON)


def letters_to(school: UUID) -> list[tuple[date, str]]:
    return [(day, step) for day, step, _ in sent(school) if not step.startswith("plan-")]


@pytest.mark.parametrize("posted_on", [LETTER_ON, NEXT, POSTED_ON])
def test_a_letter_posted_after_more_time_was_given_brings_no_costs(
    school: UUID, posted_on: date
) -> None:
    live(school, NEXT, NEXT, posts=False)
    with administration_scope(school):
        extend(NEXT)
    live(school, POSTED_ON, POSTED_ON, posts=False)
    post(school, LETTER_ON, posted_on, today=POSTED_ON)
    extend_and_take_back(school)
    assert lines(school) == []
    assert letters_to(school) == [
        (date(2026, 3, 9), "reminder"),
        (LETTER_ON, "veertiendagenbrief"),
        (DEMAND_ON, "veertiendagenbrief_2"),
    ]


def test_a_posting_that_is_put_right_does_not_make_an_overtaken_letter_valid(school: UUID) -> None:
    live(school, NEXT, NEXT, posts=False)
    with administration_scope(school):
        extend(NEXT)
    live(school, POSTED_ON, POSTED_ON, posts=False)
    post(school, LETTER_ON, NEXT, today=POSTED_ON)
    with administration_scope(school):
        told = {"today": POSTED_ON, "now": at(POSTED_ON), "actor": "Sanne"}
        correct_posting(letter_of(school), posted_on=POSTED_ON, **told)  # type: ignore[arg-type]
    extend_and_take_back(school)
    assert lines(school) == []
    assert letters_to(school)[-1] == (DEMAND_ON, "veertiendagenbrief_2")


def test_a_letter_posted_after_a_plan_was_agreed_brings_no_costs(school: UUID) -> None:
    live(school, NEXT, NEXT, posts=False)
    with administration_scope(school):
        plans.agree(
            debtor_id=Debtor.objects.get().id,
            invoice_ids=[Invoice.objects.get().id],
            count=3,
            first_on=date(2026, 4, 1),
            today=NEXT,
            now=at(NEXT),
            actor="Sanne",
        )
    live(school, POSTED_ON, POSTED_ON, posts=False)
    post(school, LETTER_ON, POSTED_ON, today=POSTED_ON)
    live(school, POSTED_ON + DAY, date(2026, 4, 20))
    with administration_scope(school):
        assert Plan.objects.get().state == "broken"
    assert lines(school) == []
    assert [step for _, step in letters_to(school)] == [
        "reminder",
        "veertiendagenbrief",
        "veertiendagenbrief_2",
    ]


def owe(administration: UUID, *, cents: int = 100_000) -> None:
    """A pupil's letter of the 24th about this much lies in the tray."""
    take_in(administration, make_record(cents=cents, due_on=DUE_ON, debtor=make_pupil()))
    live(administration, date(2026, 3, 9), LETTER_ON - DAY)
    live(administration, LETTER_ON, LETTER_ON, posts=False)


def pay(administration: UUID, cents: int, on: date) -> None:
    """Money of the pupil on a day, read and matched on the next."""
    with administration_scope(administration):
        reference = Message.objects.get(step_key="veertiendagenbrief").payment_reference
    read_bank(administration, on, (cents, reference))
    with administration_scope(administration):
        assert Entry.objects.filter(kind="paid", cents=-cents, on=on).exists()


def live_until_costs(administration: UUID, first: date, last: date) -> None:
    day = first
    while day <= last and not lines(administration):
        live(administration, day, day)
        day += DAY


@pytest.mark.parametrize("paid_on", [LETTER_ON, NEXT])
def test_a_letter_that_asked_too_much_on_its_day_of_posting_brings_no_costs(
    database: None, paid_on: date
) -> None:
    school = make_school()
    owe(school)
    pay(school, 60_000, paid_on)
    live(school, NEXT, POSTED_ON, posts=False)
    post(school, LETTER_ON, POSTED_ON, today=POSTED_ON)
    assert void_of(school) == ["owed_less"]
    live_until_costs(school, POSTED_ON + DAY, date(2026, 5, 20))
    assert letters_to(school)[2][1] == "veertiendagenbrief_2"
    # Over € 400,00, by the second letter, which asked no more than that.
    assert [(kind, cents) for kind, cents, _ in lines(school)] == [("costs", 6_000)]
    with administration_scope(school):
        second = Notice.objects.get(
            message__step_key="veertiendagenbrief_2", kind="veertiendagenbrief"
        )
        assert (second.amount_cents, second.void_because) == (40_000, "")
        assert ClaimLine.objects.get().message_id == second.message_id


def test_money_of_the_day_of_posting_itself_leaves_the_letter_right(database: None) -> None:
    school = make_school()
    owe(school)
    pay(school, 60_000, NEXT)
    post(school, LETTER_ON, NEXT, today=NEXT)
    assert void_of(school) == [""]


def test_a_credit_note_before_the_posting_makes_the_letter_void(database: None) -> None:
    school = make_school()
    owe(school)
    credit = make_record("C-1", cents=-60_000, due_on=NEXT, issued_on=NEXT, debtor=make_pupil())
    take_in(school, credit, today=NEXT)
    post(school, LETTER_ON, date(2026, 3, 26), today=date(2026, 3, 26))
    assert void_of(school) == ["owed_less"]


def test_a_posting_that_is_put_right_is_held_against_what_was_owed_by_then(
    database: None,
) -> None:
    school = make_school()
    owe(school)
    pay(school, 60_000, NEXT)
    told = {"today": POSTED_ON, "now": at(POSTED_ON), "actor": "Sanne"}
    post(school, LETTER_ON, NEXT, today=POSTED_ON)
    assert void_of(school) == [""]
    with administration_scope(school):
        correct_posting(letter_of(school), posted_on=POSTED_ON, **told)  # type: ignore[arg-type]
    assert void_of(school) == ["owed_less"]
    with administration_scope(school):
        correct_posting(letter_of(school), posted_on=LETTER_ON, **told)  # type: ignore[arg-type]
    assert void_of(school) == [""]


@pytest.fixture
def tray(database: None) -> UUID:
    """Letters of three pupils of the 9th, and one of the 16th; the first has paid on the 17th."""
    administration = make_school()
    for number in ("1001", "1002", "1003"):
        record = make_record(f"F-{number}", due_on=DUE_ON, debtor=make_pupil(number))
        take_in(administration, record)
    record = make_record("F-2", due_on=date(2026, 3, 9), debtor=make_pupil("1009"))
    take_in(administration, record)
    live(administration, date(2026, 3, 9), date(2026, 3, 16), posts=False)
    with administration_scope(administration):
        reference = Message.objects.get(debtor__number="1001").payment_reference
    read_bank(administration, date(2026, 3, 17), (12_100, reference))
    return administration


def test_the_page_sets_apart_what_was_paid_and_posts_it_only_where_it_is_ticked(
    tray: UUID,
) -> None:
    browser, address = sign_in(make_person(tray)), f"/{slug_of(tray)}/berichten/post/"
    with administration_scope(tray):
        paid, other, kept, _ = Message.objects.order_by("debtor__number").values_list(
            "id", flat=True
        )
    page = browser.get(address).content.decode()
    assert "betaald of gewijzigd: niet posten" in page
    assert f'name="after_all" value="{paid}"' in page
    assert f'name="but_not" value="{paid}"' not in page
    # All days at once shows every name, and takes out what is ticked.
    all_at_once = page.partition('aria-labelledby="alle"')[2].partition("</form>")[0]
    assert f'name="but_not" value="{kept}"' in all_at_once
    shown = shown_on(page)
    told = {"posted_on": "2026-03-24", "but_not": [f"{kept}"], "shown": shown}
    assert browser.post(address, told).status_code == 302
    with administration_scope(tray):
        waiting = Message.objects.filter(posted_on=None).values_list("id", flat=True)
        assert set(waiting) == {paid, kept}
        assert Message.objects.get(id=other).posted_on == date(2026, 3, 24)
    ticked = {"printed_on": "2026-03-09", "posted_on": "2026-03-09", "after_all": [f"{paid}"]}
    assert (
        browser.post(address, {**ticked, "but_not": [f"{kept}"], "shown": shown}).status_code == 302
    )
    with administration_scope(tray):
        assert Message.objects.get(id=paid).posted_on == date(2026, 3, 9)
        assert Message.objects.get(id=kept).posted_on is None


def test_what_does_not_fit_on_the_page_waits_for_the_next(
    tray: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "LETTERS_SHOWN", 3)
    browser, address = sign_in(make_person(tray)), f"/{slug_of(tray)}/berichten/post/"
    page = browser.get(address).content.decode()
    assert "Alle 3 brieven tegelijk" in page
    assert "Er wacht nog 1 brief." in page
    told = {"posted_on": "2026-03-24", "shown": shown_on(page)}
    assert browser.post(address, told).status_code == 302
    with administration_scope(tray):
        assert Message.objects.filter(posted_on=None).count() == 2
    page = browser.get(address).content.decode()
    assert "Er wacht nog" not in page


def test_where_all_are_set_apart_and_none_is_ticked_the_page_says_so(tray: UUID) -> None:
    browser, address = sign_in(make_person(tray)), f"/{slug_of(tray)}/berichten/post/"
    with administration_scope(tray):
        paid = Message.objects.get(debtor__number="1001").id
    told = {"printed_on": "2026-03-09", "posted_on": "2026-03-09", "shown": f"{paid}"}
    page = browser.post(address, told, follow=True).content.decode()
    assert "van deze brieven is er geen gepost" in page
    assert "wachten geen brieven meer" not in page
    with administration_scope(tray):
        assert Message.objects.get(id=paid).posted_on is None


def test_a_letter_that_is_thrown_away_leaves_the_list_and_brings_nothing(tray: UUID) -> None:
    browser, slug = sign_in(make_person(tray)), slug_of(tray)
    with administration_scope(tray):
        paid = Message.objects.get(debtor__number="1001").id
    address = f"/{slug}/berichten/{paid}/weggegooid/"
    assert browser.post(address).status_code == 302
    page = browser.get(f"/{slug}/berichten/post/").content.decode()
    assert "betaald of gewijzigd" not in page
    assert "Ouder 1001" not in page
    with administration_scope(tray):
        letter = Message.objects.get(id=paid)
        assert (letter.state, letter.reason) == ("cancelled", "discarded")
        told = set(Notice.objects.filter(message_id=paid).values_list("proof", "void_because"))
        assert told == {("printed", "discarded")}
    shown = browser.get(f"/{slug}/berichten/{paid}/").content.decode()
    assert "niet gepost, weggegooid" in shown
    page = browser.post(address, follow=True).content.decode()
    assert "ligt niet meer te wachten op de post" in page
    assert browser.post(f"/{slug}/berichten/{tray}/weggegooid/").status_code == 404


def test_who_was_told_by_mail_of_a_letter_that_is_thrown_away_is_named(
    database: None, sink: SmtpSink
) -> None:
    school = make_school()
    pupils = (make_pupil("1001", email="ouder@example.nl"), make_pupil("1002"))
    numbers = ("F-1", "F-2")
    for number, pupil in zip(numbers, pupils, strict=True):
        take_in(school, make_record(number, due_on=DUE_ON, debtor=pupil))
    live(school, date(2026, 3, 9), LETTER_ON - timedelta(days=1))
    live(school, LETTER_ON, LETTER_ON, posts=False)
    browser, slug = sign_in(make_person(school)), slug_of(school)
    with administration_scope(school):
        letters = Message.objects.filter(phase="veertiendagenbrief", channel="letter")
        ids = dict(letters.values_list("debtor__number", "id"))
    shown = {
        number: browser.post(f"/{slug}/berichten/{ids[number]}/weggegooid/", follow=True)
        for number in ("1001", "1002")
    }
    told = "De klant kreeg al een e-mail dat deze brief komt"
    assert [told in page.content.decode() for page in shown.values()] == [True, False]


def test_who_was_given_more_time_gets_the_same_step_anew_after_his_letter_was_thrown_away(
    school: UUID,
) -> None:
    live(school, NEXT, NEXT, posts=False)
    with administration_scope(school):
        extend(NEXT)
        assert find_outdated([letter_of(school)], today=NEXT) == {letter_of(school): "stopped"}
        discard(letter_of(school), today=NEXT, now=at(NEXT), actor="Sanne")
        assert find_outdated([letter_of(school)], today=NEXT) == {}
    extend_and_take_back(school)
    assert letters_to(school)[-1][1] == "veertiendagenbrief"
    assert [state for _, _, state in sent(school)] == ["accepted", "cancelled", "accepted"]
