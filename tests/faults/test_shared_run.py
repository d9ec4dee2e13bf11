"""A large run is shared by two processes: the same result as of one, whatever is killed."""

import json
import subprocess
import sys
from collections import Counter
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from tests.faults import child
from tests.faults.child import make_environment
from tests.integration.books import (
    Listed,
    check_totals,
    make_list,
    make_payment,
    make_statement,
    run_on,
    take,
)
from tests.integration.office import at, make_administration

from tijdig.dunning.models import Decision, Run
from tijdig.messaging.models import Message
from tijdig.tenants.scope import administration_scope

MONDAY = date(2026, 3, 2)
DAY = date(2026, 3, 19)
LATER = date(2026, 4, 16)
DEBTORS = 90
# Whole rows, but for ids, which are chance, and references, which are used once; items by number.
ROWS = """
SELECT debtor.number,
       to_jsonb(one) - '{{administration_id,id,run_id,debtor_id,carrying_item_id,listed_items,
                         payment_reference}}'::text[],
       array(SELECT number FROM tijdig_invoice invoice
             WHERE invoice.administration_id = one.administration_id
               AND invoice.open_item_id = ANY(array_prepend({carrying}, {listed}))
             ORDER BY array_position(array_prepend({carrying}, {listed}), invoice.open_item_id))
FROM tijdig_{table} one
JOIN tijdig_debtor debtor
  ON debtor.administration_id = one.administration_id AND debtor.id = one.{debtor}
WHERE one.administration_id = %s ORDER BY 1, 2
"""
NONE = "NULL::uuid", "ARRAY[]::uuid[]"
TABLES = {
    "decision": ("debtor_id", *NONE),
    "message": ("debtor_id", "one.carrying_item_id", "one.listed_items"),
    "call": ("debtor_id", "one.carrying_item_id", "ARRAY[]::uuid[]"),
    "look": ("id", *NONE),
}


def make_mixed_book(*, sending: bool = False) -> UUID:
    """Debtors of all sorts: late and not yet, paid, too small, with a credit note."""
    administration = make_administration(sending=sending)
    rows = []
    for n in range(DEBTORS):
        debtor = f"{10_000 + n}"
        due_on = date(2026, 3, 1 + n % 30)
        rows.append(Listed(f"A{n}", 12_100 if n % 11 else 90, debtor=debtor, due_on=due_on))
        if n % 3 == 0:
            rows.append(Listed(f"B{n}", 5_000, debtor=debtor, due_on=date(2026, 4, 1)))
        if n % 7 == 0:
            rows.append(Listed(f"C{n}", -4_000, total_cents=-4_000, debtor=debtor))
    take(administration, make_list(*rows), day=MONDAY)
    paid = [make_payment(12_100, f"A{n}", on=date(2026, 3, 18)) for n in range(1, DEBTORS, 9)]
    paid.append(make_payment(700, "onbekend", on=date(2026, 3, 18)))
    take(administration, make_statement(*paid), day=date(2026, 3, 18))
    return administration


def share(administration: UUID, day: date, **told: str) -> "subprocess.CompletedProcess[str]":
    """A run in a process of its own, which takes a second one beside it."""
    words = [sys.executable, child.__file__, "share", str(administration), at(day).isoformat()]
    environment = make_environment(**told)
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False)


def break_at(
    point: str, *, sending: bool = False
) -> tuple[UUID, "subprocess.CompletedProcess[str]"]:
    """A mixed book of which a run was broken off there, and how that run ended.

    Where the second process is slow to start, the first leaves it no second batch: once more.
    """
    for _ in range(5):
        administration = make_mixed_book(sending=sending)
        broken = share(administration, DAY, FAILPOINT=point, DEBUG_FAULTS="1")
        if broken.returncode:
            break
    return administration, broken


def read_rows(administration: UUID) -> dict[str, list[tuple[Any, ...]]]:
    found = {}
    with administration_scope(administration), connection.cursor() as cursor:
        for table, (debtor, carrying, listed) in TABLES.items():
            sql = ROWS.format(table=table, debtor=debtor, carrying=carrying, listed=listed)
            cursor.execute(sql, [administration])
            found[table] = cursor.fetchall()
    return found


def read_last_run(administration: UUID) -> tuple[Any, ...]:
    with administration_scope(administration):
        return tuple(
            Run.objects.values_list(
                "looked_at_count", "planned_count", "held_count", "nothing_count", "because"
            ).latest("started_at", "id")
        )


def count_looks(administration: UUID) -> Counter[int]:
    """How many debtors were decided on how often."""
    with administration_scope(administration):
        per_debtor = Counter(Decision.objects.values_list("debtor_id", flat=True))
    return Counter(per_debtor.values())


def test_two_processes_plan_what_one_plans(database: None) -> None:
    alone, shared = make_mixed_book(), make_mixed_book()
    for day in (DAY, LATER):
        run_on(alone, day)
        done = share(shared, day)
        assert (done.returncode, done.stderr) == (0, "")
        assert read_rows(shared) == read_rows(alone)
        assert read_last_run(shared) == read_last_run(alone)
    rows = read_rows(shared)
    outcomes = {json.loads(row[1])["outcome"] for row in rows["decision"]}
    assert outcomes == {"message", "call", "nothing"}
    assert rows["call"]
    with administration_scope(shared):
        check_totals(shared)


@pytest.mark.parametrize(
    ("point", "status", "said"),
    [
        # The second process, in its second batch; the first one says so.
        ("run.shared:kill:2", 1, "van buitenaf gestopt"),
        # Whoever comes there first.
        ("run.stored:kill", None, ""),
        ("run.committed:kill", None, ""),
        # A batch that fails in the second process, and one that loses the database.
        ("run.shared:raise:2", 1, "FailpointError: run.shared:raise:2"),
        ("run.shared:drop_db:2", 1, "OperationalError"),
    ],
)
def test_what_is_broken_off_is_done_once_by_the_next_run(
    database: None, point: str, status: int | None, said: str
) -> None:
    administration, broken = break_at(point)
    whole = make_mixed_book()
    assert said in broken.stderr
    assert broken.returncode in ((status,) if status is not None else (1, -9))
    done_before = count_looks(administration)[1]
    assert 0 <= done_before < DEBTORS
    assert share(administration, DAY).returncode == 0
    run_on(whole, DAY)
    assert count_looks(administration) == count_looks(whole)
    assert read_rows(administration) == read_rows(whole)
    with administration_scope(administration):
        references = list(Message.objects.values_list("payment_reference", flat=True))
    assert len(references) == len(set(references)) > 0


def test_nothing_is_released_while_a_part_was_broken_off(database: None) -> None:
    administration, broken = break_at("run.shared:kill:2", sending=True)
    assert broken.returncode == 1
    with administration_scope(administration):
        assert set(Message.objects.values_list("state", "reason")) == {("held", "judging")}
    assert share(administration, DAY).returncode == 0
    with administration_scope(administration):
        assert "held" not in set(Message.objects.values_list("state", flat=True))
