"""Which runs count now, and who is due."""

from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from tijdig.dunning.models import Run
from tijdig.tenants.bulk import execute, is_so
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import active_administration


def list_real_runs() -> QuerySet[Run]:
    """Every run that happened: once sending is on, what was rehearsed of a later day did not."""
    runs = Run.objects.all()
    return runs.filter(sending_was_on=True) if load_administration().sending_on else runs


def find_last_run_day(*, sending_on: bool, is_done: bool = False) -> date | None:
    """The last day that any of these runs was for; None before the first. Sending is on, or not.

    `is_done`: only those that ended, and did not end while they waited for a file.
    """
    rows = execute(
        'SELECT max("on") FROM tijdig_run '
        "WHERE administration_id = %s AND (sending_was_on OR NOT %s) "
        "AND (NOT %s OR (ended_at IS NOT NULL AND waits_for = '[]'))",
        [active_administration(), sending_on, is_done],
    )
    last_on: date | None = rows.fetchall()[0][0]
    return last_on


def is_begun(today: date) -> bool:
    """Whether the daily run of this day began, ended or not."""
    return is_so(
        "SELECT EXISTS (SELECT FROM tijdig_run "
        "WHERE administration_id = %s AND kind = 'daily' AND \"on\" = %s)",
        [active_administration(), today],
    )


def count_due(*, today: date, at_most: int) -> int:
    """How many are due, as far as it stands now; more than so many are not counted."""
    rows = execute(
        "SELECT count(*) FROM (SELECT FROM tijdig_look WHERE administration_id = %s "
        "AND next_look_on <= %s LIMIT %s) due",
        [active_administration(), today, at_most],
    )
    return int(rows.fetchall()[0][0])


def list_due(*, today: date, went_back: bool) -> list[UUID]:
    """Everybody on whom anything could be due; on a day before an earlier run, simply everybody."""
    rows = execute(
        "SELECT id FROM tijdig_look WHERE administration_id = %s "
        "AND (next_look_on <= %s OR %s) ORDER BY id",
        [active_administration(), today, went_back],
    )
    return [row[0] for row in rows.fetchall()]
