"""The demo school: parents who owe costs after a letter, or not, and parents it collects from."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest
from tests.integration.test_consumer_costs import lines
from tests.integration.test_demo_world import ignore, in_demo

from tijdig.banking.direct_debits.models import DebitBatch, DebitLine, SepaMandate
from tijdig.demo.history import build, remake_world
from tijdig.demo.past import open_books
from tijdig.demo.state import Origin
from tijdig.dunning.models import Notice
from tijdig.ledger.models import ClaimLine
from tijdig.messaging.models import Message
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


def test_the_list_brought_the_mandates_and_the_bank_the_money(school: UUID) -> None:
    with administration_scope(school):
        assert SepaMandate.objects.count() == 10
        states = Counter(DebitLine.objects.values_list("state", flat=True))
        assert (states["collected"], states["returned"]) == (8, 2)
        assert DebitBatch.objects.filter(state="handed_over").count() == 1
        assert Message.objects.filter(phase="debit").count() >= 10
        # One has refused: a person looks first. The other is tried again later.
        assert SepaMandate.objects.exclude(held_on=None).count() == 1
        returned = DebitLine.objects.filter(state="returned").order_by("reason_code")
        again = [(one.reason_code, one.retry_on is not None) for one in returned]
        assert again == [("AM04", True), ("MD06", False)]
