"""No cent counts for two promises, whatever came, went back or was kept, in whatever order."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tijdig.core.promised_money import (
    MoneyMoved,
    PromiseAsked,
    PromiseShare,
    share_promised_money,
)

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
MOMENTS = st.integers(0, 20).map(lambda n: START + timedelta(hours=n))
ITEMS = st.integers(1, 3).map(lambda n: UUID(int=n))
CENTS = st.integers(1, 300)
# Item 3 is money that pays no invoice yet.
MOVED = st.lists(
    st.builds(
        lambda item_id, source, came_at, cents: MoneyMoved(
            item_id, item_id == UUID(int=3), ("bank_line", source), came_at, cents
        ),
        ITEMS,
        ITEMS,
        MOMENTS,
        st.integers(-300, 300),
    ),
    max_size=6,
)
ASKED = st.lists(
    st.builds(PromiseAsked, st.sampled_from([None, UUID(int=1), UUID(int=2)]), CENTS, MOMENTS),
    max_size=4,
)


@given(ASKED, MOVED)
def test_no_cent_counts_twice(asked: list[PromiseAsked], moved: list[MoneyMoved]) -> None:
    shares = share_promised_money(asked, moved)
    assert all(0 <= s.kept_cents <= s.cents <= a.cents for s, a in zip(shares, asked, strict=True))
    assert sum(one.cents for one in shares) <= sum(max(one.cents, 0) for one in moved)


@given(ASKED, MOVED)
def test_what_came_before_counts_for_none(
    asked: list[PromiseAsked], moved: list[MoneyMoved]
) -> None:
    late = [PromiseAsked(one.item_id, one.cents, START + timedelta(days=9)) for one in asked]
    assert share_promised_money(late, moved) == [PromiseShare()] * len(late)


@given(MOVED, CENTS)
def test_what_brings_nil_changes_nothing(moved: list[MoneyMoved], cents: int) -> None:
    one = PromiseAsked(None, cents, START - timedelta(hours=1))
    nil = MoneyMoved(UUID(int=1), False, ("bank_line", UUID(int=9)), START, 0)
    assert share_promised_money([one], [*moved, nil]) == share_promised_money([one], moved)
