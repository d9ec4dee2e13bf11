"""Terms, promises, plans and gaps over 29 February and over the end of a year, day by day."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.case_office import find_ids, told
from tests.integration.office import at, make_administration, make_record, take_in
from tests.integration.test_plans_at_rest import live

from tijdig.cases.actions import plans, promises
from tijdig.cases.models import Instalment, Promise
from tijdig.dunning.actions.days import live_one_day
from tijdig.messaging.models import Message, MessageBody
from tijdig.tenants.scope import administration_scope

DAY = timedelta(days=1)


def make_office(due_on: date) -> UUID:
    """An office with sending on, and one invoice that is due on this day."""
    administration = make_administration(sending=True)
    take_in(administration, make_record(due_on=due_on), today=due_on - timedelta(days=20))
    return administration


@pytest.mark.parametrize(
    ("due_on", "reminded_on", "pay_by_on", "said"),
    [
        # Five days after the due date, and seven days to pay: with a leap day in between or not.
        (date(2028, 2, 19), date(2028, 2, 24), date(2028, 3, 2), "2 maart 2028"),
        (date(2027, 2, 19), date(2027, 2, 24), date(2027, 3, 3), "3 maart 2027"),
        (date(2028, 2, 24), date(2028, 2, 29), date(2028, 3, 7), "7 maart 2028"),
        (date(2026, 12, 26), date(2026, 12, 31), date(2027, 1, 7), "7 januari 2027"),
        # The fifth day is New Year's Day, a Friday: the first working day after it.
        (date(2026, 12, 27), date(2027, 1, 4), date(2027, 1, 11), "11 januari 2027"),
    ],
)
def test_the_term_of_a_reminder(
    database: None, due_on: date, reminded_on: date, pay_by_on: date, said: str
) -> None:
    administration = make_office(due_on)
    found = live(administration, due_on, reminded_on + timedelta(days=1))
    assert found == [(reminded_on, "reminder", 12_100)]
    with administration_scope(administration):
        assert Message.objects.get(phase="reminder").pay_by_on == pay_by_on
        assert said in MessageBody.objects.latest("id").text


@pytest.mark.parametrize(
    ("on", "last_on"),
    [
        (date(2028, 2, 28), date(2028, 3, 1)),
        (date(2028, 2, 29), date(2028, 3, 2)),
        (date(2026, 12, 30), date(2027, 1, 4)),
        (date(2026, 12, 31), date(2027, 1, 5)),
    ],
)
def test_a_promise_is_broken_two_working_days_later(
    database: None, on: date, last_on: date
) -> None:
    made_on = on - timedelta(days=5)
    administration = make_office(on - timedelta(days=10))
    with administration_scope(administration):
        promises.make(debtor_id=find_ids()[0], cents=12_100, on=on, **told(made_on))
    for offset in range((last_on - made_on).days + 1):
        day = made_on + timedelta(days=offset)
        live_one_day(administration, today=day, now=at(day))
    with administration_scope(administration):
        assert Promise.objects.get().state == "open"
        assert Message.objects.count() == 0
    after = last_on + timedelta(days=1)
    live_one_day(administration, today=after, now=at(after))
    with administration_scope(administration):
        one = Promise.objects.get()
    assert (one.state, one.judged_on) == ("broken", after)


@pytest.mark.parametrize(
    ("first_on", "terms", "notice_on", "nudge_on"),
    [
        (
            date(2028, 2, 29),
            [date(2028, 2, 29), date(2028, 3, 29), date(2028, 4, 29)],
            date(2028, 2, 25),
            date(2028, 3, 3),
        ),
        (
            date(2026, 12, 31),
            [date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28)],
            date(2026, 12, 28),
            date(2027, 1, 6),
        ),
    ],
)
def test_a_plan_tells_and_nudges(
    database: None, first_on: date, terms: list[date], notice_on: date, nudge_on: date
) -> None:
    """Three days before a term, and after two working days of grace."""
    agreed_on = first_on - timedelta(days=28)
    administration = make_office(agreed_on - timedelta(days=1))
    with administration_scope(administration):
        debtor_id, invoice_id = find_ids()
        plans.agree(
            debtor_id=debtor_id,
            invoice_ids=[invoice_id],
            count=3,
            first_on=first_on,
            **told(agreed_on),  # type: ignore[arg-type]
        )
        days = Instalment.objects.order_by("position").values_list("due_on", flat=True)
        assert list(days) == terms
    found = live(administration, agreed_on, nudge_on + timedelta(days=1))
    assert [one[:2] for one in found] == [
        (agreed_on, "confirmed-0"),
        (notice_on, "notice-1"),
        (nudge_on, "nudge-1"),
    ]


@pytest.mark.parametrize(
    ("due_on", "noticed_on", "late_since", "reminded_on"),
    [
        (date(2027, 1, 1), date(2026, 12, 29), date(2026, 12, 25), date(2027, 1, 5)),
        (date(2028, 3, 3), date(2028, 2, 29), date(2028, 2, 25), date(2028, 3, 7)),
    ],
)
def test_the_days_between_two_contacts_are_kept(
    database: None, due_on: date, noticed_on: date, late_since: date, reminded_on: date
) -> None:
    """The books tell of a late invoice just after the notice about another one."""
    administration = make_office(due_on)
    assert live(administration, noticed_on, noticed_on + DAY) == [(noticed_on, "notice", 12_100)]
    late = make_record("2026-0413", due_on=late_since, cents=5_000)
    take_in(administration, late, today=noticed_on)
    found = live(administration, noticed_on + DAY, reminded_on + DAY)
    assert [row[:2] for row in found] == [(reminded_on, "reminder")]
