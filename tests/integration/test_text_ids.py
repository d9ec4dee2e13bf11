"""Who reads ids as texts finds what everybody finds."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from uuid import UUID

import pytest
from django.db import connection
from tests.integration.test_divided_by_law import CASES, DAY, Owed, fill

from tijdig.banking.actions.dividing import divide
from tijdig.core.matching.records import Payment
from tijdig.ledger.models import Debtor
from tijdig.ledger.queries.for_matching import load_items_of
from tijdig.tenants.arrays import read_uuids, write_uuids
from tijdig.tenants.bulk import read_ids_as_texts
from tijdig.tenants.ids import new_id, new_ids
from tijdig.tenants.scope import administration_scope


@contextmanager
def reading_texts(administration: UUID) -> Iterator[None]:
    """On a connection that nobody uses after it."""
    try:
        with administration_scope(administration):
            read_ids_as_texts()
            yield
    finally:
        connection.close()


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param(CASES["the highest rate first"][0], id="an agreed rate"),
        pytest.param(CASES["costs and interest before the principal"][0], id="costs beside it"),
    ],
)
def test_money_is_divided_alike(administration: UUID, claims: Sequence[Owed]) -> None:
    fill(administration, claims)
    payment = Payment(new_id(), DAY, "1", 60_000, "", "", "")
    with administration_scope(administration):
        debtor_id = Debtor.objects.get(number="2001").id
        expected = divide(debtor_id, payment)
        items = load_items_of([debtor_id])
    with reading_texts(administration):
        told = Debtor.objects.get(number="2001").id
        assert told == str(debtor_id)
        assert divide(told, payment) == expected
        assert {one.item_id for one in load_items_of([told])} == {str(one.item_id) for one in items}
    assert len(expected.parts) > 1


def test_texts_are_written_as_the_ids_that_they_are() -> None:
    ids = [UUID(int=0), UUID(int=(1 << 128) - 1), *new_ids(3)]
    texts = [f"{one}" for one in ids]
    assert read_uuids(write_uuids(texts)) == ids  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        write_uuids([*texts, *ids])  # type: ignore[list-item]
