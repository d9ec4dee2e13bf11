"""Interest to date depends on the facts alone, and is what allocating the payments finds."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.debtor_facts import make_facts, make_invoice

from tijdig.core.claims import Claimed, compute_due_claims
from tijdig.core.creditor_rules import CreditorRules
from tijdig.core.interest_claims import InterestAccount, find_excess_interest
from tijdig.core.law.imputation import Claim, PaymentOnClaims, allocate
from tijdig.core.law.interest import InterestTerms, compute_interest
from tijdig.core.law.paid_interest import Movement, compute_paid_interest
from tijdig.core.money import round_cents

START = date(2023, 11, 20)
END = date(2026, 6, 30)
LINE = UUID(int=77)
TERMS = InterestTerms("commercial")
RULES = CreditorRules(business_costs="none")
days = st.dates(START - timedelta(days=30), END)
payments = st.lists(st.tuples(days, st.integers(1, 400_000)), max_size=6)
orders = st.sampled_from(("law", "principal_first"))


@given(st.integers(0, 1_000_000), payments, orders, days)
@settings(max_examples=300)
def test_interest_to_date_is_what_allocating_the_payments_finds(cents, paid, order, end) -> None:
    end = max(end, START)
    paid = sorted(
        ((on, amount) for on, amount in paid if on <= end), key=lambda one: (one[0], -one[1])
    )
    claim = Claim("1", cents, terms=TERMS, owed_from=START, due_on=date(2023, 1, 1))
    found = allocate(
        [claim], [PaymentOnClaims(on, amount) for on, amount in paid], end_on=end, order=order
    )
    interest = sum(part.to_interest_cents for part in found.parts)
    interest += found.balances[0].interest_cents
    ours = compute_paid_interest(
        cents,
        [Movement(on, -amount, order) for on, amount in paid],
        owed_from=START,
        until=end + timedelta(days=1),
        terms=TERMS,
    )
    assert ours.interest_cents == interest
    assert sum(line.interest_cents for line in ours.lines) == interest
    assert [
        (split.to_interest_cents, split.to_principal_cents)
        for split in ours.splits
        if split.to_interest_cents + split.to_principal_cents
    ] == [(part.to_interest_cents, part.to_principal_cents) for part in found.parts]


def book(account: InterestAccount, on: date) -> InterestAccount:
    """The account after what was asked too much was taken back and the rest was asked."""
    facts = make_facts(
        make_invoice(
            due_on=START - timedelta(days=1), cents=account.principal_cents, term="agreed"
        ),
        kind="business",
    )
    item_id = facts.items[0].item_id
    excess = find_excess_interest(facts, RULES, {item_id: account}, today=on)
    asked = sum(cents for _, cents in account.asked) - sum(excess.values())
    account = _asked(account, asked)
    claimed = Claimed(accounts={item_id: account})
    new = compute_due_claims(facts, RULES, claimed=claimed, balances={}, today=on)
    assert all(sum(line.cents for line in one.calculation) == one.cents for one in new)
    return _asked(account, asked + sum(one.cents for one in new))


def _asked(account: InterestAccount, cents: int) -> InterestAccount:
    return InterestAccount(account.principal_cents, account.movements, ((LINE, cents),), START)


@given(
    st.integers(1, 1_000_000),
    st.lists(st.tuples(days, st.integers(1, 400_000), st.integers(0, 90)), max_size=5),
    st.lists(st.dates(START, END), max_size=6),
    orders,
)
@settings(max_examples=200)
def test_asked_on_many_days_or_once_late_payments_or_not_gives_the_same(
    cents, paid, asked_on, order
) -> None:
    account = InterestAccount(cents)
    for on in sorted(asked_on):
        known = tuple(
            Movement(day, -amount, order)
            for day, amount, late in paid
            if day + timedelta(days=late) <= on
        )
        account = book(InterestAccount(cents, known, account.asked, account.asked_from), on)
    everything = tuple(Movement(day, -amount, order) for day, amount, _ in paid)
    often = book(InterestAccount(cents, everything, account.asked, account.asked_from), END)
    once = book(InterestAccount(cents, everything), END)
    assert often.asked == once.asked


@given(st.integers(1, 1_000_000), st.lists(st.tuples(days, st.integers(0, 400)), max_size=3))
@settings(max_examples=100)
def test_free_days_bear_none_and_years_go_on_in_them(cents, free) -> None:
    """Each day counts once: simple interest is that of the days that are left, one by one."""
    until = END + timedelta(days=1)
    spans = [(on, on + timedelta(days=count)) for on, count in free]
    simple = InterestTerms("contract", Decimal(12), is_simple=True)
    told = {"owed_from": START, "until": until}
    ours = compute_paid_interest(cents, [], terms=simple, free=spans, **told)
    every = [START + timedelta(days=n) for n in range((until - START).days)]
    left = sum(not any(first <= day < after for first, after in spans) for day in every)
    assert ours.interest_cents == round_cents(Fraction(cents * 12 * left, 36_500))
    assert sum(line.interest_cents for line in ours.lines) == ours.interest_cents
    assert sum((after - first).days for first, after in ours.free) == len(every) - left
    # The interest of the year before joins the sum within the free days.
    told = {"owed_from": date(2024, 1, 1), "until": date(2026, 1, 1)}
    terms = InterestTerms("contract", Decimal(10))
    rest = [(date(2024, 7, 1), date(2025, 7, 1))]
    joined = compute_paid_interest(100_000_000, [], terms=terms, free=rest, **told)
    half = Fraction(100_000_000 * 10 * 182, 36_500)
    after = Fraction((100_000_000 + half) * 10 * 184, 36_500)
    assert joined.interest_cents == round_cents(half + after)


@given(st.integers(1, 1_000_000), st.dates(START, END))
@settings(max_examples=100)
def test_without_payments_it_is_the_interest_of_the_period(cents, end) -> None:
    until = end + timedelta(days=1)
    ours = compute_paid_interest(cents, [], owed_from=START, until=until, terms=TERMS)
    plain = compute_interest(cents, owed_from=START, until=until, terms=TERMS)
    assert (ours.interest_cents, ours.lines) == (plain.interest_cents, plain.lines)


@given(st.integers(1, 400_000), st.integers(-30, 360), st.dates(START, END))
@settings(max_examples=100)
def test_a_payment_that_went_back_the_same_day_never_was(cents, after, end) -> None:
    on = START + timedelta(days=after)
    told = {"owed_from": START, "until": end + timedelta(days=1), "terms": TERMS}
    moved = [Movement(on, -cents), Movement(on, cents)]
    undone = compute_paid_interest(400_000, moved, **told)
    assert undone.interest_cents == compute_paid_interest(400_000, [], **told).interest_cents
