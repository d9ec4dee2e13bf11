"""In which order money pays the claims of a debtor, and within one costs, interest, principal.

The order of the law is the rule; "principal first" is a choice that the result names.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Literal

from tijdig.core.calendar import add_days, format_day
from tijdig.core.law.dated import RateTables
from tijdig.core.law.interest import (
    InterestTerms,
    RunningInterest,
    get_rate_percent,
    run_interest,
)
from tijdig.core.law.tables import RATES
from tijdig.core.money import format_euros, round_cents
from tijdig.core.problem import Refusal

Order = Literal["law", "principal_first"]


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim as it stands before the payments, in whole cents.

    `costs_cents` are costs that are due. Interest is either the fixed `interest_cents`, or runs by
    `terms` from `owed_from` (included). `due_on` is the last day to pay; without it the day before
    `owed_from`; without both the claim is due and of unknown age.
    """

    claim_id: str
    principal_cents: int
    costs_cents: int = 0
    interest_cents: int = 0
    terms: InterestTerms | None = None
    owed_from: date | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class PaymentOnClaims:
    """Money credited on a day; `designated` are the claims that the debtor named with it."""

    on: date
    cents: int
    designated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ImputedPart:
    """What one payment paid of one claim. `payment` counts from 0 in order of day."""

    payment: int
    on: date
    claim_id: str
    to_costs_cents: int
    to_interest_cents: int
    to_principal_cents: int


@dataclass(frozen=True, slots=True)
class ClaimBalance:
    """What is left of a claim on the last day, in whole cents."""

    claim_id: str
    costs_cents: int
    interest_cents: int
    principal_cents: int
    open_cents: int


@dataclass(frozen=True, slots=True)
class Imputation:
    """Every payment spread over the claims; `over` holds per payment what found no claim."""

    order: Order
    parts: tuple[ImputedPart, ...]
    balances: tuple[ClaimBalance, ...]
    over: tuple[int, ...]
    payments: tuple[PaymentOnClaims, ...]


@dataclass(frozen=True, slots=True)
class _Standing:
    """A claim on the way: interest is exact up to `run_until` (excluded)."""

    claim: Claim
    costs_cents: int
    running: RunningInterest
    run_until: date | None

    @property
    def interest_cents(self) -> int:
        return get_owed_interest(self.running)

    @property
    def open_cents(self) -> int:
        return self.costs_cents + self.interest_cents + self.running.principal_cents


def allocate(
    claims: Sequence[Claim],
    payments: Sequence[PaymentOnClaims],
    *,
    end_on: date,
    order: Order = "law",
    rates: RateTables = RATES,
) -> Imputation:
    """Every payment spread over the claims of one debtor, and what is left on `end_on`.

    Which claim: those that the debtor named; else the due ones, the highest rate first, then the
    oldest, and equals in proportion. What remains after all due claims is left over: it does not
    pay claims that are not due. Within a claim: costs, interest up to and including the day of
    payment, principal. The order in which claims are given makes no difference.
    Refuses: amounts below zero, an unknown or double claim, a payment after `end_on`.
    Law: BW 6:43, 6:44. Vectors: tests/law/allocation.toml
    """
    _refuse_bad_claims(claims)
    _refuse_bad_payments(claims, payments, end_on)
    standings = {claim.claim_id: _start(claim) for claim in sorted(claims, key=_by_id)}
    ordered = tuple(sorted(payments, key=lambda one: (one.on, not one.designated)))
    parts, over = [], []
    for number, payment in enumerate(ordered):
        standings = {key: _run(one, payment.on, rates) for key, one in standings.items()}
        left = payment.cents
        for group in _list_groups(standings.values(), payment, rates):
            shares = _share(left, [standings[key].open_cents for key in group])
            for key, share in zip(group, shares, strict=True):
                standings[key], part = _pay(standings[key], share, order)
                left -= share
                if share:
                    parts.append(ImputedPart(number, payment.on, key, *part))
        over.append(left)
    ended = {key: _run(one, end_on, rates) for key, one in standings.items()}
    balances = tuple(_balance(ended[claim.claim_id]) for claim in claims)
    return Imputation(order, tuple(parts), balances, tuple(over), ordered)


def _by_id(claim: Claim) -> str:
    return claim.claim_id


def _start(claim: Claim) -> _Standing:
    running = RunningInterest(claim.principal_cents, accrued=Fraction(claim.interest_cents))
    return _Standing(claim, claim.costs_cents, running, claim.owed_from)


def _run(standing: _Standing, on: date, rates: RateTables) -> _Standing:
    """The claim with its interest up to and including a day."""
    claim, until = standing.claim, add_days(on, 1)
    if claim.terms is None or claim.owed_from is None or standing.run_until is None:
        return standing
    if until <= standing.run_until or standing.running.principal_cents == 0:
        return standing
    running = run_interest(
        standing.running,
        owed_from=claim.owed_from,
        from_on=standing.run_until,
        until=until,
        terms=claim.terms,
        rates=rates,
    )
    return replace(standing, running=running, run_until=until)


def _list_groups(
    standings: Iterable[_Standing], payment: PaymentOnClaims, rates: RateTables
) -> list[list[str]]:
    """The claims in the order of the law; those of one group share in proportion."""
    ranked: dict[tuple[bool, Fraction, bool, date], list[str]] = {}
    for standing in standings:
        claim = standing.claim
        named = claim.claim_id in payment.designated
        due_on = _due_on(claim)
        if not named and due_on is not None and due_on > payment.on:
            continue
        rate = _rate_on(claim, payment.on, rates)
        rank = (not named, -rate, due_on is None, due_on or date.max)
        ranked.setdefault(rank, []).append(claim.claim_id)
    return [ranked[rank] for rank in sorted(ranked)]


def _due_on(claim: Claim) -> date | None:
    if claim.due_on is None and claim.owed_from is not None:
        return add_days(claim.owed_from, -1)
    return claim.due_on


def _rate_on(claim: Claim, on: date, rates: RateTables) -> Fraction:
    """How onerous the claim is: its percentage a year, 0 where no interest runs."""
    if claim.terms is None or claim.owed_from is None:
        return Fraction(0)
    return Fraction(get_rate_percent(claim.terms, max(on, claim.owed_from), rates))


def _share(cents: int, open_cents: Sequence[int]) -> list[int]:
    """Money over claims in proportion to what is open, whole cents, never more than is open."""
    total = sum(open_cents)
    if cents >= total:
        return list(open_cents)
    shares = [cents * one // total for one in open_cents]
    rests = sorted(range(len(shares)), key=lambda at: (-(cents * open_cents[at] % total), at))
    for at in rests[: cents - sum(shares)]:
        shares[at] += 1
    return shares


def pay_running(
    running: RunningInterest, cents: int, order: Order
) -> tuple[RunningInterest, tuple[int, int]]:
    """The claim after money on its interest and principal, and what went to each of them.

    Interest that joined the base is the oldest and is paid first. More than is owed goes to the
    principal, which then falls below zero: give no more than is open. Law: BW 6:44 lid 1.
    """
    interest = get_owed_interest(running)
    if order == "law":
        to_interest = min(cents, interest)
    else:
        to_interest = min(max(cents - running.principal_cents, 0), interest)
    to_principal = cents - to_interest
    to_joined = min(Fraction(to_interest), running.joined)
    rest = RunningInterest(
        running.principal_cents - to_principal,
        joined=running.joined - to_joined,
        accrued=running.accrued - (to_interest - to_joined),
    )
    if rest.principal_cents == 0 and to_interest == interest:
        rest = RunningInterest(0)
    return rest, (to_interest, to_principal)


def get_owed_interest(running: RunningInterest) -> int:
    """The interest of a claim that is not paid yet, in whole cents."""
    return max(0, round_cents(running.joined + running.accrued))


def _pay(standing: _Standing, cents: int, order: Order) -> tuple[_Standing, tuple[int, int, int]]:
    """The claim after money, and what went to costs, interest and principal."""
    running = standing.running
    before = 0 if order == "law" else running.principal_cents
    to_costs = min(max(cents - before, 0), standing.costs_cents)
    rest, (to_interest, to_principal) = pay_running(running, cents - to_costs, order)
    costs = standing.costs_cents - to_costs
    after = replace(standing, costs_cents=costs, running=rest)
    return after, (to_costs, to_interest, to_principal)


def _balance(standing: _Standing) -> ClaimBalance:
    return ClaimBalance(
        standing.claim.claim_id,
        standing.costs_cents,
        standing.interest_cents,
        standing.running.principal_cents,
        standing.open_cents,
    )


def _refuse_bad_claims(claims: Sequence[Claim]) -> None:
    known: set[str] = set()
    for claim in claims:
        if claim.claim_id in known:
            raise Refusal(
                f"De vordering {claim.claim_id} staat er twee keer in.",
                f"The claim {claim.claim_id} is there twice.",
            )
        known.add(claim.claim_id)
        lowest = min(claim.principal_cents, claim.costs_cents, claim.interest_cents)
        if lowest < 0:
            raise Refusal(
                f"De vordering {claim.claim_id} heeft een negatief bedrag: {format_euros(lowest)}.",
                f"The claim {claim.claim_id} has a negative amount: {format_euros(lowest)}.",
            )
        if claim.terms is not None and claim.interest_cents:
            raise Refusal(
                f"Vordering {claim.claim_id} heeft een vast bedrag aan rente én rente die loopt."
                " Kies één van beide.",
                f"Claim {claim.claim_id} has a fixed amount of interest and interest that runs."
                " Choose one of them.",
            )
        if claim.terms is not None and claim.owed_from is None:
            raise Refusal(
                f"Van vordering {claim.claim_id} ontbreekt de eerste dag waarover rente loopt.",
                f"The first day of interest of claim {claim.claim_id} is missing.",
            )


def _refuse_bad_payments(
    claims: Sequence[Claim], payments: Sequence[PaymentOnClaims], end_on: date
) -> None:
    known = {claim.claim_id for claim in claims}
    for payment in payments:
        day_nl, day_en = format_day(payment.on, "nl"), format_day(payment.on, "en")
        if payment.cents <= 0:
            amount = format_euros(payment.cents)
            raise Refusal(
                f"De betaling van {day_nl} is {amount}: een betaling is meer dan nul.",
                f"The payment of {day_en} is {amount}: a payment is more than zero.",
            )
        if payment.on > end_on:
            raise Refusal(
                f"De betaling van {day_nl} valt na de laatste dag, {format_day(end_on, 'nl')}.",
                f"The payment of {day_en} comes after the last day, {format_day(end_on, 'en')}.",
            )
        for name in payment.designated:
            if name not in known:
                raise Refusal(
                    f"De betaling van {day_nl} noemt vordering {name}, en die staat er niet in.",
                    f"The payment of {day_en} names claim {name}, which is not there.",
                )
