"""What runs by itself: one daily run per administration and day, never before its hour."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from django.db import connection
from tests.integration.office import at, make_administration, make_record, take_in

from tijdig.config.tasks import daily_run, tick
from tijdig.dunning.actions.days import live_one_day
from tijdig.dunning.models import Run
from tijdig.tenants.models import Administration
from tijdig.tenants.queries import list_administrations_to_run
from tijdig.tenants.scope import administration_scope

DAY = date(2026, 3, 19)


def set_hour(administration: UUID, hour: time) -> None:
    with administration_scope(administration):
        Administration.objects.filter(id=administration).update(run_at=hour)


def is_to_run(administration: UUID, moment: datetime) -> bool:
    return administration in list_administrations_to_run(now=moment)


@pytest.mark.parametrize(
    ("day", "offset"),
    [
        (date(2026, 3, 19), 1),
        (date(2026, 7, 1), 2),
        (date(2026, 3, 29), 2),
        (date(2026, 10, 25), 1),
    ],
)
def test_the_hour_is_the_administrations_own(administration: UUID, day: date, offset: int) -> None:
    set_hour(administration, time(8))
    eight = datetime.combine(day, time(8 - offset), UTC)
    assert not is_to_run(administration, eight - timedelta(minutes=1))
    assert is_to_run(administration, eight)
    # A machine that was off at that hour runs when it is on again, the same day.
    assert is_to_run(administration, eight + timedelta(hours=15))


def test_once_run_the_day_is_done_and_the_next_day_comes(administration: UUID) -> None:
    take_in(administration, make_record())
    live_one_day(administration, today=DAY, now=at(DAY))
    assert not is_to_run(administration, at(DAY))
    assert not is_to_run(administration, at(DAY) + timedelta(hours=12))
    assert is_to_run(administration, at(DAY + timedelta(days=1)))
    # Off for a week: one run, for the day that it is.
    assert is_to_run(administration, at(DAY + timedelta(days=7)))
    live_one_day(administration, today=DAY + timedelta(days=7), now=at(DAY + timedelta(days=7)))
    with administration_scope(administration):
        assert Run.objects.filter(kind="daily").count() == 2


def test_the_first_files_have_their_run_on_the_day_on_which_they_come(
    administration: UUID,
) -> None:
    """The hour of the run had passed when the owner came; reminders come today all the same."""
    assert live_one_day(administration, today=DAY, now=at(DAY)) is None
    assert is_to_run(administration, at(DAY))
    take_in(administration, make_record())
    first = live_one_day(administration, today=DAY, now=at(DAY))
    assert first is not None
    assert first.planned == 1
    assert not is_to_run(administration, at(DAY))


def test_a_run_by_hand_does_not_replace_the_daily_one(administration: UUID) -> None:
    from tests.integration.books import run_on

    run_on(administration, DAY)
    assert is_to_run(administration, at(DAY))


def test_a_daily_run_that_was_broken_off_is_asked_for_again(administration: UUID) -> None:
    take_in(administration, make_record())
    with administration_scope(administration):
        Run.objects.create(
            administration_id=administration,
            on=DAY,
            kind="daily",
            started_at=at(DAY),
            sending_was_on=False,
        )
    assert is_to_run(administration, at(DAY))
    result = live_one_day(administration, today=DAY, now=at(DAY))
    assert result is not None
    assert result.planned == 1
    assert live_one_day(administration, today=DAY, now=at(DAY)) is None
    with administration_scope(administration):
        assert [run.planned_count for run in Run.objects.all()] == [1]


def list_jobs(administration: UUID) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name FROM procrastinate_jobs "
            "WHERE args->>'administration_id' = %s ORDER BY id",
            [str(administration)],
        )
        return [name.rpartition(".")[2] for (name,) in cursor.fetchall()]


def test_ticks_ask_once_and_the_job_runs_once(database: None) -> None:
    administration = make_administration(sending=True)
    set_hour(administration, time(0))
    for _ in range(3):
        tick(timestamp=0)
    assert list_jobs(administration) == ["daily_run"]
    take_in(administration, make_record())
    for _ in range(2):
        daily_run(administration_id=str(administration))
    with administration_scope(administration):
        assert Run.objects.filter(kind="daily").exclude(ended_at=None).count() == 1


def test_a_message_that_waits_is_asked_for(database: None) -> None:
    administration = make_administration(sending=True)
    take_in(administration, make_record())
    live_one_day(administration, today=DAY, now=at(DAY))
    for _ in range(2):
        tick(timestamp=0)
    assert "send_waiting" in list_jobs(administration)
    assert len(list_jobs(administration)) == len(set(list_jobs(administration)))
