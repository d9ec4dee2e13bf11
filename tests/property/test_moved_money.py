"""What moves off a claim line, and back, leaves every payment where costs first would put it."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from tijdig.core.moved_money import MovedMoney, list_money_to_move, list_money_to_return

FIRST = date(2026, 4, 1)
INVOICES = (UUID(int=1), UUID(int=2))
sums = st.lists(st.integers(1, 10_000), min_size=1, max_size=5)


def beyond(payments: dict[date, int], asked: int) -> dict[date, int]:
    """Per day what does not go to costs of this much, when payments pay them in order."""
    left, over = asked, {}
    for on, cents in sorted(payments.items()):
        to_costs = min(left, cents)
        left -= to_costs
        if cents > to_costs:
            over[on] = cents - to_costs
    return over


def make_payments(cents: list[int]) -> dict[date, int]:
    return {FIRST + timedelta(days=3 * n): one for n, one in enumerate(cents)}


@given(sums, st.data())
def test_a_payment_that_is_undone_leaves_the_others_as_if_it_had_never_been(
    cents: list[int], data: st.DataObject
) -> None:
    payments = make_payments(cents)
    asked = data.draw(st.integers(0, sum(cents)))
    moving = list_money_to_move([(on, -one) for on, one in payments.items()], sum(cents) - asked)
    assert dict(moving) == beyond(payments, asked)

    undone_on = data.draw(st.sampled_from(sorted(payments)))
    moved = [make_moved(on, one, data.draw(st.integers(0, one))) for on, one in moving]
    rest = {on: one for on, one in payments.items() if on != undone_on}
    open_cents = asked - sum(rest.values()) + sum(dict(moving).values())
    gone = list_money_to_return(moved, open_cents, undone_on=(undone_on,))
    left = dict(moving)
    for one, parts in gone:
        assert all(0 < back <= dict(one.parts)[invoice_id] for invoice_id, back in parts)
        left[one.on] -= sum(back for _, back in parts)
    assert {on: one for on, one in left.items() if one} == beyond(rest, asked)


def make_moved(on: date, cents: int, first: int) -> MovedMoney:
    """Money of a day that moved to two invoices, or to one."""
    parts = zip(INVOICES, (first, cents - first), strict=True)
    return MovedMoney(UUID(int=on.toordinal()), on, tuple(part for part in parts if part[1]))


@given(sums, st.integers(0, 60_000), st.integers(0, 20_000))
def test_never_more_moves_than_was_paid_and_did_not_go_back(
    cents: list[int], wanted: int, gone: int
) -> None:
    payments = make_payments(cents)
    told = [(on, -one) for on, one in payments.items()]
    told.append((FIRST + timedelta(days=99), gone))
    moving = list_money_to_move(told, wanted)
    assert sum(one for _, one in moving) == min(wanted, max(0, sum(cents) - gone))
    assert all(0 < one <= payments[on] for on, one in moving)
