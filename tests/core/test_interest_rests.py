"""No interest over the days of a WSNP that is over, however it ended (Fw 303)."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.debtor_facts import make_facts, make_invoice

from tijdig.core.claims import Claimed, compute_due_claims
from tijdig.core.creditor_rules import CreditorRules
from tijdig.core.facts import DebtorFacts
from tijdig.core.interest_claims import InterestAccount, find_excess_interest
from tijdig.core.law.interest import InterestTerms, compute_interest
from tijdig.core.law.paid_interest import compute_paid_interest
from tijdig.core.protection import Protection

TODAY = date(2026, 10, 31)
DUE_ON, FIRST, LAST = date(2026, 9, 30), date(2026, 10, 10), date(2026, 10, 19)
# 36,500 euro at 10.4% a year is 10.40 euro a day: 31 days of October, ten of them in the WSNP.
CENTS, A_DAY = 36_500_00, 10_40
INVOICE = replace(make_invoice(due_on=DUE_ON, cents=CENTS, term="agreed"))
RULES = CreditorRules(business_costs="none")
LINE = UUID(int=77)


def make(*protections: Protection) -> DebtorFacts:
    return replace(make_facts(INVOICE, kind="business"), protections=protections)


def claim(*protections: Protection, asked: int = 0) -> tuple[int, list[str]]:
    """The interest that is asked on the last day of October, and the sentences beside it."""
    account = InterestAccount(CENTS, asked=((LINE, asked),), asked_from=date(2026, 10, 1))
    claimed = Claimed(accounts={INVOICE.item_id: account})
    claims = compute_due_claims(
        make(*protections), RULES, claimed=claimed, balances={}, today=TODAY
    )
    return sum(one.cents for one in claims), [
        line.said.nl for one in claims for line in one.calculation
    ]


def make_wsnp(until_on: date | None, kind: str = "wsnp", from_on: date = FIRST) -> Protection:
    return Protection(kind, from_on, until_on, FIRST)


@pytest.mark.parametrize(
    ("protection", "days"),
    [
        (make_wsnp(LAST), 21),
        (make_wsnp(LAST, from_on=date(2026, 9, 1)), 12),
        (make_wsnp(date(2026, 9, 30), from_on=date(2026, 9, 1)), 31),
        # Claims revive with their interest after a bankruptcy or a suspension of payment.
        (make_wsnp(LAST, "faillissement"), 31),
        (make_wsnp(LAST, "surseance"), 31),
        (make_wsnp(LAST, "debt_help"), 31),
        # One that goes on: nothing from its first day.
        (make_wsnp(None), 9),
        (make_wsnp(TODAY), 9),
    ],
)
def test_interest_after_a_wsnp_leaves_out_its_days(protection: Protection, days: int) -> None:
    cents, said = claim(protection)
    assert cents == days * A_DAY
    rest = (
        "10 oktober 2026 tot en met 19 oktober 2026: schuldsanering (WSNP), geen rente"
        " (Fw 303 lid 1)."
    )
    assert (rest in said) is (protection == make_wsnp(LAST))


def test_a_second_wsnp_that_overlaps_the_first_takes_no_day_twice() -> None:
    first = make_wsnp(date(2026, 10, 14))
    assert claim(make_wsnp(LAST, from_on=date(2026, 10, 12)), first)[0] == 21 * A_DAY


def test_interest_over_those_days_that_was_asked_is_taken_back() -> None:
    account = InterestAccount(
        CENTS, asked=((LINE, 31 * A_DAY),), asked_from=date(2026, 10, 1), invoice=INVOICE
    )
    accounts = {INVOICE.item_id: account}
    told = {"today": TODAY}
    assert find_excess_interest(make(), RULES, accounts, **told) == {}
    excess = find_excess_interest(make(make_wsnp(LAST)), RULES, accounts, **told)
    assert excess == {LINE: 10 * A_DAY}
    assert claim(make_wsnp(LAST), asked=21 * A_DAY)[0] == 0


@pytest.mark.parametrize(
    ("credited", "excess"),
    [(0, {}), (CENTS // 2, {LINE: 31 * A_DAY // 2}), (CENTS, {LINE: 31 * A_DAY})],
)
def test_interest_over_what_an_open_credit_note_takes_off_is_taken_back(
    credited: int, excess: dict[UUID, int]
) -> None:
    """What was credited was never owed, also where the books have not set it off."""
    account = InterestAccount(
        CENTS, asked=((LINE, 31 * A_DAY),), asked_from=date(2026, 10, 1), invoice=INVOICE
    )
    note = replace(
        make_invoice("21", cents=-credited), kind="credit_note", credited_number=INVOICE.number
    )
    kept = replace(make_invoice("22", cents=-CENTS), kind="unapplied", issued_on=TODAY)
    items = (INVOICE, note, kept) if credited else (INVOICE, kept)
    facts = replace(make(), items=items)
    found = find_excess_interest(facts, RULES, {INVOICE.item_id: account}, today=TODAY)
    assert found == excess


_DAYS = st.dates(date(2024, 1, 1), date(2026, 6, 1))


@given(st.integers(1, 10_000_00), _DAYS, st.integers(1, 900))
def test_a_rest_never_costs_more_than_none(cents: int, first: date, count: int) -> None:
    """Also over the days on which a year of interest joins the base."""
    owed_from, until = date(2023, 11, 20), date(2026, 6, 30)
    terms = InterestTerms("statutory")
    told = {"owed_from": owed_from, "until": until, "terms": terms}
    rest = (first, first + timedelta(days=count))
    whole = compute_interest(cents, **told).interest_cents
    rested = compute_paid_interest(cents, (), **told, free=[rest])
    assert rested.interest_cents <= whole
    assert sum(line.interest_cents for line in rested.lines) == rested.interest_cents
    assert all(line.until <= rest[0] or line.from_on >= rest[1] for line in rested.lines)
