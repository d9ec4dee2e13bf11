"""Pages of long lists by key: no offsets, no exact counts of what nobody counts."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

PAGE_ROWS = 50
COUNT_UP_TO = 1000

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """The rows shown and where the next page starts; `next_place` is empty on the last one."""

    rows: tuple[Row, ...]
    next_place: str
    is_first: bool


def make_page(
    rows: Sequence[Row], *, place_of: Callable[[Row], tuple[str, str]], is_first: bool
) -> Page[Row]:
    """A page out of at most `PAGE_ROWS + 1` rows: the one too many says that there is more."""
    shown = tuple(rows[:PAGE_ROWS])
    more = len(rows) > PAGE_ROWS
    return Page(shown, write_place(place_of(shown[-1])) if more else "", is_first)


def write_place(place: tuple[str, str]) -> str:
    """The last row's key as it stands in a URL."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def read_place(told: str, *, sorts_by: Callable[[str], object] = str) -> tuple[str, str] | None:
    """The key in a URL: what the list sorts by, as `sorts_by` reads it, and an id.

    None when there is none, or when somebody made it up.
    """
    try:
        place = json.loads(base64.urlsafe_b64decode(told + "=" * (-len(told) % 4)))
        match place:
            case [str(first), str(second)] if "\0" not in first:
                sorts_by(first)
                return first, str(UUID(second))
    except (binascii.Error, ValueError):
        return None
    return None


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are; above `COUNT_UP_TO` only that there are more."""

    shown: int
    is_more: bool


def make_count(found: int) -> Count:
    """A count that stopped at `COUNT_UP_TO + 1`."""
    return Count(min(found, COUNT_UP_TO), found > COUNT_UP_TO)
