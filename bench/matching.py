"""How much is booked by itself and how seldom it is wrong, on generated books with the truth.

Beside it what reference-and-exact-amount rules book of the same lines, as those of Odoo and
ERPNext do: the invoice number literally in the text or reference, or the only open item with the
same amount of a payer known by account.
"""

import math
import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from bench.figure import Figure, judge
from bench.matching_replay import Judged, replay
from bench.payment_book import make_book
from tijdig.core.matching.proposals import DEFAULT_LIMIT, Judge
from tijdig.core.matching.records import CERTAINTY_WHOLE

SEEDS = (9201, 9202, 9203, 9204, 9205)
SPLIT_ON = date(2026, 6, 1)
AIM_BOOKED = 0.95
AIM_WRONG = 1 / 2000
AIM_MEASURED = 20_000
LIMITS = (999_000, 998_000, 995_000, 992_000, 990_000, 985_000, 970_000, 950_000, 900_000)
_BANDS = (0, 500_000, 800_000, 900_000, 950_000, 980_000, 990_000, 999_000, CERTAINTY_WHOLE + 1)


def measure() -> list[Figure]:
    """Books of seeds that nothing was learned on."""
    judged: list[Judged] = []
    simple = 0
    for seed in SEEDS:
        found = replay(make_book(seed), Judge(DEFAULT_LIMIT))
        judged += found
        simple += count_by_simple_rules(found)
    findable = [one for one in judged if one.line.findable and one.line.truth]
    booked = [one for one in judged if one.outcome.is_sure]
    wrong = sum(not one.is_right for one in booked)
    right = sum(one.outcome.is_sure and one.is_right for one in findable)
    bound = upper_bound(wrong, len(booked))
    _print_curve(judged, len(findable))
    _print_calibration([one for one in judged if one.line.on >= SPLIT_ON])
    return [
        judge("matching", f"booked of {len(findable):,} that a careful person could match",
              ours=right / len(findable), aim=AIM_BOOKED, unit="share"),
        judge("matching", f"wrong of {len(booked):,} booked: {wrong}", ours=wrong / len(booked),
              aim=AIM_WRONG, bound="at most", unit="share"),
        judge("matching", "the same, 95 % bound", ours=bound, aim=AIM_WRONG, bound="at most",
              unit="share"),
        judge("matching", "payments booked and judged", ours=len(booked), aim=AIM_MEASURED,
              unit="payments"),
        judge("matching", "reference and exact amount only, of the same lines", ours=right,
              baseline=simple, unit="payments"),
    ]  # fmt: skip


def upper_bound(wrong: int, count: int, *, confidence: float = 0.95) -> float:
    """The one-sided Clopper-Pearson bound: a larger share of wrong ones is unlikely."""
    low, high = wrong / count, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        chance = sum(
            math.exp(
                math.lgamma(count + 1) - math.lgamma(k + 1) - math.lgamma(count - k + 1)
                + k * math.log(middle) + (count - k) * math.log1p(-middle)
            )
            for k in range(wrong + 1)
        )  # fmt: skip
        low, high = (middle, high) if chance > 1 - confidence else (low, middle)
    return high


def count_by_simple_rules(judged: Sequence[Judged]) -> int:
    """How many findable lines literal reference and exact amount find, rightly.

    Given the benefit of the doubt: amounts and accounts are taken from the truth where they fit.
    """
    seen: dict[str, set[frozenset[str]]] = {}
    count = 0
    for one in judged:
        line = one.line
        exact = line.cents == sum(line.truth.values()) and not line.conceded
        words = f"{line.text} {line.reference}"
        literal = all(
            re.search(rf"(?<![0-9A-Za-z]){re.escape(number)}(?![0-9A-Za-z])", words)
            for number in line.truth
        )
        listed = "text:reminder" in line.habits and line.reference
        known = line.iban in seen and len(line.truth) == 1 and "text:chatter" in line.habits
        if line.findable and line.truth and exact and (literal or listed or known):
            count += 1
        if line.truth and line.iban:
            seen.setdefault(line.iban, set()).add(frozenset(line.truth))
    return count


def _print_curve(judged: Sequence[Judged], findable: int) -> None:
    print(f"{'limit':>9} {'booked':>8} {'of findable':>12} {'wrong':>6} {'1 in':>8} {'bound':>11}")
    for limit in LIMITS:
        taken = [
            one for one in judged
            if one.outcome.proposals and one.outcome.proposals[0].certainty >= limit
        ]  # fmt: skip
        wrong = sum(not one.is_right for one in taken)
        right = sum(one.is_right and one.line.findable for one in taken)
        rate = f"{len(taken) / wrong:,.0f}" if wrong else "-"
        bound = 1 / upper_bound(wrong, len(taken)) if taken else 0
        print(
            f"{limit / CERTAINTY_WHOLE:9.2%} {len(taken):8,} {right / findable:12.2%} {wrong:6}"
            f" {rate:>8} {bound:11,.0f}"
        )


def _print_calibration(judged: Sequence[Judged]) -> None:
    """What was said and what came true, on the months after those that were learned on."""
    print(f"{'said':>18} {'payments':>9} {'said on average':>16} {'came true':>10}")
    for low, high in pairwise(_BANDS):
        here = [
            one for one in judged
            if one.outcome.proposals and low <= one.outcome.proposals[0].certainty < high
        ]  # fmt: skip
        if here:
            said = sum(one.outcome.proposals[0].certainty for one in here) / len(here)
            true = sum(one.is_right for one in here) / len(here)
            band = f"{low / CERTAINTY_WHOLE:.1%}-{min(high, CERTAINTY_WHOLE) / CERTAINTY_WHOLE:.1%}"
            print(f"{band:>18} {len(here):9,} {said / CERTAINTY_WHOLE:16.2%} {true:10.2%}")
