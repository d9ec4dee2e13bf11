"""Default, terms that are too long, limitation warnings, VAT, hours of contact, stale tables."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tijdig.core.law.contact_hours import (
    explain_registration,
    find_next_contact,
    is_bound_to_hours,
    is_contact_allowed,
)
from tijdig.core.law.dated import (
    Dated,
    compute_checked_on,
    compute_known_until,
    get_value,
    is_stale,
    with_added_rates,
)
from tijdig.core.law.default import (
    DefaultState,
    NoticeOfDefault,
    PaymentTerm,
    check_term,
    compute_default,
)
from tijdig.core.law.interest import InterestTerms, RateUnknown, compute_interest
from tijdig.core.law.limitation import compute_limitation_warning, find_next_limitation_day
from tijdig.core.law.tables import RATES
from tijdig.core.law.vat_refund import compute_unagreed_due_day, split_vat
from tijdig.core.problem import Refusal

DUE = date(2026, 3, 31)
STATED = PaymentTerm(date(2026, 3, 17), DUE, "stated", received_on=date(2026, 3, 17))
AGREED = replace(STATED, basis="agreed")
NOTICE = NoticeOfDefault(date(2026, 4, 8), date(2026, 4, 22))


def in_default_from(term: PaymentTerm, kind: Any, notice: NoticeOfDefault | None = None) -> Any:
    """The first day of default, or None where a notice is needed first."""
    state: DefaultState = compute_default(term, kind=kind, notice=notice)
    assert state.needs_notice is (state.in_default_from is None)
    return state.in_default_from


@pytest.mark.parametrize(
    ("term", "kind", "notice", "expected"),
    [
        (AGREED, "consumer", None, date(2026, 4, 1)),
        (AGREED, "unknown", None, date(2026, 4, 1)),
        (STATED, "consumer", None, None),
        (STATED, "unknown", None, None),
        (replace(STATED, basis="assumed"), "consumer", None, None),
        (STATED, "consumer", NOTICE, date(2026, 4, 23)),
        (replace(STATED, due_on=date(2026, 5, 1)), "consumer", NOTICE, date(2026, 5, 2)),
        (AGREED, "business", None, date(2026, 4, 1)),
        (STATED, "business", None, date(2026, 4, 17)),
        (replace(STATED, due_on=date(2026, 5, 20)), "business", None, date(2026, 5, 21)),
        (replace(STATED, received_on=None), "business", None, date(2026, 4, 19)),
        (STATED, "public_body", None, date(2026, 4, 17)),
        (replace(AGREED, due_on=date(2026, 6, 1), is_large_to_small=True), "business", None,
         date(2026, 4, 17)),
    ],
)  # fmt: skip
def test_default_begins_by_kind_and_by_how_the_term_was_agreed(
    term: PaymentTerm, kind: str, notice: NoticeOfDefault | None, expected: date | None
) -> None:
    assert in_default_from(term, kind, notice) == expected


def test_a_notice_without_a_term_is_refused() -> None:
    with pytest.raises(Refusal, match="geen termijn"):
        compute_default(STATED, kind="consumer", notice=NoticeOfDefault(DUE, DUE))


OF_90 = replace(AGREED, due_on=date(2026, 6, 15))
OF_45 = replace(AGREED, due_on=date(2026, 5, 1))
OLD = PaymentTerm(
    date(2023, 1, 2), date(2023, 2, 16), "agreed", date(2023, 1, 2), is_large_to_small=True
)


@pytest.mark.parametrize(
    ("term", "kind", "part"),
    [
        (OF_90, "business", "De termijn is 90 dagen: tussen bedrijven mag meer dan 60"),
        (OF_45, "business", None),
        (replace(OF_45, is_large_to_small=True), "business", "De termijn is 45 dagen: een groot"),
        (replace(AGREED, is_large_to_small=True), "business", None),
        (OLD, "business", None),
        (replace(OLD, contract_on=date(2022, 7, 1)), "business", "een groot bedrijf"),
        (OF_45, "public_body", "een overheid mag meer dan 30 dagen"),
        (AGREED, "public_body", None),
        (OF_90, "consumer", None),
    ],
)
def test_a_term_longer_than_the_law_allows_is_named(
    term: PaymentTerm, kind: Any, part: str | None
) -> None:
    because = check_term(term, kind=kind)
    assert (because is None) is (part is None)
    if because and part:
        assert part in because.nl


ENDS = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("today", "warning", "then"),
    [
        (date(2026, 6, 2), None, date(2026, 6, 3)),
        (date(2026, 6, 3), 180, date(2026, 10, 1)),
        (date(2026, 10, 1), 60, date(2026, 12, 1)),
        (ENDS, 60, date(2026, 12, 1)),
        (date(2026, 12, 1), 0, None),
    ],
)
def test_limitation_warns_at_180_and_60_days(
    today: date, warning: int | None, then: date | None
) -> None:
    found = (compute_limitation_warning(ENDS, today), find_next_limitation_day(ENDS, today))
    assert found == (warning, then)


def test_vat_in_a_later_payment_is_in_proportion() -> None:
    assert split_vat(121_00, gross_cents=121_00, vat_cents=21_00) == 21_00
    assert split_vat(50_00, gross_cents=121_00, vat_cents=21_00) == 8_68
    assert split_vat(1, gross_cents=2, vat_cents=1) == 1
    assert compute_unagreed_due_day(date(2020, 9, 2)) == date(2020, 10, 2)
    for paid, gross, vat in ((122_00, 121_00, 21_00), (-1, 121_00, 0), (1, 100, 100)):
        with pytest.raises(Refusal):
            split_vat(paid, gross_cents=gross, vat_cents=vat)


@pytest.mark.parametrize(
    ("at", "allowed", "then"),
    [
        ("2026-11-25 06:59", False, "2026-11-25 07:00"),
        ("2026-11-25 07:00", True, "2026-11-25 07:00"),
        ("2026-11-25 19:59", True, "2026-11-25 19:59"),
        ("2026-11-25 20:00", False, "2026-11-26 07:00"),
        ("2026-11-28 12:00", True, "2026-11-28 12:00"),
        ("2026-11-28 20:00", False, "2026-11-30 07:00"),
        ("2026-11-29 12:00", False, "2026-11-30 07:00"),
        ("2026-05-05 12:00", False, "2026-05-06 07:00"),
        ("2026-12-24 21:30", False, "2026-12-28 07:00"),
        ("2019-11-25 21:00", False, "2019-11-26 07:00"),
    ],
)
def test_hours_sundays_and_holidays(at: str, allowed: bool, then: str) -> None:
    moment = datetime.fromisoformat(at)
    found = (is_contact_allowed(moment), find_next_contact(moment))
    assert found == (allowed, datetime.fromisoformat(then))


def test_the_law_binds_who_collects_for_others_from_people() -> None:
    assert is_bound_to_hours("agency", is_natural_person=True)
    assert is_bound_to_hours("lawyer", is_natural_person=True)
    assert not is_bound_to_hours("agency", is_natural_person=False)
    assert not is_bound_to_hours("creditor", is_natural_person=True)
    assert explain_registration("creditor", is_natural_person=True, registration="") is None
    assert explain_registration("bailiff", is_natural_person=True, registration="") is None
    assert explain_registration("agency", is_natural_person=True, registration="123") is None
    assert explain_registration("agency", is_natural_person=False, registration="") is None
    assert explain_registration("agency", is_natural_person=True, registration="") is not None


def test_a_rate_is_known_until_the_half_year_after_the_last_look() -> None:
    table = RATES.statutory
    assert compute_known_until(table) == date(2027, 1, 1)
    assert get_value(table, date(2026, 12, 31)) == 4
    assert [is_stale(table, day) for day in (date(2026, 12, 31), date(2027, 1, 1))] == [False, True]


def test_a_table_that_nobody_checked_for_seven_months_is_stale() -> None:
    row = Dated(date(2027, 1, 1), Decimal(5), "x", None, date(2026, 11, 30))
    table = with_added_rates(RATES, [("statutory", row)]).statutory
    assert (compute_checked_on(table), compute_known_until(table)) == (
        date(2026, 11, 30),
        date(2027, 7, 1),
    )
    assert not is_stale(table, date(2027, 6, 29))
    assert is_stale(table, date(2027, 6, 30))


def test_who_adds_a_rate_late_did_not_look_at_the_half_years_after_it() -> None:
    row = Dated(date(2027, 1, 1), Decimal(5), "x", None, date(2027, 8, 1))
    tables = with_added_rates(RATES, [("statutory", row)])
    assert compute_known_until(tables.statutory) == date(2027, 7, 1)
    assert is_stale(tables.statutory, date(2027, 8, 1))
    with pytest.raises(RateUnknown, match="Vanaf 1 juli 2027"):
        compute_interest(
            1,
            owed_from=DUE,
            until=date(2027, 7, 2),
            terms=InterestTerms("statutory"),
            rates=tables,
        )


def test_a_rate_behind_a_half_year_that_nobody_knows_does_not_count() -> None:
    january, july, january_next = (
        Dated(date(year, month, 1), Decimal(5), "x", None, date(2028, 2, 1))
        for year, month in ((2027, 1), (2027, 7), (2028, 1))
    )
    without = with_added_rates(RATES, [("statutory", january), ("statutory", january_next)])
    assert compute_known_until(without.statutory) == july.from_on
    assert without.statutory.rows[-1].from_on == january.from_on
    mended = with_added_rates(
        RATES, [("statutory", january), ("statutory", january_next), ("statutory", july)]
    )
    assert compute_known_until(mended.statutory) == date(2028, 7, 1)


def test_a_release_overtakes_a_rate_that_was_added_by_hand() -> None:
    row = Dated(date(2026, 7, 1), Decimal(9), "x", None, date(2026, 7, 2))
    assert with_added_rates(RATES, [("commercial", row)]) == RATES


def test_interest_into_a_half_year_without_a_rate_is_refused() -> None:
    terms = InterestTerms("commercial")
    with pytest.raises(RateUnknown, match="tijdig law rate add --kind commercial"):
        compute_interest(1, owed_from=DUE, until=date(2027, 1, 2), terms=terms)
    until = compute_known_until(RATES.commercial)
    assert compute_interest(1_000_00, owed_from=DUE, until=until, terms=terms).days == 276
