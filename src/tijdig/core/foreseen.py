"""What a dry run foresaw, held against what the run of that day did: per debtor the same or not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

DifferenceKind = Literal["missing", "extra", "other_step", "other_amount"]


@dataclass(frozen=True, slots=True)
class ForeseenStep:
    """A step towards one debtor: its key and phase, how it goes, and the cents that it asks for."""

    step_key: str
    phase: str
    channel: str
    cents: int


@dataclass(frozen=True, slots=True)
class StepDifference:
    """What the run did otherwise than the dry run foresaw. One of the steps is None where one of
    the two has none.
    """

    debtor_id: UUID
    kind: DifferenceKind
    foreseen: ForeseenStep | None
    done: ForeseenStep | None


def compare_runs(
    foreseen: Mapping[UUID, ForeseenStep], done: Mapping[UUID, ForeseenStep]
) -> tuple[StepDifference, ...]:
    """Every debtor for whom the run did something else, in order of id; none where all is same."""
    return tuple(_list_differences(foreseen, done))


def _list_differences(
    foreseen: Mapping[UUID, ForeseenStep], done: Mapping[UUID, ForeseenStep]
) -> Iterable[StepDifference]:
    for debtor_id in sorted({*foreseen, *done}):
        before, after = foreseen.get(debtor_id), done.get(debtor_id)
        if before != after:
            yield StepDifference(debtor_id, _name_difference(before, after), before, after)


def _name_difference(before: ForeseenStep | None, after: ForeseenStep | None) -> DifferenceKind:
    if after is None:
        return "missing"
    if before is None:
        return "extra"
    is_same_step = (before.step_key, before.channel) == (after.step_key, after.channel)
    return "other_amount" if is_same_step else "other_step"
