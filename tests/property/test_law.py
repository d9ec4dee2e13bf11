"""What holds for costs, interest, imputation and terms whatever the figures are."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tijdig.core.calendar import is_working_day, list_holidays
from tijdig.core.law.collection_costs import compute_collection_costs
from tijdig.core.law.imputation import Claim, Imputation, PaymentOnClaims, allocate
from tijdig.core.law.interest import (
    InterestTerms,
    RunningInterest,
    compute_interest,
    run_interest,
)
from tijdig.core.law.limitation import compute_limitation
from tijdig.core.law.tables import LIMITATION_TERMS
from tijdig.core.law.veertiendagenbrief import compute_letter_days
from tijdig.core.money import round_cents

ON = date(2026, 7, 1)
FIRST, LAST = date(2003, 1, 1), date(2026, 12, 31)
days = st.dates(min_value=FIRST, max_value=LAST)
principals = st.integers(min_value=0, max_value=5_000_000_00)
terms = st.builds(
    InterestTerms,
    st.sampled_from(["statutory", "commercial", "government"]),
    is_simple=st.booleans(),
    day_count=st.sampled_from(["act/365", "act/act"]),
) | st.builds(
    InterestTerms,
    st.just("contract"),
    st.decimals(min_value=0, max_value=20, places=2),
    st.booleans(),
    st.sampled_from(["act/365", "act/act"]),
)


@given(principals, principals)
def test_costs_never_fall_when_the_principal_rises(one: int, other: int) -> None:
    low, high = sorted([one, other])
    costs = [compute_collection_costs([cents], on=ON).costs_cents for cents in (low, high)]
    assert costs == sorted(costs)
    assert all(40_00 <= cents <= 6_775_00 for cents in costs if low > 0)


@given(st.lists(principals, min_size=1, max_size=6))
def test_costs_are_over_the_sum_in_whatever_parts_and_order(parts: list[int]) -> None:
    together = compute_collection_costs([sum(parts)], on=ON)
    for some in (parts, parts[::-1]):
        costs = compute_collection_costs(some, on=ON)
        assert (costs.principal_cents, costs.total_cents) == (sum(parts), together.total_cents)
    apart = sum(compute_collection_costs([one], on=ON).costs_cents for one in parts)
    # One letter never costs more than one letter each, but for the cents of rounding each.
    assert together.costs_cents <= apart + len(parts)


@given(principals, days, days, terms)
def test_the_lines_of_interest_add_up_and_follow_each_other(
    cents: int, one: date, other: date, kind: InterestTerms
) -> None:
    first, until = sorted([one, other])
    interest = compute_interest(cents, owed_from=first, until=until, terms=kind)
    assert sum(line.interest_cents for line in interest.lines) == interest.interest_cents
    assert sum(line.days for line in interest.lines) == interest.days == (until - first).days
    edges = [first, *(line.until for line in interest.lines)]
    assert [line.from_on for line in interest.lines] == edges[:-1]
    assert edges[-1] == until


@given(principals, days, days, days, terms)
def test_splitting_a_period_changes_nothing_but_the_rounding(
    cents: int, one: date, other: date, third: date, kind: InterestTerms
) -> None:
    first, between, until = sorted([one, other, third])
    whole = compute_interest(cents, owed_from=first, until=until, terms=kind).interest_cents
    running = RunningInterest(cents)
    for start, end in ((first, between), (between, until)):
        running = run_interest(running, owed_from=first, from_on=start, until=end, terms=kind)
    assert round_cents(running.joined + running.accrued) == whole
    simple = replace(kind, is_simple=True)
    parts = [
        compute_interest(cents, owed_from=start, until=end, terms=simple).interest_cents
        for start, end in ((first, between), (between, until), (first, until))
    ]
    assert abs(parts[0] + parts[1] - parts[2]) <= 1


@given(principals, principals, days, days, terms)
def test_interest_over_two_sums_is_that_over_both_but_for_the_rounding(
    one: int, other: int, start: date, end: date, kind: InterestTerms
) -> None:
    first, until = sorted([start, end])
    single, second, both = (
        compute_interest(cents, owed_from=first, until=until, terms=kind).interest_cents
        for cents in (one, other, one + other)
    )
    assert abs(single + second - both) <= 1


@given(principals, days, days, terms)
def test_interest_on_interest_never_makes_less(
    cents: int, one: date, other: date, kind: InterestTerms
) -> None:
    first, until = sorted([one, other])
    compound, simple = (
        compute_interest(
            cents, owed_from=first, until=until, terms=replace(kind, is_simple=is_simple)
        ).interest_cents
        for is_simple in (False, True)
    )
    assert simple <= compound


@st.composite
def cases(draw: Callable[..., int]) -> tuple[list[Claim], list[PaymentOnClaims]]:
    """Up to five claims, of which some alike, and up to six payments that may name some."""
    random = Random(draw(st.integers(0, 2**32)))
    starts = [date(2024, 2, 29), date(2024, 2, 29), date(2025, 7, 1), date(2026, 12, 1)]
    kinds = [
        InterestTerms("statutory"),
        InterestTerms("statutory"),
        InterestTerms("commercial"),
        InterestTerms("contract", Decimal(12), is_simple=True),
        None,
    ]
    claims = []
    for at in range(random.randint(1, 5)):
        kind = random.choice(kinds)
        claims.append(
            Claim(
                f"{at}",
                random.choice([30000, 60000, random.randint(0, 10**7)]),
                random.choice([0, 4000]),
                interest_cents=0 if kind else random.choice([0, 1234]),
                terms=kind,
                owed_from=random.choice(starts) if kind else None,
            )
        )
    payments = [
        PaymentOnClaims(
            date(2024, 1, 1) + timedelta(days=random.randint(0, 1095)),
            random.choice([1, 10000, random.randint(1, 10**7)]),
            tuple({f"{random.randrange(len(claims))}" for _ in range(random.choice([0, 0, 1, 2]))}),
        )
        for _ in range(random.randint(0, 6))
    ]
    return claims, payments


def spread(claims: list[Claim], payments: list[PaymentOnClaims]) -> Imputation:
    return allocate(claims, payments, end_on=LAST)


@given(cases())
def test_every_cent_of_every_payment_is_somewhere(
    case: tuple[list[Claim], list[PaymentOnClaims]],
) -> None:
    claims, payments = case
    result = spread(claims, payments)
    for number, payment in enumerate(result.payments):
        gone = sum(
            part.to_costs_cents + part.to_interest_cents + part.to_principal_cents
            for part in result.parts
            if part.payment == number
        )
        assert gone + result.over[number] == payment.cents
    for claim, left in zip(claims, result.balances, strict=True):
        paid = [part for part in result.parts if part.claim_id == claim.claim_id]
        assert claim.costs_cents - sum(one.to_costs_cents for one in paid) == left.costs_cents
        to_principal = sum(one.to_principal_cents for one in paid)
        assert claim.principal_cents - to_principal == left.principal_cents
        figures = (left.costs_cents, left.interest_cents, left.principal_cents)
        assert min(figures) >= 0
        assert sum(figures) == left.open_cents


@given(cases(), st.randoms())
def test_the_order_in_which_claims_are_given_makes_no_difference(
    case: tuple[list[Claim], list[PaymentOnClaims]], random: Random
) -> None:
    claims, payments = case
    mixed = random.sample(claims, len(claims))
    one, other = spread(claims, payments), spread(mixed, payments)
    assert (one.parts, one.over) == (other.parts, other.over)
    assert sorted(one.balances, key=str) == sorted(other.balances, key=str)


@given(cases(), st.integers(min_value=1, max_value=99))
def test_splitting_a_payment_changes_nothing_but_cents_of_equal_claims(
    case: tuple[list[Claim], list[PaymentOnClaims]], percent: int
) -> None:
    claims, payments = case
    split = [
        replace(payment, cents=cents)
        for payment in payments
        for part in [payment.cents * percent // 100]
        for cents in (part, payment.cents - part)
        if cents
    ]
    one, other = spread(claims, payments), spread(claims, split)
    most = len(claims) * max(1, len(payments))
    assert abs(sum(one.over) - sum(other.over)) <= most
    for left, again in zip(one.balances, other.balances, strict=True):
        assert abs(left.open_cents - again.open_cents) <= most


@given(st.dates(min_value=date(2014, 1, 1), max_value=date(2040, 1, 1)))
def test_a_letter_gives_fourteen_days_after_a_day_of_delivery(sent_on: date) -> None:
    found = compute_letter_days(sent_on, by="post")
    assert found.received_on.weekday() not in {6, 0}
    assert found.received_on not in list_holidays(found.received_on.year)
    assert (found.received_on - sent_on).days >= 2
    assert (found.last_day_on - found.received_on).days >= 14
    assert is_working_day(found.last_day_on)
    assert found.printed_on >= found.last_day_on + timedelta(days=found.margin_days)
    assert found.costs_from_on == found.last_day_on + timedelta(days=1)
    later = compute_letter_days(sent_on + timedelta(days=1), by="post")
    assert later.last_day_on >= found.last_day_on


@given(
    st.sampled_from(sorted(LIMITATION_TERMS)),
    st.dates(min_value=date(1992, 1, 1), max_value=date(2030, 1, 1)),
    st.lists(st.integers(min_value=0, max_value=9000), max_size=6),
    st.randoms(),
)
def test_an_interruption_never_shortens_a_term_and_its_order_is_no_matter(
    kind: str, due_on: date, after: list[int], random: Random
) -> None:
    acts = [due_on + timedelta(days=count) for count in after]
    ends_on = compute_limitation(due_on, kind=kind, interrupted_on=acts).ends_on
    random.shuffle(acts)
    assert compute_limitation(due_on, kind=kind, interrupted_on=acts).ends_on == ends_on
    fewer = compute_limitation(due_on, kind=kind, interrupted_on=acts[1:]).ends_on
    assert compute_limitation(due_on, kind=kind).ends_on <= fewer <= ends_on
