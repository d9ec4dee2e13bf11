"""A consumer from invoice to costs: only after a letter that was right, arrived and expired."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db.models import Max
from tests.faults.smtp_sink import SmtpSink
from tests.integration.books import make_payment, take
from tests.integration.office import at, make_administration, make_debtor, make_record, take_in
from tests.plugs.camt_samples import Statement as File
from tests.plugs.camt_samples import make_camt

from tijdig.banking.models import Statement
from tijdig.core.problem import Refusal
from tijdig.dunning.actions import notices
from tijdig.dunning.actions.answers import answer_message
from tijdig.dunning.actions.days import is_anybody_due, live_one_day
from tijdig.dunning.actions.postings import note_posting
from tijdig.dunning.models import Decision, Notice
from tijdig.intake.records import Party
from tijdig.ledger.actions.claims import waive
from tijdig.ledger.actions.debtors import change_contact
from tijdig.ledger.models import ClaimLine, Contact, Debtor, Entry
from tijdig.messaging.models import Message, MessageBody
from tijdig.messaging.queries import list_unposted
from tijdig.tenants.models import Administration
from tijdig.tenants.scope import administration_scope

DUE_ON = date(2026, 3, 2)
# Received on 26 March, so until 9 April; three days more end on a Sunday.
LETTER_ON, LAST_DAY = date(2026, 3, 24), date(2026, 4, 13)
DEMAND_ON = date(2026, 4, 14)


def make_pupil(number: str = "1001", **changes: object) -> Party:
    """Who may be a consumer, and gets everything by post."""
    return replace(make_debtor(number, email="", name=f"Ouder {number}"), **changes)  # type: ignore[arg-type]


def make_school(*, sending: bool = True, **told: object) -> UUID:
    administration = make_administration(sending=sending)
    with administration_scope(administration):
        Administration.objects.filter(id=administration).update(**told)
    return administration


def live(administration: UUID, first: date, last: date, *, posts: bool = True) -> None:
    """Every day that anybody is due: the statements of the days until then, the run and sending.

    Letters are posted. The other days change nothing: test_quiet_days.py lives them too, and
    reads each statement on its own day.
    """
    day, unread = first, list[bytes]()
    unread_on = find_first_unread(administration, day - timedelta(days=1))
    while day <= last:
        yesterday = day - timedelta(days=1)
        unread.append(make_days_statement(unread_on, yesterday))
        unread_on = day
        is_due = is_anybody_due(administration, today=day)
        if is_due or day == last:
            take(administration, *unread, day=day)
            unread.clear()
        if is_due:
            live_one_day(administration, today=day, now=at(day))
        if posts:
            post_letters(administration, day)
        day += timedelta(days=1)


def post_letters(administration: UUID, day: date) -> None:
    """What was printed on a day goes into the post that day, and somebody says so."""
    with administration_scope(administration):
        if any(printed_on == day for printed_on, _ in list_unposted()):
            note_posting(printed_on=day, posted_on=day, today=day, now=at(day), actor="Sanne")


def read_bank(administration: UUID, day: date, *payments: tuple[int, str]) -> None:
    """The statement until a day, taken in on the next, with these payments and a cent of nobody.

    It goes on from the last that was read, so that no day lies between.
    """
    first = find_first_unread(administration, day)
    take(administration, make_days_statement(first, day, *payments), day=day + timedelta(days=1))


def find_first_unread(administration: UUID, day: date) -> date:
    """The day after the last that was read, or this day itself where that is no earlier."""
    with administration_scope(administration):
        read = Statement.objects.aggregate(until_on=Max("until_on"))["until_on"]
    return day if read is None or read >= day else read + timedelta(days=1)


def make_days_statement(first: date, day: date, *payments: tuple[int, str]) -> bytes:
    """The statement from one day until another, with these payments and a cent of nobody."""
    entries = [make_payment(1, "rente", on=day, iban="NL02ABNA0123456789")]
    entries += [make_payment(cents, text, on=day, iban="") for cents, text in payments]
    return make_camt(File(entries=entries, identification=f"A{day}", from_on=first, until_on=day))


def sent(administration: UUID) -> list[tuple[date, str, str]]:
    with administration_scope(administration):
        rows = Message.objects.order_by("planned_on", "id")
        return list(rows.values_list("planned_on", "step_key", "state"))


def lines(administration: UUID) -> list[tuple[str, int, date]]:
    """Kind, what is open of it, and the day of each claim line."""
    with administration_scope(administration):
        return [
            (one.kind, sum(_entries(one.open_item_id)), one.claimed_on)
            for one in ClaimLine.objects.order_by("id")
        ]


def _entries(item_id: UUID) -> Iterable[int]:
    return Entry.objects.filter(open_item_id=item_id).values_list("cents", flat=True)


def letter_of(administration: UUID) -> UUID:
    with administration_scope(administration):
        return Message.objects.get(step_key="veertiendagenbrief").id


def tell_it_came_back(administration: UUID, day: date) -> None:
    """The button on the page of the letter."""
    told = {"today": day, "now": at(day), "actor": "Sanne"}
    answer_message(letter_of(administration), told="came_back", **told)  # type: ignore[arg-type]


@pytest.fixture
def school(database: None) -> UUID:
    """A school whose pupil's invoice of € 121,00 ran until the letter went out."""
    administration = make_school()
    take_in(administration, make_record(due_on=DUE_ON, debtor=make_pupil()))
    live(administration, date(2026, 3, 9), LETTER_ON)
    return administration


def test_a_consumer_owes_costs_after_a_letter_that_was_sent_and_has_expired(school: UUID) -> None:
    live(school, LETTER_ON + timedelta(days=1), DEMAND_ON - timedelta(days=1))
    assert lines(school) == []
    live(school, DEMAND_ON, DEMAND_ON)
    assert sent(school) == [
        (date(2026, 3, 9), "reminder", "accepted"),
        (LETTER_ON, "veertiendagenbrief", "accepted"),
        (DEMAND_ON, "last_demand", "accepted"),
    ]
    assert lines(school) == [("costs", 4_000, DEMAND_ON)]
    with administration_scope(school):
        letter = Notice.objects.get(kind="veertiendagenbrief")
        assert (letter.amount_cents, letter.costs_cents) == (12_100, 4_000)
        assert (letter.received_on, letter.proof) == (date(2026, 3, 26), "post")
        assert letter.last_day == LAST_DAY
        words = MessageBody.objects.get(message__step_key="last_demand").text
        assert "€ 40,00 aan incassokosten" in words
        assert "€ 161,00" in words


def test_a_rehearsal_asks_the_costs_that_the_real_letter_would_have_made_due(
    database: None,
) -> None:
    administration = make_school(sending=False)
    take_in(administration, make_record(due_on=DUE_ON, debtor=make_pupil()))
    live(administration, date(2026, 3, 9), DEMAND_ON)
    with administration_scope(administration):
        asked = list(Message.objects.order_by("id").values_list("step_key", "total_cents"))
    assert asked == [("reminder", 12_100), ("veertiendagenbrief", 12_100), ("last_demand", 16_100)]
    assert lines(administration) == []


def test_the_letter_itself_says_what_the_law_asks(school: UUID) -> None:
    with administration_scope(school):
        words = MessageBody.objects.get(message_id=letter_of(school)).text
    assert "binnen veertien dagen vanaf de dag nadat deze brief bij u is bezorgd" in words
    assert "€ 40,00" in words


def test_without_the_statement_of_the_last_day_there_are_no_costs_yet(school: UUID) -> None:
    day = LETTER_ON + timedelta(days=1)
    while day <= DEMAND_ON:
        live_one_day(school, today=day, now=at(day))
        day += timedelta(days=1)
    assert lines(school) == []
    with administration_scope(school):
        assert Decision.objects.order_by("-on", "-id")[0].reason == "bank_not_read"
    read_bank(school, LAST_DAY)
    later = DEMAND_ON + timedelta(days=1)
    live_one_day(school, today=later, now=at(later))
    assert lines(school) == [("costs", 4_000, later)]


def test_a_payment_on_the_last_day_is_in_time(school: UUID) -> None:
    live(school, LETTER_ON + timedelta(days=1), LAST_DAY)
    read_bank(school, LAST_DAY, (12_100, "factuur 2026-0412"))
    live_one_day(school, today=DEMAND_ON, now=at(DEMAND_ON))
    assert lines(school) == []
    assert sent(school)[-1][1] == "veertiendagenbrief"


def test_a_letter_that_came_back_brings_no_costs_and_is_sent_again(school: UUID) -> None:
    with administration_scope(school):
        back = date(2026, 3, 30)
        tell_it_came_back(school, back)
    live(school, back, DEMAND_ON)
    assert lines(school) == []
    assert [step for _, step, _ in sent(school)] == ["reminder", "veertiendagenbrief"]
    with administration_scope(school):
        assert Contact.objects.get().address_failed_on == back
        assert Decision.objects.order_by("-on", "-id")[0].reason == "no_address"
        debtor_id = Debtor.objects.get().id
        moved = {"street": "Nieuwe weg 3"}
        change_contact(debtor_id, moved, today=DEMAND_ON, now=at(DEMAND_ON), actor="Sanne")
    again = DEMAND_ON + timedelta(days=1)
    live(school, again, again)
    assert sent(school)[-1] == (again, "veertiendagenbrief_2", "accepted")
    with administration_scope(school):
        words = MessageBody.objects.get(message__step_key="veertiendagenbrief_2").text
        assert "komt in de plaats van dat bericht" in words
        first, second = Notice.objects.filter(kind="veertiendagenbrief").order_by("id")
        assert (first.void_because, first.replaced_by_id) == ("returned", second.id)
    assert lines(school) == []


def test_costs_are_taken_back_when_the_letter_comes_back_later(school: UUID) -> None:
    live(school, LETTER_ON + timedelta(days=1), DEMAND_ON)
    read_bank(school, DEMAND_ON, (4_000, "kosten"))
    with administration_scope(school):
        back = DEMAND_ON + timedelta(days=3)
        tell_it_came_back(school, back)
        kinds = list(Entry.objects.order_by("id").values_list("kind", flat=True))
    assert "withdrawn" in kinds
    assert sum(cents for _, cents, _ in lines(school)) <= 0


def test_a_later_receipt_makes_the_letter_void_and_takes_the_costs_back(school: UUID) -> None:
    live(school, LETTER_ON + timedelta(days=1), DEMAND_ON)
    told = {"note": "Track en trace", "today": DEMAND_ON, "now": at(DEMAND_ON), "actor": "Sanne"}
    with administration_scope(school):
        notices.note_receipt(letter_of(school), received_on=date(2026, 4, 3), **told)  # type: ignore[arg-type]
        letter = Notice.objects.get(kind="veertiendagenbrief")
        assert (letter.last_day, letter.proof) == (date(2026, 4, 17), "person")
        # It names the 13th, which is too early then.
        assert letter.void_because == "arrived_late"
    assert lines(school) == [("costs", 0, DEMAND_ON)]
    with administration_scope(school), pytest.raises(Refusal, match="dag van ontvangst"):
        notices.note_receipt(letter_of(school), received_on=date(2026, 3, 1), **told)  # type: ignore[arg-type]


def test_mail_alone_proves_nothing_so_there_are_no_costs(sink: SmtpSink) -> None:
    administration = make_school()
    pupil = make_pupil(street="", city="", email="ouder@example.nl")
    take_in(administration, make_record(due_on=DUE_ON, debtor=pupil))
    live(administration, date(2026, 3, 9), date(2026, 6, 1))
    assert lines(administration) == []
    assert sent(administration) == [
        (date(2026, 3, 9), "reminder", "accepted"),
        (LETTER_ON, "veertiendagenbrief", "accepted"),
        (date(2026, 4, 13), "last_demand", "accepted"),
    ]
    assert [one.recipient for one in sink.stored] == ["ouder@example.nl"] * 3


def test_costs_are_waived_in_one_click_with_a_reason(school: UUID) -> None:
    live(school, LETTER_ON + timedelta(days=1), DEMAND_ON)
    with administration_scope(school):
        line_id = ClaimLine.objects.get().id
        told = {"today": DEMAND_ON, "now": at(DEMAND_ON), "actor": "Sanne"}
        with pytest.raises(Refusal, match="waarom"):
            waive(line_id, because=" ", **told)  # type: ignore[arg-type]
        waive(line_id, because="Uit coulance", **told)  # type: ignore[arg-type]
        with pytest.raises(Refusal, match="niets meer open"):
            waive(line_id, because="Nog eens", **told)  # type: ignore[arg-type]
    assert lines(school) == [("costs", 0, DEMAND_ON)]


def test_a_part_paid_within_the_term_lowers_the_costs(database: None) -> None:
    administration = make_school()
    record = make_record(due_on=DUE_ON, debtor=make_pupil(), cents=50_000)
    take_in(administration, record)
    live(administration, date(2026, 3, 9), LETTER_ON)
    with administration_scope(administration):
        assert Notice.objects.get(kind="veertiendagenbrief").costs_cents == 7_500
    still = replace(record, open_cents=30_000)
    take_in(administration, still, today=date(2026, 4, 1), full_list=True, source_key="lijst")
    live(administration, LETTER_ON + timedelta(days=1), DEMAND_ON)
    assert lines(administration) == [("costs", 4_500, DEMAND_ON)]
