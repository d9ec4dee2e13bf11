"""The first office of the demo: what debtors told in the last weeks stands there to be seen."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from tests.integration.test_demo_world import ignore, in_demo

from tijdig.cases.models import Dispute, Promise
from tijdig.cases.queries.lists import list_cases
from tijdig.demo.history import DEFAULT_SEED, build, live_in, remake_world
from tijdig.demo.making import make_world
from tijdig.demo.past import open_books
from tijdig.demo.state import Origin
from tijdig.demo.trades import TRADES
from tijdig.dunning.queries.pages import list_runs
from tijdig.tenants.scope import administration_scope

FRIDAY = date(2026, 11, 20)
ORIGIN = Origin(seed=7, anchor_on=FRIDAY, weeks=40, slugs=(TRADES[0].slug,))

STEPS = ("notice_due", "reminder_due", "call_due")


@pytest.fixture(scope="module")
def bakery(database: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[UUID]:
    home = tmp_path_factory.mktemp("bakery")
    with in_demo(home):
        build(ORIGIN, folder=home / "world", workers=1, tell=ignore)
        world = remake_world(ORIGIN)
        yield open_books(world, world.creditors[0], home / "world").administration_id


def test_the_run_of_the_day_does_what_a_visitor_comes_to_see(bakery: UUID) -> None:
    """The bakery is what he opens first."""
    with administration_scope(bakery):
        because = list_runs(limit=1)[0].because
    assert {one for one in STEPS if because.get(one, 0)} == set(STEPS), because


def test_a_case_of_every_kind_stands_there(bakery: UUID) -> None:
    with administration_scope(bakery):
        standing = Counter(row.kind for row in list_cases(today=FRIDAY))
        judged = set(Promise.objects.values_list("state", flat=True))
        answered = set(Dispute.objects.values_list("state", flat=True))
    assert set(standing) == {
        "dispute", "promise", "plan", "hold", "extension", "reply", "reason",
    }  # fmt: skip
    assert judged == {"open", "kept", "broken"}
    assert answered == {"open", "declined"}


@pytest.mark.parametrize("day", [date(2026, 11, 27), date(2026, 3, 6)], ids=lambda day: f"{day}")
def test_a_plan_stands_there_on_any_day(database: None, tmp_path: Path, day: date) -> None:
    """Also where nobody was late some days before."""
    world = make_world(DEFAULT_SEED, anchor_on=day, weeks=3, slugs=(TRADES[0].slug,))
    creditor = replace(world.creditors[0], slug=f"krakeling-{day:%m%d}")
    world = replace(world, creditors=(creditor,))
    with in_demo(tmp_path):
        live_in(world, folder=tmp_path / "world", workers=1, tell=ignore)
        administration_id = open_books(world, creditor, tmp_path / "world").administration_id
    with administration_scope(administration_id):
        assert [row.kind for row in list_cases(("plan",), today=day)] == ["plan"]
