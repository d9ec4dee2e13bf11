"""What it takes to send a batch does not grow with what waits, or with what went before."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from tests.integration.books import Listed, make_list, run_on, take
from tests.integration.explained import count_read, explaining
from tests.integration.growth import known_as_grown
from tests.integration.office import at, make_administration

from tijdig.core.problem import Sentence
from tijdig.messaging.actions.claims import claim, find_claimable, settle
from tijdig.messaging.channels.envelope import Outcome
from tijdig.tenants.scope import administration_scope

WAITING, BATCH = 300, 20
DAY = date(2026, 3, 24)
ACCEPTED = Outcome("accepted", Sentence("Aangenomen.", "Accepted."), 250, "proef")


def make_waiting() -> UUID:
    administration = make_administration(sending=True)
    listed = [Listed(f"F{n}", 12_100, debtor=f"D{n}") for n in range(WAITING)]
    take(administration, make_list(*listed))
    return administration


def count_messages_read(plans: list[tuple[str, dict[str, Any]]]) -> int:
    return sum(count_read(plan, "tijdig_message") for _, plan in plans)


@pytest.mark.parametrize("times", [1, 100])
def test_a_batch_reads_its_own_messages_and_not_all(
    times: int, database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    administration = make_waiting()
    assert run_on(administration, DAY).released == WAITING
    told: dict[str, Any] = {"today": DAY, "now": at(DAY)}
    with known_as_grown(times), administration_scope(administration):
        waiting = find_claimable(channels=["email"], most=WAITING, **told)
        assert len(waiting) == WAITING
        with explaining(monkeypatch) as plans:
            claimed = claim(waiting[:BATCH], channels=["email"], worker="hier:1", **told)
        assert len(claimed) == BATCH
        # Once to lock them, once to change them, once for their invoices.
        assert BATCH <= count_messages_read(plans) <= 4 * BATCH
        with explaining(monkeypatch) as plans:
            states = settle([(one, ACCEPTED) for one in claimed], **told)
        assert states == ("accepted",) * BATCH
        assert BATCH <= count_messages_read(plans) <= 2 * BATCH


def test_what_is_released_on_its_own_day_is_not_decided_over(
    database: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    administration = make_waiting()
    with explaining(monkeypatch) as plans:
        assert run_on(administration, DAY).released == WAITING
    lists = [text for text, _ in plans if text.startswith("UPDATE") and "listed_items" in text]
    assert lists == []
