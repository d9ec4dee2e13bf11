"""What a batch of a run asks costs as much as it has rows, also where the planner expects a few."""

from datetime import date
from uuid import UUID

import pytest
from tests.integration.books import Listed, make_list, run_on, take
from tests.integration.explained import count_removed, explaining
from tests.integration.growth import known_as_grown

from tijdig.dunning.actions.run import RunResult

DEBTORS = 1_000
DAY = date(2026, 3, 24)
# Rows that a statement takes up and throws away again, per debtor: some keys are a prefix of what
# is asked. Comparing each row of a batch with each throws hundreds away.
MOST_THROWN_AWAY = 20


@pytest.mark.parametrize("times", [1, 10, 100])
def test_no_statement_of_a_run_compares_each_row_of_a_batch_with_each(
    times: int, administration: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = [Listed(f"F{n}", 12_100, debtor=f"D{n}") for n in range(DEBTORS)]
    take(administration, make_list(*listed))
    with known_as_grown(times):
        thrown_away, result = _run_explained(administration, monkeypatch)
    assert result.looked_at == result.planned == DEBTORS
    assert any("INSERT INTO tijdig_message" in statement for statement in thrown_away)
    assert any("FROM tijdig_openitem item" in statement for statement in thrown_away)
    most = MOST_THROWN_AWAY * DEBTORS
    assert {one: rows for one, rows in thrown_away.items() if rows > most} == {}


def _run_explained(
    administration: UUID, monkeypatch: pytest.MonkeyPatch
) -> tuple[dict[str, int], RunResult]:
    """A run, and per statement the rows that it took up for nothing."""
    with explaining(monkeypatch) as plans:
        result = run_on(administration, DAY)
    thrown_away: dict[str, int] = {}
    for text, plan in plans:
        thrown_away[text] = max(count_removed(plan), thrown_away.get(text, 0))
    return thrown_away, result
