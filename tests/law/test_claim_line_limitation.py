"""Costs and interest over an invoice: five years of their own, and never beyond the invoice."""

from datetime import date
from typing import Literal

import pytest

from tijdig.core.calendar import format_day
from tijdig.core.law.limitation import compute_claim_line_limitation
from tijdig.core.problem import Refusal

OWED_FROM = date(2026, 4, 14)


FIRST_INVOICE = (
    "De factuur verjaart al na 16 april 2028, en wat erbij komt nooit later: tot en met 16"
)
FIRST_OWN = (
    "De factuur verjaart niet eerder: na 1 januari 2033. Zo geldt de eigen termijn, tot en met"
)


@pytest.mark.parametrize(
    ("kind", "principal_ends_on", "ends_on", "article", "said"),
    [
        ("costs", date(2028, 4, 16), date(2028, 4, 16), "BW 3:310 lid 1", FIRST_INVOICE),
        ("costs", date(2033, 1, 1), date(2031, 4, 14), "BW 3:310 lid 1", FIRST_OWN),
        ("interest", date(2028, 4, 16), date(2028, 4, 16), "BW 3:308", FIRST_INVOICE),
        ("interest", date(2033, 1, 1), date(2031, 4, 14), "BW 3:308", FIRST_OWN),
    ],
)
def test_the_first_of_both_ends_it_and_the_reason_names_that_one(
    kind: Literal["costs", "interest"],
    principal_ends_on: date,
    ends_on: date,
    article: str,
    said: str,
) -> None:
    found = compute_claim_line_limitation(kind, OWED_FROM, principal_ends_on=principal_ends_on)
    own, within = found.because
    assert found.ends_on == ends_on
    assert own.nl.endswith(f"5 jaar vanaf 14 april 2026, dus tot en met 14 april 2031 ({article}).")
    assert within.nl.startswith(said)
    assert within.nl.endswith(f"{format_day(ends_on, 'nl')} (BW 3:312).")


def test_an_act_renews_the_five_years_unless_it_came_before_or_after_them() -> None:
    found = compute_claim_line_limitation(
        "costs",
        OWED_FROM,
        principal_ends_on=date(2050, 1, 1),
        interrupted_on=[date(2026, 4, 13), date(2030, 1, 2), date(2041, 1, 1)],
        acknowledged_on=[date(2033, 5, 1)],
    )
    assert found.ends_on == date(2038, 5, 1)
    assert [one.nl.split(":")[0] for one in found.because[1:-1]] == [
        "Gestuit op 2 januari 2030",
        "Erkend op 1 mei 2033",
        "De handeling van 1 januari 2041 kwam na het einde en verandert niets (BW 3",
    ]


def test_what_was_owed_before_the_law_that_we_know_is_refused() -> None:
    with pytest.raises(Refusal):
        compute_claim_line_limitation("costs", date(1991, 1, 1), principal_ends_on=OWED_FROM)
