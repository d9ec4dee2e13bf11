"""What entries and events name exists, and an item is closed exactly when its entries say so."""

from datetime import date
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError
from tests.architecture.test_guards import ask
from tests.integration.office import at, make_administration, make_record, take_in

from tijdig.ledger.actions.posting import NewEntry, post
from tijdig.ledger.models import Debtor, Entry, OpenItem
from tijdig.ledger.models import Invoice as LedgerInvoice
from tijdig.tenants.bulk import execute, insert_rows
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import administration_scope
from tijdig.timeline.models import Event

TODAY = date(2026, 3, 19)


@pytest.fixture
def office(database: None) -> UUID:
    """Two invoices of € 121 of one debtor."""
    administration_id = make_administration()
    take_in(administration_id, make_record("2026-0412"), make_record("2026-0413"))
    return administration_id


def item_of(number: str) -> UUID:
    return LedgerInvoice.objects.values_list("open_item_id", flat=True).get(number=number)


def write(administration_id: UUID, *entries: tuple[UUID, int]) -> None:
    """Entries as a mistaken programmer would write them: past `post`."""
    same = {"administration": administration_id, "kind": "paid", "on": TODAY}
    same |= {"source_kind": "test", "source_round": 0, "recorded_at": at(TODAY)}
    rows = [(new_id(), item_id, cents, new_id()) for item_id, cents in entries]
    insert_rows(Entry, ("id", "open_item", "cents", "source_id"), rows, same=same)


def write_closing(
    administration_id: UUID, *entries: tuple[UUID, int], closed_on: date | None
) -> None:
    """The same, with the last of these items closed, or not."""
    OpenItem.objects.filter(id=entries[-1][0]).update(closed_on=closed_on)
    write(administration_id, *entries)


def test_an_entry_of_no_item_is_refused_with_all_others(office: UUID) -> None:
    stranger = new_id()
    with pytest.raises(IntegrityError, match=f"item {stranger}"), administration_scope(office):
        write(office, (item_of("2026-0412"), -100), (stranger, -100))
    with administration_scope(office):
        assert Entry.objects.count() == 2


def test_an_entry_of_anothers_item_is_refused(office: UUID) -> None:
    other = make_administration()
    take_in(other, make_record("2026-0412"))
    with administration_scope(other):
        theirs = item_of("2026-0412")
    with pytest.raises(IntegrityError, match=f"item {theirs}"), administration_scope(office):
        write(office, (theirs, -100))


@pytest.mark.parametrize(
    ("cents", "closed_on"), [(-12_100, None), (-100, TODAY)], ids=["paid, open", "open, closed"]
)
def test_an_item_is_closed_exactly_when_nothing_is_left(
    office: UUID, cents: int, closed_on: date | None
) -> None:
    with administration_scope(office):
        first, second = item_of("2026-0412"), item_of("2026-0413")
        assert (12_100 + cents == 0) != (closed_on is not None)
    with pytest.raises(DatabaseError, match=f"{first} : closed_on"), administration_scope(office):
        write_closing(office, (second, -100), (first, cents), closed_on=closed_on)


def test_many_entries_of_one_statement_are_added_up(office: UUID) -> None:
    with administration_scope(office):
        first, second = item_of("2026-0412"), item_of("2026-0413")
        before = Debtor.objects.values_list("facts_version", flat=True).get()
        shares = ((first, -6_000), (first, -6_100), (second, -2_100))
        entries = [
            NewEntry(item_id, "paid", cents, TODAY, "test", new_id()) for item_id, cents in shares
        ]
        post(entries, today=TODAY, now=at(TODAY))
        closed = dict(OpenItem.objects.values_list("id", "closed_on"))
        after = Debtor.objects.values_list("facts_version", flat=True).get()
        totals = execute(
            "SELECT sum(cents)::bigint, sum(invoices)::int FROM tijdig_openchange "
            "WHERE administration_id = %s",
            [office],
        ).fetchone()
    assert closed == {first: TODAY, second: None}
    assert totals == (10_000, 1)
    assert after == before + 1


def test_an_event_happens_in_an_administration_that_exists(office: UUID) -> None:
    columns = [
        field.column
        for field in Event._meta.concrete_fields
        if field.column not in {"id", "administration_id"}
    ]
    told = ", ".join(f'"{name}"' for name in columns)
    with pytest.raises(IntegrityError, match="administration"):
        ask(
            f"INSERT INTO tijdig_event (id, administration_id, {told}) "
            f"SELECT gen_random_uuid(), gen_random_uuid(), {told} FROM tijdig_event "
            "WHERE administration_id = %s RETURNING 1",
            [office],
            using="owner",
        )


def test_an_administration_stays(office: UUID) -> None:
    with pytest.raises(DatabaseError, match="append-only"):
        ask("DELETE FROM tijdig_administration WHERE id = %s RETURNING 1", [office], using="owner")
