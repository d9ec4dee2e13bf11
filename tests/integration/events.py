"""Days of a small book in any order: lists, payments and runs, as hypothesis thinks them up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from hypothesis import strategies as st
from tests.integration.books import Listed, make_list, make_payment, make_statement, run_on, take

MONDAY = date(2026, 3, 2)
ITEMS = [
    Listed(f"2026-{n:04d}", cents, total_cents=cents, debtor=f"{1001 + n % 3}")
    for n, cents in enumerate((12_100, 5_000, -2_100, 8_000), start=1)
]


@dataclass(frozen=True, slots=True)
class ListComes:
    """A full list on which this percentage of each item is open; at nil it is not on the list."""

    shares: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class MoneyComes:
    """A percentage of what some items come to, which the payment names."""

    items: tuple[int, ...]
    share: int


@dataclass(frozen=True, slots=True)
class RunComes:
    """The run of the day."""


Event = ListComes | MoneyComes | RunComes
_SHARES = st.sampled_from((0, 0, 30, 50, 100, 100))
EVENTS: st.SearchStrategy[list[Event]] = st.lists(
    st.one_of(
        st.builds(ListComes, st.tuples(*[_SHARES] * len(ITEMS))),
        st.builds(
            MoneyComes,
            st.lists(st.integers(0, 3), min_size=1, max_size=3, unique=True).map(tuple),
            st.sampled_from((50, 70, 100, 100)),
        ),
        st.builds(RunComes),
    ),
    min_size=3,
    max_size=9,
)


def play(administration: UUID, events: Sequence[Event]) -> date:
    """Let events happen, one every three days; the day after the last."""
    take(administration, make_list(*ITEMS), day=MONDAY)
    today = MONDAY
    for at, event in enumerate(events):
        today += timedelta(days=3)
        match event:
            case ListComes(shares):
                _bring_list(administration, shares, today)
            case MoneyComes(items, share):
                cents = sum(ITEMS[n].total_cents for n in items) * share // 100
                text = " en ".join(ITEMS[n].number for n in items)
                line = make_payment(max(cents, 1), text, on=today - timedelta(days=at % 4))
                take(administration, make_statement(line, name=f"{at}"), day=today)
            case RunComes():
                run_on(administration, today)
    return today + timedelta(days=1)


def _bring_list(administration: UUID, shares: Sequence[int], today: date) -> None:
    rows = [
        Listed(one.number, one.total_cents * share // 100, one.total_cents, one.debtor)
        for one, share in zip(ITEMS, shares, strict=True)
        if share
    ]
    if rows:
        take(administration, make_list(*rows), day=today)
