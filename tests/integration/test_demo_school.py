"""The demo school: a parent who owes costs after a letter, and one whose letter came back."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest
from tests.integration.test_consumer_costs import lines
from tests.integration.test_demo_world import ignore, in_demo

from tijdig.demo.history import build, open_books, remake_world
from tijdig.demo.state import Origin
from tijdig.dunning.models import Notice
from tijdig.ledger.models import ClaimLine
from tijdig.tenants.scope import administration_scope

ORIGIN = Origin(seed=7, anchor_on=date(2026, 11, 20), weeks=40, slugs=("wilgenhoek",))


@pytest.fixture(scope="module")
def school(database: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[UUID]:
    home = tmp_path_factory.mktemp("school")
    with in_demo(home):
        build(ORIGIN, folder=home / "world", workers=1, tell=ignore)
        world = remake_world(ORIGIN)
        yield open_books(world, world.creditors[0], home / "world").administration_id


def test_both_parents_are_there(school: UUID) -> None:
    assert sorted(cents for kind, cents, _ in lines(school) if kind == "costs") == [0, 4_000]
    with administration_scope(school):
        (back,) = Notice.objects.filter(kind="veertiendagenbrief", void_because="returned")
        costs = ClaimLine.objects.get(message_id=back.message_id)
        assert costs.open_item.closed_on is not None
