"""How often a debtor kept his word: the count of the database against a count by hand."""

from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest
from tests.integration.office import at, make_administration, make_debtor, make_record, take_in

from tijdig.cases.models import Promise
from tijdig.cases.queries.lists import count_promises
from tijdig.core.promises import compute_kept_percent
from tijdig.ledger.models import Debtor
from tijdig.tenants.scope import administration_scope

DAY = date(2026, 3, 19)
NUMBERS = ("1001", "1002", "1003", "1004")


def make_office(random: Random) -> tuple[UUID, dict[UUID, list[str]]]:
    """An office whose customers made promises that ended in any way; what became of each."""
    administration = make_administration(sending=True)
    for number in NUMBERS:
        take_in(administration, make_record(f"2026-{number}", debtor=make_debtor(number)))
    made: dict[UUID, list[str]] = {}
    with administration_scope(administration):
        # The last one never promised anything.
        for debtor in Debtor.objects.order_by("number")[:3]:
            states = random.choices(Promise.State.values, k=random.randrange(1, 15))
            made[debtor.id] = states
            for state in states:
                Promise.objects.create(
                    administration_id=administration,
                    debtor_id=debtor.id,
                    cents=random.randrange(1, 50_000),
                    on=DAY - timedelta(days=random.randrange(400)),
                    made_on=DAY - timedelta(days=500),
                    made_at=at(DAY - timedelta(days=500)),
                    recorded_by="Sanne",
                    state=state,
                    judged_on=None if state == "open" else DAY,
                )
        made[Debtor.objects.get(number="1004").id] = []
    return administration, made


@pytest.mark.parametrize("seed", range(3))
def test_the_kept_rate_is_that_of_a_plain_count(database: None, seed: int) -> None:
    random = Random(seed)
    for administration, made in [make_office(random), make_office(random)]:
        with administration_scope(administration):
            counted = {debtor_id: count_promises(debtor_id) for debtor_id in made}
        assert counted == {
            debtor_id: (
                sum(1 for state in states if state == "kept"),
                sum(1 for state in states if state == "broken"),
            )
            for debtor_id, states in made.items()
        }
        for kept, broken in counted.values():
            percent = compute_kept_percent(kept, broken)
            exact = None if kept + broken == 0 else 100 * kept / (kept + broken)
            assert (percent is None) is (exact is None)
            assert percent is None or exact is None or abs(percent - exact) <= 0.5
