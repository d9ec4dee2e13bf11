"""Costs over several invoices of a consumer: the most where these are instalments."""

from datetime import date

import pytest

from tijdig.core.instalment_costs import find_most_for_instalments, limit_for_instalments
from tijdig.core.law.collection_costs import Instalment, compute_collection_costs

MARCH, APRIL, MAY = date(2026, 3, 2), date(2026, 4, 1), date(2026, 5, 1)
LONG_AGO = date(2025, 6, 1)


@pytest.mark.parametrize(
    ("invoices", "cents", "vat_cents", "expected"),
    [
        # 3 x € 100,00 in one letter: € 45,00 by adding up, € 40,00 for one of them.
        ([(MARCH, 10_000), (APRIL, 10_000), (MAY, 10_000)], 4_500, 0, 4_000),
        ([(MARCH, 30_000), (APRIL, 30_000)], 9_000, 0, 4_500),
        # No more than that: nothing to look at.
        ([(MARCH, 10_000), (APRIL, 10_000)], 4_000, 0, None),
        ([(MARCH, 30_000), (APRIL, 30_000)], 4_500, 0, None),
        ([(MARCH, 50_000)], 7_500, 0, None),
        # Not within six months of each other, or of before the rule.
        ([(LONG_AGO, 30_000), (APRIL, 30_000)], 9_000, 0, None),
        ([(date(2024, 8, 1), 30_000), (date(2024, 9, 1), 30_000)], 9_000, 0, None),
        # What is older is no instalment of these: it keeps its own costs.
        ([(LONG_AGO, 100_000), (MARCH, 30_000), (APRIL, 30_000)], 24_000, 0, 15_000),
        ([(MARCH, 30_000), (APRIL, 30_000)], 9_000 + 1_890, 1_890, 4_500 + 945),
    ],
)
def test_the_most_is_the_highest_for_one_of_them(
    invoices: list[tuple[date, int]], cents: int, vat_cents: int, expected: int | None
) -> None:
    told = [Instalment(on, one) for on, one in invoices]
    assert find_most_for_instalments(told, cents=cents, vat_cents=vat_cents) == expected


@pytest.mark.parametrize(
    ("cents", "adds_vat", "expected"),
    [
        ([10_000, 10_000, 10_000], False, (4_000, 0, 4_000)),
        ([10_000, 10_000, 10_000], True, (4_000, 840, 4_840)),
        ([30_000, 30_000], False, (4_500, 0, 4_500)),
        ([10_000], False, (4_000, 0, 4_000)),
    ],
)
def test_costs_over_instalments_are_those_of_one_of_them_to_be_checked(
    cents: list[int], adds_vat: bool, expected: tuple[int, int, int]
) -> None:
    added_up = compute_collection_costs(cents, on=MAY, adds_vat=adds_vat)
    days = [MARCH, APRIL, MAY]
    told = [Instalment(days[at], one) for at, one in enumerate(cents)]
    costs = limit_for_instalments(added_up, told)
    assert (costs.costs_cents, costs.vat_cents, costs.total_cents) == expected
    assert costs.needs_review == (len(cents) > 1)
    assert costs.principal_cents == sum(cents)
