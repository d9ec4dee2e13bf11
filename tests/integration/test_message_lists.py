"""The lists that stand in a message, and the run of a decision, are checked as keys are."""

from datetime import date
from uuid import UUID

import pytest
from django.db import IntegrityError
from tests.integration.office import at, make_administration, make_debtor, make_record, take_in

from tijdig.dunning.actions.run import run
from tijdig.dunning.models import Decision, Run
from tijdig.ledger.models import Debtor, OpenItem
from tijdig.messaging.models import Message
from tijdig.messaging.queries import ListedItem, list_items_of
from tijdig.tenants.bulk import execute, update_rows
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import active_administration, administration_scope

TODAY = date(2026, 3, 19)


@pytest.fixture
def office(database: None) -> UUID:
    """Two debtors, of whom a run wrote to the first one about two invoices and a credit note."""
    administration_id = make_administration()
    take_in(
        administration_id,
        make_record("2026-0412", due_on=date(2026, 3, 2)),
        make_record("2026-0413", due_on=date(2026, 3, 3)),
        make_record("2026-0414", due_on=date(2026, 6, 1), debtor=make_debtor("1002", name="B")),
    )
    run(administration_id, today=TODAY, now=at(TODAY))
    return administration_id


def find_item(number: str) -> UUID:
    row = execute(
        "SELECT open_item_id FROM tijdig_invoice WHERE administration_id = %s AND number = %s",
        [active_administration(), number],
    ).fetchone()
    assert row
    found: UUID = row[0]
    return found


def replace_ids(made: Decision, *, debtor_id: UUID) -> Decision:
    fields = {field.attname: getattr(made, field.attname) for field in made._meta.concrete_fields}
    return Decision(**fields | {"id": new_id(), "debtor_id": debtor_id})


def make_list(kind: str) -> tuple[list[UUID], list[int]]:
    lists = {
        "another debtor's": ([find_item("2026-0412"), find_item("2026-0414")], [1, 2]),
        "unknown": ([new_id()], [1]),
        "none": ([], []),
        "unpaired": ([find_item("2026-0412")], [1, 2]),
    }
    return lists[kind]


def test_a_message_carries_what_it_lists(office: UUID) -> None:
    with administration_scope(office):
        message = Message.objects.get()
        assert list_items_of(message.id) == (
            ListedItem(find_item("2026-0412"), 12_100),
            ListedItem(find_item("2026-0413"), 12_100),
        )
        assert message.total_cents == sum(message.listed_cents)


@pytest.mark.parametrize("kind", ["another debtor's", "unknown", "none", "unpaired"])
def test_a_message_lists_items_of_its_own_debtor(office: UUID, kind: str) -> None:
    with administration_scope(office):
        message = Message.objects.get()
        items, cents = make_list(kind)
        assert OpenItem.objects.count() == 3
    columns = ["listed_items", "listed_cents"]
    with pytest.raises(IntegrityError), administration_scope(office):
        update_rows(Message, columns, [(message.id, items, cents)])
    message.id, message.reopen_count, message.payment_reference = new_id(), 7, "RF18539007547034"
    message.listed_items, message.listed_cents = items, cents
    with pytest.raises(IntegrityError), administration_scope(office):
        message.save(force_insert=True)
    with administration_scope(office):
        assert Message.objects.count() == 1


def test_an_item_of_another_administration_is_no_item_of_its_debtor(office: UUID) -> None:
    other = make_administration()
    take_in(other, make_record("2026-0412", due_on=date(2026, 3, 2)))
    with administration_scope(other):
        theirs = find_item("2026-0412")
    with pytest.raises(IntegrityError), administration_scope(office):
        update_rows(
            Message, ["listed_items", "listed_cents"], [(Message.objects.get().id, [theirs], [1])]
        )


def test_a_decision_was_made_in_a_run_that_exists_and_is_kept(office: UUID) -> None:
    with administration_scope(office):
        made = Decision.objects.first()
        assert made
        assert made.run_id == Run.objects.get().id
    made.id, made.run_id = new_id(), new_id()
    with pytest.raises(IntegrityError, match="a run that"), administration_scope(office):
        made.save(force_insert=True)
    with pytest.raises(IntegrityError), administration_scope(office):
        Run.objects.all().delete()


def test_a_message_is_carried_by_an_item_of_its_own_debtor(office: UUID) -> None:
    with administration_scope(office):
        message = Message.objects.get()
        others = find_item("2026-0414")
    with pytest.raises(IntegrityError), administration_scope(office):
        Message.objects.update(carrying_item_id=others)
    message.id, message.payment_reference = new_id(), "RF18539007547034"
    message.carrying_item_id = others
    with pytest.raises(IntegrityError), administration_scope(office):
        message.save(force_insert=True)


def test_a_decision_is_about_a_debtor_of_its_administration_and_stays_so(office: UUID) -> None:
    other = make_administration()
    take_in(other, make_record("2026-0412"))
    with administration_scope(other):
        theirs = Debtor.objects.get().id
    with administration_scope(office):
        made = Decision.objects.first()
        assert made
    for wrong in (theirs, new_id()):
        copy = replace_ids(made, debtor_id=wrong)
        with pytest.raises(IntegrityError, match="a debtor that"), administration_scope(office):
            copy.save(force_insert=True)
        with pytest.raises(IntegrityError, match="append-only"), administration_scope(office):
            Decision.objects.filter(id=made.id).update(debtor_id=wrong)


@pytest.mark.parametrize("table", ["tijdig_debtor", "tijdig_openitem", "tijdig_run"])
def test_what_decisions_and_messages_name_is_kept(office: UUID, table: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"), administration_scope(office):
        execute(f"DELETE FROM {table}", [])


def test_lists_of_any_length_come_out_as_they_went_in(office: UUID) -> None:
    with administration_scope(office):
        message = Message.objects.get()
        one, two = find_item("2026-0412"), find_item("2026-0413")
        columns = ["listed_items", "listed_cents", "reason"]
        update_rows(Message, columns, [(message.id, [two, one, two], [5, -3, 4], 'a "b" \\ é')])
        message.refresh_from_db()
        assert (message.listed_items, message.listed_cents) == ([two, one, two], [5, -3, 4])
        assert message.reason == 'a "b" \\ é'
