"""What holds for any disputes of one invoice and any credit notes: each credit counts once."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tijdig.core.disputes import AcceptedPart, CreditMade, share_credits

DAYS = st.integers(0, 6).map(lambda n: date(2026, 3, 2) + timedelta(days=n))
CENTS = st.integers(1, 60)
PARTS = st.lists(
    st.builds(AcceptedPart, dispute_id=st.integers(1, 9).map(lambda n: UUID(int=n)),
              opened_on=DAYS, cents=CENTS),
    max_size=5, unique_by=lambda one: one.dispute_id,
)  # fmt: skip
CREDIT_IDS = st.integers(1, 9).map(lambda n: UUID(int=n))
CREDITS = st.lists(st.builds(CreditMade, on=DAYS, cents=CENTS, credit_id=CREDIT_IDS), max_size=5)


@given(PARTS, CREDITS, st.randoms())
def test_every_cent_of_a_credit_is_used_once_and_only_for_what_was_disputed_by_then(
    parts, credits_, by_chance
) -> None:
    left = share_credits(parts, credits_)
    used = {one.dispute_id: one.cents - left[one.dispute_id] for one in parts}
    assert min(left.values(), default=0) >= 0
    assert min(used.values(), default=0) >= 0
    for day in {one.opened_on for one in parts}:
        late = [one for one in parts if one.opened_on >= day]
        came = sum(one.cents for one in credits_ if one.on >= day)
        assert sum(used[one.dispute_id] for one in late) <= came
    assert sum(used.values()) <= sum(one.cents for one in credits_)
    mixed = (by_chance.sample(parts, len(parts)), by_chance.sample(credits_, len(credits_)))
    assert share_credits(*mixed) == left


@given(PARTS, CREDITS)
def test_nothing_is_left_beside_a_credit_that_could_have_covered_it(parts, credits_) -> None:
    first_on = date(2026, 3, 1)
    early = [AcceptedPart(one.dispute_id, first_on, one.cents) for one in parts]
    asked, came = sum(one.cents for one in parts), sum(one.cents for one in credits_)
    assert sum(share_credits(early, credits_).values()) == max(asked - came, 0)


def test_a_credit_goes_to_the_part_of_its_own_amount() -> None:
    day = date(2026, 3, 2)
    parts = [AcceptedPart(UUID(int=1), day, 2_100), AcceptedPart(UUID(int=2), day, 3_000)]
    assert share_credits(parts, [CreditMade(day, 3_000, UUID(int=3))]) == {
        UUID(int=1): 2_100,
        UUID(int=2): 0,
    }
    assert share_credits(parts, [CreditMade(day, 2_500, UUID(int=3))]) == {
        UUID(int=1): 0,
        UUID(int=2): 2_600,
    }


def test_a_credit_of_the_same_day_counts_for_what_was_disputed_before_it() -> None:
    day = date(2026, 3, 2)
    part, credit = AcceptedPart(UUID(int=2), day, 2_100), CreditMade(day, 2_100, UUID(int=1))
    assert share_credits([part], [credit]) == {UUID(int=2): 2_100}
    assert share_credits([part], [CreditMade(day, 2_100, UUID(int=3))]) == {UUID(int=2): 0}
