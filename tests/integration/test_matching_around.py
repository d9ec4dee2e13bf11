"""What lies around payments is the same, however much of it was asked for before."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.integration.office import make_debtor, make_record, take_in
from tests.integration.test_imputation import PAID_ON, make_owing

from tijdig.banking.actions.around import Around
from tijdig.banking.actions.reading import BATCH, Readings
from tijdig.core.matching.names import make_name_keys
from tijdig.core.matching.records import Payment
from tijdig.core.matching.short_numbers import read_shorts
from tijdig.core.matching.spelling import read_text
from tijdig.ledger.models import Debtor, Invoice, OpenItem
from tijdig.ledger.queries import for_matching as ledger
from tijdig.tenants.behind import writing_behind
from tijdig.tenants.ids import new_id
from tijdig.tenants.scope import administration_scope

NAMES = ("Garage De Bocht", "Nobody At All", "Bakkerij Smit")
AMOUNTS = (12_100, 5_000, 1)


def make_book() -> UUID:
    administration = make_owing()
    garage = make_debtor("2001", name="Garage De Bocht", email="g@example.nl")
    bakery = make_debtor("2002", name="Bakkerij Smit", email="b@example.nl")
    take_in(
        administration,
        make_record("2026-0500", debtor=garage),
        make_record("2026-0600", cents=5_000, debtor=garage),
        make_record("2026-0700", debtor=bakery),
    )
    return administration


@pytest.mark.parametrize("share", [0, 1, 2, 3])
def test_what_was_asked_before_is_what_the_ledger_says_now(database: None, share: int) -> None:
    with administration_scope(make_book()):
        debtors = sorted(Debtor.objects.values_list("id", flat=True))
        items = sorted(OpenItem.objects.values_list("id", flat=True))
        keys = sorted({key for name in NAMES for key in make_name_keys(name)})
        with writing_behind():
            some = debtors[:share], keys[: share * 2], AMOUNTS[:share]
            around = Around(ledger.ask_around(*some))
            around.wait()
            near = around.find_debtors_by_name(keys)
            by_amount = around.list_items_by_amount(AMOUNTS)
            assert near.ids == ledger.find_debtors_by_name(keys).ids
            assert len(near.ids) == 2
            assert _sort(by_amount) == _sort(ledger.list_items_by_amount(AMOUNTS))
            assert sum(len(ids) for _, ids in by_amount) >= 3
            told = around.load_items_of(debtors)
            assert sorted(told) == sorted(ledger.load_items_of(debtors))
            assert {one.item_id for one in told} <= {*items}
            assert sorted(around.load_items(items)) == sorted(ledger.load_items(items))
            names = around.load_debtor_names(debtors)
            assert sorted(names) == sorted(ledger.load_debtor_names(debtors))
            assert len(names) == len(debtors) == 3


def test_too_many_of_one_name_or_amount_tell_nothing_either_way(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "ALIKE_AT_MOST", 1)
    with administration_scope(make_book()):
        around = Around(ledger.ask_around((), (), AMOUNTS))
        around.wait()
        near = ledger.make_near(around.list_items_by_amount(AMOUNTS))
        assert near == ledger.make_near(ledger.list_items_by_amount(AMOUNTS))
        assert near.crowded == [12_100]


@pytest.mark.parametrize("is_still", [False, True])
def test_every_batch_comes_once_and_in_order(database: None, is_still: bool) -> None:
    with administration_scope(make_book()), writing_behind():
        payments = [_make_payment(place, PAID_ON) for place in range(9)]
        number = Invoice.objects.get(number="2026-0600").open_item_id
        found = []
        readings = Readings(payments, (), size=2, is_still=is_still)
        for reading in readings:
            readings.go_on()
            found += reading.payments
            assert number in {one.item_id for one in reading.read_items()}
        assert found == payments


def _make_payment(place: int, day: date) -> Payment:
    on = day + timedelta(days=place)
    return Payment(new_id(), on, f"{place}", 5_000, "", "factuur 2026-0600", "")


def _sort(found: list[tuple[int, list[UUID]]]) -> list[tuple[int, list[UUID]]]:
    return sorted((cents, sorted(ids)) for cents, ids in found)


def test_as_many_texts_are_kept_as_are_read_before_the_first_has_its_turn() -> None:
    # A batch, the three after it that are read before it is weighed, and the one just weighed.
    assert read_text.cache_parameters()["maxsize"] >= 5 * BATCH
    assert read_shorts.cache_parameters()["maxsize"] >= 5 * BATCH
