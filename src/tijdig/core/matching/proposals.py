"""Weighs what a payment may pay, and decides what is sure enough to book."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial

from tijdig.core.matching.book import MatchBook
from tijdig.core.matching.calibration import Calibration
from tijdig.core.matching.features import (
    list_features,
    list_none_features,
    list_plain_features,
    list_plain_none_features,
)
from tijdig.core.matching.hypotheses import Hypothesis, list_hypotheses, list_named_hypotheses
from tijdig.core.matching.mentions import Mentions
from tijdig.core.matching.plain import find_plain
from tijdig.core.matching.records import CERTAINTY_WHOLE, Outcome, Payment, Proposal
from tijdig.core.matching.weights import CALIBRATION, WEIGHTS
from tijdig.core.matching.words import describe, describe_plain

PROPOSALS_AT_MOST = 5
DEFAULT_LIMIT = 992_000
"""From here on booked by itself, unless an administration says otherwise; docs/matching.md."""
_SHOWN_FROM = 5_000
_UNNAMED = frozenset({"none", "some"})
_ALIKE = frozenset({"same", "close"})
_NOT_WHOLE = frozenset({"listed", "term", "part", "over"})
_FURTHEST = 40.0


@dataclass(frozen=True, slots=True)
class Judge:
    """What weighs evidence, what turns it into certainty, and from which certainty is booked.

    `own` is what the decisions of the administration make of the certainty that the table says.
    """

    limit: int
    calibration: Calibration = field(default_factory=lambda: Calibration(CALIBRATION))
    weights: Mapping[str, float] | None = None
    own: Calibration | None = None

    def correct(self, said: int) -> int:
        """The certainty of what the table says is this sure."""
        return said if self.own is None else self.own.compute_certainty(said)


def decide_payments(payments: Iterable[Payment], book: MatchBook, judge: Judge) -> list[Outcome]:
    """Every payment with its outcome, in the order of booking day and key.

    What one payment settles is no longer open for the next; `book` keeps what was settled.
    """
    outcomes = []
    for payment in sorted(payments, key=lambda one: (one.booked_on, one.key)):
        outcome = decide_payment(payment, book, judge)
        if outcome.is_sure:
            _settle(book, outcome)
        outcomes.append(outcome)
    return outcomes


def decide_named(payments: Iterable[Payment], book: MatchBook, judge: Judge) -> list[Outcome]:
    """The sure outcomes of payments that name all they pay, with its exact amount.

    For this only the items named need be in the book. They go before all others: what a payer
    names is not given to somebody who names nothing.
    """
    outcomes = []
    for payment in sorted(payments, key=lambda one: (one.booked_on, one.key)):
        if payment.amount_cents > 0:
            outcome = _decide_plainly(payment, book, judge, only_sure=True) or _decide(
                payment, *list_named_hypotheses(payment, book), book, judge, only_sure=True
            )
            if outcome.is_sure and not outcome.proposals[0].is_partial:
                _settle(book, outcome)
                outcomes.append(outcome)
    return outcomes


def decide_payment(payment: Payment, book: MatchBook, judge: Judge) -> Outcome:
    """At most five proposals, the surest first; sure where the first reaches the limit.

    Only money that comes in is matched.
    """
    if payment.amount_cents <= 0:
        return Outcome(payment, (), False)
    return _decide_plainly(payment, book, judge) or decide_thoroughly(payment, book, judge)


def decide_thoroughly(payment: Payment, book: MatchBook, judge: Judge) -> Outcome:
    """The same by all the rules, also where the short way would do; of money that comes in."""
    return _decide(payment, *list_hypotheses(payment, book), book, judge)


def _settle(book: MatchBook, outcome: Outcome) -> None:
    first = outcome.proposals[0]
    book.settle(first.parts)
    if first.conceded:
        book.settle(tuple((item_id, cents) for item_id, _, cents in first.conceded))


def _decide_plainly(
    payment: Payment, book: MatchBook, judge: Judge, *, only_sure: bool = False
) -> Outcome | None:
    """The outcome of a payment that names one item and pays exactly that; None of any other."""
    one = find_plain(payment, book) if judge.weights is None else None
    if one is None:
        return None
    chance = _compute_plain(one.how, one.account, one.likeness, one.is_early, one.has_stray)
    said = judge.calibration.compute_certainty(chance)
    certainty = judge.correct(said)
    is_sure = certainty >= judge.limit
    if only_sure and not is_sure:
        return Outcome(payment, (), False)
    parts = ((one.item.item_id, payment.amount_cents),)
    evidence = describe_plain(payment, one)
    proposal = Proposal(one.item.debtor_id, parts, certainty, one.how, evidence, said=said)
    return Outcome(payment, (proposal,), is_sure)


# There are some dozens of them that come again and again.
@lru_cache(maxsize=1_024)
def _compute_plain(how: str, account: str, likeness: str, is_early: bool, has_stray: bool) -> int:
    score = _weigh(list_plain_features(how, account, likeness, is_early=is_early))
    nothing = _weigh(list_plain_none_features(account, has_stray=has_stray))
    return _share_out((score,), nothing)[0]


def _decide(
    payment: Payment,
    hypotheses: Sequence[Hypothesis],
    mentions: Mentions,
    book: MatchBook,
    judge: Judge,
    *,
    only_sure: bool = False,
) -> Outcome:
    """`only_sure`: without proposals where the first of them is not."""
    if not hypotheses:
        return Outcome(payment, (), False)
    weigh = _weigh if judge.weights is None else partial(_sum, weights=judge.weights)
    nothing = weigh(list_none_features(hypotheses, mentions))
    weighed = [(weigh(list_features(one, mentions)), one) for one in hypotheses]
    ranked = [
        (judge.calibration.compute_certainty(chance), one)
        for chance, one in _compute_chances(weighed, nothing)
    ]
    for_person = _needs_person(ranked[0][1], book)
    is_sure = judge.correct(ranked[0][0]) >= judge.limit and not for_person
    if is_sure:
        said, one = ranked[0]
        return Outcome(payment, (_propose(payment, one, said, book, judge),), True, False)
    if only_sure:
        return Outcome(payment, (), False, for_person)
    proposals = tuple(
        [
            _propose(payment, one, said, book, judge)
            for place, (said, one) in enumerate(ranked[:PROPOSALS_AT_MOST])
            if place == 0 or said >= _SHOWN_FROM
        ]
    )
    return Outcome(payment, proposals, False, for_person)


def _needs_person(one: Hypothesis, book: MatchBook) -> bool:
    """Whether only an amount speaks for it, or a part is paid of what is not named in full.

    A number that is not quite that of an invoice, with another amount than its own, is often that
    of an invoice that is still to come. Of several invoices that are named, a part does not tell
    which of them it leaves open. And where books and bank differ, no part is sure.
    However rare an amount is, money of which neither text, account nor name tells whose it is may
    always be for something that is not in the book. A short number that another open invoice has
    too, or that is one of several of which the amount pays some, is no more than a hint.
    """
    if one.is_doubtful:
        return True
    is_named = one.how not in _UNNAMED or one.debtor_span is not None
    if not is_named and one.account != "own" and one.likeness not in _ALIKE:
        return True
    if one.fit.relation not in _NOT_WHOLE:
        return False
    if one.how not in {"request", "reference", "exact", "digits"}:
        return True
    if one.fit.relation == "part" and len(one.named) > 1:
        return True
    return any(book.items[item_id].exact_only for item_id, _ in one.fit.parts)


# There are some hundreds of them that come again and again.
@lru_cache(maxsize=4_096)
def _weigh(features: tuple[str, ...]) -> float:
    return _sum(features, WEIGHTS)


def _sum(features: tuple[str, ...], weights: Mapping[str, float]) -> float:
    return sum([weights.get(one, 0.0) for one in features])


def _compute_chances(
    weighed: Sequence[tuple[float, Hypothesis]], nothing: float
) -> list[tuple[int, Hypothesis]]:
    """The chance of each in millionths beside the others and nothing, the largest first."""
    chances = _share_out(tuple([score for score, _ in weighed]), nothing)
    found = [(chance, one) for chance, (_, one) in zip(chances, weighed, strict=True)]
    if len(found) > 1:
        found.sort(key=lambda pair: (-pair[0], pair[1].fit.parts))
    return found


# Most payments have one hypothesis, of which some hundreds of kinds come again and again.
@lru_cache(maxsize=4_096)
def _share_out(scores: tuple[float, ...], nothing: float) -> tuple[int, ...]:
    top = max(nothing, *scores)
    powers = [math.exp(max(score - top, -_FURTHEST)) for score in scores]
    # Added up exactly: in whatever order they were found, the chances are the same.
    total = math.fsum([*powers, math.exp(max(nothing - top, -_FURTHEST))])
    return tuple([int(CERTAINTY_WHOLE * power / total) for power in powers])


def _propose(
    payment: Payment, one: Hypothesis, said: int, book: MatchBook, judge: Judge
) -> Proposal:
    return Proposal(
        debtor_id=one.debtor_id,
        parts=one.fit.parts,
        certainty=judge.correct(said),
        kind=one.how,
        evidence=describe(payment, one, book),
        rest_cents=one.fit.rest_cents,
        conceded=one.fit.conceded,
        said=said,
    )
