"""A day of an administration: the daily run, and everything that it releases goes out."""

import json
from datetime import date, datetime
from uuid import UUID

from tijdig.core.facts import FOR_CREDITOR
from tijdig.dunning.actions.collections import is_anything_to_collect
from tijdig.dunning.actions.doubts import settle_old_doubts
from tijdig.dunning.actions.notices import write_notices
from tijdig.dunning.actions.release import release_messages
from tijdig.dunning.actions.run import RunResult, run
from tijdig.dunning.models import Run
from tijdig.dunning.queries.freshness import describe_files, list_missing_files, may_release
from tijdig.messaging.delivering import Clock, may_send_from_here, send_messages, sweep
from tijdig.tenants.bulk import execute, is_so
from tijdig.tenants.queries import load_administration
from tijdig.tenants.scope import active_administration, administration_scope


def is_anybody_due(administration_id: UUID, *, today: date) -> bool:
    """Whether a run on this day would look at anybody or collect, or a message still waits."""
    with administration_scope(administration_id):
        row = execute(
            "SELECT EXISTS (SELECT FROM tijdig_look "
            "WHERE administration_id = %s AND next_look_on <= %s) "
            "OR EXISTS (SELECT FROM tijdig_message WHERE administration_id = %s "
            "AND state IN ('planned', 'released', 'sending', 'retry')), "
            "EXISTS (SELECT FROM tijdig_collectingaccount WHERE administration_id = %s AND is_on)",
            [active_administration(), today, active_administration(), active_administration()],
        ).fetchone()
        is_due, collects = row or (False, False)
        return bool(is_due or (collects and is_anything_to_collect(today=today)))


def live_one_day(
    administration_id: UUID, *, today: date, now: datetime, clock: Clock | None = None
) -> RunResult | None:
    """The daily run of this day, when it has not happened yet, and the sending after it.

    Books without any debtor wait for their first file: who brings it in after the hour of the run
    has his first run on that day, and not on the next.
    Call outside every scope: sending holds no transaction. `clock` tells the moment while
    sending; without one it stands still at `now`.
    """
    may_send_from_here(administration_id, today=today, now=now)
    result = None
    if _is_to_run(administration_id, today=today):
        result = run(administration_id, today=today, now=now, kind=Run.Kind.DAILY)
    if _is_under_way(administration_id):
        send(administration_id, today=today, clock=clock or (lambda: now))
    else:
        with administration_scope(administration_id):
            write_notices(today=today, since=today)
    return result


def _is_to_run(administration_id: UUID, *, today: date) -> bool:
    """Whether the daily run of this day has not ended, there is a debtor, and no file is missed."""
    with administration_scope(administration_id):
        row = execute(
            "SELECT EXISTS (SELECT FROM tijdig_run WHERE administration_id = %s "
            "AND kind = 'daily' AND \"on\" = %s AND ended_at IS NOT NULL), "
            "EXISTS (SELECT FROM tijdig_look WHERE administration_id = %s), "
            "(SELECT waits_for FROM tijdig_run WHERE administration_id = %s AND kind = 'daily' "
            "AND \"on\" = %s AND ended_at IS NULL AND waits_for <> '[]' ORDER BY id LIMIT 1)",
            [active_administration(), today, *[active_administration()] * 2, today],
        ).fetchone()
        has_run, has_debtors, waits_for = row or (False, False, None)
        if has_run or not has_debtors:
            return False
        return waits_for is None or not _waits_still(json.loads(waits_for), today=today)


def _waits_still(waits_for: list[dict[str, str | None]], *, today: date) -> bool:
    """Whether today's run waits for the very files that are missing now, as everybody was told."""
    missing = describe_files(list_missing_files(today=today))
    return bool(missing) and waits_for == missing and load_administration().sending_on


def _is_under_way(administration_id: UUID) -> bool:
    """Whether a message is to be decided again, sent, or settled, if only by the time that passes.

    The states of the first question have an index of their own.
    """
    with administration_scope(administration_id):
        return is_so(
            "SELECT EXISTS (SELECT FROM tijdig_message WHERE administration_id = %s "
            "AND state IN ('planned', 'released', 'sending', 'retry')) "
            "OR EXISTS (SELECT FROM tijdig_message WHERE administration_id = %s "
            "AND state = 'held' AND reason = %s) "
            "OR EXISTS (SELECT FROM tijdig_message WHERE administration_id = %s "
            "AND state = 'in_doubt')",
            [*[active_administration()] * 2, FOR_CREDITOR, active_administration()],
        )


def send(administration_id: UUID, *, today: date, clock: Clock) -> dict[str, int]:
    """Release what was planned, send it, and settle what a lost worker left; states with counts.

    While sending is off nothing goes out: "held" counts what waits for that.
    """
    sweep(administration_id, today=today, now=clock())
    with administration_scope(administration_id):
        settle_old_doubts(today=today, now=clock())
    states = dict.fromkeys(("accepted", "retry", "failed", "in_doubt", "held"), 0)
    while True:
        release_messages(administration_id, today=today, now=clock())
        sent = send_messages(administration_id, today=today, clock=clock)
        for state, count in sent.items():
            states[state] = states.get(state, 0) + count
        if sent and not _is_under_way(administration_id):
            break
        if not sent and not _has_planned(administration_id, today=today):
            break
    with administration_scope(administration_id):
        write_notices(today=today, since=today)
        if not load_administration().sending_on:
            states["held"] = _count_held()
    return states


def _has_planned(administration_id: UUID, *, today: date) -> bool:
    """Whether a claim sent messages back to be decided again, and that can be done now."""
    with administration_scope(administration_id):
        if not may_release(today=today):
            return False
        return is_so(
            "SELECT EXISTS (SELECT FROM tijdig_message "
            "WHERE administration_id = %s AND state = 'planned')",
            [active_administration()],
        )


def _count_held() -> int:
    row = execute(
        "SELECT count(*) FROM tijdig_message WHERE administration_id = %s AND state = 'held'",
        [active_administration()],
    ).fetchone()
    return int(row[0]) if row else 0
