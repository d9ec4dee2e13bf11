"""Batches of a run: each debtor once, a failure shows, and the work of many hands is one run."""

import gc
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from pathlib import Path
from threading import Event, Lock, get_ident
from time import monotonic, sleep
from uuid import UUID

import pytest
from django.db import connection
from tests.integration.alone import run_alone
from tests.integration.office import at, make_debtor, make_record, take_in

from tijdig.core.problem import Refusal
from tijdig.dunning.actions.batches import (
    BATCH,
    HANDS,
    LARGE,
    SMALL,
    Batch,
    second_hand,
    work_off,
)
from tijdig.dunning.actions.run import run
from tijdig.dunning.models import Decision
from tijdig.messaging.models import Message
from tijdig.tenants.ids import new_ids
from tijdig.tenants.scope import administration_scope

REMIND_ON = date(2026, 3, 19)
DEBTORS = LARGE + 7


def list_connections() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity "
            "WHERE datname = current_database() AND backend_type = 'client backend'"
        )
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.parametrize(
    ("count", "sizes"),
    [
        (0, []),
        (1, [1]),
        (SMALL, [SMALL]),
        (SMALL + 1, [101, 100]),
        (LARGE - 1, [2500, 2499]),
        (2 * BATCH, [BATCH, BATCH]),
        (2 * BATCH + 7, [2502, 2502, 2502, 2501]),
    ],
)
def test_every_debtor_is_in_one_batch_and_every_hand_has_one(count: int, sizes: list[int]) -> None:
    debtor_ids = new_ids(count) if count else []
    seen: list[Batch] = []
    work_off(debtor_ids, lambda batch: batch, seen.append)
    assert sorted((len(batch) for batch in seen), reverse=True) == sizes
    assert sorted(one for batch in seen for one in batch) == sorted(debtor_ids)


def test_a_failure_stops_the_others_and_shows() -> None:
    seen: list[Batch] = []
    noted: list[None] = []
    noting, failed = Lock(), Event()

    def look_at(batch: Batch) -> None:
        with noting:
            seen.append(batch)
            is_second = len(seen) == HANDS
        if is_second:
            failed.set()
            raise Refusal("mislukt", "failed")
        failed.wait()
        # Whoever failed has still to say so, and may have to wait for his turn.
        sleep(0.5)

    with pytest.raises(Refusal, match="mislukt"):
        work_off(new_ids(8 * BATCH), look_at, noted.append)
    assert (len(seen), noted) == (HANDS, [None])
    assert gc.isenabled()


def test_inside_a_transaction_nothing_happens_outside_it(administration: UUID) -> None:
    threads = set()
    with administration_scope(administration):
        work_off(new_ids(DEBTORS), lambda _: get_ident(), threads.add)
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


def count_batch(administration: UUID, batch: Batch) -> int:
    with administration_scope(administration):
        return len(batch)


def get_process(folder: Path, _: Batch) -> int:
    """Who took this batch, once two have taken one each, however slow one of them is to start."""
    (folder / f"{os.getpid()}").touch()
    until = monotonic() + 120
    while len(list(folder.iterdir())) < HANDS and monotonic() < until:
        sleep(0.01)
    return os.getpid()


def get_ready(administration: UUID) -> None:
    with administration_scope(administration), connection.cursor() as cursor:
        cursor.execute("SELECT 1")


@pytest.mark.parametrize("is_ready", [False, True])
@pytest.mark.parametrize("count", [0, 1, LARGE - 1, 2 * BATCH + 7])
def test_no_hand_leaves_a_connection_behind(
    administration: UUID, count: int, is_ready: bool
) -> None:
    def leave_none() -> None:
        before = list_connections()
        seen: list[int] = []
        found = LARGE if is_ready else LARGE - 1
        with second_hand(lambda _: found, partial(get_ready, administration)) as second:
            assert (second is not None) == is_ready
            work_off(
                new_ids(count) if count else [],
                partial(count_batch, administration),
                seen.append,
                second=second,
            )
            assert sum(seen) == count
        until = monotonic() + 120  # the server notices a closed connection a moment later
        while list_connections() - before and monotonic() < until:
            sleep(0.01)
        assert list_connections() <= before

    run_alone(leave_none)


def test_the_second_process_takes_its_share_of_the_very_batches(
    database: None, tmp_path: Path
) -> None:
    def share() -> None:
        debtor_ids = new_ids(2 * BATCH + 7)
        hands: list[int] = []
        batches: list[Batch] = []
        with second_hand(lambda at_most: at_most, lambda: None) as second:
            work_off(debtor_ids, partial(get_process, tmp_path), hands.append, second=second)
        assert set(hands) > {os.getpid()}
        with second_hand(lambda at_most: at_most, lambda: None) as second:
            work_off(debtor_ids, list, batches.append, second=second)
        assert sorted(one for batch in batches for one in batch) == sorted(debtor_ids)

    run_alone(share)


def test_there_is_no_second_process_where_it_cannot_be_had(administration: UUID) -> None:
    def have_none() -> None:
        with (
            administration_scope(administration),
            second_hand(lambda at_most: at_most, lambda: None) as second,
        ):
            assert second is None
        over = Event()
        with ThreadPoolExecutor(1) as others:
            others.submit(over.wait)
            with second_hand(lambda at_most: at_most, lambda: None) as second:
                assert second is None
            over.set()

    run_alone(have_none)


def test_who_cannot_get_ready_stops_the_run_with_what_went_wrong(database: None) -> None:
    def fail() -> None:
        raise Refusal("geen verbinding", "no connection")

    def start() -> None:
        with second_hand(lambda at_most: at_most, fail) as second:
            work_off(new_ids(2 * BATCH), list, lambda _: None, second=second)

    with pytest.raises(Refusal, match="geen verbinding"):
        run_alone(start)
