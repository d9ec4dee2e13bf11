"""Batches of a run: each debtor once, a failure shows, and the work of many hands is one run."""

import gc
from collections import Counter
from datetime import date
from threading import Event, Lock, get_ident
from time import monotonic, sleep
from uuid import UUID

import pytest
from django.db import connection
from tests.integration.office import at, make_debtor, make_record, take_in

from tijdig.core.problem import Refusal
from tijdig.dunning.actions.batches import BATCH, HANDS, SMALL, Batch, make_batches, work_off
from tijdig.dunning.actions.run import run
from tijdig.dunning.models import Decision
from tijdig.messaging.models import Message
from tijdig.tenants.ids import new_ids
from tijdig.tenants.scope import administration_scope

REMIND_ON = date(2026, 3, 19)
DEBTORS = 2 * BATCH + 7


def count_connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("count", "sizes"),
    [
        (0, []),
        (1, [1]),
        (SMALL, [SMALL]),
        (SMALL + 1, [101, 100]),
        (2 * BATCH, [BATCH, BATCH]),
        (2 * BATCH + 7, [1252, 1252, 1252, 1251]),
    ],
)
def test_every_debtor_is_in_one_batch_and_every_hand_has_one(count: int, sizes: list[int]) -> None:
    debtor_ids = new_ids(count) if count else []
    seen: list[Batch] = []
    noting = Lock()

    def look_at(batch: Batch) -> None:
        with noting:
            seen.append(batch)

    work_off(make_batches(debtor_ids), look_at)
    assert sorted((len(batch) for batch in seen), reverse=True) == sizes
    assert sorted(one for batch in seen for one in batch) == sorted(debtor_ids)


def test_a_failure_stops_the_others_and_shows() -> None:
    seen: list[Batch] = []
    noting, failed = Lock(), Event()

    def look_at(batch: Batch) -> None:
        with noting:
            seen.append(batch)
            is_second = len(seen) == HANDS
        if is_second:
            failed.set()
            raise Refusal("mislukt", "failed")
        failed.wait(timeout=5)
        sleep(0.05)

    with pytest.raises(Refusal, match="mislukt"):
        work_off(make_batches(new_ids(8 * BATCH)), look_at)
    assert len(seen) == HANDS
    assert gc.isenabled()


def test_inside_a_transaction_nothing_happens_outside_it(administration: UUID) -> None:
    threads = set()
    with administration_scope(administration):
        work_off(make_batches(new_ids(DEBTORS)), lambda _: threads.add(get_ident()))
    assert threads == {get_ident()}


def test_many_debtors_get_one_decision_and_one_message_each(administration: UUID) -> None:
    take_in(
        administration,
        *(
            make_record(f"F{n}", debtor=make_debtor(f"{n}", email=f"d{n}@cafe.example.nl"))
            for n in range(DEBTORS)
        ),
    )
    progress: list[tuple[int, int]] = []
    result = run(
        administration,
        today=REMIND_ON,
        now=at(REMIND_ON),
        on_progress=lambda done, total: progress.append((done, total)),
    )
    assert (result.planned, result.held, result.nothing) == (DEBTORS, DEBTORS, 0)
    assert progress[-1] == (DEBTORS, DEBTORS)
    assert progress == sorted(progress)
    with administration_scope(administration):
        for rows in (Decision.objects, Message.objects):
            per_debtor = Counter(rows.values_list("debtor_id", flat=True))
            assert Counter(per_debtor.values()) == {1: DEBTORS}
        references = set(Message.objects.values_list("payment_reference", flat=True))
    assert len(references) == DEBTORS
    again = run(administration, today=REMIND_ON, now=at(REMIND_ON))
    assert (again.planned, again.looked_at) == (0, 0)


def test_no_hand_leaves_a_connection_behind(administration: UUID) -> None:
    def look_at(_: Batch) -> None:
        with administration_scope(administration):
            pass

    before = count_connections()
    work_off(make_batches(new_ids(DEBTORS)), look_at)
    until = monotonic() + 5  # the server notices a closed connection a moment later
    while count_connections() != before and monotonic() < until:
        sleep(0.01)
    assert count_connections() == before
