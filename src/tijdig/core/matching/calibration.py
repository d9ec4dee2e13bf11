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
    """First proposals that were said to be as sure as `said`, in millionths.

    On `decided` of them a person decided, and thought the same of `right`. `stood` more were
    booked by themselves, and nobody undid them for long.
    """

    said: int
    decided: int
    right: int
    stood: int = 0


def correct(knots: Knots, decisions: Iterable[Decided], *, prior_weight: int) -> Knots:
    """What was said to be this sure is so sure, as these decisions have it; never falling.

    `knots` are certainties as they are said, and what they mean as long as nobody decided: as if
    each had been decided `prior_weight` times. Decisions that come out as was said change nothing.
    Between two knots more that was right than was said counts for the lower one alone, and more
    that was wrong for both: what was never decided on becomes no surer by what is less sure.
    That nobody undid what was booked by itself makes up for what was undone, and never makes
    anything surer: who does not look at a booking has not agreed with it.
    """
    edges = [said for said, _ in knots]
    above: list[list[tuple[float, Decided]]] = [[] for _ in edges]
    below: list[list[tuple[float, Decided]]] = [[] for _ in edges]
    for one in decisions:
        place = max(bisect_right(edges, one.said) - 1, 0)
        above[place].append((1, one))
        if place + 1 < len(edges) and one.said > edges[place]:
            near = (one.said - edges[place]) / (edges[place + 1] - edges[place])
            below[place + 1].append((near, one))
    measured = []
    for (_, certainty), own, lower in zip(knots, above, below, strict=True):
        more, count = _add_up(own)
        less, count_below = _add_up(lower)
        if less < 0:
            more, count = more + less, count + count_below
        count += prior_weight
        measured.append((_share(certainty) + more / count, count))
    levels = _make_rise(measured)
    return tuple(
        (said, min(max(round(CERTAINTY_WHOLE * level), 0), CERTAINTY_WHOLE))
        for (said, _), level in zip(knots, levels, strict=True)
    )


def compute_knots(judged: Sequence[tuple[int, bool]], *, edges: Sequence[int]) -> Knots:
    """Rising knots at these chances, from pairs of a chance and whether it was right."""
    measured = []
    for place, edge in enumerate(edges):
        until = edges[place + 1] if place + 1 < len(edges) else CERTAINTY_WHOLE + 1
        here = [right for chance, right in judged if edge <= chance < until]
        count = 1 + len(here)
        measured.append(((_share(edge) + sum(here)) / count, count))
    levels = _make_rise(measured)
    return tuple(
        (edge, int(CERTAINTY_WHOLE * level)) for edge, level in zip(edges, levels, strict=True)
    )


def _make_rise(measured: Iterable[tuple[float, float]]) -> list[float]:
    """These shares, each of so many, in order; neighbours that would fall are put together.

    Isotonic regression, by pooling adjacent violators.
    """
    blocks: list[tuple[float, float, int]] = []
    for share, count in measured:
        block = (share * count, count, 1)
        while blocks and blocks[-1][0] * block[1] > block[0] * blocks[-1][1]:
            last = blocks.pop()
            block = (last[0] + block[0], last[1] + block[1], last[2] + block[2])
        blocks.append(block)
    return [total / count for total, count, places in blocks for _ in range(places)]


def _add_up(decisions: Iterable[tuple[float, Decided]]) -> tuple[float, float]:
    """How many more were right than was said, and of how many; each by the part that counts."""
    told = list(decisions)
    more = sum(part * (one.right - one.decided * _share(one.said)) for part, one in told)
    if more < 0:
        stood = sum(part * one.stood * (1 - _share(one.said)) for part, one in told)
        more = min(0.0, more + stood)
    return more, sum(part * (one.decided + one.stood) for part, one in told)


def _share(millionths: int) -> float:
    return millionths / CERTAINTY_WHOLE
