"""An amount that is said not to pay items whole never does."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import example, given
from hypothesis import strategies as st

from tijdig.core.matching.amounts import fit_amount, may_be_whole
from tijdig.core.matching.book import MatchBook
from tijdig.core.matching.records import OpenItem

DAY = date(2026, 11, 2)
ITEMS = st.lists(
    st.tuples(st.integers(-300, 900), st.sampled_from([0, 0, 0, 7, 40])), min_size=1, max_size=4
)


@example([(500, 0)], 5, True, 1)
@example([(500, 0)], -5, True, 1)
@example([(500, 0), (300, 40)], -40, True, 1)
@given(ITEMS, st.integers(-8, 8), st.booleans(), st.integers(1, 2_000))
def test_what_may_not_be_whole_is_a_part_or_too_much(
    told: list[tuple[int, int]], off_cents: int, is_near: bool, any_cents: int
) -> None:
    items = [
        OpenItem(
            UUID(int=serial), UUID(int=99), f"F{serial}", cents,
            discount_cents=discount, discount_until=DAY + timedelta(days=serial - 2),
        )
        for serial, (cents, discount) in enumerate(told)
    ]  # fmt: skip
    book = MatchBook(items, ())
    total = sum(cents for cents, _ in told)
    amount = max(total + off_cents, 1) if is_near else any_cents
    fit = fit_amount(amount, [one.item_id for one in items], book, on=DAY)
    if fit and fit.relation not in {"part", "over"}:
        assert may_be_whole([cents for cents, _ in told], amount, book)
    elif not book.discounted and abs(amount - total) > 5:
        assert not may_be_whole([cents for cents, _ in told], amount, book)
