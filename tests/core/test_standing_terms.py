"""What a debtor's lasting term makes of an invoice, and when the law finds it too long."""

from datetime import date

import pytest

from tijdig.core.facts import DebtorKind
from tijdig.core.standing_terms import (
    AppliedTerm,
    StandingTerm,
    apply_standing_term,
    check_standing_term,
    describe_standing_term,
)

ISSUED_ON = date(2026, 2, 12)
AFTER_14, AFTER_30, AFTER_45 = date(2026, 2, 26), date(2026, 3, 14), date(2026, 3, 29)
CONTRACT, TERMS = StandingTerm(30, "contract"), StandingTerm(30, "general_terms")
ON_INVOICE = StandingTerm(30, "invoice")


@pytest.mark.parametrize(
    ("term", "stated_on", "expected"),
    [
        (None, None, AppliedTerm(AFTER_14, "assumed")),
        (None, AFTER_30, AppliedTerm(AFTER_30, "stated")),
        (CONTRACT, None, AppliedTerm(AFTER_30, "agreed")),
        (TERMS, AFTER_30, AppliedTerm(AFTER_30, "agreed")),
        (CONTRACT, AFTER_14, AppliedTerm(AFTER_30, "agreed", overrules=True)),
        (CONTRACT, AFTER_45, AppliedTerm(AFTER_45, "agreed")),
        (ON_INVOICE, None, AppliedTerm(AFTER_30, "assumed")),
        (ON_INVOICE, AFTER_14, AppliedTerm(AFTER_14, "stated")),
    ],
)
def test_the_last_day_and_how_it_came_about(
    term: StandingTerm | None, stated_on: date | None, expected: AppliedTerm
) -> None:
    found = apply_standing_term(term, issued_on=ISSUED_ON, stated_on=stated_on, usual_days=14)
    assert found == expected


@pytest.mark.parametrize(
    ("days", "kind", "is_large", "article"),
    [
        (60, "business", False, ""),
        (61, "business", False, "6:119a lid 5"),
        (30, "business", True, ""),
        (31, "business", True, "6:119a lid 6"),
        (30, "public_body", False, ""),
        (31, "public_body", False, "6:119b"),
        (120, "consumer", False, ""),
        (120, "unknown", False, ""),
    ],
)
def test_a_term_longer_than_the_law_allows(
    days: int, kind: DebtorKind, is_large: bool, article: str
) -> None:
    term = StandingTerm(days, "contract", is_large)
    said = check_standing_term(term, kind=kind, today=ISSUED_ON)
    assert (said is not None) == bool(article)
    if said is not None:
        assert article in said.nl
        assert article in said.en


def test_the_term_in_words() -> None:
    assert describe_standing_term(CONTRACT).nl == "30 dagen, in een contract of offerte"
    assert describe_standing_term(StandingTerm(1, "invoice")).en == "1 day, on the invoice only"
