"""Records that are made quickly are the records that Python makes slowly."""

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, astuple, dataclass, field, replace

import pytest

from tijdig.core.construction import quick_to_make


@dataclass(frozen=True, slots=True)
class Slow:
    number: str
    cents: int
    tags: tuple[str, ...] = ()
    note: str | None = None


@quick_to_make
@dataclass(frozen=True, slots=True)
class Quick:
    number: str
    cents: int
    tags: tuple[str, ...] = ()
    note: str | None = None


def test_every_way_to_make_one_gives_the_same_fields() -> None:
    made = Quick("F1", 100, note="x")
    assert astuple(made) == astuple(Slow("F1", 100, note="x"))
    assert made == Quick(number="F1", cents=100, tags=(), note="x")
    assert {made: 1}[Quick("F1", 100, (), "x")] == 1
    assert replace(made, cents=5) == Quick("F1", 5, note="x")
    assert copy.copy(made) == made == pickle.loads(pickle.dumps(made))
    assert inspect.signature(Quick) == inspect.signature(Slow)


def test_it_stays_frozen_and_complete() -> None:
    made = Quick("F1", 100)
    with pytest.raises(FrozenInstanceError):
        made.cents = 5  # type: ignore[misc]
    assert made.cents == 100
    with pytest.raises(TypeError, match="cents"):
        Quick("F1")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="colour"):
        Quick("F1", 100, colour="red")  # type: ignore[call-arg]


def test_what_does_more_than_fill_its_fields_is_refused() -> None:
    @dataclass(frozen=True, slots=True)
    class WithFactory:
        tags: list[str] = field(default_factory=list)

    @dataclass(frozen=True, slots=True)
    class Checked:
        cents: int

        def __post_init__(self) -> None:
            """Looks at what came in."""

    @dataclass(frozen=True, slots=True, kw_only=True)
    class Named:
        cents: int

    for record in (WithFactory, Checked, Named):
        with pytest.raises(TypeError, match=record.__name__):
            quick_to_make(record)
