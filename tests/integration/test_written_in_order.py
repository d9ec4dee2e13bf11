"""What is written in bulk is looked up one by one, in the order in which an index has it."""

import json
from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any, cast
from uuid import UUID

import pytest
from tests.integration.books import Listed, make_list, take
from tests.integration.growth import known_as_grown

from tijdig.ledger.actions import posting
from tijdig.ledger.actions.posting import NewEntry
from tijdig.ledger.models import Debtor, OpenItem
from tijdig.ledger.queries import item_owners
from tijdig.ledger.queries.item_owners import ItemOwner, load_item_owners
from tijdig.tenants.arrays import Seen, read_uuids, write_in_order, write_uuids
from tijdig.tenants.bulk import execute
from tijdig.tenants.ids import new_ids
from tijdig.tenants.scope import administration_scope

DAY = date(2026, 3, 24)
DEBTORS, ASKED = 1_000, 400


def shuffle(ids: list[UUID]) -> list[UUID]:
    return Random(5).sample(ids, len(ids))


@pytest.mark.parametrize("are_texts", [False, True])
def test_ids_are_written_in_order(are_texts: bool) -> None:
    ids = new_ids(300)
    told = cast("list[UUID]", [str(one) for one in shuffle(ids)]) if are_texts else shuffle(ids)
    assert write_in_order(told) == write_in_order(set(told)) == write_uuids(ids)
    assert write_in_order([]) == write_uuids([])


def test_what_was_not_seen_is_written_in_order() -> None:
    ids = new_ids(300)
    seen = Seen()
    assert read_uuids(seen.leave(write_uuids(ids[100:103]))) == ids[100:103]
    assert read_uuids(seen.leave(write_uuids(shuffle(ids)))) == ids[:100] + ids[103:]


def test_entries_are_written_in_order_of_their_items() -> None:
    first, second = new_ids(2)
    entries = [
        NewEntry(item_id, kind, cents, DAY, "bank_line", first)
        for item_id, kind, cents in (
            (second, "paid", -500), (first, "set_off", 300), (second, "rounding", -1),
            (first, "paid", -700),
        )
    ]  # fmt: skip
    laid_out = posting.lay_out(entries)
    assert read_uuids(laid_out.open_item_ids) == [first, first, second, second]
    # Of one item they stay in the order given.
    assert laid_out.cents == [300, -700, -500, -1]


@pytest.mark.parametrize("times", [100, 1_000])
def test_no_debtor_or_item_is_read_that_was_not_asked_for(times: int, administration: UUID) -> None:
    take(administration, make_list(*(Listed(f"F{n}", 12_100, debtor=f"D{n}")
                                     for n in range(DEBTORS))))  # fmt: skip
    with known_as_grown(times), administration_scope(administration):
        debtors = write_in_order(Debtor.objects.values_list("id", flat=True)[:ASKED])
        items = write_in_order(OpenItem.objects.values_list("id", flat=True)[:ASKED])
        raising = posting.list_raise_parameters()
        for sql, parameters in (
            (posting._TOUCH, [debtors, administration, *raising]),
            (posting._TOUCH_OF, [items, administration, administration, *raising]),
            (posting._CLOSE,
             [DAY, administration, items, [-12_100] * ASKED, administration]),
            (posting._COUNT_BACK, [items, administration]),
            (item_owners._OWNERS, [items, administration]),
        ):  # fmt: skip
            rows = execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", parameters).fetchone()
            assert rows is not None
            told = json.loads(rows[0]) if isinstance(rows[0], str) else rows[0]
            read = [*_list_read(told[0]["Plan"])]
            assert read
            assert max(rows for _, rows in read) == ASKED, sql
            # Other indexes hold ids too, and are read from end to end for them.
            assert {index for index, _ in read} <= {"", "tijdig_debtor_pkey",
                                                    "tijdig_openitem_pkey"}, sql  # fmt: skip


def _list_read(plan: dict[str, Any]) -> Iterator[tuple[str, float]]:
    """By which index debtors and items were looked into, and how many rows that gave."""
    if plan.get("Relation Name") in {"tijdig_debtor", "tijdig_openitem"} and "Scan" in str(
        plan["Node Type"]
    ):
        removed = plan.get("Rows Removed by Filter", 0)
        yield plan.get("Index Name", ""), (plan["Actual Rows"] + removed) * plan["Actual Loops"]
    for below in plan.get("Plans", ()):
        yield from _list_read(below)


def test_owners_of_items_are_found_in_order_and_those_that_are_not_there_left_out(
    administration: UUID,
) -> None:
    take(administration, make_list(Listed("F1", 12_100, debtor="D1"),
                                   Listed("F2", 12_100, debtor="D2")))  # fmt: skip
    with administration_scope(administration):
        rows = OpenItem.objects.order_by("id").values_list("id", "debtor_id", "kind")
        told = [ItemOwner(*row, is_open=True) for row in rows]
        asked = [*reversed([one.item_id for one in told]), *new_ids(1)]
        assert load_item_owners(asked) == told
        assert load_item_owners([]) == []
