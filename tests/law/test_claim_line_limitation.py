"""Costs and interest over an invoice: five years of their own, and never beyond the invoice."""

from datetime import date
from typing import Literal

import pytest

from tijdig.core.law.limitation import compute_claim_line_limitation
from tijdig.core.problem import Refusal

OWED_FROM = date(2026, 4, 14)


@pytest.mark.parametrize(
    ("kind", "principal_ends_on", "ends_on", "article"),
    [
        ("costs", date(2028, 4, 16), date(2028, 4, 16), "BW 3:310 lid 1"),
        ("costs", date(2033, 1, 1), date(2031, 4, 14), "BW 3:310 lid 1"),
        ("interest", date(2028, 4, 16), date(2028, 4, 16), "BW 3:308"),
        ("interest", date(2033, 1, 1), date(2031, 4, 14), "BW 3:308"),
    ],
)
def test_the_first_of_both_ends_it(
    kind: Literal["costs", "interest"], principal_ends_on: date, ends_on: date, article: str
) -> None:
    found = compute_claim_line_limitation(kind, OWED_FROM, principal_ends_on=principal_ends_on)
    own, within = found.because
    assert found.ends_on == ends_on
    assert own.nl.endswith(f"5 jaar vanaf 14 april 2026, dus tot en met 14 april 2031 ({article}).")
    assert within.nl.endswith("(BW 3:312).")


def test_what_was_owed_before_the_law_that_we_know_is_refused() -> None:
    with pytest.raises(Refusal):
        compute_claim_line_limitation("costs", date(1991, 1, 1), principal_ends_on=OWED_FROM)
