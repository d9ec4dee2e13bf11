"""How sure a weighed chance really is: measured, and made to rise with the chance."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tijdig.core.matching.records import CERTAINTY_WHOLE

Knots = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Certainty by chance, both in millionths, at rising knots; straight between them."""

    knots: Knots

    def compute_certainty(self, chance: int) -> int:
        """The certainty of this chance; never less than that of a smaller one."""
        knots = self.knots
        place = bisect_right(knots, (chance, CERTAINTY_WHOLE + 1))
        if place == 0:
            return knots[0][1]
        if place == len(knots):
            return knots[-1][1]
        (left, low), (right, high) = knots[place - 1], knots[place]
        return low + (high - low) * (chance - left) // (right - left)


@dataclass(frozen=True, slots=True)
class Decided:
    """How many first proposals with a chance from `chance` on were decided, and how many right."""

    chance: int
    decided: int
    right: int


def calibrate(prior: Knots, decisions: Iterable[Decided], *, prior_weight: int) -> Knots:
    """The knots after these decisions: each starts as if it had been decided `prior_weight` times.

    Neighbours that would fall are pooled (isotonic regression), so that certainty rises.
    """
    known = sorted(decisions, key=lambda one: one.chance)
    blocks: list[list[float]] = []
    for place, (chance, certainty) in enumerate(prior):
        until = prior[place + 1][0] if place + 1 < len(prior) else CERTAINTY_WHOLE + 1
        here = [one for one in known if chance <= one.chance < until]
        count = prior_weight + sum(one.decided for one in here)
        right = prior_weight * certainty / CERTAINTY_WHOLE + sum(one.right for one in here)
        blocks.append([right, count, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            last = blocks.pop()
            blocks[-1] = [a + b for a, b in zip(blocks[-1], last, strict=True)]
    levels = [right / count for right, count, knots in blocks for _ in range(int(knots))]
    return tuple(
        (chance, int(CERTAINTY_WHOLE * level))
        for (chance, _), level in zip(prior, levels, strict=True)
    )


def compute_knots(judged: Sequence[tuple[int, bool]], *, edges: Sequence[int]) -> Knots:
    """Rising knots at these chances, from pairs of a chance and whether it was right."""
    prior = tuple((edge, edge) for edge in edges)
    by_edge = [Decided(chance, 1, int(right)) for chance, right in judged]
    return calibrate(prior, by_edge, prior_weight=1)
