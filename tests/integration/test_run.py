"""The run on the real database: the rhythm, once only, and a fixed number of statements."""

from datetime import date
from uuid import UUID

from tests.integration.office import at, make_record, take_in

from tijdig.dunning.actions.run import preview, run


def run_on(administration: UUID, day: date) -> tuple[int, int, int, dict[str, int]]:
    result = run(administration, today=day, now=at(day))
    return result.planned, result.held, result.nothing, dict(result.because)


def test_the_rhythm_of_dutch_practice_shows_itself_while_sending_is_off(
    administration: UUID,
) -> None:
    take_in(administration, make_record(due_on=date(2026, 3, 16)))
    steps = {}
    for offset in range(75):
        day = date.fromordinal(date(2026, 3, 1).toordinal() + offset)
        planned, _, _, because = run_on(administration, day)
        if planned:
            steps[day] = because
    assert steps == {
        date(2026, 3, 13): {"notice_due": 1},
        date(2026, 3, 23): {"reminder_due": 1},
        date(2026, 3, 30): {"call_due": 1},
        date(2026, 4, 15): {"last_demand_due": 1},
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
