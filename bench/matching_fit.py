"""Learn the weights of the evidence on generated books: `python -m bench.matching_fit`.

A conditional logit: of everything that a payment may pay, and nothing, the truth should weigh
most. Learned on the first nine months of books with seeds of their own, calibrated on the last
three; the benches measure on other seeds.
"""

import math
from collections import defaultdict
from datetime import date
from random import Random

from bench.matching_replay import is_right, replay
from bench.payment_book import make_book
from bench.payment_parts import BookPayment
from tijdig.core.matching.book import MatchBook
from tijdig.core.matching.calibration import Calibration, compute_knots
from tijdig.core.matching.features import list_features, list_none_features
from tijdig.core.matching.hypotheses import list_hypotheses
from tijdig.core.matching.proposals import DEFAULT_LIMIT, Judge
from tijdig.core.matching.records import CERTAINTY_WHOLE, Payment, Proposal
from tijdig.core.matching.weights import WEIGHTS

SEEDS = (1001, 1002, 1003, 1004, 1005)
SPLIT_ON = date(2026, 6, 1)
EDGES = (
    0, 50_000, 200_000, 400_000, 600_000, 800_000, 900_000, 950_000, 980_000, 990_000, 995_000,
    998_000, 999_000, 999_500, 999_800, 999_900, 999_950, 999_980, 999_990,
)  # fmt: skip
_ROUNDS = 12
_RATE = 0.08
_SHRINK = 2e-5

Example = tuple[list[tuple[str, ...]], int]


def main() -> None:
    """Print the two tables for core/matching/weights.py."""
    early: list[Example] = []
    for seed in SEEDS:
        early += collect(seed)
    weights = fit(early)
    judged = []
    unbent = Judge(limit=DEFAULT_LIMIT, weights=weights, calibration=_STRAIGHT)
    for seed in SEEDS:
        for one in replay(make_book(seed), unbent):
            if one.line.on >= SPLIT_ON and one.outcome.proposals:
                judged.append((one.outcome.proposals[0].certainty, one.is_right))
    print(f"# {len(early):,} payments to learn from, {len(judged):,} to calibrate on")
    print("WEIGHTS: dict[str, float] = {")
    for name, weight in sorted(weights.items()):
        print(f'    "{name}": {weight:.3f},')
    print("}")
    print("CALIBRATION: tuple[tuple[int, int], ...] = (")
    for chance, certainty in compute_knots(judged, edges=EDGES):
        print(f"    ({chance:_}, {certainty:_}),")
    print(")")


_STRAIGHT = Calibration(((0, 0), (CERTAINTY_WHOLE, CERTAINTY_WHOLE)))


def collect(seed: int) -> list[Example]:
    """The features of everything that each early payment may pay, and which of it is true."""
    book = make_book(seed)
    examples: list[Example] = []
    from bench.matching_replay import number_items

    numbers = number_items(book)

    def look(line: BookPayment, payment: Payment, matches: MatchBook) -> None:
        if line.on >= SPLIT_ON:
            return
        hypotheses, mentions = list_hypotheses(payment, matches)
        if not hypotheses:
            return
        rows = [list_none_features(hypotheses, mentions)]
        true = 0
        for one in hypotheses:
            rows.append(list_features(one, mentions))
            proposal = Proposal(one.debtor_id, one.fit.parts, 0, "", conceded=one.fit.conceded)
            if is_right(line, proposal, numbers):
                true = len(rows) - 1
        examples.append((rows, true))

    replay(book, Judge(limit=DEFAULT_LIMIT, weights=WEIGHTS), look=look)
    return examples


def fit(examples: list[Example]) -> dict[str, float]:
    """Weights by stochastic descent, each pulled to nought a little."""
    weights: defaultdict[str, float] = defaultdict(float)
    chance = Random(1)
    for turn in range(_ROUNDS):
        chance.shuffle(examples)
        rate = _RATE / (1 + turn / 3)
        for rows, true in examples:
            scores = [sum([weights[name] for name in row]) for row in rows]
            top = max(scores)
            powers = [math.exp(score - top) for score in scores]
            total = sum(powers)
            for at, (row, power) in enumerate(zip(rows, powers, strict=True)):
                step = rate * ((at == true) - power / total)
                if abs(step) > 1e-7:
                    for name in row:
                        weights[name] += step - rate * _SHRINK * weights[name]
    return dict(weights)


if __name__ == "__main__":
    main()
