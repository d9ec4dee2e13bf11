"""Many payments are matched by two processes: the same as by one, or nothing at all."""

import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from bench.payment_book import make_book
from django.db import connection, transaction
from tests.faults import child
from tests.faults.child import make_environment
from tests.integration.books import check_book, make_payment, make_statement
from tests.integration.case_office import find_ids, told
from tests.integration.office import at, make_debtor, make_record
from tests.integration.office import take_in as receive
from tests.integration.test_imputation import PAID_ON, make_owing
from tests.integration.test_matching_same import as_entry, fill

from tijdig.banking.actions import matching
from tijdig.banking.actions.statements import take_in
from tijdig.banking.formats import camt
from tijdig.banking.models import BankLine, Suggestion
from tijdig.cases.actions import plans
from tijdig.cases.queries.asked import list_asked
from tijdig.ledger.models import Debtor, Entry
from tijdig.ledger.queries.for_matching import has_changed
from tijdig.messaging.models import Message
from tijdig.tenants.bulk import execute
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import administration_scope

TODAY = PAID_ON + timedelta(days=1)
# Whole rows, but for the ids of rows that matching makes; items to come by what they are.
ROWS = {
    "bankline": "SELECT to_jsonb(one) FROM tijdig_bankline one",
    "suggestion": "SELECT to_jsonb(one) - 'id' FROM tijdig_suggestion one",
    "event": "SELECT to_jsonb(one) - 'id' FROM tijdig_event one",
    "debtoriban": "SELECT to_jsonb(one) - 'id' FROM tijdig_debtoriban one",
    "look": "SELECT to_jsonb(one) FROM tijdig_look one",
    "debtor": "SELECT to_jsonb(one) FROM tijdig_debtor one",
    "openitem": "SELECT to_jsonb(one) - CASE kind WHEN 'unapplied' THEN 'id' ELSE '' END"
    " FROM tijdig_openitem one",
    "entry": "SELECT to_jsonb(one) - CASE item.kind WHEN 'unapplied'"
    " THEN '{id,open_item_id}'::text[] ELSE '{id}'::text[] END, item.debtor_id::text"
    " FROM tijdig_entry one JOIN tijdig_openitem item"
    " ON item.administration_id = one.administration_id AND item.id = one.open_item_id",
}


@pytest.fixture
def waiting(database: None) -> UUID:
    """A generated book with its payments, none of them matched; an invoice with costs beside it."""
    administration = make_owing()
    book = make_book(11, debtors=70, weeks=12)
    fill(administration, book)
    day = {"booked_on": PAID_ON, "value_on": PAID_ON}
    lines = [replace(as_entry(one), **day) for one in book.payments if one.cents > 0]
    # The first pays the costs and leaves a part of the invoice, of which the others pay some; the
    # last comes a day later, for its reference is by chance, and so would its place be in one day.
    lines += [
        make_payment(cents, text, on=PAID_ON, iban="NL20INGB0001234567")
        for cents, text in ((12_100, "factuur 2026-0412"), (1_500, "termijn"), (700, "termijn"))
    ]
    with administration_scope(administration):
        asked = Message.objects.exclude(payment_reference="")
        reference = asked.latest("id").payment_reference
    lines.append(make_payment(1_900, on=TODAY, iban="", reference=reference))
    lines.append(make_payment(10_000, "T-2026-1", on=TODAY, iban=""))
    statement = camt.parse(make_statement(*lines), name="afschrift.xml")
    make_plan(administration)
    with administration_scope(administration):
        take_in(statement, import_id=new_id(), now=at(TODAY))
    return administration


def make_plan(administration: UUID) -> None:
    """€ 300,00 in three terms, for somebody who is nobody else's namesake."""
    somebody = make_debtor("T-1", name="Termijnen Proef")
    receive(administration, make_record("T-2026-1", cents=30_000, debtor=somebody))
    with administration_scope(administration):
        debtor_id, invoice_id = find_ids("T-2026-1")
        plans.agree(
            debtor_id=debtor_id, invoice_ids=[invoice_id], count=3,
            first_on=TODAY + timedelta(days=20), **told(PAID_ON),
        )  # fmt: skip


def match_shared(administration: UUID, **settings: str) -> "subprocess.CompletedProcess[str]":
    words = [sys.executable, child.__file__, "match", str(administration), at(TODAY).isoformat()]
    environment = make_environment(**settings)
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False)


def match_alone(administration: UUID, now: datetime) -> dict[str, list[tuple[Any, ...]]]:
    """What one process would make of it; nothing stays."""
    with administration_scope(administration):
        asked = list_asked()
        matching.match_unmatched(asked=asked, today=TODAY, now=now, actor="test")
        found = read_rows()
        check_kinds()
        transaction.set_rollback(True)
    return found


def check_kinds() -> None:
    """The book has all that may differ: rests, costs, learned accounts, proposals by the law."""
    kinds = set(Entry.objects.filter(kind="paid").values_list("open_item__kind", flat=True))
    assert kinds == {"invoice", "claim", "unapplied"}
    for table, condition in (
        ("suggestion", "strpos(evidence::text, 'by_law') > 0"),
        ("debtoriban", "learned_from = 'payment'"),
        ("bankline", "state = 'matched' AND match_kind = 'none'"),
        ("bankline", "state = 'matched' AND match_kind = 'reference'"),
        ("bankline", "state = 'matched' AND because_nl LIKE '%% is termijn 1 van %%'"),
    ):
        sql = f"SELECT count(*) FROM tijdig_{table} WHERE {condition}"
        assert execute(sql, []).fetchone() != (0,), condition


def read_versions(administration: UUID) -> dict[UUID, int]:
    with administration_scope(administration):
        return dict(Debtor.objects.values_list("id", "facts_version"))


def read_rows() -> dict[str, list[tuple[Any, ...]]]:
    found = {}
    with connection.cursor() as cursor:
        for table, sql in ROWS.items():
            cursor.execute(sql)
            found[table] = sorted(cursor.fetchall())
    return found


def test_two_processes_match_as_one_does(waiting: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "BATCH", 40)
    alone = match_alone(waiting, at(TODAY))
    before = read_versions(waiting)
    done = match_shared(waiting)
    assert (done.returncode, done.stderr) == (0, "")
    with administration_scope(waiting):
        assert read_rows() == alone
        on_items = Entry.objects.filter(source_kind="bank_line")
        moved = {*on_items.values_list("open_item__debtor_id", flat=True)}
        moved |= {*Suggestion.objects.values_list("debtor_id", flat=True)}
    raised = {one: now - before[one] for one, now in read_versions(waiting).items()}
    # Of whose facts moved, however often, the version is raised once.
    assert {raised[one] for one in moved} == {1}
    assert set(raised.values()) == {0, 1}
    check_book(waiting)


@pytest.mark.parametrize(
    ("point", "status", "said"),
    [
        ("shared.hand_over:kill:3", 1, "van buitenaf gestopt"),
        ("shared.hand_over:raise:3", 1, "FailpointError: shared.hand_over:raise:3"),
        ("shared.hand_over:drop_db:3", 1, "OperationalError"),
        ("match.write:kill:3", -9, ""),
        ("match.write:raise:3", 1, "FailpointError: match.write:raise:3"),
    ],
)
def test_what_is_broken_off_leaves_nothing(
    waiting: UUID, point: str, status: int, said: str
) -> None:
    with administration_scope(waiting):
        before = read_rows()
    broken = match_shared(waiting, FAILPOINT=point, DEBUG_FAULTS="1")
    assert said in broken.stderr
    assert broken.returncode == status
    with administration_scope(waiting):
        assert read_rows() == before
        assert set(BankLine.objects.values_list("state", flat=True)) == {"unmatched"}
    assert match_shared(waiting).returncode == 0


def test_what_only_this_transaction_knows_is_matched_by_itself(waiting: UUID) -> None:
    sql = "UPDATE tijdig_debtor SET name = name"
    # What an earlier transaction of this connection changed is counted for a moment too.
    connection.close()
    with administration_scope(waiting):
        assert not has_changed()
        execute(sql, [])
        assert has_changed()
