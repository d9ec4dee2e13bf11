"""The number of SQL statements does not grow with the rows: counted on the wire to PostgreSQL."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from uuid import UUID

import pytest
from django.db import connection
from psycopg.pq import Trace
from tests.integration.books import (
    PAYER,
    Listed,
    make_list,
    make_payment,
    make_statement,
    run_on,
    take,
)
from tests.integration.office import at, make_administration
from tests.plugs.ubl_samples import make_attachment, make_customer, make_ubl

from tijdig.dunning.actions.release import release_messages
from tijdig.dunning.actions.run import preview
from tijdig.dunning.queries.facts import load_facts
from tijdig.ledger.models import Debtor
from tijdig.tenants.scope import administration_scope

MONDAY = date(2026, 3, 2)
DUE = date(2026, 3, 19)


@contextmanager
def counting() -> Iterator[list[int]]:
    """How many statements this process sends meanwhile, whatever sends them; told at the end.

    Not that the driver forgets its prepared statements after a rollback: it does where it had any.
    """
    connection.ensure_connection()
    wire = connection.connection.pgconn
    told: list[int] = []
    with tempfile.TemporaryFile("w+") as file:
        wire.trace(file.fileno())
        wire.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
        try:
            yield told
        finally:
            wire.untrace()
        file.seek(0)
        sent = [line.split("\t") for line in file if line.startswith("F\t")]
    asked = [line for line in sent if line[2] in {"Query", "Execute"}]
    told.append(sum("DEALLOCATE ALL" not in line[-1] for line in asked))


def rows(count: int, *, of: int = 1) -> list[Listed]:
    """`of` invoices for each of `count` debtors."""
    return [
        Listed(f"2026-{n:03d}{m}", 12_100, debtor=f"{1000 + n}", iban=f"NL{n:02d}BANK0123456789")
        for n in range(count)
        for m in range(of)
    ]


def count_of(work: Callable[[UUID, int], None], count: int, *, sending: bool = False) -> int:
    administration = make_administration(sending=sending)
    take(administration, make_list(*rows(count)), day=MONDAY)
    if sending:
        run_on(administration, DUE)
    with counting() as told:
        work(administration, count)
    return told[0]


def import_a_new_list(administration: UUID, count: int) -> None:
    take(administration, make_list(*rows(count, of=2)), day=DUE)


def import_a_changed_list(administration: UUID, count: int) -> None:
    changed = [
        Listed(one.number, 5_000, debtor=one.debtor, due_on=date(2026, 3, 20))
        for one in rows(count)
    ]
    take(administration, make_list(*changed), day=DUE)


def import_a_list_that_settles(administration: UUID, count: int) -> None:
    take(administration, make_list(Listed("2026-9999", 100, 100, debtor="9999")), day=DUE)


def import_payments(administration: UUID, count: int) -> None:
    lines = [make_payment(12_100, one.number, on=DUE, iban=PAYER) for one in rows(count)]
    assert take(administration, make_statement(*lines), day=DUE).matched == count


def import_payments_that_wait(administration: UUID, count: int) -> None:
    lines = [make_payment(7 + n, "voor u", on=DUE) for n in range(count)]
    assert take(administration, make_statement(*lines), day=DUE).unmatched == count


def import_invoices(administration: UUID, count: int) -> None:
    customers = [
        make_customer(f"Klant {n}").replace("10023", f"200{n}").replace("87654321", f"8765432{n}")
        for n in range(count)
    ]
    document = make_attachment("JVBERi0xLjc=")
    files = [
        make_ubl(number=f"2027-000{n}", customer=customer, references=document)
        for n, customer in enumerate(customers)
    ]
    assert sum(one.new for one in take(administration, *files, day=DUE).files) == count


def run_once(administration: UUID, count: int) -> None:
    assert run_on(administration, DUE).planned == count


def run_again(administration: UUID, count: int) -> None:
    take(administration, make_list(*rows(count, of=2)), day=DUE)
    run_on(administration, DUE)


def look_ahead(administration: UUID, count: int) -> None:
    assert preview(administration, today=DUE).planned == count


def read_facts(administration: UUID, count: int) -> None:
    with administration_scope(administration):
        ids = list(Debtor.objects.values_list("id", flat=True))
        assert len(load_facts(ids, today=DUE, rehearsal=True)) == count


@pytest.mark.parametrize(
    "work",
    [
        import_a_new_list,
        import_a_changed_list,
        import_a_list_that_settles,
        import_payments,
        import_payments_that_wait,
        import_invoices,
        run_once,
        run_again,
        look_ahead,
        read_facts,
    ],
)
def test_three_take_as_many_statements_as_one(
    database: None, work: Callable[[UUID, int], None]
) -> None:
    count_of(work, 2)
    one, three = count_of(work, 1), count_of(work, 3)
    assert one == three
    assert 0 < one < 110


def release_again(administration: UUID, count: int) -> None:
    """What was released yesterday is written anew today."""
    from tijdig.messaging.actions.claims import find_claimable

    with administration_scope(administration):
        assert (
            find_claimable(channels=["email"], most=50, today=date(2026, 3, 20), now=at(DUE)) == []
        )
    released = release_messages(administration, today=date(2026, 3, 20), now=at(date(2026, 3, 20)))
    assert released == count


def test_releasing_three_takes_as_many_statements_as_one(database: None) -> None:
    one = count_of(release_again, 1, sending=True)
    assert one == count_of(release_again, 3, sending=True) > 0
