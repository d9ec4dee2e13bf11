"""The run on the real database: the rhythm, once only, and a fixed number of statements."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from tests.integration.office import at, make_administration, make_debtor, make_record, take_in
from tests.integration.test_consumer_costs import post_letters

from tijdig.dunning.actions.days import is_anybody_due, live_one_day
from tijdig.dunning.actions.run import preview, run
from tijdig.dunning.queries.pages import CallRow, list_open_calls
from tijdig.tenants.scope import administration_scope


def calls_to_make(administration: UUID) -> tuple[CallRow, ...]:
    with administration_scope(administration):
        return list_open_calls(limit=10)


def run_on(administration: UUID, day: date) -> tuple[int, int, int, dict[str, int]]:
    result = run(administration, today=day, now=at(day))
    return result.planned, result.held, result.nothing, dict(result.because)


@pytest.mark.parametrize(
    ("kvk_number", "then"),
    [
        ("12345678", {date(2026, 4, 15): {"last_demand_due": 1}}),
        # Who may be a consumer gets the letter about costs first, and its whole term.
        (
            "",
            {
                date(2026, 4, 9): {"veertiendagenbrief_due": 1},
                date(2026, 5, 4): {"last_demand_due": 1},
            },
        ),
    ],
)
def test_the_rhythm_of_dutch_practice_shows_itself_while_sending_is_off(
    administration: UUID, kvk_number: str, then: dict[date, dict[str, int]]
) -> None:
    debtor = replace(make_debtor(), kvk_number=kvk_number)
    take_in(administration, make_record(due_on=date(2026, 3, 16), debtor=debtor))
    steps = {}
    for offset in range(75):
        day = date.fromordinal(date(2026, 3, 1).toordinal() + offset)
        if not is_anybody_due(administration, today=day):
            continue
        planned, _, _, because = run_on(administration, day)
        if planned:
            steps[day] = because
    assert steps == {
        date(2026, 3, 13): {"notice_due": 1},
        date(2026, 3, 23): {"reminder_due": 1},
        date(2026, 3, 31): {"call_due": 1},
        **then,
    }


def test_a_second_run_of_the_day_plans_nothing(administration: UUID) -> None:
    take_in(administration, make_record())
    assert run_on(administration, date(2026, 3, 19)) == (1, 1, 0, {"reminder_due": 1})
    assert run_on(administration, date(2026, 3, 19)) == (0, 0, 1, {"step_taken": 1})


def test_a_preview_is_the_run_and_writes_nothing(administration: UUID) -> None:
    take_in(administration, make_record())
    day = date(2026, 3, 19)
    before = preview(administration, today=day)
    again = preview(administration, today=day)
    real = run(administration, today=day, now=at(day))
    assert before == again == real


def test_nobody_is_called_who_has_paid_and_a_call_lapses(database: None) -> None:
    administration = make_administration(sending=True)
    one, other = (
        make_record(
            f"2026-{number}",
            due_on=date(2026, 3, 2),
            debtor=make_debtor(number, name=f"Klant {number}", email=""),
        )
        for number in ("1001", "1002")
    )
    take_in(administration, one, other, full_list=True, source_key="lijst")
    for day in (date(2026, 3, 9), date(2026, 3, 17)):
        live_one_day(administration, today=day, now=at(day))
        post_letters(administration, day)
    assert len(calls_to_make(administration)) == 2
    take_in(administration, one, today=date(2026, 3, 18), full_list=True, source_key="lijst")
    assert len(calls_to_make(administration)) == 1
    later = date(2026, 4, 2)
    live_one_day(administration, today=later, now=at(later))
    assert calls_to_make(administration) == ()
