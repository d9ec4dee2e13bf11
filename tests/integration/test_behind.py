"""Statements that nobody waits for: in order, in the transaction, and never lost."""

import sys
from uuid import UUID

import pytest
from django.db import IntegrityError
from tests.integration.office import at, make_administration, make_record, take_in
from tests.integration.test_matching_ahead import TODAY

from tijdig.ledger.belongings.models import DebtorIban
from tijdig.ledger.models import Debtor
from tijdig.tenants.behind import writing_behind
from tijdig.tenants.bulk import ask, command, execute, insert_rows, read_rows, update_rows
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.actions import Happened, record
from tijdig.timeline.models import Event

COLUMNS = ("id", "administration", "debtor", "iban", "learned_from")


@pytest.fixture
def office(database: None) -> UUID:
    administration = make_administration()
    take_in(administration, make_record())
    return administration


def learn(administration: UUID, iban: str, *, row_id: UUID | None = None) -> int:
    row = (row_id or new_id(), administration, Debtor.objects.get().id, iban, "test")
    return insert_rows(DebtorIban, COLUMNS, [row])


def test_whoever_asks_sees_all_that_was_sent_before(office: UUID) -> None:
    row_id = new_id()
    with administration_scope(office):
        debtor_id = Debtor.objects.get().id
        with writing_behind():
            for count in range(1, 4):
                command("SELECT pg_sleep(0.05)", [])
                row = (new_id(), office, debtor_id, f"IBAN{count}", "test")
                assert insert_rows(DebtorIban, COLUMNS, [row]) == 1
                (found,) = execute("SELECT count(*) FROM tijdig_debtoriban", []).fetchall()
                assert found == (count,)
            command("SELECT pg_sleep(0.05)", [])
            insert_rows(DebtorIban, COLUMNS, [(row_id, office, debtor_id, "OLD", "test")])
            update_rows(DebtorIban, ["iban"], [(row_id, "NEW")])
            assert DebtorIban.objects.get(id=row_id).iban == "NEW"
            command("SELECT pg_sleep(0.05)", [])
            update_rows(DebtorIban, ["iban"], [(row_id, "NEWER")])
            rows = read_rows("SELECT iban FROM tijdig_debtoriban ORDER BY iban", [])
            assert [iban for (iban,) in rows] == ["IBAN1", "IBAN2", "IBAN3", "NEWER"]
            update_rows(DebtorIban, ["iban"], [(row_id, "NEWEST")])
        found_at_the_end = execute("SELECT iban FROM tijdig_debtoriban WHERE id = %s", [row_id])
        assert found_at_the_end.fetchall() == [("NEWEST",)]


def test_an_answer_tells_what_stood_when_it_was_asked(office: UUID) -> None:
    count = "SELECT count(*)::int FROM tijdig_debtoriban WHERE administration_id = %s"
    with administration_scope(office):
        at_once = ask(count, [office])
        learn(office, "FIRST")
        with writing_behind():
            command("SELECT pg_sleep(0.05)", [])
            answers = [ask(count, [office])]
            learn(office, "SECOND")
            command("SELECT pg_sleep(0.05)", [])
            answers.append(ask(count, [office]))
            learn(office, "THIRD")
            answers.append(ask(count, [office]))
            assert [one() for one in reversed(answers)] == [[(3,)], [(2,)], [(1,)]]
            assert execute(count, [office]).fetchall() == [(3,)]
        assert at_once() == [(0,)]


@pytest.mark.parametrize("asks", [True, False], ids=["at the next question", "at the end"])
def test_what_goes_wrong_is_raised_and_undoes_everything(office: UUID, *, asks: bool) -> None:
    reached: list[str] = []
    with pytest.raises(IntegrityError, match="tijdig_debtoriban_pkey"):
        learn_twice(office, reached, asks=asks)
    assert reached == ([] if asks else ["the end"])
    with administration_scope(office):
        assert list(DebtorIban.objects.all()) == []
        assert list(Event.objects.filter(kind="test")) == []


def learn_twice(office: UUID, reached: list[str], *, asks: bool) -> None:
    row_id = new_id()
    with administration_scope(office), writing_behind():
        learn(office, "FIRST", row_id=row_id)
        record([Happened("test", "test", row_id)], today=TODAY, now=at(TODAY), actor="test")
        debtor_id = Debtor.objects.get().id
        insert_rows(DebtorIban, COLUMNS, [(row_id, office, debtor_id, "SECOND", "test")])
        insert_rows(DebtorIban, COLUMNS, [(new_id(), office, debtor_id, "THIRD", "test")])
        if asks:
            execute("SELECT 1", [])
        reached.append("the end")


def test_what_stops_the_caller_leaves_nothing_behind(office: UUID) -> None:
    with pytest.raises(ZeroDivisionError):
        learn_and_stop(office)
    with administration_scope(office):
        assert list(DebtorIban.objects.all()) == []
        assert learn(office, "THIRD") == 1
        assert DebtorIban.objects.get().iban == "THIRD"


def test_threads_take_turns_as_before_once_all_is_written(office: UUID) -> None:
    usual_seconds = sys.getswitchinterval()
    with administration_scope(office), writing_behind():
        learn(office, "ZERO")
        assert sys.getswitchinterval() == pytest.approx(0.0005)
    with pytest.raises(ZeroDivisionError):
        learn_and_stop(office)
    assert sys.getswitchinterval() == pytest.approx(usual_seconds)


def learn_and_stop(office: UUID) -> None:
    with administration_scope(office), writing_behind():
        learn(office, "FIRST")
        command("SELECT pg_sleep(0.05)", [])
        learn(office, "SECOND")
        raise ZeroDivisionError
